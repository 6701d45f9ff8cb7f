"""Matches rows of annotations to files, in every layout of Kinetics. Nothing is renamed or moved."""

from kinetics_fast.datasets.matching.clips import match_clips
from kinetics_fast.datasets.matching.matches import Matches, Use
from kinetics_fast.datasets.matching.moments import match_moments
from kinetics_fast.datasets.matching.reasons import Outcome, Reason

__all__ = ["Matches", "Outcome", "Reason", "Use", "match_clips", "match_moments"]
