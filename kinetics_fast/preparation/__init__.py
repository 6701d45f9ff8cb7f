"""Writes a copy of a data set whose files are laid out for reading. `kf.prepare` and the command use it.

The room is not named `prepare`: importing it would replace the function `kf.prepare` by a module.
"""
