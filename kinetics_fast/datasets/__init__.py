"""Data sets: which videos there are, and what is known of each."""

from __future__ import annotations

from kinetics_fast.datasets.annotations import KeyFrame
from kinetics_fast.datasets.dataset import Dataset
from kinetics_fast.datasets.kinetics import Kinetics
from kinetics_fast.datasets.record import Record

__all__ = ["Dataset", "KeyFrame", "Kinetics", "Record"]
