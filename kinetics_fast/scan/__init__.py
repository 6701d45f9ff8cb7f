"""Scanning a data set: every file read once, one index written, a row a clip. Needs the extra `scan`."""

from __future__ import annotations
