"""Reports on the index of a data set, as a page and as text. Needs the extras `scan` and `cli`."""

from __future__ import annotations
