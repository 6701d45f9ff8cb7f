"""
JAX
===

Arrays of a batch go to JAX by DLPack, on the CPU without a copy. A compiled function wants batches of one
shape: leave out the last batch if it is not full.
"""

import sys

import jax
import moving_shapes

import kinetics_fast as kf

root = sys.argv[1] if len(sys.argv) > 1 else moving_shapes.make() / "train"
loader = kf.ClipLoader(
    kf.Dataset.from_folder(root),
    kf.RandomClips(8, stride=4),
    kf.RandomResizedCrop(48),
    batch_size=7,
    shuffle=True,
    layout="THWC",
    drop_last=True,
)


# %%
# A function that is compiled once, because all batches have one shape.


def step(frames: jax.Array) -> jax.Array:
    """Return one number per clip; a stand-in for a training step."""
    return frames.mean((1, 2, 3, 4))


# %%
# `from_dlpack` shares the memory of the batch.
compiled = jax.jit(step)
for batch in loader:
    means = compiled(jax.numpy.from_dlpack(batch.frames))
print(f"{means.shape} from {batch.frames.shape}, compiled once")
