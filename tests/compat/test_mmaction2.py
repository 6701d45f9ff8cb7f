"""The transforms for mmaction2: the results of DecordInit and DecordDecode, and one transform for all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import kinetics_fast as kf
from kinetics_fast.compat.mmaction2 import (
    KineticsFastDecode,
    KineticsFastDecodeResizeCrop,
    KineticsFastInit,
)
from support.smooth import assert_same_frames, smooth_video

pytestmark = pytest.mark.ffmpeg
INDICES = np.array([[3, 30, 3], [59, 0, 10]])


def opened(**more: Any) -> dict[str, Any]:
    return KineticsFastInit()({"filename": str(smooth_video()), "frame_inds": INDICES, **more})


def test_init_adds_the_facts_that_samplers_need() -> None:
    results = opened()
    assert (results["total_frames"], results["avg_fps"]) == (60, 25.0)
    without = {"filename": str(smooth_video().with_suffix(""))}
    assert KineticsFastInit(num_threads=0)(without)["total_frames"] == 60


def test_decode_gives_a_list_of_frames_in_the_order_of_the_indices() -> None:
    results = KineticsFastDecode()(opened())
    assert results["frame_inds"].tolist() == [3, 30, 3, 59, 0, 10]
    assert isinstance(results["imgs"], list)
    assert np.array_equal(results["imgs"], kf.Video(smooth_video()).frames(INDICES.ravel()))
    assert results["original_shape"] == results["img_shape"] == (120, 160)
    assert results["video_reader"] is None


def test_decode_gives_the_frames_of_decord() -> None:
    decord = pytest.importorskip("decord", exc_type=ImportError)
    theirs = decord.VideoReader(str(smooth_video())).get_batch(range(10, 50, 3)).asnumpy()
    results = KineticsFastDecode()(opened(frame_inds=np.arange(10, 50, 3)))
    assert_same_frames(np.stack(results["imgs"]), theirs)


def test_efficient_decoding_takes_key_frames() -> None:
    results = KineticsFastDecode("efficient")(opened(frame_inds=np.array([0, 16, 17, 40, 59])))
    video = kf.Video(smooth_video())
    keys = [int(video.keyframes[video.keyframes <= number][-1]) for number in (0, 16, 17, 40, 59)]
    assert len(set(keys)) > 2
    assert np.array_equal(results["imgs"], video.frames(keys))
    with pytest.raises(ValueError, match="mode must be 'accurate' or 'efficient'"):
        KineticsFastDecode("fast")  # type: ignore[arg-type]


def test_boxes_of_persons_are_scaled_to_pixels() -> None:
    boxes = np.array([[0.25, 0.5, 0.75, 1.0]])
    results = KineticsFastDecode()(opened(gt_bboxes=boxes, proposals=boxes))
    for name in ("gt_bboxes", "proposals"):
        assert results[name].dtype == np.float32
        assert results[name].tolist() == [[40, 60, 120, 120]]
    assert KineticsFastDecode()(opened(gt_bboxes=boxes, proposals=None))["proposals"] is None


@pytest.mark.parametrize("flip", [0.0, 1.0])
def test_a_crop_is_decoded_at_its_size(flip: float) -> None:
    crop = {"type": "CenterCrop", "size": [64, 48], "short_side": 96}
    results = KineticsFastDecodeResizeCrop(crop, flip_ratio=flip)(opened())
    (box,) = kf.CenterCrop((64, 48), 96, convention="mmaction2")(160, 120)
    clip = kf.Clip(kf.Video(smooth_video()), indices=INDICES.ravel(), box=box, flip=bool(flip))
    assert np.array_equal(results["imgs"], kf.decode_clips([clip], size=(64, 48)).frames[0])
    assert (results["img_shape"], results["original_shape"]) == ((64, 48), (120, 160))
    assert (results["flip"], results["flip_direction"]) == (bool(flip), "horizontal")
    assert np.allclose(results["crop_quadruple"], box / [160, 120, 160, 120])


def test_three_crops_follow_one_another_with_the_middle_last() -> None:
    results = KineticsFastDecodeResizeCrop({"type": "ThreeCrop", "size": 120})(opened())
    video = kf.Video(smooth_video())
    boxes = [(left, 0, 120, 120) for left in (0, 40, 20)]
    clips = [kf.Clip(video, indices=INDICES.ravel(), box=box) for box in boxes]
    assert np.array_equal(results["imgs"], np.concatenate(kf.decode_clips(clips).frames))


def test_random_crops_follow_the_seed_of_numpy() -> None:
    decode = KineticsFastDecodeResizeCrop({"type": "RandomResizedCrop", "size": 32}, flip_ratio=0.5)
    drawn = []
    for seed in (0, 0, 1):
        np.random.seed(seed)  # noqa: NPY002 - mmengine seeds this generator
        drawn.append(np.stack(decode(opened())["imgs"]))
    assert np.array_equal(drawn[0], drawn[1])
    assert not np.array_equal(drawn[0], drawn[2])


def test_a_crop_can_be_an_object_and_a_wrong_one_is_refused() -> None:
    assert KineticsFastDecodeResizeCrop(kf.Resize((30, 40)))(opened())["imgs"][0].shape == (30, 40, 3)
    with pytest.raises(ValueError, match=r"crop\['type'\] must be one of CenterCrop, .*, got 'FiveCrop'"):
        KineticsFastDecodeResizeCrop({"type": "FiveCrop", "size": 32})
    with pytest.raises(ValueError, match="does not move gt_bboxes"):
        KineticsFastDecodeResizeCrop(kf.Resize(32))(opened(gt_bboxes=np.zeros((1, 4))))


def test_pipelines_of_mmaction2_give_the_same_on_decord(tmp_path: Path) -> None:
    mmaction = pytest.importorskip("mmaction.registry", exc_type=ImportError)
    pytest.importorskip("mmaction.datasets.transforms", exc_type=ImportError)
    config = pytest.importorskip("mmengine.config")
    compose = pytest.importorskip("mmcv.transforms").Compose
    middle = [
        {"type": "SampleFrames", "clip_len": 4, "frame_interval": 4, "num_clips": 2, "test_mode": True},
    ]
    after = [{"type": "Resize", "scale": (-1, 96)}, {"type": "ThreeCrop", "crop_size": 96}]
    fused = {
        "type": "KineticsFastDecodeResizeCrop",
        "crop": {"type": "ThreeCrop", "size": 96, "short_side": 96},
    }
    shape = [{"type": "FormatShape", "input_format": "NCTHW"}]
    pipelines = {
        "decord": [{"type": "DecordInit"}, *middle, {"type": "DecordDecode"}, *after, *shape],
        "ours": [{"type": "KineticsFastInit"}, *middle, {"type": "KineticsFastDecode"}, *after, *shape],
        "fused": [{"type": "KineticsFastInit"}, *middle, fused, *shape],
    }
    text = 'custom_imports = dict(imports=["kinetics_fast.compat.mmaction2"])\n'
    (tmp_path / "config.py").write_text(text + f"pipelines = {pipelines!r}\n")
    loaded = config.Config.fromfile(tmp_path / "config.py").pipelines
    imgs = {}
    for name, pipeline in loaded.items():
        run = compose([mmaction.TRANSFORMS.build(step) for step in pipeline])
        sample = {"filename": str(smooth_video()), "start_index": 0, "modality": "RGB"}
        imgs[name] = run(sample)["imgs"].astype(np.float64)
    for name in ("ours", "fused"):
        assert imgs[name].shape == imgs["decord"].shape == (6, 3, 4, 96, 96)
        assert np.abs(imgs[name] - imgs["decord"]).mean() <= 2
