"""`run` and `migrate`: the office itself."""

from __future__ import annotations

from datetime import UTC, datetime

import typer

from officesmart.terminal import fail, office


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("run")(run)
    app.command("migrate")(migrate)


def run() -> None:
    """Start the portal and the PBX; Ctrl-C ends them. The first start makes a sample office."""
    with office() as (config, database):
        from officesmart import first_run

        told = first_run.prepare(database, config, at=datetime.now(UTC))
        if told:
            typer.echo(told)
        typer.echo(f"Office Smart: {first_run.addresses(config)[0]}")
    from officesmart import build, server

    try:
        server.main(config)
    except build.NotBuilt as error:
        fail(str(error))


def migrate() -> None:
    """Bring the database up to date; `run` does so by itself."""
    from officesmart import migrate as history

    with office() as (_, database):  # which migrates
        typer.echo(f"the database is at step {history.at(database)}")
