"""Pictures of decoded frames for people to look at. Needs Pillow, of the extra `cli`."""

from __future__ import annotations
