"""`install`, `uninstall`, `python -m kinetics_fast.compat`: which module `import decord` finds, and where."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from kinetics_fast import compat
from support.child import Child

pytestmark = pytest.mark.ffmpeg

# A stand-in for the real decord. Its folder comes first on PYTHONPATH.
REAL = "class VideoReader:\n    pass\n"
WORKER = """
import sys

def whose(_):
    import decord
    from decord.video_reader import VideoReader
    return VideoReader.__module__
"""
OURS = "kinetics_fast.compat.decord.video_reader"


@pytest.fixture(autouse=True)
def real_decord(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let `import decord` find the stand-in in child processes."""
    package = tmp_path / "real" / "decord"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(REAL)
    (package / "video_reader.py").write_text(REAL)
    (package / "data.py").write_text(REAL)
    monkeypatch.setenv("PYTHONPATH", str(package.parent))
    monkeypatch.delenv("KINETICS_FAST_COMPAT", raising=False)
    return package.parent


@pytest.fixture
def uninstalled() -> Iterator[None]:
    yield
    compat.uninstall()


def run(*arguments: object, folder: Path, code: int = 0) -> str:
    """Run Python and return what it printed."""
    command = [sys.executable, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd=folder)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_the_three_ways_give_the_same_objects(child: Child) -> None:
    source = """
    import sys
    import kinetics_fast
    import kinetics_fast.compat.decord as one
    from kinetics_fast.compat import install
    install("decord", "torchcodec")
    install("decord")  # again: nothing changes
    import decord, decord.bridge, decord.base, decord.ndarray, decord.nd, decord.video_reader, decord.logging
    import decord._ffi.base
    import torchcodec.decoders, torchcodec.samplers, torchcodec._frame
    assert decord is one
    assert decord.bridge is sys.modules["kinetics_fast.compat.decord.bridge"]
    assert decord._ffi.base.DECORDError is decord.base.DECORDError is one.DECORDError
    assert torchcodec.decoders is sys.modules["kinetics_fast.compat.torchcodec.decoders"]
    assert len([name for name in sys.modules if name.endswith("decord.video_reader")]) == 2  # of one module
    assert (decord.__version__, torchcodec.__version__) == ("0.6.0", "0.13.0")
    assert decord.__kinetics_fast__ == torchcodec.__kinetics_fast__ == kinetics_fast.__version__
    """
    child(textwrap.dedent(source))


def test_the_module_has_a_spec(child: Child) -> None:
    source = """
    import importlib, importlib.util
    from kinetics_fast.compat import install
    install("decord", "torchcodec")
    for name in ("decord", "decord.bridge", "torchcodec", "torchcodec.decoders"):
        for _ in range(2):  # before and after the import
            assert importlib.util.find_spec(name) is not None, name
            module = importlib.import_module(name)
            assert module.__spec__.name == "kinetics_fast.compat." + name
    assert importlib.reload(module) is module
    """
    child(textwrap.dedent(source))


def test_the_examples_of_the_docstrings_run(child: Child) -> None:
    source = """
    import doctest, kinetics_fast.compat
    result = doctest.testmod(kinetics_fast.compat)
    assert result.attempted >= 5 and result.failed == 0
    """
    child(textwrap.dedent(source))


def test_importing_a_drop_in_needs_numpy_alone(child: Child) -> None:
    source = """
    import sys
    import kinetics_fast
    assert not any(name.startswith("kinetics_fast.compat") for name in sys.modules)
    import kinetics_fast.compat.decord, kinetics_fast.compat.torchcodec
    heavy = {"torch", "tensorflow", "decord", "torchcodec", "pyarrow", "PIL"} & set(sys.modules)
    assert not heavy, heavy
    """
    child(textwrap.dedent(source))


def test_a_module_that_the_drop_in_lacks_is_not_the_real_one(child: Child) -> None:
    source = """
    from kinetics_fast.compat import install
    install("decord")
    import decord
    try:
        import decord.data
    except ModuleNotFoundError as error:
        assert error.name == "decord.data" and "drop-in" in str(error)
    else:
        raise AssertionError
    """
    child(textwrap.dedent(source))


@pytest.mark.parametrize("loaded", ["import decord", "from decord import video_reader"])
def test_a_real_module_that_is_loaded_is_an_error(child: Child, loaded: str) -> None:
    source = f"""
    {loaded}
    import sys
    from kinetics_fast.compat import install, uninstall
    real = sys.modules["decord"]
    try:
        install("torchcodec", "decord")
    except RuntimeError as error:
        assert "loaded already" in str(error) and "force=True" in str(error) and real.__file__ in str(error)
    else:
        raise AssertionError
    assert sys.modules["decord"] is real
    import importlib.util
    assert type(sys.meta_path[0]).__module__ != "kinetics_fast.compat.finder"  # not torchcodec either
    install("decord", force=True)
    import decord
    assert decord is not real and decord.VideoReader.__module__ == {OURS!r}
    uninstall("decord")
    import decord
    assert decord is real
    """
    child(textwrap.dedent(source))


def test_uninstall_gives_the_real_module_back(child: Child) -> None:
    source = """
    import os, sys
    from kinetics_fast.compat import install, uninstall
    before = dict(os.environ), list(sys.meta_path)
    install("decord", "torchcodec")
    import decord as ours
    uninstall("torchcodec")
    import decord
    assert decord is ours
    uninstall()
    uninstall("decord")
    import decord
    assert decord is not ours and "kinetics_fast" not in decord.__file__
    assert before == (dict(os.environ), sys.meta_path)
    install("torchcodec")  # decord is loaded, torchcodec is not
    """
    child(textwrap.dedent(source))


