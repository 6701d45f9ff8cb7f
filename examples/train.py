"""
A complete training script
==========================

Train a small 3D CNN with ClipLoader, and evaluate it with 10 x 3 views.

The data is a folder with the folders `train` and `val`, each with one folder of videos per class. Without
--data, a small data set of moving shapes is made. Nothing is written into a data set that exists. ::

    python examples/train.py                                    # two CPU cores, under three minutes
    python examples/train.py --data MY_FOLDER
    python examples/train.py --checkpoint run.pt                # stop it and start it again: it continues
    torchrun --nproc-per-node 2 examples/train.py --threads 1   # the same training on two processes
"""

from __future__ import annotations

import argparse
import os
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import moving_shapes
import torch
import torch.distributed as dist
from torch import nn
from torch.nn.parallel import DistributedDataParallel

import kinetics_fast as kf
import kinetics_fast.torch as kft

SIZE = 48


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--data", type=Path, help="folder with train and val, each with one folder per class (moving shapes)")
    add("--videos", type=int, nargs=2, default=(48, 12), help="moving shapes per class for train and val")
    add("--epochs", type=int, default=12)
    add("--batch-size", type=int, default=16, help="videos per process and step")
    add("--threads", type=int, help="decoding threads per process (all CPUs)")
    add("--checkpoint", type=Path, help="file to save to while training, and to resume from if it exists")
    add("--save-every", type=int, default=20, help="batches between two checkpoints (%(default)s)")
    add("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    return parser.parse_args()


def data_sets(arguments: argparse.Namespace) -> tuple[kf.Dataset, kf.Dataset]:
    """Give the training and the validation videos, which must have the same classes."""
    missing = [name for name in ("train", "val") if not (arguments.data / name).is_dir()]
    if missing:
        raise SystemExit(
            f"{arguments.data} has no folder {missing[0]}; it needs train and val, with class folders"
        )
    train, val = (kf.Dataset.from_folder(arguments.data / name) for name in ("train", "val"))
    if not train.classes or train.classes != val.classes:
        raise SystemExit(f"train and val of {arguments.data} need folders of the same classes")
    return train, val


def make_model(classes: int) -> nn.Module:
    """Three convolutions in space and time: 80 thousand weights."""
    channels = (3, 16, 32, 64)
    blocks = [
        nn.Sequential(
            nn.Conv3d(before, after, (3, 5, 5), (1 if before == 3 else 2, 2, 2), (1, 2, 2), bias=False),
            nn.BatchNorm3d(after),
            nn.ReLU(),
        )
        for before, after in pairwise(channels)
    ]
    head = nn.Linear(channels[-1], classes)
    return nn.Sequential(*blocks, nn.AdaptiveAvgPool3d(1), nn.Flatten(), head)


def loaders(
    arguments: argparse.Namespace, train_videos: kf.Dataset, val_videos: kf.Dataset
) -> tuple[kf.ClipLoader, kf.ClipLoader]:
    """Give the loader of training clips and the loader of 10 x 3 views."""
    common: dict[str, Any] = {
        "mean": 0.45,
        "std": 0.225,
        "threads": arguments.threads,
        **kft.rank_and_world_size(),
    }
    train = kf.ClipLoader(
        train_videos,
        kf.RandomClips(8, stride=2, clips=2),  # two clips per decoding, so half the epochs suffice
        kf.RandomCrop(SIZE, short_side=(SIZE, 54)),
        batch_size=arguments.batch_size,
        shuffle=True,
        **common,
    )
    views = kf.ClipLoader(
        val_videos,
        kf.UniformClips(8, stride=2, clips=10),
        kf.ThreeCrop(SIZE),
        batch_size=2,
        **common,
    )
    return train, views


class Training:
    """The contents of a checkpoint: model, optimizer, schedule, and the loader's position in its epoch."""

    def __init__(self, arguments: argparse.Namespace, loader: kf.ClipLoader, classes: int) -> None:
        self.arguments, self.loader = arguments, loader
        self.device = torch.device(arguments.device)
        self.model: nn.Module = make_model(classes).to(self.device)
        if dist.is_initialized():
            self.model = DistributedDataParallel(self.model)
        steps = arguments.epochs * len(loader)
        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=3e-3, weight_decay=0.02)
        self.schedule = torch.optim.lr_scheduler.OneCycleLR(self.optimizer, 6e-3, total_steps=steps)
        if arguments.checkpoint and arguments.checkpoint.exists():
            self.load()

    def parts(self) -> dict[str, Any]:
        return {
            "model": self.model,
            "optimizer": self.optimizer,
            "schedule": self.schedule,
            "loader": self.loader,
        }

    def save(self) -> None:
        path = self.arguments.checkpoint
        if path is None or (dist.is_initialized() and dist.get_rank()):
            return
        unfinished = path.with_suffix(".part")
        state = {name: part.state_dict() for name, part in self.parts().items()}
        torch.save(state, unfinished)
        unfinished.replace(path)

    def load(self) -> None:
        state = torch.load(self.arguments.checkpoint, map_location=self.device)
        for name, part in self.parts().items():
            part.load_state_dict(state[name])

    def run(self) -> None:
        while self.loader.epoch < self.arguments.epochs:
            self.train_epoch()
            self.save()

    def train_epoch(self) -> None:
        self.model.train()
        epoch, begin, right, seen = self.loader.epoch, time.perf_counter(), 0, 0
        for step, batch in enumerate(kft.to_device(self.loader, self.device), 1):
            logits = self.model(batch.frames)
            losses = nn.functional.cross_entropy(logits, batch.labels, label_smoothing=0.05, reduction="none")
            valid = batch.valid.to(losses)  # 0 for the repeats that fill up the last batch of several ranks
            loss = (losses * valid).sum() / valid.sum().clamp(min=1)
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()
            self.schedule.step()
            right += int(((logits.argmax(1) == batch.labels) * valid).sum())
            seen += int(valid.sum())
            if step % self.arguments.save_every == 0:
                self.save()
        say(f"epoch {epoch + 1}: {right / max(seen, 1):.1%} right, {time.perf_counter() - begin:.1f} s")


