"""The hooks of transformers, qwen_vl_utils and vLLM.

The first tests put modules with the names of these libraries in place. Tests marked slow use the libraries.
"""
# ruff: noqa: ARG002 (the signatures are those of the libraries)

from __future__ import annotations

import io
import sys
import textwrap
import types
from importlib.metadata import entry_points
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import kinetics_fast as kf
from kinetics_fast.compat import qwen, transformers, vllm
from support.child import Child
from support.packages import installed
from support.smooth import smooth_video

pytestmark = pytest.mark.ffmpeg


def module(monkeypatch: pytest.MonkeyPatch, name: str, **members: Any) -> Any:
    """Put a module and its packages in place."""
    made: Any = None
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        package: Any = types.ModuleType(".".join(parts[:end]))
        if made is None:
            vars(package).update(members)
        else:
            setattr(package, parts[end], made)
        monkeypatch.setitem(sys.modules, package.__name__, package)
        made = package
    return sys.modules[name]


def test_transformers_gets_a_decoder(monkeypatch: pytest.MonkeyPatch) -> None:
    peer = module(monkeypatch, "transformers.video_utils", VIDEO_DECODERS={}, VideoMetadata=SimpleNamespace)
    transformers.register()
    chosen = [0, 7, -1]
    seen: list[Any] = []

    def sample(metadata: Any, **options: Any) -> list[int]:
        seen.append((metadata.total_num_frames, metadata.fps, options))
        return chosen

    for source in (str(smooth_video()), io.BytesIO(smooth_video().read_bytes())):
        frames, metadata = peer.VIDEO_DECODERS["kinetics_fast"](source, sample, num_frames=3)
        assert np.array_equal(frames, kf.Video(smooth_video()).frames(chosen))
        facts = (metadata.width, metadata.height, metadata.duration, metadata.video_backend)
        assert facts == (160, 120, 2.4, "kinetics_fast")
        assert metadata.frames_indices.tolist() == chosen
    assert seen == [(60, 25.0, {"num_frames": 3})] * 2


class VisionProcess(SimpleNamespace):
    """What the drop-in uses of qwen_vl_utils.vision_process; it resizes to (56, 84)."""

    SPATIAL_MERGE_SIZE, FRAME_FACTOR, MODEL_SEQ_LEN = 2, 2, 128000
    VIDEO_MIN_TOKEN_NUM, VIDEO_MAX_TOKEN_NUM = 128, 768

    def calculate_video_frame_range(self, ele: Any, total: int, fps: float) -> tuple[int, int, int]:
        assert (total, fps) == (60, 25.0)
        return 10, 49, 40

    def smart_nframes(self, ele: Any, total_frames: int, video_fps: float) -> int:
        assert (total_frames, video_fps) == (40, 25.0)
        return 4

    def smart_resize(self, height: int, width: int, factor: int, **limits: float) -> tuple[int, int]:
        self.asked = (height, width, factor, limits)
        return 56, 84


def test_qwen_decodes_at_the_size_that_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    torch = pytest.importorskip("torch")
    cleared: list[None] = []
    cached = SimpleNamespace(cache_clear=lambda: cleared.append(None))
    process = VisionProcess(VIDEO_READER_BACKENDS={}, get_video_reader_backend=cached)
    module(monkeypatch, "qwen_vl_utils", vision_process=process)
    qwen.register(image_patch_size=16)
    assert process.FORCE_QWENVL_VIDEO_READER == "kinetics_fast"
    assert cleared
    read = process.VIDEO_READER_BACKENDS["kinetics_fast"]
    frames, metadata, rate = read({"video": f"file://{smooth_video()}"})
    assert process.asked[:3] == (120, 160, 32)
    assert process.asked[3] == {"min_pixels": 128 * 1024, "max_pixels": 768 * 1024}
    wanted = kf.Video(smooth_video()).frames([10, 23, 36, 49], (56, 84), "TCHW", interpolation="bicubic")
    assert frames.dtype == torch.uint8
    assert np.array_equal(frames.numpy(), wanted)
    facts = {"fps": 25.0, "frames_indices": [10, 23, 36, 49], "total_num_frames": 40}
    assert metadata == {**facts, "video_backend": "kinetics_fast"}
    assert rate == 2.5
    read({"video": str(smooth_video()), "resized_height": 60, "resized_width": 90})
    assert process.asked == (60, 90, 32, {})


class Registry(dict[str, Any]):
    def register(self, name: str) -> Any:
        return lambda loader: self.setdefault(name, loader)


