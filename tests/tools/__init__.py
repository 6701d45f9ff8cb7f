"""Programs that are not tests: `PYTHONPATH=tests python -m tools.NAME`."""
