"""A Ray cluster of three nodes on this machine, one CPU each, for the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from support.packages import installed

if TYPE_CHECKING:
    from support.ray_nodes import Nodes


@pytest.fixture(scope="session")
def _nodes() -> Iterator[Nodes]:
    if not installed("ray"):
        pytest.skip("Ray is not installed")
    from support.ray_nodes import three_nodes

    with three_nodes() as nodes:
        yield nodes


@pytest.fixture
def nodes(_nodes: Nodes) -> Nodes:
    """Return the cluster with all its nodes, also after a test that has killed one."""
    _nodes.complete()
    return _nodes
