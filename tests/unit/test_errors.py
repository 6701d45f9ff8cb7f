"""An error that the system gave is also the builtin that Python has for its errno."""

from __future__ import annotations

import copy
import errno
import os
import pickle
from typing import TYPE_CHECKING

import pytest

import kinetics_fast as kf

if TYPE_CHECKING:
    from pathlib import Path

    from support.child import Child

BUILTINS = [
    (errno.ENOENT, FileNotFoundError),
    (errno.EACCES, PermissionError),
    (errno.EPERM, PermissionError),
    (errno.EISDIR, IsADirectoryError),
]
NOBODY = """
import os, sys, kinetics_fast as kf
if os.geteuid() == 0:  # root reads every file
    os.setuid(65534)
try:
    kf.Video(sys.argv[1])
except PermissionError as error:
    print(isinstance(error, kf.OpenError), error.errno, error.filename)
"""


def error_of(number: int) -> kf.OpenError:
    return kf.OpenError("cannot be opened", "a.mp4", 3, "read", os.strerror(number))


@pytest.mark.parametrize(("number", "builtin"), BUILTINS)
def test_an_open_error_is_also_the_builtin_of_its_errno(number: int, builtin: type[OSError]) -> None:
    error = error_of(number)
    assert isinstance(error, builtin)
    assert isinstance(error, kf.OpenError)
    assert (error.errno, error.strerror, error.filename) == (number, os.strerror(number), "a.mp4")
    others = {other for _, other in BUILTINS} - {builtin}
    assert not isinstance(error, tuple(others))
    with pytest.raises(builtin):
        raise error
    with pytest.raises(kf.OpenError):
        raise error


@pytest.mark.parametrize("detail", ["", "Invalid data found when processing input", os.strerror(errno.EIO)])
def test_an_open_error_of_another_cause_is_an_os_error_only(detail: str) -> None:
    error = kf.OpenError("cannot be opened", "a.mp4", detail=detail)
    assert type(error) is kf.OpenError
    assert not isinstance(error, (FileNotFoundError, PermissionError, IsADirectoryError))


@pytest.mark.parametrize(("number", "builtin"), BUILTINS)
def test_copies_and_pickles_stay_what_they_are(number: int, builtin: type[OSError]) -> None:
    error = error_of(number)
    error.__dict__["note"] = "kept"
    again = (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error))
    for other in again:
        assert type(other) is type(error)
        assert isinstance(other, builtin)
        assert (other.args, other.__dict__["note"], other.errno, str(other)) == (
            error.args,
            "kept",
            number,
            str(error),
        )


def test_a_resource_error_is_a_memory_error_where_memory_ran_out() -> None:
    memory = kf.ResourceError("no memory is left", detail=os.strerror(errno.ENOMEM))
    descriptors = kf.ResourceError("cannot be opened", "a.mp4", detail=os.strerror(errno.EMFILE))
    assert isinstance(memory, MemoryError)
    assert not isinstance(descriptors, MemoryError)
    for error, number in ((memory, errno.ENOMEM), (descriptors, errno.EMFILE)):
        assert isinstance(error, kf.ResourceError)
        assert error.errno == number
        assert type(pickle.loads(pickle.dumps(error))) is type(error)


def test_every_open_error_has_the_name_that_is_documented() -> None:
    for number, _ in BUILTINS:
        assert type(error_of(number)).__name__ == "OpenError"
        assert repr(error_of(number)).startswith("OpenError(")


def test_a_subclass_of_the_user_is_made_as_it_was_named() -> None:
    class Mine(kf.OpenError):
        pass

    assert type(Mine("cannot be opened", detail=os.strerror(errno.ENOENT))) is Mine


def test_a_video_that_is_missing_or_a_folder_is_the_builtin(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as missing:
        kf.Video(tmp_path / "missing.mp4")
    assert isinstance(missing.value, kf.OpenError)
    with pytest.raises(FileNotFoundError):
        kf.Dataset.from_tars(tmp_path / "missing.tar")
    with pytest.raises(IsADirectoryError):
        kf.Dataset.from_tars(tmp_path)
    batch = kf.decode_clips([kf.Clip(tmp_path / "missing.mp4", start=0, frames=1)], size=8, on_error="zero")
    assert isinstance(batch.errors[0], FileNotFoundError)


def test_a_video_without_permission_is_a_permission_error(tmp_path: Path, child: Child) -> None:
    path = tmp_path / "secret.mp4"
    path.write_bytes(b"video")
    path.chmod(0o200)
    assert child(NOBODY, path) == f"True {errno.EACCES} {path}\n"


def test_the_class_of_an_error_can_be_pickled() -> None:
    missing = kf.OpenError("it cannot be opened", "a.mp4", detail=os.strerror(errno.ENOENT))
    assert type(missing) is not kf.OpenError
    assert pickle.loads(pickle.dumps(type(missing))) is type(missing)


def test_a_source_without_a_video_is_an_unsupported_error_that_code_can_tell(tmp_path: Path) -> None:
    path = tmp_path / "notes.mp4"
    path.write_bytes(b"no video " * 100)
    with pytest.raises(kf.UnsupportedError) as caught:
        kf.Video(path)
    assert type(caught.value) is kf.UnsupportedError.NotAVideo
    assert type(caught.value).__name__ == "UnsupportedError"  # statistics count by this name
    again = pickle.loads(pickle.dumps(caught.value))
    assert type(again) is type(caught.value)
    assert str(again) == str(caught.value)
    plain = kf.UnsupportedError("the codec is not supported")
    assert not isinstance(plain, kf.UnsupportedError.NotAVideo)
