"""Makes the data sets that the examples of the documentation read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "k400/annotations/train.csv": """label,youtube_id,time_start,time_end,split,is_cc
abseiling,-3B32lodo2M,59,69,train,0
"air drumming",_dbcJuKJQNs,40,50,train,0
zumba,zzzzzzzzzzz,0,10,train,0
zumba,--6bJUbfpnQ,17,27,train,0
""",
    "k400/annotations/val.csv": "label,youtube_id,time_start,time_end,split\nzumba,aaaaaaaaaaa,0,10,val\n",
    "k700/annotations/countix_val.csv": (
        "video_id,class,kinetics_start,kinetics_end,repetition_start,repetition_end,count\n"
        "abcdefghijk,squat,17,27,18.500000,26.000000,4\n"
    ),
    "k700/annotations/kinetics_val_v1.0.csv": """abcdefghijk,21.5,0.1,0.2,0.3,0.4,12
abcdefghijk,21.5,0.1,0.2,0.3,0.4,17
""",
    "list.txt": "zumba/z.mp4 1\n",
    "clips.csv": "file,action,from,to\nabseiling.mp4,abseiling,0,5\n",
}
LINKS = [
    "k400/train/-3B32lodo2M_000059_000069.mp4",
    "k400/train/_dbcJuKJQNs_000040_000050.mp4",
    "k400/replacement/--6bJUbfpnQ_000017_000027.mp4",
    "k700/abcdefghijk_000017_000027.mp4",
    "videos/abseiling/a.mp4",
    "videos/zumba/z.mp4",
]


def write(folder: Path, video: Path) -> None:
    """Write the annotations and lists, and a link to `video` for every clip, into `folder`."""
    for name in [*FILES, *LINKS]:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
    for name, text in FILES.items():
        (folder / name).write_text(text)
    for name in LINKS:
        (folder / name).symlink_to(video)
