"""The work of `kinetics-fast demo`: decodes random clips, measures the rate and writes a picture."""

from __future__ import annotations
