"""Which of how many processes this one is."""

from __future__ import annotations

import os

import torch.distributed as dist


def rank_and_world_size() -> dict[str, int]:
    """Give the arguments of `ClipLoader` that share an epoch among processes.

    Returns
    -------
    dict
        ``rank`` and ``world_size`` of the default process group; where there is none yet, what torchrun says
        in the environment; else 0 and 1.

    Examples
    --------
    >>> loader = kf.ClipLoader(dataset, sampler, **kft.rank_and_world_size())
    """
    if dist.is_available() and dist.is_initialized():
        return {"rank": dist.get_rank(), "world_size": dist.get_world_size()}
    return {"rank": int(os.environ.get("RANK", "0")), "world_size": int(os.environ.get("WORLD_SIZE", "1"))}
