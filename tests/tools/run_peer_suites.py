"""Runs tests of other projects, unmodified, on the drop-ins, and prints a table in Markdown.

PYTHONPATH=tests python -m tools.run_peer_suites CHECKOUT...

Each CHECKOUT is a clone of a project's repository, with or without a work tree. The tests are taken from
the commit that `tools.peer_suites` names, and run in a temporary folder. With --real, they run with the
real library as well, to say which tests that library passes on this machine.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tarfile
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from tools.peer_suites import SUITES, PeerSuite

Outcomes = dict[str, str]  # test -> "" if it passed, "skipped", or the error
TESTS = Path(__file__).parents[1]


def main() -> None:
    """Run the suites and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("checkouts", nargs="+", type=Path, metavar="CHECKOUT")
    parser.add_argument("--real", action="store_true", help="run the tests with the real libraries as well")
    parser.add_argument("--only", default="", help="run only the suites whose name contains this text")
    options = parser.parse_args()
    print("| suite | commit | passed | of | passed by the real library | why not |")
    print("|---|---|---|---|---|---|", flush=True)
    for suite in SUITES:
        if options.only in suite.name:
            print(_row(suite, options.checkouts, real=options.real), flush=True)


def _row(suite: PeerSuite, checkouts: list[Path], *, real: bool) -> str:
    head = f"| {suite.name} | {suite.commit[:7]} |"
    repository = next((path for path in checkouts if _has_commit(path, suite.commit)), None)
    if repository is None:
        return f"{head} | | | none of the checkouts has the commit |"
    if lacking := suite.missing():
        return f"{head} | | | not installed: {lacking} |"
    ours, notes = _run(suite, repository, ours=True)
    theirs = _run(suite, repository, ours=False)[0] if real else {}
    passed = [test for test, why in ours.items() if not why]
    failed = {test: why for test, why in ours.items() if why not in ("", "skipped")}
    notes += [f"`{test}`: {why}{_and_theirs(theirs.get(test))}" for test, why in failed.items()]
    run = len(passed) + len(failed)
    of_theirs = str(sum(not why for why in theirs.values())) if real else ""
    return f"{head} {len(passed)} | {run} | {of_theirs} | {'; '.join(notes)} |"


def _and_theirs(why: str | None) -> str:
    return " (the real library fails, too)" if why not in (None, "", "skipped") else ""


def _has_commit(repository: Path, commit: str) -> bool:
    command = ["git", "-C", str(repository), "cat-file", "-e", f"{commit}^{{commit}}"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _run(suite: PeerSuite, repository: Path, *, ours: bool) -> tuple[Outcomes, list[str]]:
    """Return the outcome of each test, and what the plugins noted."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        archive = ["git", "-C", str(repository), "archive", suite.commit, *suite.paths]
        content = subprocess.run(archive, check=True, capture_output=True).stdout
        with tarfile.open(fileobj=BytesIO(content)) as tar:
            tar.extractall(folder, filter="data")
        environment = dict(os.environ)
        added = suite.prepare(folder) if suite.prepare else {}
        paths = [str(TESTS), added.pop("PYTHONPATH", ""), os.environ.get("PYTHONPATH", "")]
        report, notes = folder / "report.xml", folder / "notes.txt"
        environment |= added | {"PYTHONPATH": os.pathsep.join(filter(None, paths)), "KF_NOTES": str(notes)}
        options = ["-q", "-p", "no:cacheprovider", f"--junitxml={report}", "--rootdir=.", "-c", os.devnull]
        plugins = [argument for plugin in suite.plugins if ours for argument in ("-p", plugin)]
        program = ["-m", "pytest", *options, *plugins, *suite.arguments]
        if ours and suite.installed:
            program = ["-m", "kinetics_fast.compat", *suite.installed, "--", *program]
        command = [sys.executable, *program]
        run = subprocess.run(
            command, cwd=folder / suite.folder, env=environment, capture_output=True, check=False, text=True
        )
        if not report.exists():
            raise SystemExit(f"{suite.name}: pytest ended with {run.returncode}\n{run.stdout}\n{run.stderr}")
        lines = notes.read_text().splitlines() if ours and notes.exists() else []
        return dict(_outcomes(report)), lines


def _outcomes(report: Path) -> Iterator[tuple[str, str]]:
    for case in ET.parse(report).iter("testcase"):
        why = ""
        for child in case:
            if child.tag == "skipped":
                why = "skipped"
            elif child.tag in ("failure", "error"):
                why = " ".join(str(child.get("message")).split())[:160].replace("|", "/")
        yield f"{case.get('name')}", why


if __name__ == "__main__":
    main()
