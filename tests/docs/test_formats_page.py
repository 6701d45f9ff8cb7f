"""docs/formats.md equals the result of reading the test videos now."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import format_table

pytestmark = pytest.mark.ffmpeg

PAGE = Path(__file__).parents[2] / "docs" / "formats.md"


def test_the_page_on_formats_is_up_to_date_and_every_picture_is_right() -> None:
    assert PAGE.read_text() == format_table.page()
    assert " wrong" not in PAGE.read_text()
