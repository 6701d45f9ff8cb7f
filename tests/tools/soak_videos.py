"""Makes random small videos: an encoding, then copying, cutting, joining and editing without encoding again.

A seed always makes the same video. `steps` lists how it was made; a step that ffmpeg refuses is skipped.
"""

from __future__ import annotations

import random
import subprocess
from typing import TYPE_CHECKING

import numpy as np

from tools.damage_variants import STRUCTURAL_KINDS
from tools.soak_encoders import ENCODERS, Arguments
from videos.ffmpeg_cli import executable

if TYPE_CHECKING:
    from pathlib import Path

SOUND = {
    "mp4": "aac", "mov": "aac", "mkv": "aac", "ts": "aac", "avi": "mp2", "flv": "aac", "mpg": "mp2",
    "vob": "mp2",
    "asf": "wmav2", "3gp": "aac", "f4v": "aac",
}  # fmt: skip
FRAGMENTS = [
    "frag_keyframe+empty_moov", "frag_keyframe+empty_moov+default_base_moof", "frag_every_frame+empty_moov",
    "empty_moov+delay_moov+frag_keyframe", "dash+frag_keyframe", "cmaf+frag_keyframe",
    "separate_moof+frag_keyframe",
    "hybrid_fragmented+frag_keyframe", "faststart", "negative_cts_offsets", "rtphint",
]  # fmt: skip
MOV = [
    *(f"-movflags {flags}" for flags in FRAGMENTS), "-use_editlist 0", "-video_track_timescale 1000",
    "-video_track_timescale 600", "-frag_duration 300000",
]  # fmt: skip
MATROSKA = ["-live 1", "-cluster_size_limit 2000", "-cluster_time_limit 200", "-cues_to_front 1"]
TRANSPORT = [
    "-mpegts_m2ts_mode 1", "-mpegts_flags resend_headers", "-pes_payload_size 200", "-muxrate 2M",
    "-muxdelay 0",
    "-omit_video_pes_length 0", "-mpegts_copyts 1", "-output_ts_offset 95443",
]  # fmt: skip
PROGRAM = ["-muxrate 3M", "-packetsize 1024", "-muxdelay 0", "-f vob", "-f svcd"]
MUXING = {
    "mp4": MOV, "mov": MOV, "3gp": MOV, "f4v": MOV, "mkv": MATROSKA, "webm": MATROSKA, "ts": TRANSPORT,
    "mpg": PROGRAM, "vob": PROGRAM, "asf": ["-packet_size 200", "-packet_size 6400"],
}  # fmt: skip
TIMES = ["-avoid_negative_ts disabled", "-avoid_negative_ts make_zero", "-max_interleave_delta 0", "-copyts"]
FILTERS = [
    "setts=pts=PTS+3*DURATION", "setts=dts=DTS-100", "setts=pts=DTS", "setts=pts=NOPTS", "setts=duration=0",
    "setts=ts=N*1001:time_base=1/30000", "setts=pts='if(eq(mod(N,5),4),PREV_OUTPTS,PTS)'",
    "dump_extra=freq=all",
    "dump_extra=freq=keyframe", "remove_extra=freq=all", "extract_extradata=remove=1",
]  # fmt: skip
OWN_FILTERS = {
    "libx264": ["h264_mp4toannexb", "h264_metadata=aud=insert", "filter_units=remove_types=6",
                "h264_metadata=crop_right=2", "h264_redundant_pps"],
    "libx265": ["hevc_mp4toannexb", "hevc_metadata=aud=insert", "filter_units=remove_types=39|40"],
    "libvpx-vp9": ["vp9_superframe_split", "vp9_raw_reorder"],
    "libaom-av1": ["av1_frame_split", "av1_metadata=td=remove", "filter_units=remove_types=2"],
    "libsvtav1": ["av1_frame_split", "av1_metadata=td=insert", "av1_frame_split,av1_frame_merge"],
    "libxvid": ["mpeg4_unpack_bframes"],
}  # fmt: skip
CATENATED = {".ts", ".mpg", ".vob", ".h264", ".hevc", ".m2v", ".m1v"}
TIMED = [
    "select='not(mod(n\\,3))'", "select='gt(random(1)\\,0.4)'", "setpts='(N*3+mod(N\\,3))/25/TB'",
    "setpts='(N+floor(N/5)*3+floor(N/9)*4)/25/TB'",
]  # fmt: skip


