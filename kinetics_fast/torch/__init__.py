"""PyTorch: batches as tensors, on a device, and through a DataLoader. Needs torch."""

from __future__ import annotations

from kinetics_fast.torch.batch import TensorBatch
from kinetics_fast.torch.dataset import ClipDataset
from kinetics_fast.torch.device import to_device
from kinetics_fast.torch.ranks import rank_and_world_size

__all__ = ["ClipDataset", "TensorBatch", "rank_and_world_size", "to_device"]
