"""Readers of data sets, one module per form. Each returns a table."""
