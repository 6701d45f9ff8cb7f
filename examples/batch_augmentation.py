"""
Augmentation on the batch
=========================

Crops, flips and sizes belong into the loader, which applies them while it converts the pixels. Changes of
colour and mixing of clips are fastest on the whole batch, where a GPU can do them.
"""

import sys

import moving_shapes
import torch

import kinetics_fast as kf
import kinetics_fast.torch as kft

root = sys.argv[1] if len(sys.argv) > 1 else moving_shapes.make() / "train"
dataset = kf.Dataset.from_folder(root)
loader = kf.ClipLoader(
    dataset, kf.RandomClips(8, stride=4), kf.RandomResizedCrop(56), flip=0.5, batch_size=8, shuffle=True
)


# %%
# Both functions take the whole batch. Each clip has its own brightness and contrast, and its own partner.


def jitter(frames: torch.Tensor) -> torch.Tensor:
    """Change brightness and contrast, with one draw per clip, of float32 (B, C, T, H, W) from 0 to 1."""
    brightness, contrast = torch.empty(2, len(frames), 1, 1, 1, 1, device=frames.device).uniform_(0.6, 1.4)
    means = frames.mean((1, 2, 3, 4), keepdim=True)
    return ((frames - means) * contrast + means * brightness).clamp(0, 1)


def mixup(frames: torch.Tensor, labels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Mix each clip with another clip of the batch, and their labels in the same proportion."""
    share = float(torch.distributions.Beta(0.8, 0.8).sample())
    other = torch.randperm(len(frames), device=frames.device)
    targets = torch.nn.functional.one_hot(labels, len(dataset.classes)).float()
    return frames.lerp(frames[other], 1 - share), targets.lerp(targets[other], 1 - share)


# %%
# The labels become shares of classes, which `cross_entropy` takes as they are.
device = "cuda" if torch.cuda.is_available() else "cpu"
batch = next(kft.to_device(loader, device))
assert isinstance(batch.labels, torch.Tensor)
frames, targets = mixup(jitter(batch.frames), batch.labels)
print(f"frames {tuple(frames.shape)}, targets {tuple(targets.shape)}")
