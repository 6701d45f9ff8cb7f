"""Which lost packets leave no trace, told from the packets and headers of the whole video."""

from __future__ import annotations

from typing import TYPE_CHECKING

from videos import bitstream, obu

if TYPE_CHECKING:
    from tools.whole_video import Whole

# Codecs whose packets have no numbers: what is lost leaves no trace.
NO_NUMBERS = {
    "h263", "flv1", "msmpeg4v2", "msmpeg4v3", "wmv1", "wmv2", "wmv3", "vc1", "vp6f", "vp8", "vp9"
}  # fmt: skip
START_CODE = b"\0\0\1"
MPEG12 = {"mpeg1video", "mpeg2video"}
GOP_HEADER, VOP = START_CODE + b"\xb8", START_CODE + b"\xb6"
I_VOP, B_VOP = 0, 2  # vop_coding_type
VOL = range(0x20, 0x30)  # video_object_layer_start_code
H264_SETS, HEVC_SETS = {7, 8}, {32, 33, 34}


def headers(codec: str, packet: bytes) -> set[bytes]:
    """Return the headers in a packet that later packets are decoded by."""
    if codec in {"h264", "hevc"}:
        nals = [nal.data for nal in bitstream.split(packet) if nal.data]
        if codec == "h264":
            return {nal for nal in nals if nal[0] & 31 in H264_SETS}
        return {nal for nal in nals if nal[0] >> 1 & 63 in HEVC_SETS}
    if codec == "av1":
        return {one.payload for one in obu.split(packet) if one.type == obu.SEQUENCE}
    if codec == "mpeg4":
        return {unit for unit in packet.split(START_CODE)[1:] if unit and unit[0] in VOL}
    return set()


def loses_headers(original: Whole, lost: range) -> bool:
    """Whether a header is lost that is new and does not come again in the packet behind the loss."""
    known: set[bytes] = set()
    for packet in original.packets[: lost.start] + original.packets[lost.stop : lost.stop + 1]:
        known |= headers(original.codec, packet)
    gone = {one for n in lost for one in headers(original.codec, original.packets[n])}
    return any(one not in original.extradata for one in gone - known)


def frame_number(original: Whole, packet: int) -> tuple[int, int]:
    """Return frame_num of an H.264 packet, and the number of values that it may have."""
    found = next(
        one for unit in original.headers[packet].units for one in unit.fields if one.name == "frame_num"
    )
    return found.value, 1 << found.width


def begins_anew(original: Whole, packet: int) -> bool:
    """Whether the H.264 frame numbers of a whole video begin anew or jump at a packet."""
    before, count = frame_number(original, packet - 1)
    number, _ = frame_number(original, packet)
    goes_on = number % count in {before, (before + original.references[packet - 1]) % count}
    return bitstream.IDR in original.nal_types[packet] or not goes_on


def goes_on(original: Whole, lost: range) -> bool:
    """Whether frame numbers go on over an H.264 loss in which they begin anew."""
    if lost.start == 0 or bitstream.IDR in original.nal_types[lost.stop]:
        return False
    before, count = frame_number(original, lost.start - 1)
    following, _ = frame_number(original, lost.stop)
    same = (before + original.references[lost.start - 1] - following) % count == 0
    return same and any(begins_anew(original, n) for n in range(lost.start, lost.stop + 1))


def stays_zero(original: Whole, lost: range) -> bool:
    """Whether frame_num is 0 from an H.264 entry on and behind the loss, as if the encoder did not count."""
    entries = [n for n in range(lost.start) if bitstream.is_entry(bitstream.split(original.packets[n]))]
    seen = (*range(entries[-1], lost.start), lost.stop) if entries else ()
    return bool(seen) and not any(frame_number(original, n)[0] for n in seen)


def splits_fields(original: Whole, lost: range) -> bool:
    """Whether only unreferenced H.264 fields are lost, and a second field comes behind them."""
    fields = range(lost.start, lost.stop + 1)
    return original.second_fields[lost.stop] and not any(original.references[n] for n in fields)


def order_hint(original: Whole, packet: int) -> tuple[int, int] | None:
    """Return the order hint of the AV1 frame that a packet codes and shows, and how many values it may have.

    None if the packet only shows a frame that an earlier packet codes.
    """
    for unit in original.headers[packet].units:
        fields = {one.name: one for one in unit.fields}
        if "order_hint" in fields and fields["show_frame"].value:
            return fields["order_hint"].value, 1 << fields["order_hint"].width
    return None


def shows_again(original: Whole, lost: range) -> bool:
    """Whether AV1 packets without a number come behind a loss, and numbers that go on behind those."""
    following = lost.stop
    while following < original.count and order_hint(original, following) is None:
        following += 1
    again = following - lost.stop
    if again == 0 or lost.start == 0:
        return False
    if following == original.count:
        return True
    before = lost.start - 1
    while (last := order_hint(original, before)) is None:
        before -= 1
    hint = order_hint(original, following)
    assert hint is not None
    number, count = hint
    return (number - last[0] - (lost.start - 1 - before)) % count <= again + 1


def vop_type(packet: bytes) -> int:
    return packet[packet.find(VOP) + len(VOP)] >> 6


def seems_cut_off(original: Whole, lost: range) -> bool:
    """Whether an MPEG-4 I-VOP is right in front of a loss.

    The B-VOPs behind the loss then look like those of a video that was cut off at this I-VOP.
    """
    return lost.start == 0 or vop_type(original.packets[lost.start - 1]) == I_VOP


def untold(original: Whole, lost: range) -> bool:
    """Whether no number in the first packet behind the loss, or in later ones, tells that packets are lost.

    A lost parameter set leaves no trace. Nor does a lost H.264 sequence if the frame numbers of the sequence
    behind it go on where those of the sequence before it end, nor a loss right behind an entry if frame_num
    is 0 on both sides. If the first field of an unreferenced picture is lost, its second field makes a pair
    with the next field. An AV1 packet that only shows a frame again has no number. MPEG-4 has times and no
    numbers: only a B-VOP outside of its references tells, and not right behind an I-VOP. A GOP header of
    MPEG-1 and MPEG-2 sets the numbers to zero, and nothing says how many pictures the GOP before it has, or
    the stream.
    """
    following = lost.stop
    if original.codec in NO_NUMBERS or loses_headers(original, lost):
        return True
    if following == original.count:
        return False
    if original.codec == "h264":
        return any(rule(original, lost) for rule in (goes_on, stays_zero, splits_fields))
    if original.codec == "av1":
        return shows_again(original, lost)
    data = original.packets[following]
    if original.codec == "mpeg4":
        return vop_type(data) != B_VOP or seems_cut_off(original, lost)
    return original.codec in MPEG12 and (GOP_HEADER in data or following == original.count - 1)