def complaints(path: Path) -> list[str]:
    """Return what ffmpeg reports while it decodes a video; not empty if it shows no picture."""
    command = [executable(), "-hide_banner", "-nostdin", "-v", "level+warning", "-stats", "-i", str(path)]
    command += ["-map", "0:V:0", "-vf", "settb=1/25,setpts=N", "-fps_mode", "passthrough", "-f", "null", "-"]
    done = subprocess.run(command, capture_output=True, timeout=120, check=False)
    words = done.stderr.decode(errors="replace").splitlines()
    found = [line for line in words if "[error]" in line or "orrupt" in line or "time_increment_bits" in line]
    return found + [line for line in words if "frame=    0" in line]


def throws_pictures_away(path: Path) -> bool:
    """Whether ffmpeg's H.264 decoder does not show pictures that it has decoded.

    It does so where the stream needs more pictures of delay from a key frame on. It logs no error.
    """
    command = [executable(), "-hide_banner", "-nostdin", "-v", "debug", "-i", str(path)]
    command += ["-map", "0:V:0", "-f", "null", "-"]
    done = subprocess.run(command, capture_output=True, timeout=120, check=False)
    return b"no picture ooo" in done.stderr


class Maker:
    """Makes the video of a seed in a folder."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.rng = random.Random(seed)
        self.folder = folder
        self.steps: list[str] = []
        self.encoder = self.rng.choices(ENCODERS, [one.share for one in ENCODERS])[0]
        self.size = self.rng.choice(self.encoder.sizes.split())  # joined parts share these two
        self.pix_fmt = self.rng.choice(self.encoder.formats.split())

    def make(self) -> Path | None:
        """Return the finished video; None if the encoder refuses the drawn options."""
        path = self._encoded(self.rng.choice(self.encoder.containers.split()))
        for _ in range(self.rng.choice([0, 0, 1, 1, 1, 2, 2, 3]) if path else 0):
            step = self._joined if self._now_and_then(0.25) else self._copied
            after = step(path) if path else None
            path = after if after and not complaints(after) else path
        return path

    def altered(self, path: Path) -> Path | None:
        """Return the video with packets, tables or element sizes changed, or with another file spliced on.

        Return None if its packets cannot be copied, or if it has no such tables.
        """
        change = self.rng.choice(STRUCTURAL_KINDS)
        damage = change(path, np.random.default_rng(self.rng.getrandbits(32)))
        if damage is None:
            return None
        target = self.folder / f"altered{path.suffix}"
        target.write_bytes(damage[0])
        self.steps.append(f"{change.__name__.strip('_')}: {target.name}")
        return target

    def _now_and_then(self, share: float = 0.1) -> bool:
        return self.rng.random() < share

    def _some(self, options: list[str], share: float) -> Arguments:
        return self.rng.choice(options).split() if options and self._now_and_then(share) else []

    def _run(self, arguments: Arguments, suffix: str) -> Path | None:
        path = self.folder / f"step{len(self.steps)}.{suffix}"
        command = [executable(), "-hide_banner", "-nostdin", "-y", *arguments, path.name]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, timeout=120, check=False)
        made = done.returncode == 0 and path.exists() and path.stat().st_size > 0
        self.steps.append(f"{'' if made else 'refused: '}ffmpeg {' '.join(arguments)} {path.name}")
        return path if made else None

    def _pictures(self) -> str:
        rng = self.rng
        rate = rng.choice(["25", "25", "30000/1001", "24", "50", "30"])
        parts = [f"{rng.choice(['testsrc2', 'testsrc2', 'testsrc2', 'color'])}=size={self.size}:rate={rate}"]
        if self._now_and_then(0.8):
            noise = f"noise=alls={rng.choice([4, 14, 40])}:allf=t:all_seed={rng.randint(1, 99)}"
            parts.append("format=yuv444p," + noise + rng.choice(["", "", ":enable='lt(mod(n\\,20)\\,10)'"]))
        if self._now_and_then(0.5):
            parts.append(f"negate=enable='lt(mod(n\\,{rng.choice([9, 14, 26])})\\,6)'")
        if self._now_and_then(0.2):
            parts.append("fade=out:0:30")
        return ",".join(parts + ([rng.choice(TIMED)] if self._now_and_then(0.2) else []))

    def _encoded(self, suffix: str) -> Path | None:
        rng = self.rng
        arguments = ["-f", "lavfi", "-i", self._pictures()]
        if suffix in SOUND and self._now_and_then(0.3):
            arguments += ["-f", "lavfi", "-i", "sine=duration=2", "-c:a", SOUND[suffix], "-ar", "44100"]
            arguments += rng.choice([["-map", "0", "-map", "1"], ["-map", "1", "-map", "0"]])
        frames = rng.choice([1, 2, 3, 20, 24, 30, 40])
        arguments += ["-frames:v", str(frames), "-fps_mode", "passthrough", "-threads", "1"]
        arguments += self._some(
            ["-force_key_frames 0.3,0.7,1.1", "-force_key_frames expr:eq(mod(n,11),3)"], 0.12
        )
        return self._run([*arguments, *self.encoder.draw(rng, self.pix_fmt), *self._muxing(suffix)], suffix)

    def _muxing(self, suffix: str) -> Arguments:
        return self._some(MUXING.get(suffix, []), 0.5) + self._some(TIMES, 0.2)

    def _copied(self, path: Path) -> Path | None:
        rng = self.rng
        start, length = f"{rng.uniform(0, 1.2):.3f}", f"{rng.uniform(0.2, 1.8):.3f}"
        before = self._some([f"-ss {start}", f"-ss {start} -noaccurate_seek", f"-itsoffset {start}"], 0.5)
        after = self._some([f"-t {length}", f"-t {length}", f"-ss {start}", f"-ss {start} -copyinkf"], 0.4)
        if self._now_and_then(0.3):
            after += ["-bsf:v", rng.choice(FILTERS + 3 * OWN_FILTERS.get(self.encoder.name, []))]
        suffix = rng.choice(self.encoder.containers.split())
        maps = rng.choice([["-map", "0"], ["-map", "0:v"]])
        return self._run(
            [*before, "-i", path.name, *maps, "-c", "copy", *after, *self._muxing(suffix)], suffix
        )

    def _joined(self, path: Path) -> Path | None:
        other = self._encoded(path.suffix[1:]) if self._now_and_then(0.6) else path
        if other is None:
            return None
        if path.suffix in CATENATED and self._now_and_then(0.5):
            target = self.folder / f"step{len(self.steps)}{path.suffix}"
            target.write_bytes(path.read_bytes() + other.read_bytes())
            self.steps.append(f"cat {path.name} {other.name} > {target.name}")
            return target
        rows = [f"file {path.name}", f"file {other.name}"]
        if self._now_and_then(0.4):
            rows.append(f"inpoint {self.rng.uniform(0, 1):.2f}")
        (self.folder / "names.txt").write_text("\n".join(rows))
        self.steps.append(f"names.txt: {', '.join(rows)}")
        suffix = self.rng.choice(self.encoder.containers.split())
        arguments = ["-f", "concat", "-i", "names.txt", "-map", "0:v", "-c", "copy", *self._muxing(suffix)]
        return self._run(arguments, suffix)
