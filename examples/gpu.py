"""
A GPU
=====

`to_device` decodes into page-locked buffers and copies each batch while the model works on the previous one.
On a machine without a GPU, the same loop runs on the CPU.
"""

import sys

import moving_shapes
import torch

import kinetics_fast as kf
import kinetics_fast.torch as kft

root = sys.argv[1] if len(sys.argv) > 1 else moving_shapes.make() / "train"
device = "cuda" if torch.cuda.is_available() else "cpu"
loader = kf.ClipLoader(
    kf.Dataset.from_folder(root),
    kf.RandomClips(8, stride=4),
    kf.RandomResizedCrop(56),
    batch_size=8,
    shuffle=True,
    dtype="uint8",  # a quarter of the bytes to copy; normalise on the device
)

# %%
# The bytes are normalised on the device.
mean = torch.tensor([0.45] * 3, device=device).view(3, 1, 1, 1)
for batch in kft.to_device(loader, device):
    frames = (batch.frames.float() / 255 - mean) / 0.225
waited = f"the model waited {loader.stats.waiting_share:.0%} of the time"
print(f"{tuple(frames.shape)} on {frames.device.type}; {waited}")
