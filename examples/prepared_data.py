"""
Prepared data
=============

`kf.prepare` encodes every clip again as H.264 whose frames are cheap to reach. This script prepares a few
videos, and counts the frames that are decoded for a clip before and after.

`kf.prepare` needs an ffmpeg program with libx264: on PATH, or in the package imageio-ffmpeg, which the extra
`prepare` installs. Without one, it raises a RuntimeError that says so.
"""

import sys
import tempfile
from pathlib import Path

import moving_shapes

import kinetics_fast as kf

root = Path(sys.argv[1]) if len(sys.argv) > 1 else moving_shapes.make() / "train"


def frames_per_clip(dataset: kf.Dataset) -> float:
    """Return how many frames are decoded for one clip of 8 frames with stride 4."""
    loader = kf.ClipLoader(
        dataset, kf.RandomClips(8, stride=4), kf.RandomResizedCrop(56), batch_size=8, seed=0
    )
    for _ in loader:
        pass  # a training step
    return loader.stats.frames_decoded / loader.stats.clips


# %%
# The target is a new folder. In a shell: `kinetics-fast prepare FOLDER TARGET`.
with tempfile.TemporaryDirectory() as temporary:
    target = Path(temporary) / "fast"
    prepared = kf.prepare(root, target)
    print(f"{prepared.prepared} of {prepared.clips} clips prepared")

    # The index that `prepare` wrote stands for the folder.
    before = frames_per_clip(kf.Dataset.from_folder(root))
    after = frames_per_clip(kf.Dataset.from_index(target))
print(f"frames decoded per clip: {before:.0f} before, {after:.0f} after")
