"""
Ray Train
=========

The cluster decodes, and the workers of Ray Train get the batches as tensors. Each epoch is a data set with
clips of its own. One machine is a cluster too: this script needs two of its CPUs.
"""

import sys
import tempfile
from pathlib import Path

import moving_shapes
import ray
import torch
from ray import train
from ray.train import Checkpoint, RunConfig, ScalingConfig
from ray.train.torch import TorchTrainer, prepare_model

import kinetics_fast as kf
from kinetics_fast.ray import read_clips

EPOCHS = 2
root = Path(sys.argv[1]) if len(sys.argv) > 1 else moving_shapes.make() / "train"
dataset = kf.Dataset.from_folder(root.resolve())


def learn(config: dict[str, int]) -> None:
    layers = torch.nn.Conv3d(3, 8, 3), torch.nn.AdaptiveAvgPool3d(1), torch.nn.Flatten()
    model = prepare_model(torch.nn.Sequential(*layers, torch.nn.Linear(8, config["classes"])))
    optimizer = torch.optim.AdamW(model.parameters(), 1e-3)
    for epoch in range(EPOCHS):
        for batch in train.get_dataset_shard(f"epoch {epoch}").iter_torch_batches(batch_size=None):
            loss = torch.nn.functional.cross_entropy(model(batch["frames"]), batch["labels"])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        with tempfile.TemporaryDirectory() as folder:
            torch.save(model.state_dict(), f"{folder}/model.pt")
            train.report({"loss": loss.item()}, checkpoint=Checkpoint.from_directory(folder))


recipe = kf.RandomClips(8, stride=4), kf.RandomResizedCrop(56)
epochs = {
    f"epoch {epoch}": read_clips(dataset, *recipe, batch_size=8, shuffle=True, epoch=epoch).select_columns(
        ["frames", "labels"]  # a tensor cannot have the texts of `errors`
    )
    for epoch in range(EPOCHS)
}
with tempfile.TemporaryDirectory() as results:
    trainer = TorchTrainer(
        learn,
        train_loop_config={"classes": len(dataset.classes)},
        scaling_config=ScalingConfig(num_workers=1),  # use_gpu=True where there are GPUs
        run_config=RunConfig(storage_path=results),
        datasets=epochs,
    )
    print(trainer.fit().metrics)
ray.shutdown()
