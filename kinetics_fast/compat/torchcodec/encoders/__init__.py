"""torchcodec's encoders, which do not encode."""

from __future__ import annotations

from kinetics_fast.compat.torchcodec._unavailable import AudioEncoder, VideoEncoder

__all__ = ["AudioEncoder", "VideoEncoder"]
