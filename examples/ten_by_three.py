"""
Evaluation with ten clips by three crops
========================================

All thirty views of a video come from one decoding. Their scores are averaged.
"""

import sys

import moving_shapes
import numpy as np

import kinetics_fast as kf

root = sys.argv[1] if len(sys.argv) > 1 else moving_shapes.make() / "val"
dataset = kf.Dataset.from_folder(root)
loader = kf.ClipLoader(dataset, kf.UniformClips(8, stride=2, clips=10), kf.ThreeCrop(48), batch_size=4)


# %%
# The scores of a real model take the place of these.


def model(frames: np.ndarray) -> np.ndarray:
    """Return scores (views, classes); a stand-in for a model."""
    return np.random.default_rng(0).random((len(frames), len(dataset.classes)))


# %%
# The rows of a batch are ordered by video, so that the views of a video are `loader.views` rows in a row.
right = seen = 0
for batch in loader:
    scores = model(batch.frames).reshape(-1, loader.views, len(dataset.classes)).mean(1)
    labels, valid = (column.reshape(-1, loader.views)[:, 0] for column in (batch.labels, batch.valid))
    right += int((scores.argmax(1) == labels)[valid].sum())
    seen += int(valid.sum())
print(f"{loader.views} views per video; {right} of {seen} videos are right")
