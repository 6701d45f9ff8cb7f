"""The extra `all` contains every other extra but those that bring a framework."""

from __future__ import annotations

import re
from importlib.metadata import metadata, requires

FRAMEWORKS = {"ray", "torch"}


def test_all_contains_every_other_extra_but_frameworks() -> None:
    extras = set(metadata("kinetics-fast").get_all("Provides-Extra") or ())
    of_all = [line for line in requires("kinetics-fast") or () if re.search(r"extra == ['\"]all['\"]", line)]
    named = {name for line in of_all for name in re.findall(r"^kinetics-fast\[([\w,]+)\]", line)}
    contained = {extra for names in named for extra in names.split(",")}
    assert contained == extras - {"all"} - FRAMEWORKS
    assert not any(line.startswith(("torch", "ray")) for line in of_all)
