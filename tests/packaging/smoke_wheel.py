"""Install a wheel in an empty environment and decode there, without other programs, variables or an FFmpeg.

Usage: smoke_wheel.py WHEEL
The Python that runs this program must have kinetics_fast, whose frames are the expected ones.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from videos import media

HERE = Path(__file__).parent
SHOW = "import kinetics_fast as kf; print(*kf.build_info().items(), sep='\\n')"


def output(python: Path, *arguments: str, folder: Path) -> str:
    """Return the output of `python` in the folder; its only variable is a PATH of its own commands."""
    command = [str(python), "-I", *arguments]
    environment = {"PATH": str(python.parent)}
    done = subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.strip()


def main() -> None:
    """Compare the frames of the wheel with those of this environment."""
    wheel = Path(sys.argv[1]).resolve()
    video = str(media.make("b_pyramid_normal.mp4"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        venv.create(folder / "venv", with_pip=True)
        python = folder / "venv" / "bin" / "python"
        subprocess.run([python, "-m", "pip", "--quiet", "install", str(wheel)], check=True)
        (folder / "empty").mkdir()
        print(output(python, "-c", SHOW, folder=folder / "empty"))
        script = str(HERE / "decode_hash.py")
        theirs = output(python, script, video, folder=folder / "empty")
        ours = output(Path(sys.executable), script, video, folder=folder / "empty")
    print(f"{wheel.name}: sha256 of all planes {theirs}")
    if theirs != ours:
        sys.exit(f"{wheel.name} decodes to {theirs}, this environment to {ours}")


if __name__ == "__main__":
    main()
