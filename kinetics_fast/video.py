"""Older pickles name the class `kinetics_fast.video.Video`; new code imports it from kinetics_fast."""

from kinetics_fast._decode.video import Video as Video
