"""
Kinetics, from a scan to training
=================================

`kinetics-fast scan` matches the annotations to the files and reads every file once. Training then needs no
container to be parsed. Here a few made videos stand for Kinetics-400.
"""

import shutil
import sys
import tempfile
from pathlib import Path

import moving_shapes

import kinetics_fast as kf
from kinetics_fast.cli import main

# %%
# Skip this function if you have Kinetics.


def small_kinetics(root: Path) -> Path:
    """Make a folder as `kinetics-fast download 400 ROOT --extract` does: videos and annotations."""
    rows = ["label,youtube_id,time_start,time_end,split"]
    (root / "train").mkdir(parents=True)
    (root / "annotations").mkdir()
    for number, video in enumerate(sorted((moving_shapes.make() / "train").glob("*/*.mp4"))):
        rows.append(f"{video.parent.name},{number:011d},0,2,train")
        if number:  # the first clip is missing, as some always are
            shutil.copy(video, root / "train" / f"{number:011d}_000000_000002.mp4")
    (root / "annotations" / "train.csv").write_text("\n".join(rows) + "\n")
    return root


# %%
# Scan the folder, then train from the index that the scan wrote.
with tempfile.TemporaryDirectory() as temporary:
    folder = sys.argv[1] if len(sys.argv) > 1 else str(small_kinetics(Path(temporary) / "k400"))
    code = main(["scan", folder])  # in a shell: kinetics-fast scan FOLDER
    print(f"exit code {code}: 0 if every clip is fine, 1 if the report has faults to name")

    train = kf.Dataset.from_index(folder, split="train")
    loader = kf.ClipLoader(
        train, kf.RandomClips(8, stride=4), kf.RandomResizedCrop(48), batch_size=8, shuffle=True
    )
    for _ in loader:
        pass  # a training step
    print(f"{len(train)} clips of {len(train.classes)} classes, {loader.stats.clips_per_second:.0f} clips/s")
