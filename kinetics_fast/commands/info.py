"""`kinetics-fast info`: what videos are, as a table or as JSON."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import kinetics_fast as kf

if TYPE_CHECKING:
    from collections.abc import Sequence


def run(files: Sequence[str], *, as_json: bool) -> int:
    """Describe each file; one that cannot be read gets a line on stderr and does not stop the others."""
    described = [_describe(file) for file in files]
    if as_json:
        print(json.dumps(described, indent=2))
    else:
        _print_table([facts for facts in described if "error" not in facts])
    errors = [facts["error"] for facts in described if "error" in facts]
    for error in errors:
        print(f"kinetics-fast: {error}", file=sys.stderr)
    return 1 if errors else 0


def _describe(file: str) -> dict[str, Any]:
    try:
        video = kf.Video(file)
    except kf.Error as error:
        return {"file": file, "error": str(error)}
    return {
        "file": file,
        "codec": video.codec,
        "width": video.width,
        "height": video.height,
        "fps": video.fps,
        "frames": len(video),
        "duration": video.duration,
        "keyframes": [int(frame) for frame in video.keyframes],
        "pixel_format": video.pixel_format,
        "rotation": video.rotation,
    }


def _print_table(rows: Sequence[dict[str, Any]]) -> None:
    from rich.text import Text

    from .terminal import file_table, output

    if not rows:
        return
    table = file_table("codec", "size", "fps", "frames", "duration", "key\nframes", "pixels")
    for facts in rows:
        table.add_row(
            Text(facts["file"]),  # a name in square brackets is not markup
            facts["codec"],
            f"{facts['width']}x{facts['height']}",
            f"{facts['fps']:.4g}",
            str(facts["frames"]),
            f"{facts['duration']:.2f} s",
            str(len(facts["keyframes"])),
            facts["pixel_format"],
        )
    output().print(table)
