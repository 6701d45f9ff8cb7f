"""The bridges of the drop-in of decord: the type of frames, by thread, and what is imported when."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kinetics_fast.compat.decord import VideoReader, bridge, nd
from support.child import Child
from videos.media import Pixels

pytestmark = pytest.mark.ffmpeg


@pytest.fixture(autouse=True)
def native() -> Iterator[None]:
    yield
    bridge.reset_bridge()


def in_thread(call: Any) -> Any:
    results: list[Any] = []
    thread = threading.Thread(target=lambda: results.append(call()))
    thread.start()
    thread.join()
    return results[0]


@pytest.mark.parametrize("name", ["numpy", "", None, 3, ["torch"]])
def test_other_names_are_assertions(name: Any) -> None:
    with pytest.raises(AssertionError, match="native"):
        bridge.set_bridge(name)


def test_torch_gives_contiguous_tensors_of_the_same_memory(path: Path, whole: Pixels) -> None:
    torch = pytest.importorskip("torch")
    reader = VideoReader(path)
    bridge.set_bridge("torch")
    for frames, expected in (
        (reader[3], whole[3]),
        (reader.next(), whole[4]),
        (reader.get_batch([5, 2]), whole[[5, 2]]),
        (reader[8:4:-2], whole[8:4:-2]),
        (reader.get_batch([]), whole[:0]),
    ):
        assert isinstance(frames, torch.Tensor)
        assert frames.is_contiguous()
        assert frames.dtype == torch.uint8
        assert np.array_equal(frames.numpy(), expected)
    assert not hasattr(frames, "asnumpy")
    assert isinstance(reader.get_frame_timestamp([0]), np.ndarray)
    back = bridge.bridge_in(frames)
    assert isinstance(back, nd.NDArray)


def test_contexts_go_back_to_what_was_before(path: Path) -> None:
    torch = pytest.importorskip("torch")
    reader = VideoReader(path)
    with bridge.use_torch() as nothing:
        assert nothing is None
        assert isinstance(reader[0], torch.Tensor)
    assert isinstance(reader[0], nd.NDArray)
    bridge.set_bridge("torch")
    with pytest.raises(ImportError), bridge.use_mxnet():
        reader[0]
    assert isinstance(reader[0], torch.Tensor)
    bridge.reset_bridge()
    assert isinstance(reader[0], nd.NDArray)


def test_a_thread_uses_the_choice_of_the_main_thread_or_its_own(path: Path) -> None:
    torch = pytest.importorskip("torch")
    reader = VideoReader(path)
    bridge.set_bridge("torch")
    assert isinstance(in_thread(lambda: reader[0]), torch.Tensor)

    def choose() -> Any:
        bridge.set_bridge("native")
        return reader[0]

    assert isinstance(in_thread(choose), nd.NDArray)
    assert isinstance(reader[0], torch.Tensor)


@pytest.mark.parametrize("name", ["mxnet", "tvm"])
def test_frameworks_without_a_bridge_fail_at_the_first_frame(path: Path, name: str) -> None:
    reader = VideoReader(path)
    bridge.set_bridge(name)
    with pytest.raises(ImportError, match="no bridge to mxnet"):
        reader.get_batch([0])


def test_tensorflow_gives_tensors(path: Path, whole: Pixels) -> None:
    tensorflow = pytest.importorskip("tensorflow")
    reader = VideoReader(path)
    with bridge.use_tensorflow():
        frames = reader.get_batch([5, 2])
        assert isinstance(frames, tensorflow.Tensor)
        assert np.array_equal(bridge.bridge_in(frames), whole[[5, 2]])


def test_a_framework_is_imported_when_a_tensor_is_asked_for(child: Child, path: Path) -> None:
    source = """
import sys
sys.modules["torch"] = sys.modules["tensorflow"] = None  # an import fails
from kinetics_fast.compat.decord import VideoReader, bridge
reader = VideoReader(sys.argv[1])
for name in ("torch", "tensorflow"):
    bridge.set_bridge(name)
    try:
        reader[0]
    except ImportError as error:
        assert name in str(error)
    else:
        raise AssertionError
"""
    child(source, path)


def test_arrays_go_through_dlpack(path: Path) -> None:
    frame = VideoReader(path)[0]
    again = nd.from_dlpack(frame)
    assert isinstance(again, nd.NDArray)
    assert again.ctypes.data == frame.ctypes.data
    assert "dltensor" in repr(frame.to_dlpack())
    copied = nd.array(frame)
    assert copied.ctypes.data != frame.ctypes.data
