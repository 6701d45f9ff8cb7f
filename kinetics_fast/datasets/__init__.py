"""Data sets: which videos there are, and what is known of each."""

from __future__ import annotations

from kinetics_fast.datasets.dataset import Dataset
from kinetics_fast.datasets.record import Record

__all__ = ["Dataset", "Record"]
