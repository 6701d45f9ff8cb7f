"""torchcodec's decoders."""

from __future__ import annotations

from kinetics_fast.compat.torchcodec._unavailable import AudioDecoder, AudioStreamMetadata, WavDecoder
from kinetics_fast.compat.torchcodec.decoders._devices import (
    CpuFallbackStatus,
    get_nvdec_cache_capacity,
    set_cuda_backend,
    set_nvdec_cache_capacity,
)
from kinetics_fast.compat.torchcodec.decoders._metadata import VideoStreamMetadata
from kinetics_fast.compat.torchcodec.decoders._video_decoder import VideoDecoder

__all__ = [
    "AudioDecoder",
    "AudioStreamMetadata",
    "CpuFallbackStatus",
    "SimpleVideoDecoder",
    "VideoDecoder",
    "VideoStreamMetadata",
    "WavDecoder",
    "get_nvdec_cache_capacity",
    "set_cuda_backend",
    "set_nvdec_cache_capacity",
]

SimpleVideoDecoder = VideoDecoder
