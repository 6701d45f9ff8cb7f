"""The rank of this process and the number of processes."""

from __future__ import annotations

import os

import torch.distributed as dist


def rank_and_world_size() -> dict[str, int]:
    """Return the arguments of `ClipLoader` that divide an epoch among processes.

    Returns
    -------
    dict
        ``rank`` and ``world_size`` of the default process group. If there is no process group yet, the values
        that torchrun sets in the environment, or else 0 and 1.

    Examples
    --------
    >>> loader = kf.ClipLoader(dataset, sampler, **kft.rank_and_world_size())
    """
    if dist.is_available() and dist.is_initialized():
        return {"rank": dist.get_rank(), "world_size": dist.get_world_size()}
    return {"rank": int(os.environ.get("RANK", "0")), "world_size": int(os.environ.get("WORLD_SIZE", "1"))}
