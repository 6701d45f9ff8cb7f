"""Clips are selected by class from annotations in any format that data sets read."""

from __future__ import annotations

import pytest

from kinetics_fast.download.errors import RequestError
from kinetics_fast.download.selection import clips_of_classes, read_labels

FORMS = [
    "\ufefflabel,youtube_id,time_start,time_end,split,is_cc\nair drumming,-3B32lodo2M,59,69,val,0\n",
    'youtube_id,time_end,time_start,label\r\n-3B32lodo2M,69.0,59.0,"air drumming"\r\n--other-id-0,9,1,\r\n',
    "YouTube Identifier\tStart time\tEnd time\tClass label\n-3B32lodo2M\t59\t69\tair drumming\n",
    "air drumming,-3B32lodo2M,59,69,val\n",
]


@pytest.mark.parametrize("text", FORMS)
def test_the_clips_of_a_class_are_found(text: str) -> None:
    rows = read_labels(text, "train.csv")
    assert rows == [("-3B32lodo2M_000059_000069", "air drumming")]
    assert clips_of_classes(rows, {"air drumming"}) == {"-3B32lodo2M_000059_000069"}
    assert clips_of_classes(rows, {"zumba"}) == frozenset()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<html>no such page</html>\n",
        "youtube_id,time_start,time_end\n-3B32lodo2M,59,69\n",
        "label,youtube_id\nair drumming,-3B32lodo2M\n",
        "label,youtube_id,time_start,time_end\nair drumming,-3B32lodo2M,soon,69\n",
        "label,youtube_id,time_start,time_end\nair drumming,-3B32lodo2M\n",
    ],
)
def test_tables_that_do_not_say_classes_are_refused_by_their_address(text: str) -> None:
    with pytest.raises(RequestError, match=r"train\.csv.*chosen by class"):
        read_labels(text, "train.csv")
