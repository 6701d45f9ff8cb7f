"""
Two pathways
============

SlowFast takes the same clip twice: all frames in the fast pathway, a quarter of them in the slow pathway.
Decode the fast pathway only, because the slow pathway is a part of it.
"""

import sys

import moving_shapes
import numpy as np

import kinetics_fast as kf

ALPHA = 4  # frames of the fast pathway per frame of the slow one

root = sys.argv[1] if len(sys.argv) > 1 else moving_shapes.make() / "train"
loader = kf.ClipLoader(
    kf.Dataset.from_folder(root),
    kf.RandomClips(32, stride=2),
    kf.RandomCrop(56, short_side=64),
    batch_size=4,
    shuffle=True,
    mean=0.45,
    std=0.225,
)

# %%
# Choose every fourth frame after decoding.
batch = next(iter(loader))
fast = batch.frames
chosen = np.linspace(0, fast.shape[2] - 1, fast.shape[2] // ALPHA).astype(int)  # as pyslowfast chooses them
slow = fast[:, :, chosen]
print(f"slow {slow.shape}, fast {fast.shape}")
