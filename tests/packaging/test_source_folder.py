"""A source folder whose extension is not built says so, instead of naming a circular import."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from kinetics_fast._unbuilt import explained


def test_the_source_folder_of_an_unbuilt_clone_explains_itself(tmp_path: Path) -> None:
    package = Path(__file__).parents[2] / "kinetics_fast"
    shutil.copytree(package, tmp_path / "kinetics_fast", ignore=shutil.ignore_patterns("_core*.so", "*.pyc"))
    (tmp_path / "CMakeLists.txt").touch()
    # Without the site packages, whose editable install would find the extension.
    packages = sysconfig.get_path("platlib")
    script = f"import sys; sys.path.append({packages!r}); import kinetics_fast"
    command = [sys.executable, "-S", "-c", script]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert f"from its source folder {tmp_path}, whose extension is not built" in last
    assert "start Python in another folder" in last


def test_another_error_of_the_extension_stays_as_it_is() -> None:
    error = ImportError("libsomething.so is missing")
    assert explained(error) is error
