"""Requests to a server, with retries. Knows HTTP, not the content of files."""

from __future__ import annotations

import contextlib
import email.utils
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import httpx
import tenacity

from kinetics_fast import _core
from kinetics_fast.download.catalog import HOST, PAGE
from kinetics_fast.download.errors import StoppedError, TransferError
from kinetics_fast.download.limits import Allowance
from kinetics_fast.download.names import request_url

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Mapping

    from kinetics_fast.download.limits import Limits

T = TypeVar("T")

BUSY = {408, 425, 429}  # client errors that mean "try again later"
MOST_REDIRECTS = 20
WHOLE = {"Accept-Encoding": "identity"}  # no compression, so that lengths and ranges are those of the file


@dataclass(frozen=True)
class RetryPolicy:
    """How often and how long to retry a request. Times are in seconds.

    Attributes
    ----------
    attempts : int
        Number of attempts without receiving a byte.
    refusals : int
        Number of attempts if the server answers that there is no such file, as some hosts under load do.
    first_wait, longest_wait : float
        Pauses are random. Their upper bound doubles from `first_wait` to `longest_wait`, unless the server
        asks for a pause.
    read_timeout : float
        How long to wait for bytes of a connection.
    """

    attempts: int = 8
    refusals: int = 3
    first_wait: float = 1.0
    longest_wait: float = 60.0
    read_timeout: float = 30.0


class StatusError(Exception):
    """A response other than the file."""

    def __init__(self, response: httpx.Response) -> None:
        super().__init__(f"the server answers {response.status_code} {response.reason_phrase}".rstrip())
        self.refused = 400 <= response.status_code < 500 and response.status_code not in BUSY
        self.pause = _seconds(response.headers.get("retry-after", ""))


class Session:
    """Connections to the hosts. May be used from several threads at once.

    Parameters
    ----------
    stop : threading.Event
        If set, all waits end and requests raise `StoppedError`.
    policy : RetryPolicy, optional
        How often and how long to retry.
    mirror : str, optional
        The address of a copy of CVDF's folder to use instead.
    """

    def __init__(self, stop: threading.Event, policy: RetryPolicy | None = None, mirror: str = HOST) -> None:
        self.stop = stop
        self.policy = policy or RetryPolicy()
        self._mirror = mirror
        self._client = httpx.Client(
            headers={"User-Agent": f"kinetics-fast/{_core.build_info()['version']}"},
            timeout=self.policy.read_timeout,
            limits=httpx.Limits(max_connections=None),
        )

    def open(self, url: str, headers: Mapping[str, str]) -> httpx.Response:
        """Request a file once. The caller reads the body and closes the response."""
        return self._send("GET", url, headers)

    def _send(self, method: str, url: str, headers: Mapping[str, str]) -> httpx.Response:
        """Follow redirects without reading their bodies, as httpx would do, since these may have no end."""
        address = request_url(url, self._mirror)
        request = self._client.build_request(method, address, headers={**WHOLE, **headers})
        for _ in range(1 + MOST_REDIRECTS):
            response = self._client.send(request, stream=True)
            if response.next_request is None:
                return response
            response.close()
            request = response.next_request
        raise httpx.TooManyRedirects(f"more than {MOST_REDIRECTS} redirects", request=request)

    def text(self, url: str, limits: Limits) -> str:
        """Return the content of a small text file.

        Raises
        ------
        TransferError
            The server did not send the file, or sends more than is allowed.
        """
        allowance = Allowance(url, limits)

        def ask() -> str:
            with contextlib.closing(self._send("GET", url, {})) as response:
                if response.status_code != httpx.codes.OK:
                    raise StatusError(response)
                content = bytearray()
                for piece in response.iter_raw():
                    content += piece
                    allowance.check(len(content))
            return content.decode("utf-8", errors="replace")

        return self.with_retries(url, ask, allowance)

    def length(self, url: str) -> int | None:
        """Return the length of a file in bytes; None if the server does not tell it."""

        def ask() -> int | None:
            with contextlib.closing(self._send("HEAD", url, {})) as response:
                if response.status_code != httpx.codes.OK:
                    raise StatusError(response)
                return content_length(response)

        try:
            return self.with_retries(url, ask)
        except TransferError:
            return None

    def with_retries(self, url: str, ask: Callable[[], T], allowance: Allowance | None = None) -> T:
        """Return what `ask` returns, and retry it after errors that may go away, while the time is allowed.

        Raises
        ------
        TransferError
            The last attempt failed. The message says how the server responded.
        StoppedError
            The run was stopped.
        """
        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type((httpx.TransportError, StatusError)),
            stop=self._stop_retrying,
            wait=self._pause,
            sleep=tenacity.sleep_using_event(self.stop),
            reraise=True,
        )
        try:
            result: T = retrying(self._unless_stopped, ask, allowance)
            return result
        except StatusError as error:
            advice = f"CVDF may have moved it: see {PAGE}" if error.refused else "try again later"
            raise TransferError(f"{url}: {error}; {advice}") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            words = str(error) or type(error).__name__
            raise TransferError(f"{url}: {words}; try again later, the download continues there") from error

    def _unless_stopped(self, ask: Callable[[], T], allowance: Allowance | None) -> T:
        if self.stop.is_set():
            raise StoppedError("stopped")
        if allowance is not None:
            allowance.check()
        return ask()

    def _stop_retrying(self, state: tenacity.RetryCallState) -> bool:
        error = state.outcome.exception() if state.outcome else None
        refused = isinstance(error, StatusError) and error.refused
        return state.attempt_number >= (self.policy.refusals if refused else self.policy.attempts)

    def _pause(self, state: tenacity.RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        if isinstance(error, StatusError) and error.pause is not None:
            return min(error.pause, self.policy.longest_wait)
        drawn = tenacity.wait_random_exponential(self.policy.first_wait, self.policy.longest_wait)
        return drawn(state)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def content_length(response: httpx.Response) -> int | None:
    """Return the length in the headers of a response; None if there is none."""
    stated = response.headers.get("content-length", "")
    return int(stated) if stated.isdecimal() else None


def _seconds(retry_after: str) -> float | None:
    if retry_after.isdecimal():
        return float(retry_after)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(retry_after).timestamp() - time.time())
    except (TypeError, ValueError, OverflowError, IndexError):
        return None
