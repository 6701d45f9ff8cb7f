"""Test videos with difficult containers, picture sizes or pixel formats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ffmpeg

from videos import bitstream, containers, matroska
from videos.ffmpeg_cli import Facts, run
from videos.recipes import (
    B_FRAMES,
    FRAGMENTS,
    OPEN,
    SHORT,
    Make,
    Recipe,
    edited,
    encode,
    encoded,
    pictures,
    recut,
)

if TYPE_CHECKING:
    from pathlib import Path

ANNEXB = {"format": "h264", "bf": 0}
# The pixel formats of H.264 besides 8-bit 4:2:0.
PIXEL_FORMATS = "yuv422p yuv444p yuv420p10le yuv422p10le yuv444p10le gray gray10le gbrp"


def _stream(x264: str, frames: int, size: str = "128x96") -> list[bitstream.Nal]:
    """Return the NAL units of a stream without B-frames, so that its packets need no timestamps."""
    output = ffmpeg.output(
        pictures(frames, size),
        "pipe:",
        vcodec="libx264",
        pix_fmt="yuv420p",
        threads=1,
        **ANNEXB,
        **{"x264-params": x264},
    )
    return bitstream.split_annexb(run(output)[0])


def _joined(first: list[bitstream.Nal], second: list[bitstream.Nal], path: Path) -> None:
    """Write both streams as one; the parameter sets of `second` stand once, at its beginning."""
    head = [nal for nal in second if nal.type in (bitstream.SPS, bitstream.PPS)][:2]
    body = [nal for nal in second if nal.type not in (bitstream.SPS, bitstream.PPS)]
    stream = b"".join(b"\0\0\0\1" + nal.data for nal in [*first, *head, *body])
    tag = {"tag:v": "avc3"} if path.suffix == ".mp4" else {}
    source = ffmpeg.input("pipe:", format="h264", framerate=25)
    run(ffmpeg.output(source, str(path), c="copy", fflags="+bitexact", **tag), stream)


def _parameter_sets_change(path: Path) -> None:
    first = _stream("keyint=10:min-keyint=10:ref=3:scenecut=0", 30)
    _joined(first, _stream("keyint=10:min-keyint=10:ref=1:cabac=0:8x8dct=0:scenecut=0:qp=20", 30), path)


def _size_changes(path: Path) -> None:
    first = _stream("keyint=10:min-keyint=10:scenecut=0", 24)
    _joined(first, _stream("keyint=10:min-keyint=10:scenecut=0", 30, size="96x64"), path)


def _one_set_for_several_entries(facts: Facts) -> bool:
    """Say whether parameter sets stand in the middle of the stream and the later entries have none."""
    with_sets = [bitstream.SPS in facts.nal_types[n] for n in facts.entries]
    return with_sets[-2:] == [False, False] and any(with_sets[1:])


def _audio_first(path: Path) -> None:
    tone = ffmpeg.input("sine=frequency=440:duration=2.4", f="lavfi")
    encode(path, B_FRAMES, more=(tone,), acodec="aac", audio_bitrate="48k")


def _second_video(path: Path) -> None:
    encode(path, B_FRAMES, more=(pictures(50, "96x64", seed=3),))


def _cover(path: Path) -> None:
    whole, cover = path.with_name("whole.mp4"), path.with_name("cover.png")
    encode(whole, SHORT)
    run(ffmpeg.output(pictures(10, "64x64").trim(end_frame=1), str(cover), update=1))
    streams = (ffmpeg.input(str(whole)), ffmpeg.input(str(cover)))
    run(
        ffmpeg.output(
            *streams, str(path), c="copy", fflags="+bitexact", **{"disposition:v:1": "attached_pic"}
        )
    )
    path.write_bytes(containers.edit_moov(path.read_bytes(), (), containers.first_child(b"udta")))
    whole.unlink()
    cover.unlink()


def _rotated(degrees: int) -> Recipe:
    return Recipe(
        f"a display matrix that rotates by {degrees} degrees",
        recut(SHORT, before={"display_rotation": degrees}),
        lambda f: (
            f"rotation of {degrees if degrees <= 180 else degrees - 360}.00" in f.info.replace("-180", "180")
        ),
    )


def _containers() -> dict[str, Recipe]:
    return {
        "no_reorder_information.mkv": Recipe(
            "B-frames, and an SPS with bitstream_restriction_flag 0",
            edited(B_FRAMES + ":b-pyramid=normal", matroska.without_reorder_information, write_crc32=0),
            lambda f: "B" in f.kinds and not _restricted(f.data),
        ),
        "parameter_sets_change.mp4": Recipe(
            "new parameter sets in the middle of the stream, sent once",
            _parameter_sets_change,
            _one_set_for_several_entries,
        ),
        "parameter_sets_change.mkv": Recipe(
            "new parameter sets in the middle of the stream, sent once",
            _parameter_sets_change,
            _one_set_for_several_entries,
        ),
        "avc3.mp4": Recipe(
            "parameter sets inside the packets, sample entry avc3",
            encoded(SHORT + ":repeat-headers=1", bsf="dump_extra=freq=keyframe", **{"tag:v": "avc3"}),
            lambda f: b"avc3" in f.data and all(bitstream.SPS in f.nal_types[n] for n in f.entries),
        ),
        "audio_first.mp4": Recipe(
            "stream 0 is audio", _audio_first, lambda f: _streams(f)[:2] == ["Audio", "Video"]
        ),
        "audio_first.mkv": Recipe(
            "stream 0 is audio", _audio_first, lambda f: _streams(f)[:2] == ["Audio", "Video"]
        ),
        "fragmented.mp4": Recipe(
            "movie fragments", encoded(OPEN, movflags=FRAGMENTS), lambda f: f.data.count(b"moof") >= 3
        ),
        "faststart.mp4": Recipe(
            "moov box in front of the media data",
            encoded(SHORT, movflags="faststart"),
            lambda f: _box_order(f) == ["moov", "mdat"],
        ),
        "moov_last.mp4": Recipe(
            "moov box behind the media data", encoded(SHORT), lambda f: _box_order(f) == ["mdat", "moov"]
        ),
        "cover_first.mp4": Recipe(
            "the first video stream is an attached picture",
            _cover,
            lambda f: "attached pic" in f.info.split("Stream #")[1],
        ),
        "second_video.mp4": Recipe(
            "two video streams, of which the first is read",
            _second_video,
            lambda f: _streams(f) == ["Video", "Video"],
        ),
        "rotated_90.mp4": _rotated(90),
        "rotated_180.mp4": _rotated(180),
        "rotated_270.mp4": _rotated(270),
    }


def _restricted(mkv: bytes) -> bool:
    """Say whether the first SPS of a Matroska file has bitstream_restriction_flag."""
    at = mkv.index(b"\x63\xa2")
    sps = bitstream.Nal(mkv[mkv.index(b"\x67", at) :][:64])
    flag = bitstream.restriction_bit(sps)
    return flag is not None and bitstream.BitReader(sps.rbsp()).bits[flag] == "1"


def _streams(facts: Facts) -> list[str]:
    return [part.split(": ")[1] for part in facts.info.split("Stream #")[1:]]


def _box_order(facts: Facts) -> list[str]:
    return [kind.decode() for kind, _ in containers.boxes(facts.data) if kind in (b"moov", b"mdat")]


def _cropped(**sides: int) -> Make:
    fields = ":".join(f"crop_{side}={pixels}" for side, pixels in sides.items())
    return encoded(B_FRAMES, bsf=f"h264_metadata={fields}")


def _pictures_of(pix_fmt: str, size: str = "128x96", **options: Any) -> Recipe:
    """Return a recipe for one pixel format.

    ffmpeg decodes gray as 4:2:0, and it calls 8-bit full range yuvj.
    """
    width, height = size.split("x")
    if pix_fmt.startswith("gbrp"):
        options["vcodec"] = "libx264rgb"
    name = pix_fmt.replace("gray10le", "yuv420p10le").replace("gray", "yuvj420p")
    return Recipe(
        f"pixel format {pix_fmt}, {size} pixels",
        lambda path: encode(
            path, B_FRAMES, pictures(24).filter("crop", width, height), pix_fmt=pix_fmt, **options
        ),
        lambda f: name in f.info and size in f.info,
    )


def _sizes() -> dict[str, Recipe]:
    return {
        "crop_126x94.mp4": Recipe(
            "SPS cropping by two pixels at the right and at the bottom",
            _cropped(right=2, bottom=2),
            lambda f: "126x94" in f.info,
        ),
        "crop_left_122x90.mp4": Recipe(
            "SPS cropping on every side",
            _cropped(left=4, right=2, top=2, bottom=4),
            lambda f: "122x90" in f.info,
        ),
        "size_changes.mp4": Recipe(
            "the picture size changes from 128x96 to 96x64", _size_changes, _one_set_for_several_entries
        ),
        "odd_127x95.mp4": _pictures_of("yuv444p", "127x95"),
        "narrow_2x96.mp4": _pictures_of("yuv420p", "2x96"),
        "full_range.mp4": _pictures_of("yuvj420p"),
        **{f"{name}.mp4": _pictures_of(name) for name in PIXEL_FORMATS.split()},
    }


def recipes() -> dict[str, Recipe]:
    """Return the recipes by file name."""
    return {**_containers(), **_sizes()}
