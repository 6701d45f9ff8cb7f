"""
An order of your own
====================

A function chooses the videos of each epoch: rare classes more often, or easy videos first.
"""

import sys

import moving_shapes
import numpy as np

import kinetics_fast as kf

root = sys.argv[1] if len(sys.argv) > 1 else moving_shapes.make() / "train"
dataset = kf.Dataset.from_folder(root)
dataset = dataset.take(
    np.flatnonzero((dataset.labels != 0) | (np.arange(len(dataset)) == 0))
)  # one class is rare

# %%
# An order gets the number of the epoch and a generator, and returns positions in the data set.
weights = 1 / np.bincount(dataset.labels)[dataset.labels]


def balanced(_epoch: int, rng: np.random.Generator) -> np.ndarray:
    """Return positions in the data set, in which every class is equally likely."""
    return rng.choice(len(dataset), size=len(dataset), p=weights / weights.sum())


# %%
# Count the labels of one epoch in both orders.
for name, order in (("in order", None), ("balanced", balanced)):
    loader = kf.ClipLoader(dataset, kf.RandomClips(4, stride=2), size=32, batch_size=4, order=order)
    labels = np.concatenate([batch.labels for batch in loader])
    print(f"{name}: {np.bincount(labels, minlength=len(dataset.classes)).tolist()} clips per class")
