"""`kinetics-fast info`: facts about videos, as tables or as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kinetics_fast.cli.exit_codes import ExitCode
from kinetics_fast.errors import Error

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

KEYFRAMES_SHOWN = 12


def info(
    files: Annotated[list[str], typer.Argument(metavar="FILE", help="Video files.", show_default=False)],
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list instead of tables.")] = False,
) -> int:
    """Show facts about videos, and the cost of decoding a clip.

    The facts are the streams, the key frames, and the cost of decoding a training window. A file that cannot
    be read is reported on stderr, and so is damage in the frames that were decoded for the cost. The other
    files are shown. `scan --decode` finds damage in all frames.
    """
    from kinetics_fast.cli.terminal import complain

    described = [_describe(file) for file in files]
    if as_json:
        print(json.dumps(described, indent=2))
    else:
        _print([facts for facts in described if "error" not in facts])
    errors = [words for facts in described if (words := _fault(facts))]
    for error in errors:
        complain(error)
    return ExitCode.FAULTS if errors else ExitCode.OK


def _describe(file: str) -> dict[str, Any]:
    from kinetics_fast.cli.inspection.facts import describe

    try:
        return describe(file)
    except Error as error:
        return {"file": file, "error": str(error)}


def _fault(facts: dict[str, Any]) -> str | None:
    """Return why a file cannot be read or is damaged; None if nothing was found."""
    if "error" in facts:
        return str(facts["error"])
    if facts["missing_packets"]:
        return f"{facts['file']}: {facts['missing_packets']} frames are listed but not in the file"
    damage: str | None = facts["window"]["damage"]
    return damage


def _print(rows: Sequence[dict[str, Any]]) -> None:
    from kinetics_fast.cli.terminal import output

    if len(rows) == 1:
        output().print(_one(rows[0]))
    elif rows:
        output().print(_many(rows))


def _one(facts: dict[str, Any]) -> Table:
    from rich.table import Table

    from kinetics_fast.cli.terminal import shown

    window, keyframes = facts["window"], facts["keyframes"]
    streams = ", ".join(f"{each['kind']} {each['codec']}" for each in facts["streams"])
    first = ", ".join(map(str, keyframes[:KEYFRAMES_SHOWN]))
    more = f" and {len(keyframes) - KEYFRAMES_SHOWN} more" if len(keyframes) > KEYFRAMES_SHOWN else ""
    size = f"{facts['width']}x{facts['height']}"
    turned = f", turned by {facts['rotation']} degrees" if facts["rotation"] else ""
    missing = (
        f"; {facts['missing_packets']} more frames are listed but missing" if facts["missing_packets"] else ""
    )
    layout = {True: "laid out for reading", False: "not laid out for reading", None: "unknown"}
    color = [each or "unknown" for each in facts["color"].values()]
    lines = {
        "file": facts["file"],
        "streams": f"{streams} ({facts['container']})",
        "picture": (
            f"{size}, {facts['pixel_format']}{turned}, pixels of {facts['sample_aspect_ratio']}, "
            f"{facts['field_order'] or 'field order unknown'}"
        ),
        "color": "primaries {}, transfer {}, matrix {}, range {}, chroma {}".format(*color),
        "time": (
            f"{facts['frames']} frames, {facts['fps']:.5g} fps, {facts['duration']:.2f} s, "
            f"{facts['bit_rate'] / 1000:.0f} kb/s{missing}"
        ),
        "key frames": f"every {facts['keyframe_spacing']:.4g} frames: {first}{more}",
        "layout": layout[facts["for_reading"]],
        f"{window['frames']}x{window['stride']} window": (
            f"{window['packets_sent']:.0f} pictures decoded, {window['packets_dropped']:.0f} left out, "
            f"{window['bytes_read'] / 1000:.0f} kB read, {window['seconds_decoding'] * 1000:.1f} ms"
        ),
    }
    table = Table.grid(padding=(0, 2))
    for name, words in lines.items():
        table.add_row(shown(name, "bold"), shown(words))
    return table


def _many(rows: Sequence[dict[str, Any]]) -> Table:
    from kinetics_fast.cli.terminal import file_table, shown

    table = file_table(
        "codec",
        "size",
        "fps",
        "frames",
        "duration",
        "key frame\nevery",
        "16x8: sent\n+ left out",
        "read",
        "decoding",
    )
    for facts in rows:
        window = facts["window"]
        table.add_row(
            shown(facts["file"]),
            facts["codec"],
            f"{facts['width']}x{facts['height']}",
            f"{facts['fps']:.4g}",
            str(facts["frames"]),
            f"{facts['duration']:.2f} s",
            f"{facts['keyframe_spacing']:.0f}",
            f"{window['packets_sent']:.0f} + {window['packets_dropped']:.0f}",
            f"{window['bytes_read'] / 1000:.0f} kB",
            f"{window['seconds_decoding'] * 1000:.1f} ms",
        )
    return table
