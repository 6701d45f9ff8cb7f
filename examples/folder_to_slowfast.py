"""
From a folder to SlowFast
=========================

The loader draws the clips and the crops with which SlowFast trains. Here a single layer stands for the model.
"""

import sys

import moving_shapes
import torch

import kinetics_fast as kf
import kinetics_fast.torch as kft

root = sys.argv[1] if len(sys.argv) > 1 else moving_shapes.make() / "train"
dataset = kf.Dataset.from_folder(root)  # one folder per class
loader = kf.ClipLoader(
    dataset,
    kf.conventions.PySlowFastTrain(num_frames=8, sampling_rate=4),
    kf.RandomCrop(56, short_side=(64, 80)),  # 224 and (256, 320) for real videos
    flip=0.5,
    batch_size=8,
    shuffle=True,
    mean=0.45,
    std=0.225,
    on_error="replace",  # another video in place of a broken one
)

# %%
# The model and its optimizer.
model = torch.nn.Sequential(
    torch.nn.Conv3d(3, 8, 3, stride=2),
    torch.nn.AdaptiveAvgPool3d(1),
    torch.nn.Flatten(),
    torch.nn.Linear(8, len(dataset.classes)),
)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
device = "cuda" if torch.cuda.is_available() else "cpu"
model.to(device)

# %%
# One epoch. `to_device` gives tensors on the device.
for batch in kft.to_device(loader, device):
    loss = torch.nn.functional.cross_entropy(model(batch.frames), batch.labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print(f"{tuple(batch.frames.shape)} in the last batch; loss {loss.item():.2f}")
print(loader.stats)
