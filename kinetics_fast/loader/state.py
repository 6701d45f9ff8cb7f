"""What a loader writes down to be resumed: where it is, and of which epochs of which data set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kinetics_fast.loader.options import Options

_VERSION = 1
_PLACE = ("epoch", "batch", "failed")


def fingerprint(options: Options) -> dict[str, Any]:
    """Give what must be the same for a state to mean the same batches."""
    return {
        "version": _VERSION,
        "videos": len(options.dataset),
        "seed": int(options.seed),
        "shuffle": bool(options.shuffle),
        "batch_size": int(options.batch_size),
        "world_size": int(options.world_size),
        "drop_last": bool(options.drop_last),
    }


def check_state(state: Mapping[str, Any], options: Options) -> None:
    """Raise a ValueError where a state is another loader's."""
    ours = fingerprint(options)
    missing = [name for name in (*ours, *_PLACE) if name not in state]
    if missing:
        raise ValueError(f"this is no state of a ClipLoader: it lacks {', '.join(missing)}")
    differ = [
        f"{name} is {ours[name]!r} here and was {state[name]!r}" for name in ours if state[name] != ours[name]
    ]
    if differ:
        raise ValueError(f"the state is of another loader: {'; '.join(differ)}")
    for name in _PLACE:
        if not isinstance(state[name], int) or state[name] < 0:
            raise ValueError(f"this is no state of a ClipLoader: its {name} is {state[name]!r}")
    if state["batch"] > options.batches:
        raise ValueError(
            f"the state is at batch {state['batch']} of epoch {state['epoch']}, which does not exist"
        )
