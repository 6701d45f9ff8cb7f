"""Makes files that refer to another file, and files whose headers promise far more than they hold."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from videos import bitstream, containers, matroska, media
from videos.containers import listing, numbers, table, with_table, with_tables

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BILLION = 1_000_000_000


def pointing_elsewhere(secret: Path) -> dict[str, bytes]:
    """Return files by name that refer to `secret` in every way that a demuxer might follow."""
    name, base = str(secret), secret.name
    playlist = f"#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n{name}\n#EXT-X-ENDLIST\n"
    return {
        "playlist.mp4": playlist.encode(),
        "playlist.m3u8": playlist.replace(name, f"file://{name}").encode(),
        "network.mp4": playlist.replace(name, "http://127.0.0.1:9/video.ts").encode(),
        "concat.mp4": f"ffconcat version 1.0\nfile '{name}'\n".encode(),
        "concat.ffconcat": f"ffconcat version 1.0\nfile {base}\n".encode(),
        "manifest.mp4": _dash(name),
        "session.mp4": b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n",
        "asx.asf": f'<asx version="3.0"><entry><ref href="{name}"/></entry></asx>'.encode(),
        "reference.mov": _reference_movie(name),
        "external_samples.mov": _external_samples(name),
        "external_alias.mov": _external_alias(name),
        "linked.mkv": _linked(base),
    }


def _dash(name: str) -> bytes:
    return (
        '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"><Period>'
        '<AdaptationSet><Representation id="0" codecs="avc1.42c01e" bandwidth="1">'
        f"<BaseURL>file://{name}</BaseURL></Representation></AdaptationSet></Period></MPD>"
    ).encode()


def _reference_movie(name: str) -> bytes:
    """Return a reference movie, which holds only the path of another movie."""
    path = name.encode() + b"\0"
    data = containers.pack([(b"rdrf", bytes(4) + b"url " + struct.pack(">I", len(path)) + path)])
    movie = containers.pack([(b"rmra", containers.pack([(b"rmda", data)]))])
    return containers.pack([(b"ftyp", b"qt  \0\0\2\0qt  "), (b"moov", movie)])


def _references(body: bytes) -> bytes:
    """Return the body of a dref box with the one entry `body`."""
    return struct.pack(">II", 0, 1) + body


def _external_samples(name: str) -> bytes:
    """Return a movie whose data reference is the URL of another file."""
    reference = containers.pack([(b"url ", bytes(4) + f"file://{name}".encode() + b"\0")])
    return _with_references(reference)


def _external_alias(name: str) -> bytes:
    """Return a movie whose data reference is a Macintosh alias of another file."""
    path = b"disk" + name.replace("/", ":").encode()
    path += bytes(len(path) % 2)
    alias = bytes(10) + bytes([4]) + b"disk".ljust(27, b"\0") + bytes(12)
    alias += bytes([6]) + b"secret".ljust(63, b"\0") + bytes(16) + struct.pack(">HH", 1, 1) + bytes(16)
    alias += struct.pack(">HH", 2, len(path)) + path + struct.pack(">HH", 0xFFFF, 0)
    return _with_references(containers.pack([(b"alis", bytes(4) + alias)]))


def _with_references(reference: bytes) -> bytes:
    data = media.make("moov_last.mp4").read_bytes()
    where = (b"trak", b"mdia", b"minf", b"dinf", b"dref")
    return containers.edit_moov(data, where, lambda _: _references(reference))


def _linked(name: str) -> bytes:
    """Return a Matroska file that names the next file of linked segments."""
    data = media.make("short_gop.mkv").read_bytes()
    at = data.index(b"\x15\x49\xa9\x66")
    info = matroska.element(0x3E83BB, name.encode()) + matroska.element(0x3EB923, bytes(16))
    size, width = matroska.size_at(data, at + 4)
    longer = (size + len(info) | 1 << 56).to_bytes(8, "big")
    return data[: at + 4] + longer + info + data[at + 4 + width :]


def promising_much() -> dict[str, Callable[[], bytes]]:
    """Return makers of files whose headers promise more than the files hold."""
    return {
        "billion_samples.mp4": _billion_samples,
        "billion_times.mp4": lambda: _edited(b"stts", struct.pack(">IIII", 0, 1, BILLION, 512)),
        "billion_offsets.mp4": lambda: _edited(b"ctts", struct.pack(">IIII", 0, 1, BILLION, 512)),
        "billion_counted.mp4": lambda: _edited(b"stsz", struct.pack(">III", 0, 0, 0xFFFFFFFF)),
        "billion_chunks.mp4": lambda: _edited(b"stsc", struct.pack(">II3I", 0, 1, 1, BILLION, 1)),
        "billion_edits.mp4": lambda: _edit_list(struct.pack(">IIIii", 0, BILLION, 1, 0, 1 << 16)),
        "million_edits.mp4": lambda: _edit_list(
            struct.pack(">II", 0, 1_000_000) + struct.pack(">Iii", 1, 0, 1 << 16) * 1_000_000
        ),
        "billion_fragments.mp4": _billion_in_a_fragment,
        "wide.mp4": lambda: _sized(65535, 65535),
        "wide.mkv": lambda: _wide_matroska(1 << 30, 1 << 30),
        "wide_pictures.mp4": _wide_pictures,
        "many_streams.mp4": lambda: _many_tracks(5000),
        "many_streams.mkv": lambda: _many_entries(5000),
        "deep.mp4": _deep,
        "billion_frames.avi": _billion_in_avi,
    }


def _edited(kind: bytes, body: bytes) -> bytes:
    return with_tables(media.make("moov_last.mp4").read_bytes(), {kind: body})


def _edit_list(body: bytes) -> bytes:
    data = media.make("moov_last.mp4").read_bytes()
    return containers.edit_moov(data, (b"trak", b"edts", b"elst"), lambda _: body)


def _billion_samples() -> bytes:
    """Return a movie of a billion samples of one byte, with consistent sample tables."""
    data = media.make("moov_last.mp4").read_bytes()
    bodies = {
        b"stts": struct.pack(">IIII", 0, 1, BILLION, 512),
        b"stsz": struct.pack(">III", 0, 1, BILLION),
        b"stsc": struct.pack(">II3I", 0, 1, 1, BILLION, 1),
        b"stco": listing(numbers(table(data, b"stco"))[:1]),
    }
    return with_tables(data, bodies)


def _billion_in_a_fragment() -> bytes:
    data = bytearray(media.make("fragmented.mp4").read_bytes())
    at = data.index(b"trun")
    data[at + 8 : at + 12] = struct.pack(">I", BILLION)
    return bytes(data)


def _sized(width: int, height: int) -> bytes:
    data = bytearray(media.make("moov_last.mp4").read_bytes())
    at = data.index(b"avc1", data.index(b"stsd"))
    data[at + 28 : at + 32] = struct.pack(">HH", width, height)
    return bytes(data)


def _wide_matroska(width: int, height: int) -> bytes:
    data = media.make("false_keys.mkv").read_bytes()
    track = matroska.track_of(data)
    return matroska.write(
        matroska.Track(track.codec, track.private, width, height), [matroska.Block(0, True, b"\0")]
    )


def _wide_pictures() -> bytes:
    """Return a movie whose SPS states 65536x65536 pixels."""
    ue = bitstream.exp_golomb
    sps = f"{66:08b}{0:08b}{62:08b}" + ue(0) + ue(0) + ue(2) + ue(1) + "0" + ue(4095) + ue(4095) + "1100"
    nal = bitstream.nal_unit(bytes([0x67]), sps)
    data = media.make("moov_last.mp4").read_bytes()

    def change(body: bytes) -> bytes:
        at = body.index(b"avcC") - 4
        pps = bitstream.nal_unit(bytes([0x68]), ue(0) * 2 + "00" + ue(0) * 3 + "000" + ue(0) * 3 + "000")
        record = containers.pack([(b"avcC", matroska.decoder_record(nal, [nal, pps]))])
        entry = body[8:at] + record
        return body[:8] + struct.pack(">I", len(entry)) + entry[4:]

    return with_table(b"stsd", change)(data)


def _many_tracks(count: int) -> bytes:
    data = media.make("moov_last.mp4").read_bytes()
    track = containers.find(data, b"moov", b"trak")[0]
    return containers.edit_moov(data, (), lambda body: body + containers.pack([(b"trak", track)]) * count)


def _many_entries(count: int) -> bytes:
    data = media.make("false_keys.mkv").read_bytes()
    at = data.index(b"\x16\x54\xae\x6b")
    size = int.from_bytes(data[at + 5 : at + 12], "big")
    return (
        data[:at]
        + matroska.element(0x1654AE6B, data[at + 12 : at + 12 + size] * count)
        + data[at + 12 + size :]
    )


def _deep() -> bytes:
    body = b""
    for _ in range(20_000):
        body = struct.pack(">I4s", len(body) + 8, b"moov") + body
    return containers.pack([(b"ftyp", b"isom\0\0\2\0isom")]) + body


def _billion_in_avi() -> bytes:
    data = bytearray(media.make("mpeg4.avi").read_bytes())
    at = data.index(b"avih")
    data[at + 24 : at + 28] = struct.pack("<I", BILLION)
    at = data.index(b"strh")
    data[at + 40 : at + 44] = struct.pack("<I", BILLION)
    at = data.index(b"idx1")
    data[at + 4 : at + 8] = struct.pack("<I", 0xFFFFFFF0)
    return bytes(data)
