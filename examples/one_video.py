"""
Frames of one video
===================

A `Video` gives exact frames by number or by time. It holds no open file.
"""

import sys

import moving_shapes

import kinetics_fast as kf

path = sys.argv[1] if len(sys.argv) > 1 else str(moving_shapes.make() / "val" / "up" / "000.mp4")
video = kf.Video(path)
print(f"{video.codec}, {video.width}x{video.height}, {len(video)} frames, {video.fps:.3g} frames per second")

# %%
# By number, as NumPy indexes: uint8 RGB of shape (frames, height, width, 3).
print("every eighth frame:", video[::8].shape)
print("the first and the last frame:", video[[0, -1]].shape)

# %%
# By time, in seconds.
print("at half a second:", video.frames_at([0.5]).shape)
print("in the first second:", video.frames_between(0.0, 1.0).shape)

# %%
# Resized and converted while the frames are decoded.
print("for a model:", video.frames([0, 8, 16], size=32, layout="TCHW", dtype="float32").shape)
