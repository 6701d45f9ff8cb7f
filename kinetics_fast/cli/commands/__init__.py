"""The subcommands of `kinetics-fast`: one module per command, with one function of the same name.

A command imports what it needs when it runs. `kinetics_fast.cli.app` imports the command when it is called.
"""
