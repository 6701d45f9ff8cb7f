"""
Resume, and several ranks
=========================

The position of a loader is a small dict that is saved with the model. With several processes, each process
has a rank.
"""

import json
import sys
from typing import Any

import moving_shapes
import numpy as np

import kinetics_fast as kf

root = sys.argv[1] if len(sys.argv) > 1 else moving_shapes.make() / "train"
dataset = kf.Dataset.from_folder(root)


def make_loader(**ranks: Any) -> kf.ClipLoader:
    """Return the loader of one process. In PyTorch, pass **kinetics_fast.torch.rank_and_world_size()."""
    return kf.ClipLoader(
        dataset, kf.RandomClips(8, stride=4), kf.RandomResizedCrop(48), batch_size=5, shuffle=True, **ranks
    )


# %%
# Save the position after one batch, and continue there in a new loader.
loader = make_loader()
batches = iter(loader)
next(batches)
saved = json.dumps(loader.state_dict())  # after one batch

again = make_loader()
again.load_state_dict(json.loads(saved))
same = all(np.array_equal(a.frames, b.frames) for a, b in zip(batches, again, strict=True))
print(f"the resumed loop gives the same batches: {same}")

# %%
# Here the ranks run one after the other. `valid` is False for the repeats that fill up the last
# batches.
for rank in range(2):
    rows = [batch.valid for batch in make_loader(rank=rank, world_size=2)]
    print(
        f"rank {rank}: {len(rows)} batches, {sum(map(len, rows))} rows, {sum(map(sum, rows))} of them valid"
    )
