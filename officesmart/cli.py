"""The command `officesmart`: what an administrator does at a terminal.

Each file in officesmart/commands has a `register(app)` that adds its commands. What they need is
imported when they run: `officesmart --help` is no reason to load a web framework.
"""

from __future__ import annotations

import sys

import typer

from officesmart import commands
from pbx.config import BadSetting
from pbx.discover import modules_of

app = typer.Typer(
    name="officesmart",
    help="Office Smart: the office's telephones, mailboxes and portal.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for module in modules_of(commands.__name__):
    module.register(app)


def main() -> None:
    """Run the command line. Ends with 0, with 1 when it failed, with 2 for wrong use."""
    try:
        app()
    except BadSetting as error:
        typer.echo(str(error), err=True)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
