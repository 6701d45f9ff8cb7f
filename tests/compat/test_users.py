"""Libraries that read with decord or torchcodec read with the drop-ins, and get the right frames.

Each test runs in a process of its own, because these libraries look for their readers when they are imported.
"""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from support.child import Child
from support.packages import installed
from support.smooth import smooth_video

pytestmark = [pytest.mark.ffmpeg, pytest.mark.slow]

HEAD = """
import sys
from kinetics_fast.compat import install
install("decord", "torchcodec")
import numpy as np
import kinetics_fast as kf
path = sys.argv[1]
video = kf.Video(path)
"""


def run(child: Child, source: str, *needs: str) -> None:
    lacking = [name for name in needs if not installed(name)]
    if lacking:
        pytest.skip(f"not installed: {', '.join(lacking)}")
    child(HEAD + textwrap.dedent(source), smooth_video(), limit=110)


@pytest.mark.parametrize("backend", ["decord", "torchcodec"])
def test_load_video_of_transformers(child: Child, backend: str) -> None:
    source = f"""
    from transformers.video_utils import load_video
    frames, metadata = load_video(path, num_frames=8, backend={backend!r})
    frames = frames.permute(0, 2, 3, 1).numpy() if {backend == "torchcodec"} else frames
    assert metadata.video_backend == {backend!r} and metadata.total_num_frames == 60 and metadata.fps == 25
    assert np.array_equal(frames, video.frames(metadata.frames_indices))
    """
    run(child, source, "transformers", "torch")


def test_a_video_processor_of_transformers(child: Child) -> None:
    source = """
    from transformers import LlavaOnevisionVideoProcessor
    processor = LlavaOnevisionVideoProcessor()
    numbers = np.arange(0, 60, 9)
    frames = processor.fetch_videos(path, sample_indices_fn=lambda metadata, **_: numbers)[0]
    assert np.array_equal(frames.permute(0, 2, 3, 1).numpy(), video.frames(numbers))
    out = processor([path], num_frames=4, do_sample_frames=True, return_tensors="pt")
    assert tuple(out["pixel_values_videos"].shape) == (1, 4, 3, 384, 384)
    """
    run(child, source, "transformers", "torch", "torchvision")


@pytest.mark.parametrize("backend", ["decord", "torchcodec"])
def test_qwen_vl_utils(child: Child, backend: str) -> None:
    source = f"""
    import os
    os.environ["FORCE_QWENVL_VIDEO_READER"] = {backend!r}
    import qwen_vl_utils.vision_process as process
    assert process.get_video_reader_backend() == {backend!r}
    frames, metadata, _ = process.VIDEO_READER_BACKENDS[{backend!r}](dict(video=path))
    assert metadata["video_backend"] == {backend!r}
    assert np.array_equal(frames.permute(0, 2, 3, 1).numpy(), video.frames(metadata["frames_indices"]))
    assert process.fetch_video(dict(video=path)).ndim == 4
    """
    run(child, source, "qwen_vl_utils", "torch", "torchvision")


def test_the_video_feature_of_datasets(child: Child) -> None:
    source = """
    import datasets, torchcodec.decoders
    rows = datasets.Dataset.from_dict({"video": [path, path]}).cast_column("video", datasets.Video())
    for rows in (rows, rows.with_format("torch"), rows.with_format("numpy")):
        decoder = rows[1]["video"]
        assert isinstance(decoder, torchcodec.decoders.VideoDecoder)
        frames = decoder.get_frames_at([7, 3]).data.permute(0, 2, 3, 1).numpy()
        assert np.array_equal(frames, video.frames([7, 3]))
    assert list(rows.map(lambda row: {"n": len(row["video"])})["n"]) == [60, 60]
    """
    run(child, source, "datasets", "torch")


def test_decode_video_frames_of_lerobot(child: Child) -> None:
    source = """
    from lerobot.datasets.video_utils import decode_video_frames
    frames = decode_video_frames(path, [0.0, 0.4, 2.0], 0.01, "torchcodec")
    assert np.allclose(frames.permute(0, 2, 3, 1).numpy(), video.frames([0, 10, 50]) / 255, atol=1e-6)
    """
    run(child, source, "lerobot", "torch", "torchvision", "datasets")


def test_the_video_data_sets_of_torchvision(child: Child, tmp_path: Path) -> None:
    for folder, names in {"k/train": "ab", "u": "ab", "h": "ab"}.items():
        for name in names:
            action = tmp_path / folder / name
            action.mkdir(parents=True)
            (action / f"v_{name}.avi").symlink_to(smooth_video())
            (action / f"v_{name}.mp4").symlink_to(smooth_video())
    lists = tmp_path / "lists"
    lists.mkdir()
    (lists / "trainlist01.txt").write_text("a/v_a.avi 1\nb/v_b.avi 2\n")
    for name in "ab":
        (lists / f"{name}_test_split1.txt").write_text(f"v_{name}.avi 1 \n")
    source = """
    import os
    os.chdir(os.path.dirname(__file__))
    from torchvision.datasets import HMDB51, UCF101, Kinetics
    for data in (
        Kinetics("k", 16, num_classes="400", split="train", step_between_clips=8, extensions=("mp4",)),
        UCF101("u", "lists", 16, step_between_clips=8, fold=1, train=True),
        HMDB51("h", "lists", 16, step_between_clips=8, fold=1, train=True),
    ):
        assert len(data) == 12, type(data)
        frames, sound, label = data[7]
        frames = frames.numpy() if frames.shape[-1] == 3 else frames.permute(0, 2, 3, 1).numpy()
        assert np.array_equal(frames, video[8:24]) and sound.numel() == 0 and label == 1, type(data)
    """
    run(child, source, "torch", "torchvision")
