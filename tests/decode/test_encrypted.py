"""An encrypted video is called encrypted, and neither damaged nor read as if it were not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

import kinetics_fast as kf
from videos import crafting, ffmpeg_cli, matroska, media
from videos.recipes import SHORT, encoded

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.ffmpeg

KEY = {
    "encryption_scheme": "cenc-aes-ctr",
    "encryption_key": "76a6c65c5ea762046bd749a2e632ccbb",
    "encryption_kid": "a7e61c373e219033c21091fa607bf3b8",
}


def assert_refused(path: Path) -> None:
    with pytest.raises(kf.UnsupportedError, match="the video is encrypted"):
        kf.Video(path)


@pytest.mark.parametrize("flags", ["", "frag_keyframe+empty_moov"])
@pytest.mark.parametrize("name", ["moov_last.mp4", "rotated_90.mov"])
def test_encrypted_mp4(name: str, flags: str, tmp_path: Path) -> None:
    path = tmp_path / "encrypted.mp4"
    ffmpeg_cli.remux(media.make(name), path, before=None, **KEY, **({"movflags": flags} if flags else {}))
    assert b"encv" in path.read_bytes()
    assert_refused(path)


@pytest.mark.parametrize("lost", [b"senc", b"sinf", b"frma"])
def test_encrypted_mp4_that_does_not_tell_how(lost: bytes, tmp_path: Path) -> None:
    path = tmp_path / "encrypted.mp4"
    ffmpeg_cli.remux(media.make("moov_last.mp4"), path, before=None, **KEY)
    data = path.read_bytes()
    assert lost in data
    path.write_bytes(data.replace(lost, b"free"))
    assert_refused(path)


def test_encrypted_matroska(tmp_path: Path) -> None:
    track, blocks = crafting.taken_apart(encoded(SHORT), tmp_path / "any")
    encryption = matroska.element(0x5035, matroska.element(0x47E1, 5), matroska.element(0x47E2, b"k" * 16))
    encoding = matroska.element(0x6240, matroska.element(0x5033, 1), encryption)
    path = tmp_path / "encrypted.webm"
    path.write_bytes(matroska.write(replace(track, more=matroska.element(0x6D80, encoding)), blocks))
    assert_refused(path)


@pytest.mark.parametrize("more", [matroska.element(0x5033, 1), matroska.element(0x5035, b"")])
def test_encrypted_matroska_without_a_key(more: bytes, tmp_path: Path) -> None:
    track, blocks = crafting.taken_apart(encoded(SHORT), tmp_path / "any")
    encodings = matroska.element(0x6D80, matroska.element(0x6240, more))
    path = tmp_path / "encrypted.mkv"
    path.write_bytes(matroska.write(replace(track, more=encodings), blocks))
    assert_refused(path)


def test_encrypted_matroska_that_is_compressed_too(tmp_path: Path) -> None:
    track, blocks = crafting.taken_apart(encoded(SHORT), tmp_path / "any")
    stripping = matroska.element(0x5034, matroska.element(0x4254, 3), matroska.element(0x4255, b"\0"))
    encodings = [
        matroska.element(0x6240, matroska.element(0x5031, 1), stripping),
        matroska.element(0x6240, matroska.element(0x5031, 0), matroska.element(0x5033, 1)),
    ]
    path = tmp_path / "encrypted.mkv"
    path.write_bytes(matroska.write(replace(track, more=matroska.element(0x6D80, *encodings)), blocks))
    assert_refused(path)
