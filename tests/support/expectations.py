"""The few test videos for which ffmpeg does not define our result, and the reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# The container has no timestamps for some pictures, or equal ones, and ffmpeg guesses other times.
UNTIMED = {
    "missing_pts.mkv", "duplicate_pts.mp4", "decoding_times.mp4", "decoding_times.mkv",
    "decoding_times_hevc.mp4", "times_cross_keys.mp4", "joined_mpeg4.mp4",
    "joined_packed.asf",
}  # fmt: skip
RATED_CONTAINERS = {".avi", ".asf"}  # decoding times only; pictures are shown in order at these times
RATED_CODECS = ("wmv3", "vc1")  # in Matroska these codecs are stored as in AVI, with decoding times only
# The index of these videos has only some of libavcodec's key frames. An index may leave out an entry that the
# container does not flag, that lacks a header its pictures need, or whose pictures may refer to earlier ones.
UNFLAGGED = {
    "unflagged_keys.mkv", "late_sync_table.mp4", "empty_sync_table.mp4", "mpeg2_header_once.mkv",
    "mpeg2_header_in_b.mkv", "mpeg4_header_in_b.mkv", "av1_sequence_in_unreferenced.mkv",
    "mjpeg_size_changes.mkv", "mpeg4_interlaced.mkv", "vp6.avi", "vp6.flv", "vp6.mkv",
    "vc1_header_changes.mkv", "vc1_fields_before.mkv",
}  # fmt: skip
HIDDEN_KEYS = {"av1_key_shown_late.mkv": [0]}  # libavcodec reports a key frame that is not an entry

# H.264 with a field pair in its first packet: we do not look for a picture that tells the order, FFmpeg does.
OTHER_ORDERS = {"fields_mixed.mkv", "fields_open.mkv"}


def may_differ_in_order(path: Path, codec: str) -> bool:
    """Say whether FFmpeg does not say the field order that the headers say, or says a wrong one."""
    parsed = path.suffix != ".asf" or codec not in ("mpeg1video", "mpeg2video", "vc1")
    return codec == "hevc" or path.name in OTHER_ORDERS or not parsed


def is_rated(path: Path) -> bool:
    """Say whether the container has decoding times only."""
    return path.suffix in RATED_CONTAINERS or (path.suffix == ".mkv" and path.name.startswith(RATED_CODECS))
