"""Stores on this machine, which count requests and make trouble: moto's S3 server, and an HTTP server."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

BUCKET = "clips"
KEY, SECRET = "AKIAEXAMPLEEXAMPLE", "not-a-secret-but-looked-for"
STATUS = {429: "429 Too Many Requests", 500: "500 Internal Server Error", 503: "503 Slow Down"}

FINE, TRUNCATE, STALL, DROP = 0, 1, 2, 3  # troubles beside a number of STATUS


@dataclass(frozen=True)
class Asked:
    """One request as the server received it."""

    method: str
    path: str
    range: str | None


def no_trouble(number: int, asked: Asked) -> int:  # noqa: ARG001
    """Answer every request as it should be."""
    return FINE


@dataclass
class Watched:
    """A WSGI application whose requests are counted, and some of whose answers go wrong.

    Attributes
    ----------
    app : callable
        The application.
    asked : list of Asked
        The requests so far.
    trouble : callable
        ``trouble(number, asked)`` returns what goes wrong with a request, from its number of all requests.
    """

    app: Callable[..., Iterable[bytes]]
    asked: list[Asked] = field(default_factory=list)
    trouble: Callable[[int, Asked], int] = no_trouble
    closing: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        asked = Asked(environ["REQUEST_METHOD"], environ["PATH_INFO"], environ.get("HTTP_RANGE"))
        with self.lock:
            number = len(self.asked)
            self.asked.append(asked)
        trouble = self.trouble(number, asked)
        if trouble in STATUS:
            start_response(STATUS[trouble], [("Content-Length", "0")])
            return []
        if trouble == DROP:
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            return []
        body = b"".join(self.app(environ, start_response))
        if trouble == TRUNCATE:
            body = body[: len(body) // 2]
        if trouble == STALL:
            return self._stalled(body)
        return [body]

    def _stalled(self, body: bytes) -> Iterator[bytes]:
        yield body[:1]
        self.closing.wait(60)

    def reads(self) -> list[Asked]:
        """Return the requests for bytes."""
        return [asked for asked in self.asked if asked.method == "GET"]


@contextlib.contextmanager
def _serving(watched: Watched) -> Iterator[str]:
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Handler(WSGIRequestHandler):
        protocol_version = "HTTP/1.1"

        def log(self, *_: Any) -> None:
            """Print nothing."""

    server = make_server("127.0.0.1", 0, watched, threaded=True, request_handler=Handler)
    server.daemon_threads = True  # type: ignore[attr-defined]
    server.block_on_close = False  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        watched.closing.set()
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass(frozen=True)
class Bucket:
    """A bucket of an S3 server: its client, and what makes a store of it."""

    endpoint: str
    client: Any
    watched: Watched

    def put(self, key: str, data: bytes) -> None:
        self.client.put_object(Bucket=BUCKET, Key=key, Body=data)

    def store(self, prefix: str | None = None, retries: int = 0) -> Any:
        from obstore.store import S3Store

        return S3Store(
            BUCKET,
            prefix=prefix,
            endpoint=self.endpoint,
            region="us-east-1",
            access_key_id=KEY,
            secret_access_key=SECRET,
            client_options={"allow_http": True},
            retry_config={"max_retries": retries},
            virtual_hosted_style_request=False,
        )


@contextlib.contextmanager
def s3_server() -> Iterator[Bucket]:
    """Run moto's S3 server in this process, on a port that is free."""
    import boto3
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

    watched = Watched(DomainDispatcherApplication(create_backend_app))
    with _serving(watched) as endpoint:
        client = boto3.client(
            "s3",
            endpoint_url=endpoint,
            region_name="us-east-1",
            aws_access_key_id=KEY,
            aws_secret_access_key=SECRET,
        )
        client.create_bucket(Bucket=BUCKET)
        yield Bucket(endpoint, client, watched)
        client.close()


@dataclass(frozen=True)
class WebHost:
    """Files at an HTTP server that serves ranges."""

    url: str
    files: dict[str, bytes]
    watched: Watched

    def store(self, retries: int = 0) -> Any:
        from obstore.store import HTTPStore

        return HTTPStore(self.url, client_options={"allow_http": True}, retry_config={"max_retries": retries})


@contextlib.contextmanager
def web_server() -> Iterator[WebHost]:
    """Serve files, which the caller adds, with ETags and ranges."""
    from werkzeug.wrappers import Request, Response

    files: dict[str, bytes] = {}

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        request = Request(environ)
        data = files.get(request.path.lstrip("/"))
        if data is None:
            return Response("no such file", 404)(environ, start_response)
        response = Response(data, content_type="application/octet-stream")
        response.add_etag()
        if "If-Match" in request.headers and request.headers["If-Match"] != response.headers["ETag"]:
            return Response("changed", 412)(environ, start_response)
        response.make_conditional(request, accept_ranges=True, complete_length=len(data))
        return response(environ, start_response)

    watched = Watched(app)
    with _serving(watched) as url:
        yield WebHost(url, files, watched)
