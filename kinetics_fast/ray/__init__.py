"""Work on a Ray cluster: clips as a Ray data set, tasks for `scan` and `prepare`. Needs the extra `ray`."""

from __future__ import annotations

from kinetics_fast.ray.reading import read_clips

__all__ = ["read_clips"]
