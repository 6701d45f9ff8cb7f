"""The test suites of other projects that `tools.run_peer_suites` runs on the drop-ins.

To add a suite, add a `PeerSuite` to `SUITES`. A suite whose tests must reach the drop-in in another way
than by `kinetics_fast.compat.install` names a pytest plugin of this folder, which puts the drop-in in
place.
"""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

NOSE = """
import pytest

def assert_raises(error, call, *arguments):
    with pytest.raises(error):
        call(*arguments)
"""


@dataclass(frozen=True)
class PeerSuite:
    """Some tests of one commit of another project.

    Attributes
    ----------
    name : str
        Name in the table.
    commit : str
        The commit whose tests run; a checkout belongs to the suite if it has this commit.
    paths : tuple of str
        Files and folders of the repository that the tests need.
    folder : str
        Folder in which pytest runs.
    arguments : tuple of str
        Arguments of pytest.
    installed : tuple of str
        Names for `kinetics_fast.compat.install`.
    plugins : tuple of str
        Pytest plugins that put the drop-in in place, instead.
    needs : dict of str to str
        Distributions that must be installed in the version given, or in any version.
    prepare : callable, optional
        Called with the folder of the suite; makes what the tests expect outside the repository, and returns
        environment variables.
    """

    name: str
    commit: str
    paths: tuple[str, ...]
    folder: str
    arguments: tuple[str, ...]
    installed: tuple[str, ...] = ()
    plugins: tuple[str, ...] = ()
    needs: dict[str, str | None] = field(default_factory=dict)
    prepare: Callable[[Path], dict[str, str]] | None = None

    def missing(self) -> str:
        """Return what is not installed, or an empty string."""
        lacking = []
        for name, version in self.needs.items():
            try:
                found = importlib.metadata.version(name).partition("+")[0]
            except importlib.metadata.PackageNotFoundError:
                found = ""
            if not found or version not in (None, found):
                lacking.append(f"{name} {version or ''}".strip())
        return ", ".join(lacking)


def _prepare_decord(folder: Path) -> dict[str, str]:
    """Stand in for the package nose, and for a clone of decord in the home folder of its author."""
    nose = folder / "stubs" / "nose"
    nose.mkdir(parents=True)
    (nose / "__init__.py").touch()
    (nose / "tools.py").write_text(NOSE)
    home = folder / "home"
    (home / "Dev").mkdir(parents=True)
    (home / "Dev" / "decord").symlink_to(folder)
    return {"HOME": str(home), "PYTHONPATH": str(nose.parent)}


_TORCHCODEC = "6e692e9f9f55470cc013914c8cc69ec7ae2eefea"

SUITES = (
    PeerSuite(
        "decord: test_video_reader.py, test_bridges.py",
        "d2e56190286ae394032a8141885f76d5372bd44b",
        ("tests", "examples/flipping_a_pancake.mkv"),
        "tests/python/unittests",
        ("test_video_reader.py", "test_bridges.py"),
        installed=("decord",),
        prepare=_prepare_decord,
    ),
    PeerSuite(
        "torchcodec 0.13.0: test_samplers.py",
        _TORCHCODEC,
        ("test",),
        "test",
        ("test_samplers.py",),
        plugins=("tools.torchcodec_plugin",),
        needs={"torchcodec": "0.13.0"},
    ),
    PeerSuite(
        "torchcodec 0.13.0: video on the CPU in test_decoders.py",
        _TORCHCODEC,
        ("test",),
        "test",
        ("test_decoders.py", "-k", "VideoDecoder and not AudioDecoder and not cuda and not nvdec"),
        plugins=("tools.torchcodec_plugin",),
        needs={"torchcodec": "0.13.0"},
    ),
    PeerSuite(
        "PyTorchVideo: test_data_encoded_video.py",
        "f3142bb05cdb56af0704ab6f0adfb0c7bbafe4a0",
        ("tests",),
        "tests",
        ("test_data_encoded_video.py",),
        installed=("pytorchvideo.data.encoded_video",),
        needs={"pytorchvideo": None, "torchvision": "0.25.0", "av": None},
    ),
    PeerSuite(
        "PyTorchVideo: test_data_labeled_video_dataset.py",
        "f3142bb05cdb56af0704ab6f0adfb0c7bbafe4a0",
        ("tests",),
        "tests",
        ("test_data_labeled_video_dataset.py",),
        installed=("pytorchvideo.data.encoded_video",),
        needs={"pytorchvideo": None, "torchvision": "0.25.0", "av": None},
    ),
)
