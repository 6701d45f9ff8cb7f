"""Drop-ins in a notebook: its cells and its workers read with one reader, or there is an error."""

from __future__ import annotations

from pathlib import Path

import pytest

from videos import media

nbclient = pytest.importorskip("nbclient")
nbformat = pytest.importorskip("nbformat")
pytest.importorskip("ipykernel")
pytestmark = [pytest.mark.ffmpeg, pytest.mark.slow]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a module for workers, and a stand-in for the real decord."""
    (tmp_path / "work.py").write_text("def whose(_):\n    import decord\n    return decord.__name__\n")
    package = tmp_path / "decord"
    package.mkdir()
    (package / "__init__.py").touch()
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return tmp_path


def run(folder: Path, *cells: str) -> list[str]:
    """Run cells, and return what they printed."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    nbclient.NotebookClient(notebook, timeout=60, resources={"metadata": {"path": str(folder)}}).execute()
    return [output.text.strip() for cell in notebook.cells for output in cell.outputs if "text" in output]


def test_cells_and_workers_have_the_drop_in(folder: Path) -> None:
    path = str(media.make("open_gop.mp4"))
    printed = run(
        folder,
        "import kinetics_fast.compat\nkinetics_fast.compat.install('decord')",
        f"import decord\nprint(decord.VideoReader({path!r})[7].shape)",
        "import multiprocessing, work\n"
        "for method in ('fork', 'spawn', 'forkserver'):\n"
        "    with multiprocessing.get_context(method).Pool(1) as pool:\n"
        "        assert pool.map(work.whose, [0]) == ['kinetics_fast.compat.decord'], method\n"
        "print('same')",
        "kinetics_fast.compat.install('decord')  # the cell runs a second time\nprint(decord.__name__)",
    )
    assert printed == ["(96, 128, 3)", "same", "kinetics_fast.compat.decord"]


def test_an_earlier_cell_with_the_real_reader_is_an_error(folder: Path) -> None:
    with pytest.raises(nbclient.exceptions.CellExecutionError, match="another decord is loaded already"):
        run(
            folder,
            "import decord",
            "import kinetics_fast.compat\nkinetics_fast.compat.install('decord')",
        )
