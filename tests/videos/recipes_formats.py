"""Test videos of every codec in every container that holds it, and of each codec's pixel formats.

Each video has at least two entries, and B-frames if the codec has them. Videos with properties of one codec
are in the other modules of recipes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from videos.recipes import FRAGMENTS, Recipe, encode_as, pictures

if TYPE_CHECKING:
    from pathlib import Path

    from videos.ffmpeg_cli import Facts
    from videos.recipes import Make, Proof

X265 = "log-level=none:pools=none:frame-threads=1:scenecut=0:"
B_PICTURES = {"bf": 2, "g": 12, "sc_threshold": 1_000_000_000}
P_PICTURES = {"g": 8}
# The encoder's options per codec. The key is libavcodec's name of the codec, `vcodec` that of the encoder.
CODECS: dict[str, dict[str, Any]] = {
    "h264": {"vcodec": "libx264", "x264-params": "keyint=12:min-keyint=12:bframes=2:scenecut=0"},
    "hevc": {"vcodec": "libx265", "x265-params": X265 + "keyint=12:min-keyint=12:bframes=3:open-gop=0"},
    "vp8": {"vcodec": "libvpx", "deadline": "realtime", "cpu-used": 8, "g": 12},
    "vp9": {"vcodec": "libvpx-vp9", "deadline": "realtime", "cpu-used": 8, "g": 12},
    "av1": {"vcodec": "libaom-av1", "cpu-used": 8, "g": 12, "lag-in-frames": 8},
    "mpeg4": {"vcodec": "mpeg4", **B_PICTURES},
    "mpeg2video": {"vcodec": "mpeg2video", **B_PICTURES},
    "mpeg1video": {"vcodec": "mpeg1video", **B_PICTURES},
    "mjpeg": {"vcodec": "mjpeg", "pix_fmt": "yuvj420p"},
    "msmpeg4v2": {"vcodec": "msmpeg4v2", **P_PICTURES},
    "msmpeg4v3": {"vcodec": "msmpeg4", **P_PICTURES},
    "wmv1": {"vcodec": "wmv1", **P_PICTURES},
    "wmv2": {"vcodec": "wmv2", **P_PICTURES},
    "flv1": {"vcodec": "flv", **P_PICTURES},
    "h263": {"vcodec": "h263", **P_PICTURES},
}
# The name of ffmpeg's demuxer per file suffix.
DEMUXERS = {
    "mp4": "mov", "mov": "mov", "3gp": "mov", "mkv": "matroska", "webm": "matroska", "avi": "avi",
    "ts": "mpegts", "mpg": "mpeg", "flv": "flv", "asf": "asf",
}  # fmt: skip
CONTAINERS = {
    "h264": "mov avi ts mpg flv asf",
    "hevc": "mp4 mov mkv ts mpg flv",
    "vp8": "mkv webm avi",
    "vp9": "mp4 mkv webm avi flv",
    "av1": "mp4 mkv webm flv",
    "mpeg4": "mp4 mov mkv avi ts mpg asf",
    "mpeg2video": "mp4 mov mkv avi ts mpg asf",
    "mpeg1video": "mp4 mov mkv avi ts mpg asf",
    "mjpeg": "mp4 mov mkv avi asf",
    "msmpeg4v2": "mov mkv avi asf",
    "msmpeg4v3": "mov mkv avi asf",
    "wmv1": "mov mkv avi asf",
    "wmv2": "mov mkv avi asf",
    "flv1": "flv mov mkv avi",
    "h263": "mov 3gp mkv avi asf",
}
FRAGMENTED = ("hevc", "vp9", "av1", "mpeg4", "mjpeg")
# Pixel formats besides 8-bit 4:2:0. `recipes_container` has those of H.264.
PIXEL_FORMATS = {
    "hevc": "yuv422p yuv444p yuv420p10le yuv422p10le yuv444p10le yuv420p12le gray gray10le gbrp gbrp10le",
    "vp9": "yuv422p yuv440p yuv444p yuv420p10le yuv422p10le yuv444p10le gbrp gbrp10le",
    "av1": "yuv422p yuv444p yuv420p10le yuv422p10le yuv444p10le gray gray10le gbrp gbrp10le",
    "mpeg2video": "yuv422p",
    "mjpeg": "yuvj422p yuvj444p yuv420p",
}
UNCOMPRESSED = {
    "pal8": "avi",
    "bgr24": "avi",
    "yuyv422": "avi",
    "gray": "avi",
    "yuv420p": "mkv",
    "rgb24": "mov",
}


def size_of(codec: str) -> str:
    """Return a size that the codec allows; H.263 allows only a few sizes."""
    return "128x96" if codec == "h263" else "64x48"


def coded(codec: str, frames: int = 30, **options: Any) -> Make:
    """Return a recipe that encodes `frames` pictures with `codec`."""

    def make(path: Path) -> None:
        encode_as(path, pictures(frames, size_of(codec)), **{**CODECS[codec], **options})

    return make


def is_in(codec: str, suffix: str) -> Proof:
    """Return the proof that a file has this codec and container, and B-pictures if they were asked for."""

    def proof(facts: Facts) -> bool:
        types = facts.picture_types
        complete = len(types) == 30 and types.count("I") >= 2 and ("B" in types or "bf" not in CODECS[codec])
        return complete and facts.codec == codec and f"Input #0, {DEMUXERS[suffix]}" in facts.info

    return proof


def has_format(codec: str, name: str) -> Proof:
    return lambda facts: facts.codec == codec and facts.pixel_formats == {name}


def is_fragmented(codec: str) -> Proof:
    return lambda facts: facts.data.count(b"moof") >= 2 and is_in(codec, "mp4")(facts)


def _in_containers() -> dict[str, Recipe]:
    return {
        f"{codec}.{suffix}": Recipe(f"{codec} in {DEMUXERS[suffix]}", coded(codec), is_in(codec, suffix))
        for codec, suffixes in CONTAINERS.items()
        for suffix in suffixes.split()
    }


def _fragmented() -> dict[str, Recipe]:
    return {
        f"{codec}_fragmented.mp4": Recipe(
            f"{codec} in movie fragments", coded(codec, movflags=FRAGMENTS), is_fragmented(codec)
        )
        for codec in FRAGMENTED
    }


def name_of_format(codec: str, pix_fmt: str) -> str:
    """Return the name of the video of a codec and a pixel format."""
    return f"{codec}_{pix_fmt}.{'webm' if codec == 'vp9' else 'mkv'}"


def _pixel_formats() -> dict[str, Recipe]:
    made = {}
    for codec, names in PIXEL_FORMATS.items():
        strict = {"strict": "unofficial"} if codec == "mjpeg" else {}
        for name in names.split():
            make = coded(codec, 16, pix_fmt=name, **strict)
            made[name_of_format(codec, name)] = Recipe(
                f"{codec} with pixel format {name}", make, has_format(codec, name)
            )
    return made


def _raw(name: str) -> Make:
    return lambda path: encode_as(path, pictures(12, "64x48"), vcodec="rawvideo", pix_fmt=name)


def _uncompressed() -> dict[str, Recipe]:
    return {
        f"raw_{name}.{suffix}": Recipe(
            f"uncompressed {name}",
            _raw(name),
            has_format("rawvideo", name),
        )
        for name, suffix in UNCOMPRESSED.items()
    }


def names_of_pixel_formats() -> list[str]:
    return [*_pixel_formats(), *_uncompressed()]


def recipes() -> dict[str, Recipe]:
    """Return the recipes by file name."""
    return {**_in_containers(), **_fragmented(), **_pixel_formats(), **_uncompressed()}
