"""Runs shares of work as tasks of one CPU each, and yields their results.

1. Ray schedules the tasks, starts a task of a lost node again on another node, and keeps the results.
2. A few shares per CPU of the cluster are submitted at once, so that the memory of this process stays
   bounded. CPUs that join the cluster are used as soon as Ray reports them.
3. However the caller ends, no task goes on: all that are left are interrupted, and waited for a while.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Final, TypeVar

from kinetics_fast.errors import ResourceError
from kinetics_fast.ray.cluster import joined

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence

T = TypeVar("T")
R = TypeVar("R")

FILES_PER_SHARE: Final = 20  # at most
FEWEST_SHARES: Final = 64  # where there are so many files, so that a small data set is spread over the nodes
SHARES_PER_CPU: Final = 3  # submitted at once: one runs, the others wait at their node
RETRIES: Final = 5  # of a share whose node or worker process was lost
SECONDS_TO_END: Final = 10.0  # for the tasks that are interrupted


def shares_of(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """Yield the items in pieces of equal length, in their order."""
    length = min(FILES_PER_SHARE, max(1, len(items) // FEWEST_SHARES))
    return (items[first : first + length] for first in range(0, len(items), length))


def run_shares(
    function: Callable[..., R],
    common: Any,
    shares: Iterable[tuple[Any, ...]],
    *,
    at_once: int | None = None,
    in_order: bool = False,
) -> Generator[R, None, None]:
    """Call a function for every share on a cluster, and yield what it returns.

    Parameters
    ----------
    function : callable
        A function of a module, called with `common` and the items of a share. It uses one CPU. It may be
        called again for the same share, also while a lost node is still at work.
    common : object
        The first argument of all calls. Each node gets it once.
    shares : iterable of tuple
        The other arguments of each call.
    at_once : int, optional
        Number of tasks that run at once; as many as the cluster has CPUs by default.
    in_order : bool, optional
        Yield the results in the order of the shares, not as they are done.

    Yields
    ------
    object
        The result of each share.

    Raises
    ------
    Exception
        What the function raised.
    ResourceError
        The nodes or worker processes of a share were lost too often.
    """
    with joined():
        import ray

        task = ray.remote(num_cpus=1, max_retries=RETRIES)(function)
        common = ray.put(common)
        left = enumerate(shares)
        under_way: dict[Any, int] = {}
        finished: dict[int, R] = {}
        following = 0  # the share whose result is yielded next, if they are in order
        try:
            while True:
                limit = at_once or SHARES_PER_CPU * max(1, int(ray.cluster_resources().get("CPU", 1)))
                room = max(0, limit - len(under_way) - len(finished))
                for number, share in islice(left, room):
                    under_way[task.remote(common, *share)] = number
                if not under_way:
                    return
                for reference in _wait(list(under_way)):
                    finished[under_way.pop(reference)] = _result(reference)
                while following in finished if in_order else finished:
                    yield finished.pop(following if in_order else next(iter(finished)))
                    following += 1
        finally:
            _end(list(under_way))


def _wait(references: list[Any]) -> list[Any]:
    """Wait for a task, and return all that are done."""
    import ray

    ray.wait(references, num_returns=1)
    done: list[Any]
    done, _ = ray.wait(references, num_returns=len(references), timeout=0)
    return done


def _result(reference: Any) -> Any:
    import ray

    try:
        return ray.get(reference)
    except ray.exceptions.RayTaskError as error:
        raise error.cause from None
    except ray.exceptions.RayError as error:
        what = "Ray could not finish a task: its nodes or its worker processes were lost again and again"
        raise ResourceError(what, detail=str(error).strip()) from error


def _end(references: list[Any]) -> None:
    """Interrupt tasks. A task that encodes ends its ffmpeg."""
    import ray

    for reference in references:
        ray.cancel(reference)
    if references:
        ray.wait(references, num_returns=len(references), timeout=SECONDS_TO_END)
