"""Draws random encodings: for each encoder of ffmpeg, options that change references and presentation.

Every option of `always` is given, and each option of `sometimes` now and then. A value is drawn from its
words. An encoder may refuse a combination, so a table need not know which options go together.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

Arguments = list[str]
GOP = "1 2 4 7 8 10 12 15 20 25 30 60 250"
EVEN = "64x48 80x64 96x64 100x70 128x96 160x120 66x50"


@dataclass(frozen=True)
class Encoder:
    """The options of one encoder; its own parameters `own` are joined into the argument `own_name`."""

    name: str
    containers: str
    share: int
    always: dict[str, str] = field(default_factory=dict)
    sometimes: dict[str, str] = field(default_factory=dict)
    formats: str = "yuv420p"
    sizes: str = EVEN
    own_name: str = ""
    own: dict[str, str] = field(default_factory=dict)
    own_sometimes: dict[str, str] = field(default_factory=dict)

    def draw(self, rng: Random, pix_fmt: str) -> Arguments:
        """Return ffmpeg's arguments for one encoding."""
        arguments = ["-c:v", self.name, "-pix_fmt", pix_fmt]
        for option, value in _drawn(rng, self.always, self.sometimes).items():
            arguments += ["-" + option, value]
        own = _drawn(rng, self.own, self.own_sometimes)
        sign = "," if self.name == "libkvazaar" else ":"
        return arguments + (
            ["-" + self.own_name, sign.join(f"{k}={v}" for k, v in own.items())] if own else []
        )


def _drawn(rng: Random, always: dict[str, str], sometimes: dict[str, str]) -> dict[str, str]:
    chosen = {**always, **{name: words for name, words in sometimes.items() if rng.random() < 0.12}}
    return {name: rng.choice(words.split()) for name, words in chosen.items()}


X264 = {
    "keyint": GOP, "min-keyint": "1 2 5", "scenecut": "0 40", "bframes": "0 1 2 3 3 5 8 16",
    "b-adapt": "0 1 2",
    "b-pyramid": "none strict normal", "open-gop": "0 1", "ref": "1 2 3 4 8 16", "weightp": "0 1 2",
    "weightb": "0 1", "cabac": "0 1", "rc-lookahead": "0 5 40", "direct": "none spatial temporal auto",
    "crf": "1 18 28 40",
}  # fmt: skip
X264_SOMETIMES = {
    "intra-refresh": "1", "tff": "1", "bff": "1", "fake-interlaced": "1", "constrained-intra": "1",
    "slices": "2 4",
    "aud": "1", "repeat-headers": "1", "stitchable": "1", "bluray-compat": "1", "pic-struct": "1",
}  # fmt: skip
X265 = {
    "keyint": GOP, "min-keyint": "1 2 5", "scenecut": "0 40", "bframes": "0 1 3 3 4 8", "b-adapt": "0 1 2",
    "b-pyramid": "0 1", "open-gop": "0 1", "ref": "1 2 3 4", "weightp": "0 1", "weightb": "0 1",
    "rc-lookahead": "20",
    "wpp": "0 1", "log-level": "error", "pools": "none", "frame-threads": "1", "crf": "10 28 40",
    "ctu": "16 32 64",
}  # fmt: skip
X265_SOMETIMES = {
    "radl": "1 3", "temporal-layers": "2 3 4", "intra-refresh": "1", "hash": "1 3", "slices": "2", "eob": "1",
    "eos": "1", "idr-recovery-sei": "1", "lossless": "1", "b-intra": "1", "single-sei": "1", "field": "1",
    "repeat-headers": "1", "aud": "1", "opt-qp-pps": "1", "gop-lookahead": "4",
}  # fmt: skip
VPX = {
    "g": GOP,
    "lag-in-frames": "0 5 12 25",
    "deadline": "realtime good",
    "cpu-used": "4 8",
    "b:v": "20k 100k 1M",
}
VPX_SOMETIMES = {
    "auto-alt-ref": "0 1", "error-resilient": "1", "keyint_min": "3 8", "static-thresh": "100 1000",
    "arnr-maxframes": "3 7", "drop-threshold": "30 60", "undershoot-pct": "10", "slices": "2",
}  # fmt: skip
LAYERS = (
    "ts_number_layers=3:ts_target_bitrate=20,40,100:ts_rate_decimator=4,2,1:ts_periodicity=4"
    ":ts_layer_id=0,2,1,2:ts_layering_mode=3"
)
OLD = {"g": GOP, "q:v": "3 12 31"}
OLD_SOMETIMES = {
    "sc_threshold": "0 1000000000 -10000",
    "mbd": "rd bits",
    "trellis": "1",
    "flags": "+mv4 +gray",
}
WITH_B = {**OLD, "bf": "0 1 2 2 3 4", "b_strategy": "0 1"}
MPEG4_SOMETIMES = {**OLD_SOMETIMES, "flags": "+qpel +mv4 +aic +cgop +global_header +qpel+mv4+cgop"}
MPEG12_SOMETIMES = {**OLD_SOMETIMES, "flags": "+cgop +global_header"}
FORMATS = "yuv422p yuv444p yuv420p10le yuv422p10le yuv444p10le gray gray10le"
USUAL = "yuv420p yuv420p yuv420p yuv420p yuv420p yuv420p"
OLD_SIZES = f"{EVEN} 61x45 97x63"

