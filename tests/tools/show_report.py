"""Takes pictures of a report of 700 classes in headless Chromium, light and dark, wide and narrow.

    PYTHONPATH=tests python -m tools.show_report FOLDER

The program makes the data set in FOLDER, scans it, and writes the report and its pictures into FOLDER.
It checks in the browser that the script of the page ran: every class has its card, and searching and sorting
work.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from kinetics_fast.cli.main import main
from tools.made_data_set import make_data_set

CLASSES, CLIPS = 700, 3
OPTIONS = "--headless --no-sandbox --disable-gpu --disable-background-networking --disable-component-update"
OPTIONS += " --disable-sync --hide-scrollbars --virtual-time-budget=8000"
VIEWS = {
    "light": ("theme=light", 1360, 2600),
    "dark": ("theme=dark", 1360, 2600),
    "narrow": ("theme=light", 500, 2400),
}
# Appended to a copy of the page: acts like a reader, and writes the result into the title.
PROBE = """<script>{
const cards = () => document.querySelectorAll("#gallery .card").length;
const seen = { cards: cards(), faults: document.querySelectorAll("#fault-rows tr").length };
const search = document.getElementById("search");
const type = (words) => { search.value = words; search.dispatchEvent(new Event("input")); };
type("juggling"); seen.found = cards(); type("");
document.getElementById("as-table").click();
document.querySelector('th[data-key="broken"] button').click();
const cells = [...document.querySelectorAll("#class-table tbody tr td:nth-child(5)")];
const column = cells.map((cell) => Number(cell.textContent));
seen.sorted = column.every((value, i) => i === 0 || column[i - 1] >= value);
document.title = JSON.stringify(seen);
}</script>"""


def run(folder: Path) -> None:
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    root = folder / "clips"
    if not root.exists():
        make_data_set(folder, CLASSES, CLIPS)
    main(["scan", str(root)])
    page = folder / "report.html"
    main(["report", str(root), "--out", str(page)])
    print(f"{page}: {page.stat().st_size / 1e6:.1f} MB")
    probe = folder / "probe.html"
    probe.write_text(page.read_text() + PROBE)
    dom = _chromium(browser, "--dump-dom", probe.as_uri())
    seen = json.loads(dom.split("<title>")[1].split("</title>")[0])
    print(seen)
    assert seen["cards"] == CLASSES
    assert 0 < seen["found"] < CLASSES
    assert seen["sorted"]
    assert seen["faults"] > 0
    for name, (query, width, height) in VIEWS.items():
        picture = folder / f"report-{name}.png"
        size = f"--window-size={width},{height}"
        _chromium(browser, f"--screenshot={picture}", size, f"{page.as_uri()}?{query}")
        print(picture)


def _chromium(browser: str, *arguments: str) -> str:
    with tempfile.TemporaryDirectory() as profile:
        command = [browser, *OPTIONS.split(), f"--user-data-dir={profile}", *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=180, check=True).stdout


if __name__ == "__main__":
    run(Path(sys.argv[1]).resolve())
