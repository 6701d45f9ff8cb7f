"""What can go wrong with one answer of a server."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Trouble:
    """What goes wrong with one answer.

    Attributes
    ----------
    status : int
        Answer this instead of the file; 0 for the file.
    retry_after : str
        Goes with the status.
    location : str
        Goes with a status that redirects.
    mute : bool
        Close the connection without an answer.
    drop_after : int or None
        Close the connection after so many bytes of the body.
    hang_after : int or None
        Send nothing more after so many bytes of the body, and keep the connection.
    pause : float
        Wait so many seconds between two pieces.
    ignore_range : bool
        Send all of it, whatever range was asked for.
    ignore_condition : bool
        Send the range that was asked for, whatever file it was to be of.
    range_error : int
        Send a range that begins so many bytes later.
    length_error : int
        Announce so many bytes more than there are, or fewer, and send no more than that.
    no_length : bool
        Send the body in chunks, without saying its length.
    validators : bool
        Say entity tag and date.
    flip_at : int or None
        Flip a bit of this byte of the file.
    becomes : bytes or None
        The file is this one from now on.
    web_page : bool
        Answer 200 and a page that wants a login.
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
