"""Packages with another FFmpeg change no frame, in either import order, also with RTLD_GLOBAL."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from videos import media

pytestmark = pytest.mark.ffmpeg

SCRIPT = Path(__file__).with_name("decode_hash.py")
PEERS = ["av", "cv2", "decord"]


def decode_hash(*options: str) -> str:
    command = [sys.executable, str(SCRIPT), *options, str(media.make("b_pyramid_normal.mp4"))]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture(scope="module")
def alone() -> str:
    return decode_hash()


@pytest.mark.parametrize("loading", [[], ["--global"]], ids=["local", "global"])
@pytest.mark.parametrize("order", ["--before", "--after"])
@pytest.mark.parametrize("peer", PEERS)
def test_a_peer_changes_no_frame(alone: str, peer: str, order: str, loading: list[str]) -> None:
    # The peer is not imported here, because decord exports its symbols to the whole process.
    if importlib.util.find_spec(peer) is None:
        pytest.skip(f"{peer} has no wheel for this Python")
    assert decode_hash(*loading, order, peer) == alone
