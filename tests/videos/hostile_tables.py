"""Makes absurd MP4 and Matroska files: huge counts, empty or shared samples, reversed times, loops."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from videos import bitstream, containers, crafting, matroska, media
from videos.containers import listing, with_tables
from videos.matroska import Block, Track, element

if TYPE_CHECKING:
    from collections.abc import Callable


def absurd() -> dict[str, Callable[[], bytes]]:
    """Return makers of files by name; each file has at most a few megabytes."""
    return {
        "empty_samples.mp4": _empty_samples,
        "one_place.mp4": _one_place,
        "fragment_count.mp4": _fragment_count,
        "backwards.mkv": _backwards,
        "entries_behind.mkv": _entries_behind,
        "one_picture.mkv": _one_picture,
        "changing_sets.mkv": _changing_sets,
        "tiny_sets.mkv": _tiny_sets,
        "alike_laces.mkv": _alike_laces,
        "empty_blocks.mkv": _empty_blocks,
        "deep_tags.mkv": _deep_tags,
        "looped_heads.mkv": _looped_heads,
        "looped_cues.mkv": _looped_cues,
    }


def _track_and_slices() -> tuple[Track, bytes, bytes]:
    """Return an H.264 track, the slice of an IDR picture and the slice of another picture, in avcC format."""
    data = media.make("narrow_2x96.mp4").read_bytes()
    entry = containers.table(data, b"stsd")
    at = entry.index(b"avcC")
    record = entry[at + 4 : at - 4 + int.from_bytes(entry[at - 4 : at], "big")]
    body = containers.find(data, b"mdat")[0]
    nals = {nal.type: nal for nal in reversed(bitstream.split_avcc(body))}
    idr, other = (matroska.sized([nals[kind]]) for kind in (bitstream.IDR, bitstream.SLICE))
    return Track(matroska.AVC, record, 2, 96), idr, other


def _in_clusters(track: Track, packets: list[bytes], times: list[int]) -> bytes:
    """Return a Matroska file of packets with key flags, in clusters of a thousand packets."""
    clusters = []
    for first in range(0, len(packets), 1000):
        group = times[first : first + 1000]
        begin = min(group)
        blocks = [
            element(0xA3, b"\x81" + (time - begin).to_bytes(2, "big") + b"\x80", packet)
            for packet, time in zip(packets[first : first + 1000], group, strict=True)
        ]
        clusters.append(element(0x1F43B675, element(0xE7, begin), *blocks))
    return _with_clusters(track, clusters)


def _with_clusters(track: Track, clusters: list[bytes]) -> bytes:
    whole = matroska.write(track, [])
    at, end = whole.index(b"\x18\x53\x80\x67"), whole.index(b"\x1f\x43\xb6\x75")
    return whole[:at] + element(0x18538067, whole[at + 12 : end], *clusters)


def _empty_samples() -> bytes:
    """Return a movie of a million samples of no bytes."""
    count = 1_000_000
    data = media.make("moov_last.mp4").read_bytes()
    bodies = {
        b"stts": struct.pack(">IIII", 0, 1, count, 512),
        b"ctts": struct.pack(">IIII", 0, 1, count, 0),
        b"stsz": struct.pack(">III", 0, 0, count) + bytes(4 * count),
        b"stsc": struct.pack(">II3I", 0, 1, 1, count, 1),
        b"stco": listing([48]),
    }
    return with_tables(data, bodies)


def _fragment_count() -> bytes:
    """Return a fragmented movie whose last fragment has 64 million samples, as its trun says."""
    data = bytearray(media.make("fragmented.mp4").read_bytes())
    at = data.rindex(b"trun") + 8
    data[at : at + 4] = (1 << 26).to_bytes(4, "big")
    return bytes(data)


def _one_place() -> bytes:
    """Return a movie whose fifty thousand samples are the same megabyte."""
    count = 50_000
    *others, movie = containers.boxes(media.make("hevc.mp4").read_bytes())
    before = containers.pack(others)
    data = before + containers.pack([(b"mdat", bytes(1 << 20)), movie])
    bodies = {
        b"stts": struct.pack(">IIII", 0, 1, count, 512),
        b"stsz": struct.pack(">III", 0, 1 << 20, count),
        b"stsc": struct.pack(">II3I", 0, 1, 1, 1, 1),
        b"stco": listing([len(before) + 8] * count),
    }
    return with_tables(data, bodies)


def _backwards() -> bytes:
    """Return a video in which every picture is shown before all pictures that are stored in front of it."""
    track, idr, _ = _track_and_slices()
    count = 40_000
    return _in_clusters(track, [idr] * count, [2 * (count - n) for n in range(count)])


def _entries_behind() -> bytes:
    """Return 40,000 key frames, followed by 40,000 other pictures that are shown before all of them."""
    track, idr, other = _track_and_slices()
    count = 40_000
    return _in_clusters(track, [idr] * count + [other] * count, [*range(count, 2 * count), *range(count)])


def _one_picture() -> bytes:
    """Return a field pair, many packets without a picture, and a single field at the end."""
    path = media.make("fields_apart.mkv")
    track, fields = matroska.track_of(path.read_bytes()), [block.data for block in crafting.blocks_of(path)]
    message = b"\0\0\0\5\6\5\1\0\x80"
    count = 100_000
    packets = [*fields[:2], *[message] * count, fields[2]]
    return _in_clusters(track, packets, list(range(len(packets))))


def _changing_sets() -> bytes:
    """Return a video in which every packet brings a new PPS."""
    count = 60_000
    track, idr, _ = _track_and_slices()

    def picture_set(number: int) -> bytes:
        ue = bitstream.exp_golomb
        identifier, content = 1 + number % 254, number // 254
        bits = ue(identifier) + ue(0) + "00" + ue(0) * 3 + "000" + ue(content % 50) + ue(0) * 2 + "000"
        return matroska.sized([bitstream.nal_unit(b"\x68", bits + ue(content))])

    return _in_clusters(track, [picture_set(number) + idr for number in range(count)], list(range(count)))


def _tiny_sets() -> bytes:
    """Return a picture behind a million small PPS."""
    track, idr, _ = _track_and_slices()
    sets = b"".join(
        b"\0\0\0\4\x68" + bytes([0x80 | n & 0x7F, n >> 7 & 0xFF, n >> 15 | 1]) for n in range(1_000_000)
    )
    return matroska.write(track, [Block(0, True, sets + idr), Block(40, True, idr)])


def _alike_laces() -> bytes:
    """Return laced blocks of packets that are zeros except for the last byte, which differs."""
    track = matroska.track_of(media.make("mpeg4_packed.mkv").read_bytes())
    size, laces = 1 << 16, 64
    frames = b"".join(bytes(size - 1) + bytes([n + 1]) for n in range(laces))
    body = b"\x81\0\0\x84" + bytes([laces - 1]) + frames  # fixed-size lacing
    cluster = element(0x1F43B675, element(0xE7, 0), *[element(0xA3, body)] * 4)
    return _with_clusters(track, [cluster])


def _empty_blocks() -> bytes:
    track, idr, _ = _track_and_slices()
    return _in_clusters(track, [idr] + [b""] * 500_000 + [idr], list(range(500_002)))


def _with_element(data: bytes, more: bytes) -> bytes:
    """Return the Matroska file with the element `more` in front of its tracks."""
    at, tracks = data.index(b"\x18\x53\x80\x67"), data.index(b"\x16\x54\xae\x6b")
    return data[:at] + element(0x18538067, data[at + 12 : tracks], more, data[tracks:])


def _deep_tags() -> bytes:
    body = element(0x45A3, b"NAME")
    for _ in range(20_000):
        body = element(0x67C8, body)
    return _with_element(
        media.make("false_keys.mkv").read_bytes(), element(0x1254C367, element(0x7373, body))
    )


def _looped_heads() -> bytes:
    """Return a file whose SeekHead points at SeekHeads in 2000 places, itself included."""
    data = media.make("false_keys.mkv").read_bytes()
    seeks = [
        element(0x4DBB, element(0x53AB, b"\x11\x4d\x9b\x74"), element(0x53AC, position))
        for position in range(2000)
    ]
    return _with_element(data, element(0x114D9B74, *seeks))


def _looped_cues() -> bytes:
    """Return a file with 200,000 cues that all point at the first element."""
    data = media.make("false_keys.mkv").read_bytes()
    place = element(0xB7, element(0xF7, 1), element(0xF1, 0))
    points = b"".join(element(0xBB, element(0xB3, time), place) for time in range(200_000))
    return _with_element(data, element(0x1C53BB6B, points))
