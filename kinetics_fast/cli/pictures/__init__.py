"""Draws contact sheets of decoded frames. Needs Pillow, which the extra `cli` brings."""

from __future__ import annotations
