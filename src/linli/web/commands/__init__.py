"""The subcommands of ``linli`` that work on the platform; ``linli.cli`` finds them by name.

Django is set up when a command is called, so each command imports what it needs of the platform then.
"""
