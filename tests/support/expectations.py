"""The few test videos of which ffmpeg does not say what ours is to be, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# The container has no times for some pictures there, or the same for several, and ffmpeg guesses others.
UNTIMED = {
    "missing_pts.mkv", "duplicate_pts.mp4", "decoding_times.mp4", "decoding_times.mkv",
    "decoding_times_hevc.mp4", "times_cross_keys.mp4", "joined_mpeg4.mp4",
    "joined_packed.asf",
}  # fmt: skip
RATED_CONTAINERS = {".avi", ".asf"}  # they have decoding times alone, at which pictures are shown in order
RATED_CODECS = ("wmv3", "vc1")  # and so has Matroska of the codecs that are stored there as in AVI
# An index need not look for entries that the container does not announce, nor take such as lack the header
# that pictures need, or whose pictures may lean on what came before: it has some of the key frames.
UNFLAGGED = {
    "unflagged_keys.mkv", "late_sync_table.mp4", "empty_sync_table.mp4", "mpeg2_header_once.mkv",
    "mpeg2_header_in_b.mkv", "mpeg4_header_in_b.mkv", "av1_sequence_in_unreferenced.mkv",
    "mjpeg_size_changes.mkv", "mpeg4_interlaced.mkv", "vp6.avi", "vp6.flv", "vp6.mkv",
    "vc1_header_changes.mkv", "vc1_fields_before.mkv",
}  # fmt: skip
HIDDEN_KEYS = {"av1_key_shown_late.mkv": [0]}  # libavcodec calls a key frame what cannot be entered there


def is_rated(path: Path) -> bool:
    """Say whether a container has decoding times alone."""
    return path.suffix in RATED_CONTAINERS or (path.suffix == ".mkv" and path.name.startswith(RATED_CODECS))
