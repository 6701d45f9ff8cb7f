"""Test videos with difficult coded streams or difficult presentation times."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from videos import containers
from videos.recipes import (
    B_FRAMES,
    FIFTEEN,
    LONG,
    OPEN,
    SHORT,
    Proof,
    Recipe,
    edited,
    encode,
    encoded,
    pictures,
    recut,
)

if TYPE_CHECKING:
    from videos.ffmpeg_cli import Facts


def longest_run(kinds: str, letter: str) -> int:
    return max(len(run) for run in "".join(k if k == letter else " " for k in kinds).split(" "))


def _structure() -> dict[str, Recipe]:
    """Return videos that differ in how pictures refer to each other, to be made as MP4 and as Matroska."""

    def b_kinds(expected: str) -> Proof:
        return lambda facts: expected in facts.kinds

    return {
        "b_pyramid_none": Recipe(
            "three B-frames in a row with nal_ref_idc 0",
            encoded(B_FRAMES + ":b-pyramid=none"),
            b_kinds("PbbbPbbb"),
        ),
        "b_pyramid_normal": Recipe(
            "B-frames that other B-frames refer to",
            encoded(B_FRAMES + ":b-pyramid=normal"),
            b_kinds("PBbbPBbb"),
        ),
        "b_pyramid_strict": Recipe(
            "a strict B-pyramid (x264: b-pyramid=strict)",
            encoded(B_FRAMES + ":b-pyramid=strict"),
            b_kinds("PBbbPBbb"),
        ),
        "not_deblocked": Recipe(
            "as `kinetics-fast prepare` writes: no deblocking, no CABAC, B-frames with nal_ref_idc 0",
            encoded(
                "keyint=24:min-keyint=24:scenecut=0:bframes=5:b-adapt=0:b-pyramid=none:"
                "cabac=0:no-deblock=1:crf=30"
            ),
            lambda f: longest_run(f.kinds, "b") == 5 and len(f.entries) == 3,
        ),
        "fifteen_b": Recipe(
            "fifteen B-frames in a row with nal_ref_idc 0",
            encoded(FIFTEEN),
            lambda f: longest_run(f.kinds, "b") == 15,
        ),
        "long_gop": Recipe(
            "one key frame, the first frame", encoded(LONG), lambda f: f.entries == [0] and len(f.kinds) == 60
        ),
        "short_gop": Recipe(
            "closed GOPs of eight frames",
            encoded(SHORT),
            lambda f: len(f.entries) == 8 and "B" in f.kinds.upper(),
        ),
        "open_gop": Recipe(
            "open GOPs: recovery points with leading pictures, and several reference frames",
            encoded(OPEN),
            lambda f: f.recovery_counts.count(0) >= 3 and any(f.times[n + 1] < f.times[n] for n in f.entries),
        ),
        "scene_cuts": Recipe(
            "key frames at scene changes, adaptive B-frames",
            encoded("scenecut=40:min-keyint=1:bframes=3:b-adapt=2"),
            lambda f: len(f.entries) >= 3,
        ),
        "intra_refresh": Recipe(
            "intra refresh: recovery points with a count above 0, which are not entries",
            encoded("intra-refresh=1:keyint=20:scenecut=0:bframes=0"),
            lambda f: f.entries == [0] and any((count or 0) > 0 for count in f.recovery_counts),
        ),
        "parameter_sets_in_band": Recipe(
            "SPS and PPS in front of every key frame",
            encoded(SHORT + ":repeat-headers=1", bsf="dump_extra=freq=keyframe"),
            lambda f: all({7, 8} <= f.nal_types[n] for n in f.entries),
        ),
        "variable_frame_rate": Recipe(
            "variable frame rate: between two pictures, up to seven frame durations are missing",
            lambda path: encode(
                path,
                B_FRAMES,
                pictures(48).filter("setpts", "(N+floor(N/5)*3+floor(N/9)*4)/25/TB"),
                fps_mode="vfr",
            ),
            lambda f: len({round(b - a, 3) for a, b in _steps(f)}) >= 3,
        ),
    }


def _steps(facts: Facts) -> list[tuple[float, float]]:
    times = sorted(facts.times)
    return list(pairwise(times))


def _coding() -> dict[str, Recipe]:
    """Return videos with coding tools that change the packets or the work of the decoder."""
    return {
        "constrained_baseline.mp4": Recipe(
            "Constrained Baseline profile: no B-frames, no CABAC",
            encoded("keyint=20", profile="baseline"),
            lambda f: "Constrained Baseline" in f.info and "B" not in f.kinds.upper(),
        ),
        "weighted.mp4": Recipe(
            "weighted prediction during a fade",
            lambda path: encode(
                path, B_FRAMES + ":weightp=2:weightb=1", pictures().filter("fade", "out", 0, 60)
            ),
            lambda f: len(f.kinds) == 60,
        ),
        "slices.mp4": Recipe(
            "four slices per picture",
            encoded(B_FRAMES + ":slices=4"),
            lambda f: all(sum(nal.type in (1, 5) for nal in p.nals) == 4 for p in f.packets),
        ),
        "mbaff.mp4": Recipe(
            "interlaced coding: MBAFF frames",
            encoded(B_FRAMES + ":tff=1"),
            lambda f: "top first" in f.info or "top coded" in f.info,
        ),
        "one_frame.mp4": Recipe(
            "a single picture",
            lambda path: encode(path, source=pictures(10).trim(end_frame=1)),
            lambda f: f.kinds == "I",
        ),
    }


def _timing() -> dict[str, Recipe]:
    """Return videos whose container changes when a picture is shown, or whether it is shown."""

    def shift(data: bytes) -> bytes:
        path = (b"trak", b"mdia", b"minf", b"stbl", b"ctts")
        return containers.edit_moov(data, path, lambda body: containers.shift_composition(body, -4096))

    def two_edits(data: bytes) -> bytes:
        rows = [(800, 1024), (800, 1024 + 16 * 512)]
        return containers.edit_moov(data, (b"trak", b"edts", b"elst"), lambda _: containers.edit_list(rows))

    no_edits = {"use_editlist": 0, "movflags": "negative_cts_offsets"}
    return {
        "edit_initial.mp4": Recipe(
            "the usual edit list, which skips the reordering delay of the B-frames",
            encoded(B_FRAMES),
            lambda f: f.edits[0][0][1] == 1024,
        ),
        "edit_mid_gop.mp4": Recipe(
            "an edit that begins in the middle of a GOP",
            recut(LONG, before={"ss": 0.9}),
            lambda f: (
                f.entries == [0] and f.packets[0].discarded and sum(p.discarded for p in f.packets) >= 10
            ),
        ),
        "edit_open_gop.mp4": Recipe(
            "an edit that begins at a recovery point with leading pictures",
            recut(OPEN, before={"ss": 0.9}),
            lambda f: f.recovery_counts[0] == 0 and f.times[1] < f.times[0],
        ),
        "edit_twice.mp4": Recipe(
            "two edits that begin at key frames and overlap",
            edited(SHORT, two_edits),
            lambda f: len(f.edits[0]) == 2 and len(f.packets) > 60,
        ),
        "edit_empty.mp4": Recipe(
            "an empty edit in front of the pictures",
            recut(B_FRAMES, before={"itsoffset": 0.4}, copyts=None),
            lambda f: f.edits[0][0][1] == -1,
        ),
        "late_start.mkv": Recipe(
            "a first picture at 0.4 s",
            recut(B_FRAMES, before={"itsoffset": 0.4}, copyts=None),
            lambda f: min(f.times) > 0.35,
        ),
        "ntsc.mp4": Recipe(
            "30000/1001 frames per second",
            lambda path: encode(
                path,
                SHORT,
                pictures(60, "64x48").filter("settb", "1/30000").filter("setpts", "N*1001"),
                fps_mode="passthrough",
                enc_time_base="1/30000",
            ),
            lambda f: len(f.times) == 60 and {round((b - a) * 30000) for a, b in _steps(f)} == {1001},
        ),
        "negative_pts.mp4": Recipe(
            "eight pictures with negative timestamps",
            edited(B_FRAMES, shift, **no_edits),
            lambda f: not f.edits and sum(time < -0.001 for time in f.times) == 8,
        ),
        "missing_pts.mkv": Recipe(
            "first packets without timestamps, because Matroska cannot store negative ones",
            recut(SHORT, before={"itsoffset": -0.4}, copyts=None, avoid_negative_ts="disabled"),
            lambda f: len(f.packets) - len(f.times) >= 8,
        ),
        "leading_pictures.mkv": Recipe(
            "a stream that begins with a recovery point and its leading pictures",
            recut(OPEN, before={"ss": 0.9}, avoid_negative_ts="make_non_negative"),
            lambda f: f.recovery_counts[0] == 0 and 0 <= f.times[1] < f.times[0],
        ),
    }


def recipes() -> dict[str, Recipe]:
    """Return the recipes by file name."""
    both = {f"{name}.{suffix}": recipe for name, recipe in _structure().items() for suffix in ("mp4", "mkv")}
    return {**both, **_coding(), **_timing()}
