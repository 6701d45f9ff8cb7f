"""Asking a server, again and again where that helps. Knows HTTP, not what the bytes are for."""

from __future__ import annotations

import email.utils
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import httpx
import tenacity

from kinetics_fast import _core
from kinetics_fast.download.catalog import HOST, PAGE
from kinetics_fast.download.errors import StoppedError, TransferError
from kinetics_fast.download.names import request_url

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Mapping

T = TypeVar("T")

BUSY = {408, 425, 429}  # "later", of the answers that otherwise mean "no"
WHOLE = {"Accept-Encoding": "identity"}  # the file's own bytes, so that lengths and ranges are the file's


@dataclass(frozen=True)
class Patience:
    """How long to bear with a server; times in seconds.

    Attributes
    ----------
    attempts : int
        How often to ask without getting a byte.
    refusals : int
        How often to ask where the answer is that there is no such file; hosts under load say so too.
    first_wait, longest_wait : float
        The pause doubles from the one to the other, at random up to that, unless the server asks for one.
    silence : float
        How long a connection may give nothing.
    """

    attempts: int = 8
    refusals: int = 3
    first_wait: float = 1.0
    longest_wait: float = 60.0
    silence: float = 30.0


class StatusError(Exception):
    """An answer other than the file."""

    def __init__(self, response: httpx.Response) -> None:
        super().__init__(f"the server answers {response.status_code} {response.reason_phrase}".rstrip())
        self.refused = 400 <= response.status_code < 500 and response.status_code not in BUSY
        self.pause = _seconds(response.headers.get("retry-after", ""))


class Session:
    """Connections to the hosts, for any number of threads.

    Parameters
    ----------
    stop : threading.Event
        Set, it ends every wait, and the next request raises `StoppedError`.
    patience : Patience
    mirror : str
        The address of a copy of CVDF's folder, to ask instead of it.
    """

    def __init__(self, stop: threading.Event, patience: Patience | None = None, mirror: str = HOST) -> None:
        self.stop = stop
        self.patience = patience or Patience()
        self._mirror = mirror
        self._client = httpx.Client(
            headers={"User-Agent": f"kinetics-fast/{_core.build_info()['version']}"},
            timeout=self.patience.silence,
            limits=httpx.Limits(max_connections=None),
            follow_redirects=True,
        )

    def open(self, url: str, headers: Mapping[str, str]) -> httpx.Response:
        """Ask once for a file; the body is still to be read and the response to be closed."""
        address = request_url(url, self._mirror)
        request = self._client.build_request("GET", address, headers={**WHOLE, **headers})
        return self._client.send(request, stream=True)

    def text(self, url: str) -> str:
        """Return a small text.

        Raises
        ------
        TransferError
            The server did not give it.
        """

        def ask() -> str:
            response = self._client.get(request_url(url, self._mirror), headers=WHOLE)
            if response.status_code != httpx.codes.OK:
                raise StatusError(response)
            return response.content.decode("utf-8", errors="replace")

        return self.persist(url, ask)

    def length(self, url: str) -> int | None:
        """Return the length of a file, None where the server does not say."""

        def ask() -> int | None:
            response = self._client.head(request_url(url, self._mirror), headers=WHOLE)
            if response.status_code != httpx.codes.OK:
                raise StatusError(response)
            return content_length(response)

        try:
            return self.persist(url, ask)
        except TransferError:
            return None

    def persist(self, url: str, ask: Callable[[], T]) -> T:
        """Call `ask` until it gives something or patience ends.

        Raises
        ------
        TransferError
            It says what the server did the last time.
        StoppedError
            The run was told to stop.
        """
        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type((httpx.TransportError, StatusError)),
            stop=self._is_enough,
            wait=self._pause,
            sleep=tenacity.sleep_using_event(self.stop),
            reraise=True,
        )
        try:
            result: T = retrying(self._unless_stopped, ask)
            return result
        except StatusError as error:
            advice = f"CVDF may have moved it: see {PAGE}" if error.refused else "try again later"
            raise TransferError(f"{url}: {error}; {advice}") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            words = str(error) or type(error).__name__
            raise TransferError(f"{url}: {words}; try again later, it goes on from there") from error

    def _unless_stopped(self, ask: Callable[[], T]) -> T:
        if self.stop.is_set():
            raise StoppedError("stopped")
        return ask()

    def _is_enough(self, state: tenacity.RetryCallState) -> bool:
        error = state.outcome.exception() if state.outcome else None
        refused = isinstance(error, StatusError) and error.refused
        return state.attempt_number >= (self.patience.refusals if refused else self.patience.attempts)

    def _pause(self, state: tenacity.RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        if isinstance(error, StatusError) and error.pause is not None:
            return min(error.pause, self.patience.longest_wait)
        drawn = tenacity.wait_random_exponential(self.patience.first_wait, self.patience.longest_wait)
        return drawn(state)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def content_length(response: httpx.Response) -> int | None:
    """Return the length that a response states."""
    stated = response.headers.get("content-length", "")
    return int(stated) if stated.isdecimal() else None


def _seconds(retry_after: str) -> float | None:
    if retry_after.isdecimal():
        return float(retry_after)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(retry_after).timestamp() - time.time())
    except (TypeError, ValueError):
        return None
