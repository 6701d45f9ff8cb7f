"""Measure kf.ClipLoader on a folder of prepared clips: from disk, and from a server that answers late.

The folder has an index, as `kinetics-fast prepare` or `kinetics-fast scan` writes it. An HTTP server in a
process of its own serves the folder, and adds a delay to every request. An epoch reads `--clips` clips of 16
frames, stride 8, 224 x 224 float32, each from a name of its own. Disk and server take turns; the first epoch
of each is not counted. The table has the clips per second, the CPU time of the reading process, the ratios of
both, and the requests and bytes of an epoch.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import re
import tempfile
import time
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from urllib.parse import unquote

import numpy as np
from obstore.store import HTTPStore

import kinetics_fast as kf


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("folder", type=Path, metavar="FOLDER", help="prepared clips with their index")
    add("--delay", type=float, default=0.05, help="seconds added to each request (%(default)s)")
    add("--clips", type=int, default=512, help="clips per epoch (%(default)s)")
    add("--rounds", type=int, default=5, help="epochs of each (%(default)s)")
    add("--batch-size", type=int, default=8, help="clips per batch (%(default)s)")
    add("--threads", type=int, default=None, help="threads that decode (all CPUs)")
    return parser.parse_args()


class Server:
    """Serves ranges of files that it keeps in memory, each answer after a delay."""

    def __init__(self, folder: Path, delay: float) -> None:
        self._files = {f"/{path.relative_to(folder)}": path.read_bytes() for path in folder.rglob("*.mp4")}
        self._delay = delay
        self.requests = 0
        self.bytes = 0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while request := await reader.readuntil(b"\r\n\r\n"):
                await asyncio.sleep(self._delay)
                self._send(request.decode("latin-1"), writer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    def _send(self, request: str, writer: asyncio.StreamWriter) -> None:
        path = unquote(request.split(" ")[1])
        data = self._files[path[path.index("/", 1) :]]  # behind the number of the clip
        found = re.search(r"\r\nrange: bytes=(\d+)-(\d+)", request, re.IGNORECASE)
        begin, end = (int(found[1]), min(len(data), int(found[2]) + 1)) if found else (0, len(data))
        self.requests += 1
        self.bytes += end - begin
        head = (
            f'HTTP/1.1 206 Partial Content\r\nContent-Length: {end - begin}\r\nETag: "{len(data)}"\r\n'
            f"Content-Range: bytes {begin}-{end - 1}/{len(data)}\r\n"
            "Last-Modified: Wed, 04 Aug 2021 00:00:00 GMT\r\n\r\n"
        )
        writer.write(head.encode() + data[begin:end])


def serve(folder: Path, delay: float, pipe: Connection) -> None:
    """Serve until the pipe is closed; whoever asks through the pipe gets the counts, which begin anew."""

    async def run() -> None:
        server = Server(folder, delay)
        listening = await asyncio.start_server(server.answer, "127.0.0.1", 0)
        pipe.send(listening.sockets[0].getsockname()[1])
        while True:
            await asyncio.sleep(0.01)
            if pipe.poll():
                if pipe.recv() is None:
                    return
                pipe.send((server.requests, server.bytes))
                server.requests = server.bytes = 0

    asyncio.run(run())


def epoch(chosen: list[kf.Record], arguments: argparse.Namespace, seed: int) -> tuple[float, float, float]:
    """Return the clips per second of an epoch, its CPU time in seconds, and a number that pixels change."""
    loader = kf.ClipLoader(
        chosen,
        kf.RandomClips(16, stride=8),
        kf.RandomCrop(224),
        batch_size=arguments.batch_size,
        seed=seed,
        threads=arguments.threads,
    )
    begin, cpu = time.perf_counter(), time.process_time()
    total = 0.0
    for batch in loader:
        total += float(batch.frames[:, :, ::5, ::37, ::41].astype(np.float64).sum())
    return arguments.clips / (time.perf_counter() - begin), time.process_time() - cpu, total


def main() -> None:
    arguments = parse_arguments()
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(arguments.folder, arguments.delay, theirs), daemon=True)
    process.start()
    store = HTTPStore(f"http://127.0.0.1:{ours.recv()}", client_options={"allow_http": True})
    with tempfile.TemporaryDirectory(dir=arguments.folder.resolve().parent) as copies:
        disk, remote = two_data_sets(arguments, store, Path(copies))
        measure(arguments, ours, disk, remote)
    ours.send(None)
    process.join()


def two_data_sets(
    arguments: argparse.Namespace, store: HTTPStore, copies: Path
) -> tuple[list[kf.Record], list[kf.Record]]:
    """Return the same clips on disk, as hard links, and at the server."""
    clips = kf.Dataset.from_index(arguments.folder)
    disk, remote = [], []
    for number in range(arguments.clips):
        record = clips[number % len(clips)]
        source = str(record.source)
        path = Path(source).relative_to(arguments.folder)
        link = copies / str(number) / path
        link.parent.mkdir(parents=True)
        link.hardlink_to(source)
        disk.append(replace(record, source=link))
        remote.append(replace(record, source=kf.Remote(store, f"{number}/{path}")))
    return disk, remote


def measure(
    arguments: argparse.Namespace, ours: Connection, disk: list[kf.Record], remote: list[kf.Record]
) -> None:
    """Run the epochs and print the table."""
    rates: dict[str, list[float]] = {"disk": [], "server": []}
    seconds: dict[str, list[float]] = {"disk": [], "server": []}
    requests = sent = 0
    for round_ in range(arguments.rounds + 1):
        from_disk, disk_cpu, check = epoch(disk, arguments, round_)
        ours.send("counts")
        ours.recv()
        from_server, server_cpu, same = epoch(remote, arguments, round_)
        assert same == check, "the server gave other frames than the disk"
        ours.send("counts")
        requests, sent = ours.recv()
        if round_:
            rates["disk"].append(from_disk)
            rates["server"].append(from_server)
            seconds["disk"].append(disk_cpu)
            seconds["server"].append(server_cpu)
    print(f"median of {arguments.rounds} pairs, {1000 * arguments.delay:.0f} ms added to each request")
    for name in ("disk", "server"):
        print(f"{name:8}{median(rates[name]):8.1f} clips/s {median(seconds[name]):8.2f} s of CPU")
    print(f"ratio   {ratio(rates):8.3f}         {ratio(seconds):8.3f}")
    print(f"an epoch of {arguments.clips} clips: {requests} requests, {sent / 1e6:.1f} MB")


def ratio(values: dict[str, list[float]]) -> float:
    return median(a / b for a, b in zip(values["server"], values["disk"], strict=True))


if __name__ == "__main__":
    main()
