"""What one video is and what reading it costs."""

from __future__ import annotations
