"""Reports which frameworks are not installed; `./dev test` installs a small torch."""

from __future__ import annotations

from importlib.util import find_spec

collect_ignore = (
    [] if find_spec("torch") else ["test_torch.py", "test_torch_resume.py", "test_train_example.py"]
)


def pytest_report_header() -> str:
    """Name the frameworks whose tests are skipped."""
    return f"frameworks left out, for lack of torch: {' '.join(collect_ignore) or 'none'}"
