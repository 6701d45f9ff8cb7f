"""The bridge to PyTorch."""

from __future__ import annotations

from typing import Any

from kinetics_fast.compat.decord.ndarray import NDArray


def try_import_torch() -> Any:
    """Import torch's functions for DLPack."""
    try:
        import torch.utils.dlpack
    except ImportError as error:
        raise ImportError("torch is required, you can install by pip: `pip install torch`") from error
    return torch.utils.dlpack


def to_torch(decord_arr: NDArray) -> Any:
    """Return the memory of an array as a tensor.

    Parameters
    ----------
    decord_arr : NDArray
        Frames.

    Returns
    -------
    torch.Tensor
        The same memory.
    """
    return try_import_torch().from_dlpack(decord_arr.asnumpy())


def from_torch(tensor: Any) -> NDArray:
    """Return the memory of a tensor as an array.

    Parameters
    ----------
    tensor : torch.Tensor
        Any tensor.

    Returns
    -------
    NDArray
        The same memory if the tensor is on the CPU, otherwise a copy.
    """
    array: NDArray = tensor.detach().cpu().numpy().view(NDArray)
    return array
