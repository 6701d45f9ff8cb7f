"""The ring of page-locked buffers is as long as the number of batches that are decoded ahead needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import kinetics_fast as kf

if TYPE_CHECKING:
    from pathlib import Path

torch = pytest.importorskip("torch")


@pytest.mark.parametrize(("allowed", "ahead"), [(99, 8), (7, 7), (3, 3)])
def test_prefetch_that_bytes_limit_has_two_buffers_more(
    path: Path, monkeypatch: pytest.MonkeyPatch, allowed: int, ahead: int
) -> None:
    from kinetics_fast.torch import device

    empty = torch.empty

    def unlocked(*shape: Any, pin_memory: bool, **options: Any) -> Any:
        assert pin_memory
        return empty(*shape, **options)  # page-locked memory needs a GPU

    monkeypatch.setattr(torch, "empty", unlocked)
    batch_bytes = 2 * 3 * 2 * 8 * 8
    loader = kf.ClipLoader(
        [path] * 4, kf.UniformClips(2, 1), size=8, batch_size=2, dtype="uint8", prefetch=8,
        prefetch_bytes=allowed * batch_bytes,
    )  # fmt: skip
    options = device._with_ring(loader._options)
    assert options.prefetch == ahead
    assert options.buffers is not None
    assert len(options.buffers) == ahead + 2
