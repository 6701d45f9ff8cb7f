"""MPEG-4 part 2 test videos: packed, missing and sprite VOPs, tools of the codec, headers that move."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from support.ffmpeg_cli import Facts
from videos import avi, bitstream, matroska
from videos.crafting import after, crafted, taken_apart
from videos.matroska import Block
from videos.recipes import Make, Recipe, encode_as, pictures
from videos.recipes_formats import B_PICTURES, coded

if TYPE_CHECKING:
    from pathlib import Path

VOP = b"\0\0\1\xb6"
HEADED = 12  # the packet of a B-picture before a P-picture
XVID = {"vcodec": "libxvid", "bf": 2, "g": 12}


def vop_kinds(facts: Facts) -> list[str]:
    """Return the types of the VOPs of each packet, lower case where a VOP is not coded."""
    return ["".join(_vop_kind(part) for part in p.data.split(VOP)[1:]) for p in facts.packets]


def _vop_kind(vop: bytes) -> str:
    letter = "IPBS"[vop[0] >> 6]
    return letter if bitstream.BitReader(vop[:8]).bits[_coded_bit(vop)] == "1" else letter.lower()


def _coded_bit(vop: bytes) -> int:
    """Return where vop_coded stands in a VOP of 25 ticks a second."""
    bits = bitstream.bits_of(vop[:8])
    return bits.index("0", 2) + 1 + 1 + 5 + 1


def _some_not_coded(blocks: list[Block]) -> list[Block]:
    """Take the pictures of every seventh packet away: the one before is shown on."""
    return [
        replace(block, data=_not_coded(block.data)) if n % 7 == 5 else block for n, block in enumerate(blocks)
    ]


def _not_coded(data: bytes) -> bytes:
    """Return the VOP of a packet with its head alone, vop_coded cleared."""
    vop = data[data.index(VOP) + 4 :]
    end = _coded_bit(vop)
    stuffing = "0" + "1" * (-(end + 2) % 8)
    kind = "01"  # P
    return VOP + bitstream.bytes_of(kind + bitstream.bits_of(vop[:8])[2:end] + "0" + stuffing)


def _mpeg4_header_in_b(path: Path) -> None:
    """Go over to another encoding behind a B-picture, in front of which stands the header that it needs.

    No I-picture follows, at which decoding could begin anew.
    """
    track, first = taken_apart(coded("mpeg4", 40), path)
    header, second = taken_apart(coded("mpeg4", 40, flags="+qpel"), path)
    carrier = replace(first[HEADED], data=header.private + first[HEADED].data)
    path.write_bytes(matroska.write(track, [*first[:HEADED], carrier, *second[HEADED + 1 :]]))


def _xvid(path: Path, **options: int) -> None:
    encode_as(path, pictures(40, "64x48"), **XVID, **options)


def _packed(chunks: list[tuple[str, bytes]]) -> list[avi.Chunk]:
    """Return the packets of a packed stream: a B-VOP rides with the reference before it, an N-VOP fills."""
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
    """Return a recipe of an AVI of packed VOPs as DivX wrote them."""

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
        "mpeg4_packed.avi": Recipe("packets of two VOPs, and empty ones", _xvid, packed),
        "mpeg4_packed.mkv": Recipe(
            "packets of two VOPs, and empty ones, in Matroska", _packed_matroska, packed
        ),
        "mpeg4_packed_one_b.avi": Recipe(
            "a B-VOP in the packet of each reference, as DivX wrote it", _divx(1), packed
        ),
        "mpeg4_packed_two_b.avi": Recipe("two B-VOPs, the first packed", _divx(2), packed),
        "mpeg4_global_motion.mkv": Recipe(
            "sprite VOPs that move all at once",
            lambda path: _xvid(path, gmc=1),
            lambda f: "S" in "".join(vop_kinds(f)),
        ),
        "mpeg4_not_coded.mkv": Recipe(
            "VOPs that are not coded",
            crafted(coded("mpeg4", 40, bf=0), _some_not_coded),
            lambda f: vop_kinds(f).count("p") >= 3 and len(f.shown) < len(f.packets),
        ),
        "mpeg4_header_in_b.mkv": Recipe(
            "a header for later pictures in the packet of a B-picture",
            _mpeg4_header_in_b,
            lambda f: (
                vop_kinds(f)[HEADED : HEADED + 2] == ["B", "P"]
                and [n for n, p in enumerate(f.packets) if b"\0\0\1\x20" in p.data] == [HEADED]
            ),
        ),
        "mpeg4_quarter_pel.mkv": Recipe(
            "motion in quarter pixels, four vectors a block",
            coded("mpeg4", 30, flags="+qpel+mv4"),
            lambda f: "B" in f.picture_types,
        ),
        "mpeg4_interlaced.mkv": Recipe(
            "interlaced coding",
            coded("mpeg4", 30, bf=0, flags="+ildct+ilme"),
            lambda f: "P" in f.picture_types,
        ),
        "mpeg4_partitions.mkv": Recipe(
            "data partitions and video packets",
            coded("mpeg4", 30, data_partitioning=1, ps=200),
            lambda f: "B" in f.picture_types,
        ),
        "mpeg4_size_changes.mkv": Recipe(
            "from 64x48 to 96x64", _mpeg4_sizes, lambda f: set(f.sizes) == {"64x48", "96x64"}
        ),
    }


def _mpeg4_sizes(path: Path) -> None:
    track, first = taken_apart(coded("mpeg4", 24), path)
    large = lambda p: encode_as(p, pictures(24, "96x64"), vcodec="mpeg4", **B_PICTURES)  # noqa: E731
    header, second = taken_apart(large, path)
    second[0] = replace(second[0], data=header.private + second[0].data)
    path.write_bytes(matroska.write(track, after(first, second)))
