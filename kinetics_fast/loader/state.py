"""The state by which a loader is resumed: its position, and the arguments that determine its batches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kinetics_fast.loader.options import Options

_VERSION = 1
_POSITION = ("epoch", "batch", "failed")


def fingerprint(options: Options) -> dict[str, Any]:
    """Return the arguments that must be equal for a state to mean the same batches."""
    return {
        "version": _VERSION,
        "videos": len(options.dataset),
        "seed": int(options.seed),
        "shuffle": bool(options.shuffle),
        "batch_size": int(options.batch_size),
        "world_size": int(options.world_size),
        "drop_last": bool(options.drop_last),
        "order": options.order is not None,
    }


def check_state(state: Mapping[str, Any], options: Options) -> None:
    """Raise a ValueError if a state is of another loader, or is not a state."""
    ours = fingerprint(options)
    state = {"order": False, **state}  # states that were taken before loaders had an order
    missing = [name for name in (*ours, *_POSITION) if name not in state]
    if missing:
        raise ValueError(f"this is not a state of a ClipLoader: it lacks {', '.join(missing)}")
    differ = [
        f"{name} is {state[name]!r} in the state and {ours[name]!r} here"
        for name in ours
        if state[name] != ours[name]
    ]
    if differ:
        raise ValueError(f"the state is of another loader: {'; '.join(differ)}")
    for name in _POSITION:
        if not isinstance(state[name], int) or state[name] < 0:
            raise ValueError(f"this is not a state of a ClipLoader: its {name} is {state[name]!r}")
    batches = options.batches(state["epoch"])
    if state["batch"] > batches:
        raise ValueError(f"the state is at batch {state['batch']}, but the epoch has {batches} batches")
