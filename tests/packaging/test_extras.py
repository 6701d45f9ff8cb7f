"""The extra `all` contains every other extra but those for frameworks."""

from __future__ import annotations

import re
from importlib.metadata import metadata, requires

LEFT_OUT = {"ray", "torch"}


def test_all_contains_what_most_people_want() -> None:
    extras = set(metadata("kinetics-fast").get_all("Provides-Extra") or ())
    of_all = [line for line in requires("kinetics-fast") or () if re.search(r"extra == ['\"]all['\"]", line)]
    named = {name for line in of_all for name in re.findall(r"^kinetics-fast\[([\w,]+)\]", line)}
    contained = {extra for names in named for extra in names.split(",")}
    assert contained == extras - {"all"} - LEFT_OUT
    assert not any(line.startswith(("torch", "ray")) for line in of_all)
