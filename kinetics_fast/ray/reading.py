"""`read_clips`: the clips of a data set as a Ray data set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kinetics_fast._decode.validation import whole_number
from kinetics_fast._decode.video import Video
from kinetics_fast.errors import Error
from kinetics_fast.loader import ClipLoader
from kinetics_fast.loader.records import as_record
from kinetics_fast.ray.cluster import check_installed

if TYPE_CHECKING:
    import numpy.typing as npt
    import ray.data

    from kinetics_fast._decode.pixels import Color, Interpolation, Layout, PerChannel
    from kinetics_fast._decode.validation import Size
    from kinetics_fast.loader.options import Crop, OnError, Options
    from kinetics_fast.loader.order import Order
    from kinetics_fast.loader.records import Records
    from kinetics_fast.samplers.protocols import Sampler

DTYPES = ("uint8", "float16", "float32")
_TRIED = 8  # videos that are opened to find the size of the rows


def read_clips(
    dataset: Records,
    sampler: Sampler,
    crop: Crop | None = None,
    size: Size | None = None,
    flip: float = 0.0,
    batch_size: int = 8,
    shuffle: bool = False,
    seed: int = 0,
    epoch: int = 0,
    *,
    layout: Layout = "CTHW",
    dtype: npt.DTypeLike = "float32",
    mean: PerChannel | None = None,
    std: PerChannel | None = None,
    on_error: OnError = "raise",
    timeout: float | None = None,
    drop_last: bool = False,
    color: Color = "rgb",
    interpolation: Interpolation = "bilinear",
    antialias: bool = True,
    accept_damaged: bool = False,
    order: Order | None = None,
    num_cpus: int = 1,
    concurrency: int | None = None,
) -> ray.data.Dataset:
    """Decode the clips of a data set on a Ray cluster.

    The rows are those of ``ClipLoader(dataset, sampler, ...)`` in the epoch `epoch`, value for value. A task
    decodes one batch, and the batch is one block: ``iter_batches(batch_size=None)`` returns whole batches.
    Ray hands blocks out as they are ready. Where the order matters, set
    ``ray.data.DataContext.get_current().execution_options.preserve_order`` before.

    The columns are those of `ClipBatch`: ``frames``, ``labels``, ``records``, ``valid``, ``status``,
    ``indices`` and ``timestamps``. ``errors`` is the text of a row's error or null, ``batch`` the number of
    the batch in the epoch, and ``row`` the number of the row in the batch.

    Ray splits a block of more than 1.5 times ``DataContext.target_max_block_size``, 192 MiB by default.

    Parameters
    ----------
    dataset : sequence
        As for `ClipLoader`. All nodes must see the files at the same absolute paths. The data set, the
        sampler, the crop and the order are pickled.
    sampler : callable
        Chooses the frames, as for `ClipLoader`.
    crop : callable, optional
        Chooses the parts of the frames, as for `ClipLoader`.
    size : int or (height, width), optional
        Output size in pixels, as for `ClipLoader`.
    flip : float
        Probability that a clip is mirrored.
    batch_size : int
        Videos per batch.
    shuffle : bool
        Use another random order in each epoch, as for `ClipLoader`.
    seed : int
        Random seed of the order and of everything that is drawn.
    epoch : int
        Number of the epoch, from 0.
    layout : {"THWC", "TCHW", "CTHW"}
        Order of the axes after the batch axis.
    dtype : {"uint8", "float16", "float32"}
        Type of the frames, as for `decode_clips`.
    mean, std : float or sequence of float, optional
        Normalisation, as for `decode_clips`.
    on_error : {"raise", "zero", "replace", "skip"}
        As for `ClipLoader`; ``raise`` ends the Ray job.
    timeout : float, optional
        As for `ClipLoader`, for each batch by itself.
    drop_last : bool
        Leave out the last batch if it is not full.
    color : {"rgb", "bgr", "gray"}
        Channels, as for `decode_clips`.
    interpolation : {"bilinear", "bicubic"}
        The filter, as for `decode_clips`.
    antialias : bool
        Widen the filter when shrinking, as for `decode_clips`.
    accept_damaged : bool
        Do not treat a video with DAMAGED frames as failed.
    order : callable, optional
        Chooses the videos of each epoch and their order, as for `ClipLoader`.
    num_cpus : int
        CPUs per task, and threads that decode a batch.
    concurrency : int, optional
        Number of batches that are decoded at once; as many as Ray finds CPUs and memory for by default.

    Returns
    -------
    ray.data.Dataset
        Nothing is decoded before it is consumed.

    Raises
    ------
    ModuleNotFoundError
        Ray is not installed. ``kinetics-fast[ray]`` brings it.
    ValueError, TypeError
        An argument is not valid.

    Examples
    --------
    >>> from kinetics_fast.ray import read_clips
    >>> clips = read_clips([("abseiling.mp4", 0)], kf.UniformClips(16, 4, 1), kf.CenterCrop(112))
    >>> clips.take_batch(1)["frames"].shape
    (1, 3, 16, 112, 112)
    """
    check_installed()
    whole_number("epoch", epoch, 0)
    whole_number("num_cpus", num_cpus, 1)
    loader = ClipLoader(
        dataset,
        sampler,
        crop,
        size,
        flip,
        batch_size,
        shuffle,
        seed,
        layout=layout,
        dtype=dtype,
        mean=mean,
        std=std,
        on_error=on_error,
        timeout=timeout,
        threads=num_cpus,
        drop_last=drop_last,
        color=color,
        interpolation=interpolation,
        antialias=antialias,
        accept_damaged=accept_damaged,
        order=order,
    )
    import ray.data

    from kinetics_fast.ray.datasource import ClipDatasource

    options = loader._options
    if options.pixels.checked().dtype.name not in DTYPES:
        raise ValueError(f"dtype must be one of {', '.join(DTYPES)}, which Arrow has, got {dtype!r}")
    source = ClipDatasource(options, epoch, _size_of_rows(options, epoch))
    return ray.data.read_datasource(
        source, num_cpus=num_cpus, concurrency=concurrency, override_num_blocks=len(source)
    )


def _size_of_rows(options: Options, epoch: int) -> tuple[int, int] | None:
    """Return (height, width) of the rows. Without an argument that says it, it is that of the first video."""
    if options.output_size is not None:
        return options.output_size
    for position in options.epoch_order(epoch)[:_TRIED].tolist():
        source = as_record(options.dataset[position]).source
        try:
            video = source if isinstance(source, Video) else Video(source)
        except Error:
            continue
        return video.height, video.width
    return None
