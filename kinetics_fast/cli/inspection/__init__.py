"""Facts about one video, and the cost of reading it."""

from __future__ import annotations
