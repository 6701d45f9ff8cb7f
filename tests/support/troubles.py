"""The troubles that a server can make with one answer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Trouble:
    """The trouble with one answer.

    Attributes
    ----------
    status : int
        Answer with this status instead of the file; 0 for the file.
    retry_after : str
        The header Retry-After of the status.
    location : str
        The header Location of a status that redirects.
    mute : bool
        Close the connection without an answer.
    drop_after : int or None
        Close the connection after this number of bytes of the body.
    hang_after : int or None
        Send nothing more after this number of bytes of the body, and keep the connection open.
    pause : float
        Seconds to wait between two pieces.
    ignore_range : bool
        Send the whole file, whatever range was requested.
    ignore_condition : bool
        Send the requested range, whatever the header If-Range says.
    range_error : int
        Send a range that begins this number of bytes later.
    length_error : int
        Announce this number of bytes more, or fewer if negative, and send no more than announced.
    no_length : bool
        Send the body in chunks, without its length.
    validators : bool
        Send the headers ETag and Last-Modified.
    flip_at : int or None
        Flip a bit of this byte of the file.
    becomes : bytes or None
        The content of the file from now on.
    web_page : bool
        Answer 200 with a login page.
    endless : bool
        Send the body again and again, whatever the status is.
    """

    status: int = 0
    retry_after: str = ""
    location: str = ""
    mute: bool = False
    drop_after: int | None = None
    hang_after: int | None = None
    pause: float = 0.0
    ignore_range: bool = False
    ignore_condition: bool = False
    range_error: int = 0
    length_error: int = 0
    no_length: bool = False
    validators: bool = True
    flip_at: int | None = None
    becomes: bytes | None = None
    web_page: bool = False
    endless: bool = False
