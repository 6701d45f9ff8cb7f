"""A full disk ends a run with a message and its own exit code, and the received files stay.

The disk is a small tmpfs if this process may mount one, else the size of files is limited.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from support.kinetics_host import add_k400_val, path_of, tree
from support.misbehaving_server import Host
from support.troubles import Trouble

COMMAND = "import typer; from kinetics_fast.cli.commands.download import download; typer.run(download)"
NO_LARGE_FILES = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (90_000, 90_000)); "
PART = path_of("400/val/part_0.tar.gz")
OPTIONS = ["--split", "val", "--content", "videos", "--extract", "--discard-archives", "--accept-terms"]


@dataclass
class SmallDisk:
    """A folder with little space."""

    folder: Path
    mounted: bool
    prefix: str = field(init=False)

    def __post_init__(self) -> None:
        self.prefix = "" if self.mounted else NO_LARGE_FILES

    def shrink_to(self, size: int) -> None:
        if self.mounted:
            self._remount(size)

    def make_room(self) -> None:
        self.prefix = ""
        if self.mounted:
            self._remount(50_000_000)

    def _remount(self, size: int) -> None:
        subprocess.run(["mount", "-o", f"remount,size={size}", self.folder], check=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(tmp_path)]
    mounted = os.geteuid() == 0 and subprocess.run(mount, capture_output=True).returncode == 0
    yield SmallDisk(tmp_path, mounted)
    if mounted:
        subprocess.run(["umount", tmp_path], check=True)


def _run(host: Host, disk: SmallDisk) -> subprocess.CompletedProcess[str]:
    hidden = ["--mirror", f"{host.url}/kinetics", "--first-wait", "0.002", "--jobs", "1"]
    command = [sys.executable, "-c", disk.prefix + COMMAND, "k400", str(disk.folder), *OPTIONS, *hidden]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


# Each of two archives has 300 kB of clips. The disk must hold an archive, its clips, then all clips.
@pytest.mark.parametrize(
    ("size", "trouble"),
    [
        (200_000, Trouble()),
        (200_000, Trouble(no_length=True)),
        (500_000, Trouble()),
        (700_000, Trouble()),
    ],
    ids=["is_known_before", "while_it_arrives", "while_it_is_unpacked", "at_the_second_archive"],
)
def test_a_full_disk_is_said_and_what_arrived_is_kept(
    host: Host, disk: SmallDisk, size: int, trouble: Trouble
) -> None:
    expected = add_k400_val(host, archives=2, clips_each=3, size=100_000)
    host.troubles[PART] = [trouble]
    disk.shrink_to(size)
    done = _run(host, disk)
    assert done.returncode == 4, done.stderr
    assert "make room and run the same command again" in done.stderr
    assert "Traceback" not in done.stderr
    left = tree(disk.folder)
    assert {name: data for name, data in left.items() if ".part" not in name}.items() <= expected.items()
    arrived = sum(len(data) for name, data in left.items() if name.endswith(".gz.part"))
    disk.make_room()
    served = host.served
    assert _run(host, disk).returncode == 0
    assert tree(disk.folder) == expected
    total = sum(len(data) for path, data in host.files.items() if path.endswith(".gz"))
    done_before = 300_000 if size == 700_000 and disk.mounted else 0
    assert host.served - served <= total - arrived - done_before + 1000
