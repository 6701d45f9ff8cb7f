"""What `kinetics-fast demo` does: random clips of a folder's videos, how fast, and a picture."""

from __future__ import annotations
