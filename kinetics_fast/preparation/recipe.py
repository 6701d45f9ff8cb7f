"""The recipes: how x264 encodes a clip, and what the picture is scaled to.

A recipe is laid out for reading if a window of frames needs few pictures. Between an entry (an IDR picture)
and the next there are P-pictures at a fixed distance, and the B-pictures between them refer to nothing but
their two neighbours and are referred to by nothing. A reader that wants one of them decodes the entry, the
P-pictures up to it, and it alone.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Literal

ProfileName = Literal["fast", "small", "archive"]
Audio = Literal["drop", "copy"]

GOP: Final = 64  # pictures from an entry to the next
B_PICTURES: Final = 11  # between two P-pictures
SHORT_SIDE: Final = 256

_LAYOUT: Final = (
    f"keyint={GOP}:min-keyint={GOP}:open-gop=0:scenecut=0:"
    f"bframes={B_PICTURES}:b-adapt=0:b-pyramid=none:psy=0:aq-mode=2"
)
# Without CABAC, the deblocking filter and weighted prediction, as x264's `tune=fastdecode` has it.
_FAST_DECODE: Final = "cabac=0:no-deblock=1:weightb=0:weightp=0"


@dataclass(frozen=True)
class Recipe:
    """How every clip of a data set is encoded.

    Attributes
    ----------
    profile : str
        The name of the profile that the recipe began with.
    preset : str
        The preset of x264.
    x264 : str
        The parameters of x264, separated by colons. Later ones replace earlier ones.
    own_parameters : bool
        The caller gave parameters of x264, so that the layout is measured but not required.
    short_side : int or None
        The largest length of the shorter side in pixels; None keeps the size.
    keeps_format : bool
        Keep 10 bits and the chroma subsampling. Otherwise pictures become 8 bit 4:2:0.
    audio : {"drop", "copy"}
        Whether the audio streams are copied.
    """

    profile: str
    preset: str
    x264: str
    own_parameters: bool
    short_side: int | None
    keeps_format: bool
    audio: Audio

    def pixel_formats(self) -> str:
        """Return the pixel formats to choose from, as the filter `format` takes them."""
        if not self.keeps_format:
            return "yuv420p|yuvj420p"
        return "yuv420p|yuvj420p|yuv422p|yuv444p|yuv420p10le|yuv422p10le|yuv444p10le"

    def as_json(self) -> dict[str, Any]:
        """Return the recipe as a dict that tells whether two runs write the same files."""
        return asdict(self)


# docs/prepare.md has the measurements behind these choices.
PROFILES: Final = {
    "fast": Recipe(
        "fast", "medium", f"crf=20.3:trellis=0:{_FAST_DECODE}:{_LAYOUT}", False, SHORT_SIDE, False, "drop"
    ),
    "small": Recipe(
        "small", "medium", f"crf=23:weightb=0:weightp=0:{_LAYOUT}", False, SHORT_SIDE, False, "drop"
    ),
    "archive": Recipe("archive", "slow", f"crf=16:{_LAYOUT}", False, None, True, "copy"),
}


def recipe_of(
    profile: str, short_side: int | Literal["profile"] | None, x264: str | None, audio: str | None
) -> Recipe:
    """Return the recipe of a profile with the caller's changes.

    Parameters
    ----------
    profile : {"fast", "small", "archive"}
        The profile.
    short_side : int, None or "profile"
        The largest length of the shorter side; None keeps the size of the source.
    x264 : str or None
        Parameters of x264 that replace those of the profile, such as ``"crf=23:bframes=7"``; ``preset=`` is
        one of them.
    audio : {"drop", "copy"} or None
        What happens to audio; None for the profile's choice.

    Raises
    ------
    ValueError
        An argument is not valid.
    """
    if profile not in PROFILES:
        raise ValueError(f"profile must be one of {', '.join(PROFILES)}, got {profile!r}")
    recipe = PROFILES[profile]
    if short_side != "profile":
        if short_side is not None and short_side < 16:
            raise ValueError(f"short_side must be at least 16 pixels, got {short_side}")
        recipe = replace(recipe, short_side=short_side)
    if audio is not None:
        if audio not in ("drop", "copy"):
            raise ValueError(f"audio must be 'drop' or 'copy', got {audio!r}")
        recipe = replace(recipe, audio="copy" if audio == "copy" else "drop")
    return recipe if not x264 else _with_parameters(recipe, x264)


def _with_parameters(recipe: Recipe, x264: str) -> Recipe:
    preset, own = recipe.preset, []
    for parameter in x264.split(":"):
        name, has_value, value = parameter.partition("=")
        if not name or not has_value or not value:
            raise ValueError(f"x264 must be name=value pairs separated by colons, got {parameter!r}")
        if name == "preset":
            preset = value
        elif name in ("threads", "stats", "qpfile", "cqmfile", "input-csp", "output-csp", "fps", "timebase"):
            raise ValueError(f"x264 must not contain {name}, which prepare sets itself")
        else:
            own.append(parameter)
    return replace(recipe, preset=preset, x264=":".join([recipe.x264, *own]), own_parameters=True)
