"""The measured quality is that of ffmpeg's filters on the same frames, and the report shows it."""

from __future__ import annotations

import io
from base64 import b64decode
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import kinetics_fast as kf
from kinetics_fast.cli.main import main
from kinetics_fast.dataset_index.quality_file import quality_path, read_quality
from support.preparing import prepare_videos, prepared_path
from videos import media

pytestmark = pytest.mark.ffmpeg

NAMES = ("six_seconds.mp4", "late_start.mkv", "mpeg4.avi", "rotated_90.mp4")


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepare_videos(NAMES, tmp_path_factory.mktemp("quality"), quality=4)


@pytest.mark.parametrize("name", NAMES)
def test_psnr_is_that_of_the_frames_with_equal_numbers(name: str, target: Path) -> None:
    path = prepared_path(name, target)
    (found,) = [clip for clip in read_quality(target / "kinetics-fast.arrow") if clip.name == path.name]
    source = kf.Video(target.parent / "sources" / name)
    assert found.frames == len(found.frame_ssim) == len(source)
    numbers = range(len(source))
    ours, theirs = (video.planes(numbers) for video in (kf.Video(path), source))
    turns = {0: 0, 90: 3, 180: 2, 270: 1}[source.rotation]
    errors = [
        np.mean((one[0].astype(float) - np.rot90(other[0], turns).astype(float)) ** 2)
        for one, other in zip(ours, theirs, strict=True)
    ]
    psnr = 10 * np.log10(255**2 / np.array(errors))
    assert found.psnr == pytest.approx(psnr.mean(), abs=0.02)
    assert found.ssim == pytest.approx(np.mean(found.frame_ssim))
    assert found.worst_frame == int(np.argmin(found.frame_ssim))
    assert found.bytes_after == path.stat().st_size
    assert found.pictures_after <= found.pictures_before + 16
    with Image.open(io.BytesIO(b64decode(found.picture))) as picture:
        assert picture.size == (2 * kf.Video(path).width, kf.Video(path).height)


def test_the_report_has_a_section(target: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", str(target), "--gallery", "0"]) == 0
    page = (target / "kinetics-fast.html").read_text()
    assert '<a href="#quality">' in page
    assert page.count('src="data:image/webp;base64,') == len(NAMES)
    assert all(f"{Path(name).stem}.mp4, frame" in page for name in NAMES)
    assert "http" not in page.partition('<section id="quality">')[2].partition("</section>")[0]
    quality_path(target / "kinetics-fast.arrow").write_text("{}")
    assert main(["report", str(target)]) == 3
    assert "not a file of kinetics-fast prepare --quality" in capsys.readouterr().err


def test_sources_of_the_same_name_do_not_collide(tmp_path: Path) -> None:
    target = prepare_videos(["mpeg4.avi", "mpeg4.mkv"], tmp_path)
    assert len(kf.Video(target / "mpeg4.mp4")) == len(kf.Video(media.make("mpeg4.avi")))
    assert len(kf.Video(target / "mpeg4.mkv.mp4")) == len(kf.Video(media.make("mpeg4.mkv")))
