"""The table of all drop-ins. `kinetics_fast.compat` says how one is registered."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Alias:
    """``import NAME`` gives ``kinetics_fast.compat.NAME``, submodules included."""


@dataclass(frozen=True)
class Patch:
    """The peer's module is loaded, then ``MODULE.patch(peer)`` replaces some of its attributes.

    Parameters
    ----------
    module : str
        Full name of the module of the drop-in. Its function ``patch`` takes the peer's module and returns a
        function without arguments that undoes the replacement.
    """

    module: str


DROP_INS: dict[str, Alias | Patch] = {
    "decord": Alias(),
    "torchcodec": Alias(),
    "torchvision.io": Patch("kinetics_fast.compat.torchvision"),
    "pytorchvideo.data.encoded_video": Patch("kinetics_fast.compat.pytorchvideo"),
    "skvideo.io": Patch("kinetics_fast.compat.skvideo"),
}
