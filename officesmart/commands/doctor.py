"""`doctor`: what the office stands on, and a call to itself."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from officesmart.terminal import settings

if TYPE_CHECKING:
    from officesmart.doctor import Finding


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("doctor")(doctor)


def doctor(
    call: Annotated[bool, typer.Option(help="Ring the running office too.")] = True,
) -> None:
    """Check settings, ports, database, sounds and workers, and ring the running office.

    Ends with 1 when something is wrong.
    """
    from officesmart import doctor as looks
    from pbx.store.session import Database

    faults = 0

    def tell(finding: Finding) -> None:
        nonlocal faults
        faults += finding.state is looks.State.BAD
        typer.echo(f"{finding.state.value:>4}  {finding.what}: {finding.said}")

    config = settings()
    if not looks.exists(config):
        tell(looks.bad("database", f"there is none in {config.data}: `officesmart run` makes it"))
        raise typer.Exit(1)
    try:
        database = Database(config.url, config.data)
    except Exception as error:  # whatever a driver raises, the doctor says it
        tell(looks.bad("database", f"cannot be opened: {error}"))
        raise typer.Exit(1) from error
    running = looks.is_running(config)
    for findings in (
        looks.environment(os.environ),
        looks.folder(config),
        looks.rows(config, database),
        looks.sealed(config, database),
        looks.certificate(config, datetime.now(UTC)),
        looks.outside(config, database),
        looks.sounds(config),
        looks.ports(config, running=running),
        looks.mail(config),
        looks.workers(config) if running else (),
    ):
        for finding in findings:
            tell(finding)
    if not running:
        tell(looks.note("PBX", "it does not run on this folder, so nobody can be rung"))
    elif call:
        looks.line_test(config, database, tell)
    database.close()
    typer.echo(f"{faults} faults" if faults else "All is well.")
    raise typer.Exit(1 if faults else 0)
