"""
Several clips per video
=======================

Clips of one video share its decoding. Four clips per video cost much less than four times one clip.
"""

import sys

import moving_shapes

import kinetics_fast as kf

root = sys.argv[1] if len(sys.argv) > 1 else moving_shapes.make() / "train"
dataset = kf.Dataset.from_folder(root)

# %%
# Run an epoch with one clip per video and an epoch with four, and compare the frames that were decoded.
for clips in (1, 4):
    loader = kf.ClipLoader(
        dataset,
        kf.RandomClips(16, stride=2, clips=clips),
        kf.RandomResizedCrop(56),
        batch_size=4,
        shuffle=True,
    )
    for _ in loader:
        pass  # a training step
    stats = loader.stats
    print(f"{clips} clips per video: {stats.frames_decoded / stats.clips:.0f} frames decoded per clip")
