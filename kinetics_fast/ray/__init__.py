"""Work on a Ray cluster: clips as a Ray data set, tasks for `scan` and `prepare`. Needs the extra `ray`."""

from __future__ import annotations
