"""The type in which frames are returned: decord's own array, or the tensor of a framework.

Each thread has its own choice. A thread that has made none uses that of the main thread. (decord's threads
were meant to do so, too, but return decord's own array.)
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from kinetics_fast.compat.decord.bridge.tf import from_tensorflow, to_tensorflow
from kinetics_fast.compat.decord.bridge.torchdl import from_torch, to_torch
from kinetics_fast.compat.decord.ndarray import NDArray

__all__ = [
    "bridge_in",
    "bridge_out",
    "from_tensorflow",
    "from_torch",
    "reset_bridge",
    "set_bridge",
    "to_tensorflow",
    "to_torch",
    "use_mxnet",
    "use_tensorflow",
    "use_torch",
    "use_tvm",
]


def _unsupported(_: object) -> NoReturn:
    raise ImportError("kinetics_fast has no bridge to mxnet and tvm; use the native bridge and asnumpy()")


def _same(array: Any) -> Any:
    return array


_BRIDGES: dict[str, tuple[Callable[[NDArray], Any], Callable[[Any], NDArray]]] = {
    "native": (_same, _same),
    "mxnet": (_unsupported, _unsupported),
    "torch": (to_torch, from_torch),
    "tensorflow": (to_tensorflow, from_tensorflow),
    "tvm": (_unsupported, _unsupported),
}

_OF_THREAD = threading.local()
_of_main_thread = "native"


def _current() -> str:
    name: str = getattr(_OF_THREAD, "name", _of_main_thread)
    return name


def set_bridge(new_bridge: str) -> None:
    """Choose what frames are returned as, from now on in this thread.

    Parameters
    ----------
    new_bridge : {"native", "torch", "tensorflow"}
        The names "mxnet" and "tvm" are accepted, but an ImportError is raised when a frame is read.
    """
    global _of_main_thread
    if new_bridge not in tuple(_BRIDGES):
        raise AssertionError(f"the bridge must be one of {', '.join(_BRIDGES)}, got {new_bridge!r}")
    _OF_THREAD.name = new_bridge
    if threading.current_thread() is threading.main_thread():
        _of_main_thread = new_bridge


def reset_bridge() -> None:
    """Return decord's own arrays from now on in this thread."""
    set_bridge("native")


def bridge_out(native_arr: NDArray) -> Any:
    """Return an array in the type of the current bridge.

    Parameters
    ----------
    native_arr : NDArray
        Frames.

    Returns
    -------
    NDArray, torch.Tensor or tensorflow.Tensor
        The same values.
    """
    return _BRIDGES[_current()][0](native_arr)


def bridge_in(arr: Any) -> NDArray:
    """Return what `bridge_out` returned as an array.

    Parameters
    ----------
    arr : NDArray, torch.Tensor or tensorflow.Tensor
        A result of `bridge_out`.

    Returns
    -------
    NDArray
        The same values.
    """
    return _BRIDGES[_current()][1](arr)


@contextmanager
def _use(name: str) -> Iterator[None]:
    before = _current()
    set_bridge(name)
    try:
        yield
    finally:
        set_bridge(before)


def use_mxnet() -> Any:
    """Fail when a frame is read: there is no bridge to mxnet.

    Returns
    -------
    context manager
        The context in which reading a frame raises an ImportError.
    """
    return _use("mxnet")


def use_torch() -> Any:
    """Return a context in which frames are torch tensors.

    Returns
    -------
    context manager
        The bridge of before is current again at its end.
    """
    return _use("torch")


def use_tensorflow() -> Any:
    """Return a context in which frames are TensorFlow tensors.

    Returns
    -------
    context manager
        The bridge of before is current again at its end.
    """
    return _use("tensorflow")


def use_tvm() -> Any:
    """Fail when a frame is read: there is no bridge to tvm.

    Returns
    -------
    context manager
        The context in which reading a frame raises an ImportError.
    """
    return _use("tvm")
