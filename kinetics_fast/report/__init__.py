"""What an index says of its data set, as a page and as text. Needs the extras `scan` and `cli`."""

from __future__ import annotations