def test_vllm_finds_the_loader_through_the_entry_point(monkeypatch: pytest.MonkeyPatch) -> None:
    base: Any = type("VideoLoader", (), {})
    registry = Registry()
    module(monkeypatch, "vllm.multimodal.video", VIDEO_LOADER_REGISTRY=registry, VideoLoader=base)
    (point,) = entry_points(group="vllm.general_plugins", name="kinetics_fast")
    point.load()()
    loader = registry["kinetics_fast"]
    assert issubclass(loader, base)
    frames, metadata = loader().load_bytes(smooth_video().read_bytes(), 4, max_duration=3)
    assert metadata["frames_indices"] == [0, 19, 39, 59]
    assert np.array_equal(frames, kf.Video(smooth_video()).frames([0, 19, 39, 59]))


@pytest.mark.parametrize(
    ("arguments", "count", "sample"),
    [({}, 60, True), ({"num_frames": 8}, 8, False), ({"fps": 2}, 4, False), ({"fps": 0.1}, 1, False),
     ({"num_frames": 3, "fps": 10}, 3, False), ({"num_frames": 500, "fps": 500}, 60, True)],
)  # fmt: skip
def test_vllm_samples_evenly(arguments: Any, count: int, sample: bool) -> None:
    frames, metadata = vllm.load_bytes(smooth_video().read_bytes(), **arguments)
    assert metadata["frames_indices"] == np.linspace(0, 59, count, dtype=int).tolist()
    assert (len(frames), metadata["do_sample_frames"]) == (count, sample)
    facts = (metadata["total_num_frames"], metadata["fps"], metadata["duration"], metadata["video_backend"])
    assert facts == (60, 25.0, 2.4, "kinetics_fast")


def test_vllm_gets_a_value_error_for_bytes_that_are_no_video() -> None:
    with pytest.raises(ValueError, match="no video container is recognised"):
        vllm.load_bytes(b"no video")


def run(child: Child, source: str, *needs: str) -> None:
    lacking = [name for name in needs if not installed(name)]
    if lacking:
        pytest.skip(f"not installed: {', '.join(lacking)}")
    child("import sys\npath = sys.argv[1]\n" + textwrap.dedent(source), smooth_video(), limit=360)


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_load_video_of_transformers(child: Child) -> None:
    source = """
    import kinetics_fast as kf, kinetics_fast.compat.transformers
    from transformers.video_utils import load_video
    kinetics_fast.compat.transformers.register()
    frames, metadata = load_video(path, num_frames=8, backend="kinetics_fast")
    assert (metadata.video_backend, metadata.total_num_frames) == ("kinetics_fast", 60)
    assert (frames == kf.Video(path).frames(metadata.frames_indices)).all()
    """
    run(child, source, "transformers", "torch")


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_fetch_video_of_qwen_resizes_nothing_any_more(child: Child) -> None:
    source = """
    from unittest import mock
    import decord, torch, qwen_vl_utils.vision_process as process
    import kinetics_fast.compat.qwen
    elements = [
        {"video": path}, {"video": path, "fps": 5, "video_start": 0.5, "video_end": 2.0},
        {"video": path, "nframes": 6, "max_pixels": 200000},
        {"video": path, "resized_height": 90, "resized_width": 70},
    ]
    def fetch():
        options = {"return_video_sample_fps": True, "return_video_metadata": True}
        return [process.fetch_video(element, image_patch_size=16, **options) for element in elements]
    process.FORCE_QWENVL_VIDEO_READER = "decord"
    theirs = fetch()
    kinetics_fast.compat.qwen.register(image_patch_size=16)
    resize = process.transforms.functional.resize
    with mock.patch.object(process.transforms.functional, "resize", wraps=resize) as spy:
        ours = fetch()
    assert all(list(call.args[0].shape[-2:]) == call.args[1] for call in spy.call_args_list)
    for ((frames, metadata), rate), ((real, facts), real_rate) in zip(ours, theirs):
        assert (frames.shape, frames.dtype, rate) == (real.shape, real.dtype, real_rate)
        assert {**facts, "video_backend": "kinetics_fast"} == metadata
        assert (frames - real).abs().mean() <= 2
    """
    run(child, source, "qwen_vl_utils", "torch", "torchvision", "decord")


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_vllm_loads_with_the_loader(child: Child) -> None:
    source = """
    import os
    os.environ["VLLM_VIDEO_LOADER_BACKEND"] = "kinetics_fast"
    from vllm import envs
    from vllm.multimodal.video import VIDEO_LOADER_REGISTRY
    from vllm.plugins import load_general_plugins
    load_general_plugins()
    content = open(path, "rb").read()
    for options in ({"num_frames": 8}, {"num_frames": 32, "fps": 2}, {}):
        loader = VIDEO_LOADER_REGISTRY.load(envs.VLLM_VIDEO_LOADER_BACKEND)
        frames, metadata = loader.load_bytes(content, **options)
        real, facts = VIDEO_LOADER_REGISTRY.load("opencv").load_bytes(content, **options)
        assert metadata == {**facts, "video_backend": "kinetics_fast"}
        assert frames.shape == real.shape and abs(frames.astype(float) - real).mean() <= 2
    """
    run(child, source, "vllm", "cv2")
