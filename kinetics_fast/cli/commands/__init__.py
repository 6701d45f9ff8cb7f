"""The subcommands of `kinetics-fast`: one module per command, with one function of the same name.

A command parses its arguments and imports what it needs when it runs. `kinetics_fast.cli.app` finds them.
"""
