"""Programs beside the tests: `PYTHONPATH=tests python -m tools.NAME`."""
