"""What `kf.build_info()` says of the FFmpeg that was built in."""

import kinetics_fast as kf


def test_the_log_texts_that_damage_detection_needs_were_found() -> None:
    # csrc/media/ffmpeg_log_texts.hpp lists them; cmake/FFmpeg.cmake looks for them in the FFmpeg in use.
    assert kf.build_info()["damage_log_texts"] is True
