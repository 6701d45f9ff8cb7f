"""Scans a data set: reads every file once and writes an index, one row per clip. Needs the extra `scan`."""

from __future__ import annotations
