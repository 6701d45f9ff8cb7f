"""An HTTP server on this machine that serves bytes and ranges, and misbehaves as a test tells it to.

Each path has a list of troubles. A request takes the first trouble of its path. Without a trouble the answer
is correct.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

from support.troubles import Trouble

PIECE = 4096
HTML = b"<!DOCTYPE html><title>Please log in</title>"


FINE = Trouble()


@dataclass(frozen=True)
class Asked:
    """One request as the server received it."""

    method: str
    path: str
    range: str | None
    if_range: str | None


@dataclass
class Host:
    """What the server serves, which troubles it makes, and which requests it received.

    Attributes
    ----------
    url : str
        The server's address.
    files : dict of str to bytes
        The content of each decoded path.
    troubles : dict of str to list of Trouble
    happened : list of Trouble
        The troubles so far.
    asked : list of Asked
    served : int
        The number of bytes sent in bodies.
    on_bytes : callable
        Called with `served` after each piece.
    """

    url: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    troubles: dict[str, list[Trouble]] = field(default_factory=dict)
    happened: list[Trouble] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    served: int = 0
    on_bytes: Callable[[int], object] = int
    lock: threading.Lock = field(default_factory=threading.Lock)
    closing: threading.Event = field(default_factory=threading.Event)

    def take_trouble(self, path: str) -> Trouble:
        with self.lock:
            waiting = self.troubles.get(path)
            if not waiting:
                return FINE
            trouble = waiting.pop(0)
            self.happened.append(trouble)
            if trouble.becomes is not None:
                self.files[path] = trouble.becomes
            return trouble

    def count(self, size: int) -> None:
        with self.lock:
            self.served += size
            served = self.served
        self.on_bytes(served)

    def requests(self, path: str) -> list[Asked]:
        return [asked for asked in self.asked if asked.path == path]


def etag(data: bytes) -> str:
    return f'"{hashlib.md5(data).hexdigest()}"'


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    host: Host

    def do_GET(self) -> None:
        self._answer(send_body=True)

    def do_HEAD(self) -> None:
        self._answer(send_body=False)

    def log_message(self, *_: object) -> None:
        """Print nothing."""

    def _answer(self, *, send_body: bool) -> None:
        path = unquote(self.path)
        headers = self.headers
        self.host.asked.append(Asked(self.command, path, headers["Range"], headers["If-Range"]))
        trouble = self.host.take_trouble(path)
        if trouble.mute:
            self.close_connection = True
        elif trouble.status:
            self._refuse(trouble)
        elif trouble.web_page:
            self._send(200, HTML, 0, trouble, send_body)
        elif path not in self.host.files:
            self._refuse(Trouble(status=404))
        else:
            self._send_file(self.host.files[path], trouble, send_body)

    def _refuse(self, trouble: Trouble) -> None:
        self.send_response(trouble.status)
        if trouble.retry_after:
            self.send_header("Retry-After", trouble.retry_after)
        if trouble.location:
            self.send_header("Location", trouble.location)
        if trouble.endless:
            self._send_endless(HTML, trouble)
            return
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send_file(self, data: bytes, trouble: Trouble, send_body: bool) -> None:
        start = self._first_byte(data, trouble)
        if start and start >= len(data):
            self.send_response(416)
            self.send_header("Content-Range", f"bytes */{len(data)}")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if trouble.flip_at is not None:
            changed = bytearray(data)
            changed[trouble.flip_at] ^= 1
            self._send(206 if start else 200, bytes(changed), start, trouble, send_body, etag(data))
        else:
            self._send(206 if start else 200, data, start, trouble, send_body, etag(data))

    def _first_byte(self, data: bytes, trouble: Trouble) -> int:
        found = re.fullmatch(r"bytes=(\d+)-", self.headers["Range"] or "")
        condition = None if trouble.ignore_condition else self.headers["If-Range"]
        if found is None or trouble.ignore_range or condition not in (None, etag(data), self._date(data)):
            return 0
        return int(found.group(1)) + trouble.range_error

    @staticmethod
    def _date(data: bytes) -> str:
        """Return a date that depends on the data."""
        return (
            f"Wed, 04 Aug 2021 {data[0] % 24:02}:{data[-1] % 60:02}:{len(data) % 60:02} GMT" if data else ""
        )

    def _send(
        self, status: int, data: bytes, start: int, trouble: Trouble, send_body: bool, tag: str = ""
    ) -> None:
        body = data[start:]
        announced = len(body) + trouble.length_error
        self.send_response(status)
        if trouble.endless:
            self._send_endless(body, trouble)
            return
        if trouble.no_length:
            self.send_header("Transfer-Encoding", "chunked")
        else:
            self.send_header("Content-Length", str(announced))
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        if tag and trouble.validators:
            self.send_header("ETag", tag)
            self.send_header("Last-Modified", self._date(data))
        self.end_headers()
        if send_body:
            with contextlib.suppress(OSError):
                self._send_body(body[:announced], trouble)
        if trouble.length_error > 0:
            self.close_connection = True

    def _send_endless(self, body: bytes, trouble: Trouble) -> None:
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.close_connection = True
        with contextlib.suppress(OSError):
            while not self.host.closing.is_set():
                self.wfile.write(b"%x\r\n%b\r\n" % (len(body), body))
                self.host.count(len(body))
                time.sleep(trouble.pause)

    def _send_body(self, body: bytes, trouble: Trouble) -> None:
        stops = [stop for stop in (trouble.drop_after, trouble.hang_after) if stop is not None]
        end = min([len(body), *stops])
        for first in range(0, end, PIECE):
            piece = body[first : min(end, first + PIECE)]
            self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece) if trouble.no_length else piece)
            self.host.count(len(piece))
            time.sleep(trouble.pause)
        if trouble.hang_after is not None:
            self.host.closing.wait(30)
        if stops:
            self.close_connection = True
        elif trouble.no_length:
            self.wfile.write(b"0\r\n\r\n")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, *_: object) -> None:
        """Print nothing, because a client that is killed closes its connection."""


@contextlib.contextmanager
def serving() -> Iterator[Host]:
    """Serve an empty host, to be filled by its `files`."""
    host = Host()
    handler = type("Handler", (_Handler,), {"host": host})
    with _Server(("127.0.0.1", 0), handler) as server:
        host.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield host
        finally:
            host.closing.set()
            server.shutdown()
            thread.join()
