"""The bridge to TensorFlow."""

from __future__ import annotations

from typing import Any

from kinetics_fast.compat.decord.ndarray import NDArray


def try_import_tfdl() -> Any:
    """Import TensorFlow's functions for DLPack."""
    try:
        import tensorflow as tf
    except ImportError as error:
        raise ImportError("tensorflow >= 2.2.0 is required.") from error
    return tf.experimental.dlpack


def to_tensorflow(decord_arr: NDArray) -> Any:
    """Return the memory of an array as a tensor.

    Parameters
    ----------
    decord_arr : NDArray
        Frames.

    Returns
    -------
    tensorflow.Tensor
        The same memory.
    """
    return try_import_tfdl().from_dlpack(decord_arr.to_dlpack())


def from_tensorflow(tf_tensor: Any) -> NDArray:
    """Return a tensor as an array.

    Parameters
    ----------
    tf_tensor : tensorflow.Tensor
        Any tensor.

    Returns
    -------
    NDArray
        The values.
    """
    try_import_tfdl()
    array: NDArray = tf_tensor.numpy().view(NDArray)
    return array
