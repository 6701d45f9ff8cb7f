"""The documentation site: `./dev docs` builds it in build/docs."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import tomllib

import kinetics_fast

if TYPE_CHECKING:
    from sphinx.application import Sphinx

ROOT = Path(__file__).parents[1]
CHECKS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["numpydoc_validation"]
# Files of the clone that are pages of the site.
PAGES = {
    "CHANGELOG.md": "changelog",
    "CONTRIBUTING.md": "contributing",
    "benchmarks/README.md": "benchmarks",
    "csrc/README.md": "core",
    "fuzz/README.md": "fuzzing",
}
# Where links to other files of the clone lead.
ADDRESSES = {"README.md": "index.md", "examples": "gallery/index.rst"}

project = "kinetics_fast"
release = kinetics_fast.__version__
extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "myst_parser",
    "numpydoc",
    "sphinx_copybutton",
    "sphinx_gallery.gen_gallery",
]
suppress_warnings = ["config.cache"]  # settings of the gallery cannot be pickled
myst_heading_anchors = 3
default_role = "py:obj"  # `decode_clips` in a docstring is a link
toc_object_entries_show_parents = "hide"

# Docstrings.
autosummary_generate = True
autodoc_member_order = "bysource"
autodoc_typehints = "none"  # the docstrings have the types
templates_path = ["templates"]
numpydoc_show_class_members = False
numpydoc_validation_checks = set(CHECKS["checks"])
numpydoc_validation_exclude = set(CHECKS["exclude"])

# The scripts of the gallery run in a copy of their folder, because they make their videos beside themselves.
EXAMPLES = ROOT / "build" / "docs-examples"
shutil.copytree(
    ROOT / "examples", EXAMPLES, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__", "moving-*")
)
sys.path.insert(0, str(EXAMPLES))


class InOrderOfStart:
    """Sorts the scripts as the table of start.md does."""

    def __init__(self, _folder: str) -> None:
        self.names = re.findall(r"examples/(\w+\.py)\) ?[,|]", (ROOT / "docs" / "start.md").read_text())

    def __call__(self, name: str) -> int:
        """Return the position of a script."""
        return self.names.index(name)


sphinx_gallery_conf = {
    "within_subsection_order": InOrderOfStart,
    "examples_dirs": str(EXAMPLES),
    "gallery_dirs": "gallery",
    "filename_pattern": r"/(?!moving_shapes|ray_training|train)\w+\.py$",  # the scripts to run
    "abort_on_example_error": True,
    "download_all_examples": False,
    "min_reported_time": 1e9,
    "show_memory": False,
    "show_signature": False,
    "write_computation_times": False,
}

html_theme = "pydata_sphinx_theme"
html_title = f"kinetics_fast {release}"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_copy_source = False
html_sidebars = {"commands": [], "start": []}  # pages without pages below them
html_theme_options = {"header_links_before_dropdown": 6, "footer_start": [], "footer_end": []}


def commands() -> str:
    """Return the reference of the command line, which typer makes of the commands."""
    command = ["-m", "typer", "kinetics_fast.cli.app", "utils", "docs", "--name", "kinetics-fast"]
    done = subprocess.run([sys.executable, *command], check=True, capture_output=True, text=True)
    text = done.stdout.partition("\n")[2]  # without the title
    text = re.sub(r"\*\*Commands\*\*:.*?(?=^## )", "", text, flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"^## `(.*)`$", r"## \1", text, flags=re.MULTILINE)


def address(file: str, folder: str, docname: str) -> str:
    """Return the address, seen from a page, of a file that a link in a folder of the clone names."""
    path = (ROOT / folder / file).resolve().relative_to(ROOT)
    if (name := path.as_posix()) in PAGES:
        page = f"{PAGES[name]}.md"
    elif name in ADDRESSES:
        page = ADDRESSES[name]
    elif path.parent.name == "examples":
        page = f"gallery/{path.stem}.rst"
    else:
        page = str(path.relative_to("docs"))
    return "../" * docname.count("/") + page


def read(app: Sphinx, docname: str, source: list[str]) -> None:
    """Fill in what a page shows of the clone, and let links to files of the clone lead to pages."""
    folder = f"docs/{docname}".rpartition("/")[0]
    for file, page in PAGES.items():
        if page == docname:
            folder, source[0] = str(Path(file).parent), (ROOT / file).read_text()
            app.env.note_dependency(str(ROOT / file))
    if docname == "commands":
        source[0] += commands()
        for path in (ROOT / "kinetics_fast" / "cli").rglob("*.py"):
            app.env.note_dependency(str(path))
    if app.env.doc2path(docname).suffix == ".md":
        link = re.compile(r"(?<=\]\()(?!https?:)[^)#\s]+")
        source[0] = link.sub(lambda found: address(found[0], folder, docname), source[0])


def setup(app: Sphinx) -> None:
    """Connect what happens when a page is read."""
    app.connect("source-read", read)
