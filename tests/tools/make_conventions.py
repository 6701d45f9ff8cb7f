"""Run the samplers of other projects and write the frames that they take to golden/conventions.json.

    PYTHONPATH=tests python -m tools.make_conventions FOLDER

FOLDER holds clones of github.com/facebookresearch/SlowFast and pytorchvideo, open-mmlab/mmaction2,
MCG-NJU/VideoMAE and meta-pytorch/torchcodec at the commits that conventions.json names. The program also
needs torch and numpy. Of the peers it runs only the files that define their samplers.
"""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from golden import peers
from golden.cases import CASES, VIDEOS, Arguments
from golden.definitions import commit
from golden.peer_torchcodec import torchcodec
from support.sampled import Recorded

TARGET = Path(__file__).parents[1] / "golden" / "conventions.json"
Peer = Callable[[Path, str, Arguments, peers.Video, Recorded], peers.Clips]
# The beginning of the convention's name: the folder of the peer, and the function that runs it.
PEERS: dict[str, tuple[str, Peer]] = {
    "PySlowFast": ("SlowFast", peers.pyslowfast),
    "MMAction2": ("mmaction2", peers.mmaction2),
    "PyTorchVideo": ("pytorchvideo", peers.pytorchvideo),
    "VideoMAE": ("VideoMAE", peers.videomae),
    "TorchCodec": ("torchcodec", torchcodec),
}


def rows(folder: Path) -> Iterator[list[Any]]:
    """Yield name, arguments, video, seed and frame numbers."""
    for case in CASES:
        source, run = next(peer for name, peer in PEERS.items() if case.convention.startswith(name))
        for arguments, video, seed in itertools.product(case.arguments, case.videos, range(case.seeds)):
            shown = peers.Video(*VIDEOS[video])
            clips = run(folder / source, case.peer, arguments, shown, Recorded(seed))
            yield [case.convention, arguments, video, seed, clips]


def main(folder: Path) -> None:
    """Write the file."""
    head = {"commits": {name: commit(folder / name) for name, _ in PEERS.values()}, "videos": VIDEOS}
    lines = ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows(folder))
    TARGET.write_text(json.dumps(head)[:-1] + ', "rows": [\n' + lines + "\n]}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