def test_unknown_names_are_errors() -> None:
    for function in (compat.install, compat.uninstall):
        with pytest.raises(ValueError, match=r"no drop-in for 'numpy'.*decord"):
            function("numpy")


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
@pytest.mark.parametrize("place", [pytest.param("top", marks=pytest.mark.slow), "main"])
def test_workers_have_the_drop_in(child: Child, tmp_path: Path, method: str, place: str) -> None:
    (tmp_path / "work.py").write_text(WORKER)
    line = 'import kinetics_fast.compat; kinetics_fast.compat.install("decord")'
    source = f"""
import multiprocessing, work
{line if place == "top" else ""}
if __name__ == "__main__":
    {line}
    with multiprocessing.get_context({method!r}).Pool(1) as pool:
        print(pool.map(work.whose, [0]))
"""
    assert child(source) == f"[{OURS!r}]\n"


@pytest.mark.slow
@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_workers_of_a_data_loader_have_the_drop_in(child: Child, path: Path, method: str) -> None:
    pytest.importorskip("torch")
    source = f"""
    import sys
    from kinetics_fast.compat import install
    install("decord")
    import decord, torch

    class Frames(torch.utils.data.Dataset):
        def __len__(self):
            return 4
        def __getitem__(self, number):
            import decord as in_worker
            assert torch.utils.data.get_worker_info() is not None
            assert in_worker.VideoReader.__module__ == {OURS!r}
            in_worker.bridge.set_bridge("torch")
            return reader.get_batch([number]) if (reader := in_worker.VideoReader(self.path)) else None

    if __name__ == "__main__":
        data = Frames()
        data.path = sys.argv[1]
        loader = torch.utils.data.DataLoader(data, 2, num_workers=1, multiprocessing_context={method!r})
        print([tuple(batch.shape) for batch in loader])
    """
    assert child(textwrap.dedent(source), path) == "[(2, 1, 96, 128, 3), (2, 1, 96, 128, 3)]\n"


@pytest.mark.slow
@pytest.mark.parametrize("method", ["spawn", "fork", "forkserver"])
def test_a_program_runs_with_drop_ins_unchanged(tmp_path: Path, method: str) -> None:
    (tmp_path / "work.py").write_text(WORKER)
    (tmp_path / "train.py").write_text(f"""
import decord, multiprocessing, sys, work
assert __name__ in ("__main__", "__mp_main__")
if __name__ == "__main__":
    import __main__
    assert __main__.decord is decord and sys.path[0] == {str(tmp_path)!r}
    with multiprocessing.get_context({method!r}).Pool(1) as pool:
        print(sys.argv, pool.map(work.whose, [0]), sys.flags.dev_mode, sys.flags.optimize)
""")
    command = ["-m", "kinetics_fast.compat", "decord", "torchcodec", "--", "train.py", "--", "-x"]
    assert run("-OX", "dev", *command, folder=tmp_path) == f"['train.py', '--', '-x'] [{OURS!r}] True 1\n"
    command = ["-Om", "kinetics_fast.compat", "decord", "--", "-m", "train", "-y"]
    expected = f"['{tmp_path / 'train.py'}', '-y'] [{OURS!r}] False 1\n"
    assert run(*command, folder=tmp_path) == expected


def test_the_exit_code_is_the_programs(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text("import decord, sys\nsys.exit(7)\n")
    run("-m", "kinetics_fast.compat", "decord", "--", "train.py", folder=tmp_path, code=7)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "usage"),
        (["decord"], "usage"),
        (["--", "train.py"], "usage"),
        (["numpy", "--", "train.py"], "no drop-in for 'numpy'"),
    ],
)
def test_wrong_commands_explain_themselves(tmp_path: Path, arguments: list[str], says: str) -> None:
    assert says in run("-m", "kinetics_fast.compat", *arguments, folder=tmp_path, code=2)


@pytest.mark.parametrize("option", ["-E", "-I"])
def test_options_that_hide_the_environment_are_refused(tmp_path: Path, option: str) -> None:
    command = (option, "-m", "kinetics_fast.compat", "decord", "--", "-c", "import decord")
    assert "-E, -I and -S" in run(*command, folder=tmp_path, code=2)
    assert "usage" in run("-m", "kinetics_fast.compat", "--help", folder=tmp_path)


def test_the_users_sitecustomize_runs_as_well(real_decord: Path, tmp_path: Path) -> None:
    (real_decord / "sitecustomize.py").write_text("print('the user's own')".replace("'s", "s"))
    command = ("-m", "kinetics_fast.compat", "decord", "--", "-c", "import decord; print(decord.__name__)")
    printed = run(*command, folder=tmp_path).splitlines()
    assert printed == ["the users own", "the users own", "kinetics_fast.compat.decord"]


def test_a_process_without_kinetics_fast_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KINETICS_FAST_COMPAT", "decord")
    folder = Path(compat.__file__).with_name("_bootstrap")
    monkeypatch.setenv("PYTHONPATH", f"{folder}{os.pathsep}{os.environ['PYTHONPATH']}")
    source = "import sys; sys.modules['kinetics_fast'] = None; import json; import decord"
    assert "KINETICS_FAST_COMPAT asks" in run("-c", source, folder=tmp_path, code=1)
