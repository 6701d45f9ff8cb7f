"""The hidden folder in a target that keeps the state of a preparation: lock, journals, settings, scratch."""

from __future__ import annotations

import json
import shutil
import uuid
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kinetics_fast._files import atomic_write, locked, sync_folder
from kinetics_fast.preparation.errors import PrepareError
from kinetics_fast.preparation.journal import Entry, Journal, read_entries

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER: Final = ".kinetics-fast-prepare"  # listings skip hidden folders


@dataclass(frozen=True)
class Part:
    """A share of the clips: every `of`-th, beginning with the `number`-th, counted from 1."""

    number: int = 1
    of: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.number <= self.of:
            raise ValueError(f"a part must be i/n with 1 <= i <= n, got {self.number}/{self.of}")

    def __str__(self) -> str:
        return f"{self.number}-of-{self.of}"


class Workspace:
    """The state folder of one target, as one part sees it.

    Parameters
    ----------
    target : Path
        The folder of the prepared files. It is made if it does not exist.
    part : Part
        The part that this run prepares.

    Raises
    ------
    PrepareError
        The folder has other files, which might be overwritten.
    """

    def __init__(self, target: Path, part: Part) -> None:
        self.target = target
        self.part = part
        self.folder = target / FOLDER
        if not self.folder.exists() and target.exists() and any(map(_is_in_the_way, target.iterdir())):
            raise PrepareError(
                f"{target} has files that prepare did not write; choose an empty or a new folder"
            )
        self.folder.mkdir(parents=True, exist_ok=True)
        sync_folder(target)

    def locked(self) -> AbstractContextManager[None]:
        """Keep other runs of the same part out. A killed run releases the lock."""
        busy = PrepareError(
            f"another run is preparing part {self.part} in {self.target}; wait for it or stop it"
        )
        return locked(self.folder / f"lock-{self.part}", busy)

    def check_settings(self, settings: dict[str, Any]) -> None:
        """Write the settings that decide what the files contain, or compare them with those of earlier runs.

        Raises
        ------
        PrepareError
            Earlier runs had other settings.
        """
        path = self.folder / "settings.json"
        if not path.exists():
            with atomic_write(path, f".{uuid.uuid4().hex}.unfinished") as file:
                file.write(json.dumps(settings, indent=2).encode())
        before = json.loads(path.read_bytes())
        different = [name for name in settings if before.get(name) != settings[name]]
        if different:
            name = different[0]
            raise PrepareError(
                f"{self.target} was begun with {name} {before.get(name)!r}, not {settings[name]!r}; "
                f"choose the same, or another target"
            )

    def journal(self) -> Journal:
        """Return the journal of this part."""
        return Journal(self.folder / f"journal-{self.part}.jsonl")

    def share_journal(self, first: int) -> Path:
        """Return the path of the journal of a share that another machine prepares for this part."""
        return self.folder / f"journal-{self.part}-share-{first}.jsonl"

    def join_share_journals(self) -> None:
        """Append what the shares of a killed run have done to the journal of this part."""
        left = sorted(self.folder.glob(f"journal-{self.part}-share-*.jsonl"))
        with self.journal() as journal:
            for entry in read_entries(left):
                journal.append(entry)
        for path in left:
            path.unlink()

    def entries(self) -> list[Entry]:
        """Return the entries of all parts."""
        return read_entries(sorted(self.folder.glob("journal-*.jsonl")))

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """Make a folder for unfinished files, and remove it afterwards, and those that kills have left.

        An ffmpeg of a killed run may still be writing, so that each run has a folder with a new name.
        """
        for left in self.folder.glob(f"scratch-{self.part}-*"):
            shutil.rmtree(left, ignore_errors=True)
        folder = self.folder / f"scratch-{self.part}-{uuid.uuid4().hex[:12]}"
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _is_in_the_way(path: Path) -> bool:
    return not path.name.startswith(".") and path.name != "lost+found"
