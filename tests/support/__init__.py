"""Helpers of the tests: reference mathematics, small data sets, servers, child processes.

Helpers here may use `videos`, never the other way round.
"""
