"""Runs the ffmpeg of imageio-ffmpeg, which encodes the test videos and decodes the expected frames."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

import ffmpeg
import imageio_ffmpeg

from videos import bitstream, containers, trace_headers

if TYPE_CHECKING:
    from pathlib import Path

KEY, DISCARD = 1, 4


@cache
def executable() -> str:
    return str(imageio_ffmpeg.get_ffmpeg_exe())


@cache
def version() -> str:
    line = subprocess.run([executable(), "-version"], capture_output=True, text=True, check=True).stdout
    return line.splitlines()[0]


def run(stream: Any, stdin: bytes | None = None) -> tuple[bytes, str]:
    """Run an ffmpeg-python pipeline and return its stdout and stderr; an error contains the stderr."""
    command = ffmpeg.compile(stream, cmd=executable(), overwrite_output=True)
    command[1:1] = ["-hide_banner", *(["-nostdin"] if stdin is None else [])]
    done = subprocess.run(command, input=stdin, capture_output=True, timeout=120)
    words = done.stderr.decode(errors="replace")
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}\n{words}")
    return done.stdout, words


def remux(source: Path, target: Path, *, before: dict[str, Any] | None = None, **after: Any) -> None:
    """Copy the streams of `source` into `target`, with input options `before` and output options `after`."""
    options = {"c": "copy", "fflags": "+bitexact", "map": "0", **after}
    run(ffmpeg.input(str(source), **(before or {})).output(str(target), **options))


@dataclass(frozen=True)
class Packet:
    """One packet of the video stream; `pts` and `dts` are in seconds, None if the container has none."""

    pts: float | None
    dts: float | None
    key: bool
    discarded: bool
    data: bytes

    @property
    def nals(self) -> list[bitstream.Nal]:
        """The NAL units of an H.264 packet in Annex B or avcC format."""
        return bitstream.split(self.data)


class Facts:
    """The facts about a file by which a recipe proves the property of its video."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @cached_property
    def data(self) -> bytes:
        return self.path.read_bytes()

    @cached_property
    def info(self) -> str:
        """The streams, as ffmpeg prints them."""
        words = subprocess.run(
            [executable(), "-hide_banner", "-i", str(self.path)], capture_output=True, text=True
        )
        return words.stderr

    @property
    def codec(self) -> str:
        """The name in ffmpeg of the codec of the first video stream that is not an attached picture."""
        streams = [part for part in self.info.split("Stream #")[1:] if "attached pic" not in part]
        return next(match[1] for part in streams if (match := re.search(r"Video: (\w+)", part)))

    @cached_property
    def packets(self) -> list[Packet]:
        return read_packets(self.path)

    @cached_property
    def headers(self) -> list[trace_headers.Headers]:
        """The headers of each packet of the video."""
        copy = {"map": "0:V:0", "c": "copy", "copyinkf": None, "bsf:v": "trace_headers", "format": "null"}
        return trace_headers.parse(run(ffmpeg.input(str(self.path), copyts=None).output("pipe:", **copy))[1])

    @cached_property
    def shown(self) -> list[tuple[str, str, str]]:
        """Pixel format, size and type of each picture that ffmpeg shows."""
        stream = ffmpeg.input(str(self.path), noautorotate=None).output(
            "pipe:", map="0:V:0", noautoscale=None, fps_mode="passthrough", vf="showinfo", format="null"
        )
        return re.findall(r"\] n: .*? fmt:(\w+) .*? s:(\d+x\d+) i:. iskey:. type:(.)", run(stream)[1])

    @property
    def picture_types(self) -> str:
        """One letter for each shown picture."""
        return "".join(kind for _, _, kind in self.shown)

    @property
    def pixel_formats(self) -> set[str]:
        return {name for name, _, _ in self.shown}

    @property
    def sizes(self) -> list[str]:
        return [size for _, size, _ in self.shown]

    @property
    def edits(self) -> list[list[tuple[int, int]]]:
        return containers.edits(self.data)

    @property
    def times(self) -> list[float]:
        """The presentation times in stored order, without the packets that have none."""
        return [packet.pts for packet in self.packets if packet.pts is not None]

    @property
    def nal_types(self) -> list[set[int]]:
        return [{nal.type for nal in packet.nals} for packet in self.packets]

    @property
    def kinds(self) -> str:
        """One letter per packet: I, P or B by its first slice, in lower case if nal_ref_idc is 0."""
        letters = []
        for packet in self.packets:
            slices = [nal for nal in packet.nals if nal.type in (bitstream.SLICE, bitstream.IDR)]
            letter = bitstream.slice_type(slices[0])
            letters.append(letter if bitstream.is_reference(packet.nals) else letter.lower())
        return "".join(letters)

    @property
    def entries(self) -> list[int]:
        return [n for n, packet in enumerate(self.packets) if bitstream.is_entry(packet.nals)]

    @property
    def recovery_counts(self) -> list[int | None]:
        return [bitstream.recovery_count(packet.nals) for packet in self.packets]


def read_packets(path: Path) -> list[Packet]:
    """Return all packets of the first video stream that is not an attached picture, by the MP4's edit list.

    The times come from the bitstream filter `showinfo`, because muxers change times. The flags come from
    framecrc.
    """
    copy = {"map": "0:V:0", "c": "copy", "copyinkf": None}
    source = ffmpeg.input(str(path), copyts=None)
    data, words = run(source.output("pipe:", format="data", **{"bsf:v": "showinfo"}, **copy))
    table = run(source.output("pipe:", format="framecrc", **copy))[0].decode()
    flags = [re.search(r"F=0x(\w+)", line) for line in table.splitlines() if not line.startswith("#")]
    rows = re.findall(r"\] n: *\d+ size: *(\d+) pts:\S+ pt:(\S+) dts:\S+ dt:(\S+)", words)
    packets, at = [], 0
    for (size, *seconds), match in zip(rows, flags, strict=True):
        bits = int(match[1], 16) if match else KEY
        pts, dts = (None if time == "NOPTS" else float(time) for time in seconds)
        packets.append(Packet(pts, dts, bool(bits & KEY), bool(bits & DISCARD), data[at : at + int(size)]))
        at += int(size)
    return packets