ENCODERS = [
    Encoder("libx264", "mp4 mp4 mp4 mov mkv mkv ts avi flv mpg asf h264 m4v f4v", 24,
    {"preset": "ultrafast fast"},
            {"forced-idr": "0 1"}, f"{USUAL} yuvj420p {FORMATS}", EVEN, "x264-params", X264, X264_SOMETIMES),
    Encoder("libx264rgb", "mp4 mkv", 1, {"preset": "fast"}, {}, "bgr24", EVEN, "x264-params", X264,
    X264_SOMETIMES),
    Encoder("libopenh264", "mp4 mkv ts", 1, {"g": GOP, "b:v": "50k 300k", "allow_skip_frames": "0 1"}),
    Encoder("libx265", "mp4 mp4 mkv mkv mov ts flv mpg hevc", 14, {"preset": "ultrafast superfast"},
            {"forced-idr": "1"}, f"{USUAL} {FORMATS} yuv420p12le gbrp gbrp10le", EVEN, "x265-params", X265,
            X265_SOMETIMES),
    Encoder("libkvazaar", "mp4 mkv ts hevc", 3, {}, {}, "yuv420p", "64x48 96x64 128x96", "kvazaar-params",
            {"preset": "ultrafast", "threads": "0", "owf": "0", "period": "0 1 8 16 32", "open-gop": "0 1",
             "gop": "0 8 16 lp-g4d3t1 lp-g8d4t2"}, {"vps-period": "1", "tiles": "2x1", "aud": "1",
             "hash": "md5"}),
    Encoder("libvpx", "webm mkv avi ivf", 5, VPX, {**VPX_SOMETIMES, "ts-parameters": LAYERS}, "yuv420p",
    OLD_SIZES),
    Encoder("libvpx-vp9", "webm mkv mp4 avi ivf", 8, {**VPX, "row-mt": "0"},
            {**VPX_SOMETIMES, "ts-parameters": LAYERS, "frame-parallel": "0 1", "lossless": "1",
            "aq-mode": "1 2 3",
             "tune-content": "screen", "min-gf-interval": "4"},
            f"{USUAL} yuv422p yuv440p yuv444p yuv420p10le yuv444p10le gbrp", OLD_SIZES),
    Encoder("libaom-av1", "mkv mp4 webm ivf", 4,
            {"g": GOP, "cpu-used": "8", "row-mt": "0", "lag-in-frames": "0 5 19 35", "b:v": "20k 200k"},
            {"usage": "realtime allintra"}, f"{USUAL} yuv422p yuv444p yuv420p10le gray gbrp", OLD_SIZES,
            "aom-params",
            {}, {"enable-fwd-kf": "1", "error-resilient-mode": "1", "sframe-dist": "5",
            "film-grain-test": "3",
                 "reduced-still-picture-hdr": "1", "num-tile-groups": "2", "superres-mode": "1",
                 "resize-mode": "1",
                 "enable-order-hint": "0", "timing-info": "model constant",
                 "enable-keyframe-filtering": "2"}),
    Encoder("libsvtav1", "mkv mp4 webm ivf", 4, {"preset": "10 12 13", "crf": "20 45"}, {},
    f"{USUAL} yuv420p10le",
            "64x64 96x64 128x96", "svtav1-params",
            {"keyint": GOP, "irefresh-type": "1 2", "pred-struct": "1 2", "lp": "1",
            "hierarchical-levels": "2 3 4 5"},
            {"enable-overlays": "1", "film-grain": "10", "superres-mode": "1", "lookahead": "8",
            "enable-tf": "0"}),
    Encoder("librav1e", "mkv mp4", 1, {"qp": "120"}, {}, "yuv420p", EVEN, "rav1e-params",
            {"speed": "10", "low_latency": "false true", "threads": "1", "keyint": GOP, "min-keyint": "1"},
            {"switch_frame_interval": "5"}),
    Encoder("mpeg4", "avi avi mp4 mkv mov ts mpg asf m4v 3gp", 10, WITH_B,
            {**MPEG4_SOMETIMES, "data_partitioning": "1", "mpeg_quant": "1", "ps": "100",
            "vtag": "DIVX FMP4"},
            "yuv420p", OLD_SIZES),
    Encoder("libxvid", "avi avi mp4 mkv asf", 4, WITH_B, {**MPEG4_SOMETIMES, "gmc": "1"}, "yuv420p", EVEN),
    Encoder("mpeg2video", "mpg ts mkv mp4 avi mov m2v asf vob", 8, WITH_B,
            {**MPEG12_SOMETIMES, "flags": "+ilme+ildct +ildct +cgop +global_header +low_delay",
            "intra_vlc": "1",
             "alternate_scan": "1", "non_linear_quant": "1", "slices": "2"}, f"{USUAL} yuv422p", OLD_SIZES),
    Encoder("mpeg1video", "mpg ts mkv mp4 avi mov m1v asf", 4, WITH_B, MPEG12_SOMETIMES, "yuv420p",
    OLD_SIZES),
    Encoder("mjpeg", "avi mkv mov mp4 asf", 2, {"q:v": "2 20", "huffman": "default optimal"}, {},
            "yuvj420p yuvj422p yuvj444p", OLD_SIZES),
    *(Encoder(name, "avi asf mkv", 1, OLD, OLD_SOMETIMES, "yuv420p", OLD_SIZES)
      for name in ("msmpeg4v2", "msmpeg4", "wmv1", "wmv2")),
    Encoder("flv", "flv avi mkv", 2, OLD, OLD_SOMETIMES, "yuv420p", OLD_SIZES),
    Encoder("h263", "3gp avi mkv mov", 1, OLD, OLD_SOMETIMES, "yuv420p", "128x96"),
    Encoder("h263p", "3gp avi mkv mov", 1, OLD, {"umv": "1", "aiv": "1", "structured_slices": "1"},
    "yuv420p", EVEN),
]  # fmt: skip
