"""MPEG-4 part 2 test videos: packed bitstreams, uncoded VOPs, coding tools, headers in unusual places."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from videos import avi, bitstream, matroska
from videos.crafting import after, crafted, taken_apart
from videos.ffmpeg_cli import Facts
from videos.matroska import Block
from videos.recipes import Make, Recipe, encode_as, has_sizes, pictures
from videos.recipes_formats import B_PICTURES, coded

if TYPE_CHECKING:
    from pathlib import Path

VOL, VOP = b"\0\0\1\x20", b"\0\0\1\xb6"  # start codes
HEADED = 12  # the number of a packet with a B-VOP in front of a packet with a P-VOP
XVID = {"vcodec": "libxvid", "bf": 2, "g": 12}


def vop_kinds(facts: Facts) -> list[str]:
    """Return the types of the VOPs of each packet, in lower case if vop_coded is 0."""
    return ["".join(_vop_kind(part) for part in p.data.split(VOP)[1:]) for p in facts.packets]


def _vop_kind(vop: bytes) -> str:
    letter = "IPBS"[vop[0] >> 6]
    return letter if bitstream.BitReader(vop[:8]).bits[_coded_bit(vop)] == "1" else letter.lower()


def _coded_bit(vop: bytes) -> int:
    """Return the position of vop_coded in a VOP with 25 ticks per second, in bits."""
    bits = bitstream.bits_of(vop[:8])
    return bits.index("0", 2) + 1 + 1 + 5 + 1


def _some_not_coded(blocks: list[Block]) -> list[Block]:
    """Replace the VOP of every seventh packet by an uncoded VOP, which continues the picture before it."""
    return [
        replace(block, data=_not_coded(block.data)) if n % 7 == 5 else block for n, block in enumerate(blocks)
    ]


def _not_coded(data: bytes) -> bytes:
    """Return the VOP of a packet as an uncoded VOP: its header only, with vop_coded 0."""
    vop = data[data.index(VOP) + 4 :]
    end = _coded_bit(vop)
    stuffing = "0" + "1" * (-(end + 2) % 8)
    kind = "01"  # P-VOP
    return VOP + bitstream.bytes_of(kind + bitstream.bits_of(vop[:8])[2:end] + "0" + stuffing)


def _mpeg4_header_in_b(path: Path) -> None:
    """Continue with another encoding behind a B-VOP, in whose packet the VOL header of that encoding stands.

    No I-VOP follows at which decoding could begin again.
    """
    track, first = taken_apart(coded("mpeg4", 40), path)
    header, second = taken_apart(coded("mpeg4", 40, flags="+qpel"), path)
    carrier = replace(first[HEADED], data=header.private + first[HEADED].data)
    path.write_bytes(matroska.write(track, [*first[:HEADED], carrier, *second[HEADED + 1 :]]))


def _xvid(path: Path, **options: int) -> None:
    encode_as(path, pictures(40, "64x48"), **XVID, **options)


def _packed(chunks: list[tuple[str, bytes]]) -> list[avi.Chunk]:
    """Return the packets of a packed bitstream.

    The first B-VOP shares the packet of the reference VOP in front of it. An uncoded VOP fills the place that
    this leaves.
    """
    found: list[avi.Chunk] = []
    at = 0
    while at < len(chunks):
        kind, data = chunks[at]
        run = 0
        while at + run + 1 < len(chunks) and chunks[at + run + 1][0] == "B":
            run += 1
        if not run:
            found.append(avi.Chunk(kind == "I", data))
        else:
            found.append(avi.Chunk(kind == "I", data + chunks[at + 1][1]))
            found += [avi.Chunk(False, vop) for _, vop in chunks[at + 2 : at + run + 1]]
            found.append(avi.Chunk(False, _not_coded(data)))
        at += run + 1
    return found


def _divx(b_frames: int) -> Make:
    """Return a recipe for an AVI with a packed bitstream as DivX wrote it."""

    def make(path: Path) -> None:
        track, blocks = taken_apart(coded("mpeg4", 36, bf=b_frames), path)
        vops = [(_vop_kind(block.data.split(VOP)[1]), block.data) for block in blocks]
        at = track.private.index(b"\0\0\1\xb2")
        header = track.private[:at] + b"\0\0\1\xb2DivX503b1393p"
        vops = [(kind, header + data if kind == "I" else data) for kind, data in vops]
        path.write_bytes(avi.write(b"DX50", _packed(vops)))

    return make


def _packed_matroska(path: Path) -> None:
    whole = path.with_name("whole.avi")
    _xvid(whole)
    packets = Facts(whole).packets
    whole.unlink()
    blocks = [Block(40 * number, packet.key, packet.data) for number, packet in enumerate(packets)]
    path.write_bytes(matroska.write(matroska.Track(b"V_MPEG4/ISO/ASP", b"", 64, 48), blocks))


def recipes() -> dict[str, Recipe]:
    """Return the recipes by file name."""

    def packed(facts: Facts) -> bool:
        found = vop_kinds(facts)
        return found.count("PB") >= 5 and found.count("p") >= 5 and b"DivX503b1393p" in facts.data

    return {
        "mpeg4_packed.avi": Recipe(
            "packed bitstream: packets of two VOPs, and packets with an uncoded VOP", _xvid, packed
        ),
        "mpeg4_packed.mkv": Recipe("packed bitstream in Matroska", _packed_matroska, packed),
        "mpeg4_packed_one_b.avi": Recipe(
            "packed bitstream as DivX wrote it: one B-VOP in the packet of each reference VOP",
            _divx(1),
            packed,
        ),
        "mpeg4_packed_two_b.avi": Recipe(
            "packed bitstream with two B-VOPs in a row, of which the first is packed", _divx(2), packed
        ),
        "mpeg4_global_motion.mkv": Recipe(
            "global motion compensation (S-VOPs)",
            lambda path: _xvid(path, gmc=1),
            lambda f: "S" in "".join(vop_kinds(f)),
        ),
        "mpeg4_not_coded.mkv": Recipe(
            "VOPs with vop_coded 0",
            crafted(coded("mpeg4", 40, bf=0), _some_not_coded),
            lambda f: vop_kinds(f).count("p") >= 3 and len(f.shown) < len(f.packets),
        ),
        "mpeg4_header_in_b.mkv": Recipe(
            "a VOL header that later pictures need, in the packet of a B-VOP",
            _mpeg4_header_in_b,
            lambda f: (
                vop_kinds(f)[HEADED : HEADED + 2] == ["B", "P"]
                and [n for n, p in enumerate(f.packets) if VOL in p.data] == [HEADED]
            ),
        ),
        "mpeg4_quarter_pel.mkv": Recipe(
            "motion vectors in quarter pixels, four vectors per macroblock",
            coded("mpeg4", 30, flags="+qpel+mv4"),
            lambda f: "B" in f.picture_types,
        ),
        "mpeg4_interlaced.mkv": Recipe(
            "interlaced coding",
            coded("mpeg4", 30, bf=0, flags="+ildct+ilme"),
            lambda f: "P" in f.picture_types,
        ),
        "mpeg4_partitions.mkv": Recipe(
            "data partitioning and video packets",
            coded("mpeg4", 30, data_partitioning=1, ps=200),
            lambda f: "B" in f.picture_types,
        ),
        "mpeg4_size_changes.mkv": Recipe(
            "the picture size changes from 64x48 to 96x64", _mpeg4_sizes, has_sizes("64x48", "96x64")
        ),
    }


def _mpeg4_sizes(path: Path) -> None:
    track, first = taken_apart(coded("mpeg4", 24), path)
    large = lambda p: encode_as(p, pictures(24, "96x64"), vcodec="mpeg4", **B_PICTURES)  # noqa: E731
    header, second = taken_apart(large, path)
    second[0] = replace(second[0], data=header.private + second[0].data)
    path.write_bytes(matroska.write(track, after(first, second)))
