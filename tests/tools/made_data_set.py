"""Makes a data set with as many classes as Kinetics, to look at: small moving pictures, some of them broken.

ffmpeg makes a few videos once. Every clip is a link to one of them, with a name and a folder as in Kinetics.
"""

from __future__ import annotations

import random
from itertools import product
from pathlib import Path

import ffmpeg

from videos import ffmpeg_cli

VERBS = """
baking balancing carrying catching cleaning cutting drawing folding holding juggling kicking lifting making
moving opening painting playing pulling pushing riding rolling shaping sharpening spinning stacking throwing
tying washing
"""
THINGS = """
apples balloons baskets bottles boxes bricks cards carpets chairs clay coins cymbals dough flags hoops kites
knives ladders paper planks ropes sand snow wheels tyres
"""
SOURCES = (
    "testsrc2=size={size}:rate={rate}",
    "mandelbrot=size={size}:rate={rate}:start_scale=1:end_scale=0.02:end_pts=250",
    "life=size=80x60:rate={rate}:mold=20:seed={seed}:death_color=#C83232,scale={size}:flags=neighbor",
    "gradients=size={size}:rate={rate}:n=6:seed={seed}:speed=0.03",
    "cellauto=size=96x72:rate={rate}:seed={seed}:rule=18,scale={size}:flags=neighbor,hue=h={hue}:s=3",
    "sierpinski=size={size}:rate={rate}:seed={seed},hue=h=t*20",
)
SIZES = ("340:256", "454:256", "320:240", "256:340", "426:240")
RATES = (30, 25, 30, 24, 15)


def make_data_set(root: Path, classes: int, clips: int, seed: int = 1) -> Path:
    """Make train and val folders of class folders; three percent of the clips are broken in various ways."""
    rng = random.Random(seed)
    pictures = _pictures(root / "pictures")
    names = [f"{verb} {thing}" for verb, thing in product(VERBS.split(), THINGS.split())]
    names = sorted(rng.sample(names, classes))
    for number, name in enumerate(names):
        for clip in range(clips):
            split = "val" if clip == clips - 1 else "train"
            folder = root / "clips" / split / name
            folder.mkdir(parents=True, exist_ok=True)
            start = rng.randrange(200)
            file = folder / f"{number:05d}_{clip:05d}_{start:06d}_{start + 10:06d}.mp4"
            source = pictures[rng.randrange(len(pictures))]
            if rng.random() < 0.03:
                _break(source, file, rng)
            else:
                file.hardlink_to(source)
    return root / "clips"


def _pictures(folder: Path) -> list[Path]:
    folder.mkdir(parents=True)
    made = []
    for number in range(36):
        size, rate = SIZES[number % len(SIZES)].replace(":", "x"), RATES[number % len(RATES)]
        words = SOURCES[number % len(SOURCES)].format(
            size=size, rate=rate, seed=number, hue=number * 37 % 360
        )
        path = folder / f"{number}.mp4"
        options = {
            "vcodec": "libx264",
            "pix_fmt": "yuv420p",
            "preset": "veryfast",
            "t": 10 if number % 9 else 6,
            "movflags": "faststart" if number % 2 else "disable_chpl",
        }
        tinted = ffmpeg.input(words, f="lavfi").filter("hue", h=number * 53 % 360)
        ffmpeg_cli.run(ffmpeg.output(tinted, str(path), crf=30, g=(250, 60, 12)[number % 3], **options))
        made.append(path)
    return made


def _break(source: Path, file: Path, rng: random.Random) -> None:
    data = source.read_bytes()
    if rng.random() < 0.3:
        data = b""
    elif rng.random() < 0.3:
        data = b"<html><body>403 Forbidden</body></html>"
    else:
        data = data[: rng.randrange(1000, len(data) - 1000)]
    file.write_bytes(data)
