"""Data sets: which videos there are, with labels, time spans and further facts about each."""

from __future__ import annotations

from kinetics_fast.datasets.annotations import KeyFrame
from kinetics_fast.datasets.dataset import Dataset
from kinetics_fast.datasets.kinetics import Kinetics
from kinetics_fast.datasets.record import Record

__all__ = ["Dataset", "KeyFrame", "Kinetics", "Record"]
