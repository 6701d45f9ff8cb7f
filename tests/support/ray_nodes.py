"""A Ray cluster of three nodes on this machine, whose nodes can be killed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ray
from ray.cluster_utils import Cluster

NODES = 3
STORE_BYTES = 100 << 20  # per node
SECONDS = 60.0


class Nodes:
    """The cluster. The first node is the head, which has the driver and stays alive."""

    def __init__(self, cluster: Any) -> None:
        self.cluster = cluster

    def complete(self) -> None:
        """Add nodes until there are three."""
        while len(self.cluster.list_all_nodes()) < NODES:
            self.cluster.add_node(num_cpus=1, object_store_memory=STORE_BYTES)
        self.cluster.wait_for_nodes(SECONDS)

    def workers(self) -> list[Any]:
        """Return the nodes that can be killed."""
        return list(self.cluster.worker_nodes)

    def kill(self, node: Any) -> None:
        """Kill all processes of a node. The cluster learns it seconds later."""
        self.cluster.remove_node(node, allow_graceful=False)

    @contextmanager
    def losing_a_busy_one(self, may: Callable[[], object]) -> Iterator[None]:
        """Kill a node while it works on a task, once `may` returns something true."""
        killed = threading.Event()

        def working() -> list[Any]:
            return [node for node in self.workers() if may() and is_busy(node)]

        def kill() -> None:
            until(working)
            self.kill((working() or self.workers())[0])
            killed.set()

        thread = threading.Thread(target=kill)
        thread.start()
        try:
            yield
        finally:
            thread.join()
        assert killed.is_set()


def alive() -> set[str]:
    """Return the ids of the nodes that the cluster takes for alive."""
    return {node["NodeID"] for node in ray.nodes() if node["Alive"]}


def is_busy(node: Any) -> bool:
    """Return whether a worker process of the node is at work on a task. What Ray reports of it is older."""
    raylets = {str(started.process.pid) for started in node.all_processes["raylet"]}
    return any(_parent_if_working(process) in raylets for process in Path("/proc").glob("[0-9]*"))


def _parent_if_working(process: Path) -> str | None:
    try:
        title = (process / "cmdline").read_bytes()
        if not title.startswith(b"ray::") or title.startswith(b"ray::IDLE"):
            return None
        return (process / "stat").read_text().rpartition(")")[2].split()[1]
    except OSError:  # the process has ended
        return None


def until(is_so: Callable[[], object]) -> None:
    """Wait until a condition holds."""
    end = time.monotonic() + SECONDS
    while not is_so():
        assert time.monotonic() < end, "the cluster did not come to the state that the test waits for"
        time.sleep(0.02)


@contextmanager
def three_nodes() -> Iterator[Nodes]:
    """Start the cluster and join it. Nothing of it is left afterwards."""
    head = {"num_cpus": 1, "object_store_memory": STORE_BYTES, "include_dashboard": False}
    cluster = Cluster(initialize_head=True, head_node_args=head)
    try:
        nodes = Nodes(cluster)
        nodes.complete()
        ray.init(address=cluster.address, log_to_driver=False, logging_level="ERROR")
        yield nodes
    finally:
        ray.shutdown()
        cluster.shutdown()


def store_bytes() -> int:
    """Return the bytes in use in the object stores of all nodes."""
    name = "object_store_memory"
    return int(ray.cluster_resources()[name] - ray.available_resources().get(name, 0))


def spilled_files() -> list[Path]:
    """Return the files with objects for which the stores had no room."""
    session = Path(ray._private.worker.global_worker.node.get_session_dir_path())
    return [path for path in session.glob("ray_spilled_objects*/**/*") if path.is_file()]


def memory_of_workers() -> int:
    """Return the largest amount of memory of its own that a worker process has, in bytes."""
    return max([0, *map(_own_memory, Path("/proc").glob("[0-9]*"))])


def _own_memory(process: Path) -> int:
    try:
        if not (process / "cmdline").read_bytes().startswith(b"ray::"):
            return 0
        lines = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines())
        return int(lines["RssAnon"].split()[0]) << 10
    except (OSError, KeyError):  # the process has ended
        return 0
