"""A prepared file has what its source has: frames, times, picture, colour tags. ffmpeg is the judge."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import kinetics_fast as kf
from kinetics_fast.dataset_index.reader import IndexFile
from support.preparing import means, path_of, prepare_one, prepare_videos, prepared_path
from videos import ffmpeg_cli, media, oracle

pytestmark = pytest.mark.ffmpeg

# Each is a kind of source that prepare treats in its own way.
KINDS = {
    "uneven.mkv": "a variable frame rate",
    "open_gop.mp4": "H.264 with leading pictures",
    "late_start.mkv": "the first frame is shown later than zero",
    "edit_empty.mp4": "an edit list that begins with a pause",
    "edit_mid_gop.mp4": "an edit list that begins within a GOP",
    "yuv420p10le.mp4": "10 bit",
    "yuv444p10le.mp4": "10 bit, 4:4:4",
    "yuv444p.mp4": "4:4:4",
    "gray.mp4": "no chroma",
    "hevc_gbrp.mkv": "red, green and blue",
    "raw_pal8.avi": "a palette",
    "mjpeg.mov": "full range with chroma between the luma samples",
    "full_range.mp4": "full range",
    "hevc_bt2020nc_pc.ts": "full range, BT.2020",
    "odd_127x95.mp4": "odd width and height",
    "fields.mkv": "two fields per frame, each coded on its own",
    "mpeg2_interlaced.mkv": "interlaced frames",
    "rotated_90.mp4": "rotation",
    "mirrored_270.mp4": "rotation and mirroring",
    "aperture.mp4": "cropping by a clap box",
    "pixel_crop.mkv": "cropping by PixelCrop elements",
    "mpeg4.avi": "B-frames in a container without presentation times",
    "vp9_odd_61x45.webm": "VP9",
}


COLOURS = {
    "hevc_bt2020nc_pc.ts": "yuv420p(pc, bt2020nc",
    "av1_bt709_tv.mp4": "yuv420p(tv, bt709",
    "av1_smpte170m_pc.mp4": "yuv420p(pc, smpte170m",
    "hevc_gbrp.mkv": "yuv420p(tv, smpte170m",
}
REFUSED = {
    "past_the_end.mp4": "truncated: 20 of 60 listed frames are not in the file",
    "duplicate_pts.mp4": "frame 2 is not shown later than frame 1",
    "size_changes.mp4": "ffmpeg failed",
}


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Prepare all videos in one run."""
    folder = tmp_path_factory.mktemp("kept")
    return prepare_videos([*KINDS, *COLOURS, *REFUSED], folder, x264="crf=4")  # hardly any loss


@pytest.mark.parametrize("name", KINDS)
def test_frames_times_and_pictures_are_those_of_the_source(name: str, target: Path) -> None:
    source, path = kf.Video(path_of(name)), prepared_path(name, target)
    shown = oracle.frames(path)
    assert len(shown) == len(source)
    tick = float(kf.Video(path).time_base)
    np.testing.assert_allclose(shown.timestamps, source.timestamps, rtol=0, atol=tick)
    height, width = source.height // 2 * 2, source.width // 2 * 2
    assert {planes[0].shape for planes in shown.planes} == {(height, width)}
    numbers = range(len(source))
    pictures = [video.frames(numbers)[:, :height, :width] for video in (kf.Video(path), source)]
    # Colours of small areas change where the chroma of saturated pictures loses its resolution or is turned.
    assert np.abs(means(pictures[0]) - means(pictures[1])).max() < 12
    ours, theirs = (
        video.frames(numbers, color="gray")[:, :height, :width].astype(np.int16)
        for video in (kf.Video(path), source)
    )
    assert np.abs(means(ours) - means(theirs)).max() < 2
    for frame in numbers:  # each frame is nearer to its source than to the frames around it
        others = [other for other in (frame, frame - 1, frame + 1) if 0 <= other < len(source)]
        assert min(others, key=lambda other: np.abs(ours[frame] - theirs[other]).mean()) == frame


@pytest.mark.parametrize("name", COLOURS)
def test_colour_tags_are_kept(name: str, target: Path) -> None:
    info = ffmpeg_cli.Facts(prepared_path(name, target)).info
    assert COLOURS[name] in info.replace("yuvj420p", "yuv420p"), info


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_kept_is_a_row_with_a_reason(name: str, target: Path) -> None:
    rows = IndexFile(target / "kinetics-fast.arrow").table.to_pylist()
    (row,) = [row for row in rows if row["id"] == Path(name).stem]
    assert row["status"] == "undecodable"
    assert REFUSED[name] in row["reason"]
    assert not (target / row["path"]).exists()


def test_pictures_are_made_smaller_and_never_larger(tmp_path: Path) -> None:
    small = kf.Video(prepare_one("odd_127x95.mp4", tmp_path, short_side=48))
    assert (small.width, small.height) == (64, 48)


def test_the_archive_keeps_bits_size_and_chroma(tmp_path: Path) -> None:
    video = kf.Video(prepare_one("yuv444p10le.mp4", tmp_path, profile="archive"))
    source = kf.Video(media.make("yuv444p10le.mp4"))
    assert (video.pixel_format, video.width) == ("yuv444p10le", source.width)


def test_audio_is_dropped_or_copied(tmp_path: Path) -> None:
    dropped = prepare_one("sound.avi", tmp_path / "dropped")
    copied = prepare_one("sound.avi", tmp_path / "copied", audio="copy")
    assert "Audio:" not in ffmpeg_cli.Facts(dropped).info
    assert "Audio:" in ffmpeg_cli.Facts(copied).info
