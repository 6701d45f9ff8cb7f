"""Test videos that carry a colour matrix and range, and rotated videos in containers besides MP4."""

from __future__ import annotations

from typing import TYPE_CHECKING

from videos.recipes import SHORT, Make, Proof, Recipe, encoded, remuxed
from videos.recipes_formats import coded

if TYPE_CHECKING:
    from videos.ffmpeg_cli import Facts

# Per codec: the container that itself stores the least about colour, and the ranges that the codec can carry.
SAYING = {
    "hevc": ("ts", "tv pc"),
    "vp9": ("avi", "tv pc"),
    "av1": ("mp4", "tv pc"),
    "mpeg2video": ("mpg", "tv"),
}
MATRICES = {"bt709": "bt709", "smpte170m": "smpte170m", "bt2020nc": "bt2020nc"}


def names() -> list[str]:
    """Return the names of the videos that carry a colour matrix and range."""
    return [name for name in recipes() if not name.startswith("rotated")]


def _says(matrix: str, colour_range: str) -> Proof:
    def proof(facts: Facts) -> bool:
        video = facts.info.split("Video: ")[1].splitlines()[0]
        return f"{colour_range}, {matrix}" in video

    return proof


def _turned(make: Make, degrees: int) -> Recipe:
    return Recipe(
        f"a display matrix that rotates by {degrees} degrees",
        remuxed(make, before={"display_rotation": degrees}),
        lambda f: f"rotation of {degrees}.00" in f.info,
    )


def recipes() -> dict[str, Recipe]:
    """Return the recipes by file name."""
    said = {
        f"{codec}_{matrix}_{colour_range}.{suffix}": Recipe(
            f"{codec} with matrix {matrix} and {'full' if colour_range == 'pc' else 'limited'} range",
            coded(codec, 4, colorspace=matrix, color_range=colour_range),
            _says(matrix, colour_range),
        )
        for codec, (suffix, ranges) in SAYING.items()
        for matrix in MATRICES
        for colour_range in ranges.split()
    }
    return {
        **said,
        "rotated_90.mkv": _turned(encoded(SHORT), 90),
        "rotated_90.mov": _turned(coded("hevc", 12), 90),
    }
