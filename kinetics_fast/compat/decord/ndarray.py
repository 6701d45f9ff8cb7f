"""Devices, and the array type of frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

_NAMES = {1: "cpu", 2: "gpu"}


@dataclass(frozen=True, repr=False)
class DECORDContext:
    """A device: `cpu` or `gpu` makes one.

    Parameters
    ----------
    device_type : int
        1 for the CPU, 2 for a GPU.
    device_id : int
        Number of the device.
    """

    device_type: int
    device_id: int

    def __repr__(self) -> str:
        return f"{_NAMES.get(self.device_type, self.device_type)}({self.device_id})"


def cpu(dev_id: int = 0) -> DECORDContext:
    """Return the CPU as a device.

    Parameters
    ----------
    dev_id : int
        Kept as ``device_id``. It changes nothing.

    Returns
    -------
    DECORDContext
        The device.
    """
    return DECORDContext(1, dev_id)


def gpu(dev_id: int = 0) -> DECORDContext:
    """Return a GPU as a device. `VideoReader` raises a DECORDError for it.

    Parameters
    ----------
    dev_id : int
        Number of the GPU.

    Returns
    -------
    DECORDContext
        The device.
    """
    return DECORDContext(2, dev_id)


class NDArray(np.ndarray[Any, Any]):
    """Frames. The array is a NumPy array that also has the methods of decord's array.

    It differs from decord's: ``len`` is the length of the first axis, ``==`` compares values, ``dtype`` is
    a NumPy dtype (which equals the string that decord's is), and indexing, arithmetic and ``np.asarray``
    work.
    """

    @property
    def ctx(self) -> DECORDContext:
        """The device, always ``cpu(0)``."""
        return cpu(0)

    context = ctx

    def asnumpy(self) -> npt.NDArray[Any]:
        """Return the same memory as a plain NumPy array, which may be written to.

        Returns
        -------
        ndarray
            The same memory.
        """
        return self.view(np.ndarray)

    def to_dlpack(self) -> Any:
        """Return the same memory as a DLPack capsule.

        Returns
        -------
        capsule
            For ``from_dlpack`` of a framework.
        """
        return self.asnumpy().__dlpack__()

    def same_as(self, other: object) -> bool:
        """Return whether the other is this object.

        Parameters
        ----------
        other : object
            Any object.

        Returns
        -------
        bool
            Whether both are one object.
        """
        return self is other


def array(arr: npt.ArrayLike, ctx: DECORDContext = cpu(0)) -> NDArray:  # noqa: ARG001, B008 - decord's signature
    """Return a copy of an array.

    Parameters
    ----------
    arr : array_like
        The values.
    ctx : DECORDContext
        Has no effect: the copy is in the memory of the CPU.

    Returns
    -------
    NDArray
        The copy.
    """
    return np.array(arr).view(NDArray)


def from_dlpack(dltensor: Any) -> NDArray:
    """Return the memory of an object that has the method ``__dlpack__``.

    Parameters
    ----------
    dltensor : object
        An array or tensor in the memory of the CPU.

    Returns
    -------
    NDArray
        The same memory.
    """
    return np.from_dlpack(dltensor).view(NDArray)
