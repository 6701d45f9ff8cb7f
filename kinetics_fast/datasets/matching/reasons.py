"""The outcomes of a row of annotations, and the reasons for them."""

from __future__ import annotations

from enum import IntEnum


class Outcome(IntEnum):
    """Whether a row has a file. Every row has one outcome."""

    MATCHED = 0
    MISSING = 1
    AMBIGUOUS = 2


class Reason(IntEnum):
    """Why a row has its outcome. `text` is the reason in words."""

    EXACT = 0
    REPLACED = 1
    BARE_ID = 2
    NO_TIMES = 3
    OTHER_CLASS_FOLDER = 4
    MOMENT = 5
    NO_FILE = 6
    OTHER_TIMES = 7
    OTHER_CLASS = 8
    UNFINISHED = 9
    BROKEN_LINK = 10
    SPECIAL_FILE = 11
    SEVERAL_FILES = 12
    SEVERAL_ROWS = 13
    UNKNOWN_START = 14

    @property
    def text(self) -> str:
        """The reason in words."""
        return _TEXTS[self]

    @property
    def outcome(self) -> Outcome:
        """The outcome that this reason belongs to."""
        if self < Reason.NO_FILE:
            return Outcome.MATCHED
        return Outcome.MISSING if self < Reason.SEVERAL_FILES else Outcome.AMBIGUOUS


_TEXTS = {
    Reason.EXACT: "the file's name has the row's id and times",
    Reason.REPLACED: "the replacement archive has it",
    Reason.BARE_ID: "the file's name has the id alone, and the rows have one clip of it",
    Reason.NO_TIMES: "the row has no times, and there is one clip of its id",
    Reason.OTHER_CLASS_FOLDER: "id and times agree, but the file lies in the folder of another class",
    Reason.MOMENT: "the file shows the row's moment",
    Reason.NO_FILE: "no file of its id",
    Reason.OTHER_TIMES: "only clips of other times of the video",
    Reason.OTHER_CLASS: "only files of its id in the folder of another class",
    Reason.UNFINISHED: "only an unfinished download",
    Reason.BROKEN_LINK: "only a link to nothing",
    Reason.SPECIAL_FILE: "only a pipe, socket or device",
    Reason.SEVERAL_FILES: "several files, none better than the others",
    Reason.SEVERAL_ROWS: "the file's name has the id alone, and the rows have several clips of it",
    Reason.UNKNOWN_START: "the file's name does not say when in the original video it begins",
}
