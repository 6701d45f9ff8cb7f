"""The recipes of docs/loader.md run with each framework that is installed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import kinetics_fast as kf
from support import loading

pytestmark = pytest.mark.ffmpeg

PAGE = Path(__file__).parents[2] / "docs" / "loader.md"


def run_recipe(library: str, loader: kf.ClipLoader) -> dict[str, Any]:
    """Run the recipe that imports the library, and return the names that it defines."""
    pytest.importorskip(library)
    recipes = re.findall(r"```py\n(.*?)```", PAGE.read_text(), re.DOTALL)
    (recipe,) = (recipe for recipe in recipes if f"import {library}" in recipe)
    names: dict[str, Any] = {"loader": loader}
    exec(recipe, names)  # code of the page
    return names


def small_loader() -> kf.ClipLoader:
    return loading.loader(loading.dataset(6), dtype="float32")


def test_jax_takes_a_batch_without_a_copy() -> None:
    names = run_recipe("jax", small_loader())
    frames, batch = names["frames"], names["batch"]
    assert frames.unsafe_buffer_pointer() == batch.frames.ctypes.data
    assert np.array_equal(frames, batch.frames)
    assert names["labels"].tolist() == batch.labels.tolist()


def test_jax_holds_the_memory_that_it_took() -> None:
    jax = pytest.importorskip("jax")
    kept = [jax.numpy.from_dlpack(batch.frames) for batch in small_loader()]
    for frames, batch in zip(kept, small_loader(), strict=True):
        assert np.array_equal(frames, batch.frames)


def test_grain_iterates_maps_and_resumes() -> None:
    names = run_recipe("grain", small_loader())
    expected = list(small_loader())
    iterator = iter(names["batches"])
    first = next(iterator)
    assert np.array_equal(first["frames"], expected[0].frames)
    assert first["mean"] == expected[0].frames.mean()
    state = iterator.get_state()
    rest = [batch["frames"] for batch in iterator]
    assert all(np.array_equal(a, b.frames) for a, b in zip(rest, expected[1:], strict=True))
    resumed = iter(run_recipe("grain", small_loader())["batches"])
    resumed.set_state(state)
    assert all(np.array_equal(a["frames"], b) for a, b in zip(resumed, rest, strict=True))


def test_tensorflow_takes_a_batch() -> None:
    names = run_recipe("tensorflow", small_loader())
    assert np.array_equal(names["frames"].numpy(), names["batch"].frames)
    assert names["labels"].numpy().tolist() == names["batch"].labels.tolist()