def evaluate(model: nn.Module, loader: kf.ClipLoader, device: torch.device) -> float:
    """Give the top-1 accuracy over all ranks, with the mean of the scores over the views of a video."""
    model.eval()
    counts = torch.zeros(2)
    for batch in kft.to_device(loader, device):
        with torch.inference_mode():
            scores = model(batch.frames).softmax(1)
        scores = scores.reshape(-1, loader.views, scores.shape[-1]).mean(1)
        valid = batch.valid.reshape(-1, loader.views)[:, 0]
        labels = torch.as_tensor(batch.labels).reshape(-1, loader.views)[:, 0]
        right = scores.argmax(1) == labels
        counts += torch.tensor([(right & valid).sum(), valid.sum()])
    if dist.is_initialized():
        dist.all_reduce(counts)
    return float(counts[0] / counts[1])


def say(words: str) -> None:
    if not dist.is_initialized() or dist.get_rank() == 0:
        print(words, flush=True)


def main() -> None:
    arguments = parse_arguments()
    torch.manual_seed(0)
    if "RANK" in os.environ:
        dist.init_process_group("gloo" if arguments.device == "cpu" else "nccl")
    if arguments.data is None:
        if dist.is_initialized() and dist.get_rank():
            dist.barrier()  # until the first process has made the videos
        arguments.data = moving_shapes.make(*arguments.videos)
        if dist.is_initialized() and not dist.get_rank():
            dist.barrier()
    train_videos, val_videos = data_sets(arguments)
    train, views = loaders(arguments, train_videos, val_videos)
    training = Training(arguments, train, len(train_videos.classes))
    training.run()
    say(f"{train.stats}")
    say(f"top-1 with 10 x 3 views: {evaluate(training.model, views, training.device):.1%}")
    if dist.is_initialized():
        dist.destroy_process_group()


if __name__ == "__main__":
    main()
