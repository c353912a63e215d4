"""`run` and `migrate`: the office itself."""

from __future__ import annotations

import errno
import os
import socket
from datetime import UTC, datetime

import typer

from officesmart.terminal import fail, office, settings
from pbx.config import Config, unknown


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("run")(run)
    app.command("migrate")(migrate)


def run() -> None:
    """Start the portal and the PBX; Ctrl-C ends them. The first start makes a sample office."""
    for name in unknown(os.environ):
        typer.echo(f"{name} is no setting of ours: misspelt?", err=True)
    from officesmart import tls

    # Both before the credentials are shown, which happens once.
    tls.judge(settings(), datetime.now(UTC))
    _try_address(settings())
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


def _try_address(config: Config) -> None:
    """Fail in one line when the portal could not listen where it is told to."""
    try:
        found = socket.getaddrinfo(config.host, config.port, type=socket.SOCK_STREAM)
        family, kind, protocol, _, address = found[0]
        with socket.socket(family, kind, protocol) as door:
            # As the server itself does: a port whose last connections still fade is free.
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            door.bind(address)
            door.listen(1)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            fail(
                f"OFFICESMART_PORT is {config.port}, which another program uses on {config.host}: "
                "stop that program, or choose another port"
            )
        if error.errno == errno.EACCES:
            fail(
                f"OFFICESMART_PORT is {config.port}, which only root may use: choose one from 1024"
            )
        fail(
            f"OFFICESMART_HOST is {config.host!r} ({error.strerror}): write an address of this "
            "machine, such as 127.0.0.1, or 0.0.0.0 for all"
        )


def migrate() -> None:
    """Bring the database up to date; `run` does so by itself."""
    from officesmart import migrate as history

    with office() as (_, database):  # which migrates
        typer.echo(f"the database is at step {history.at(database)}")
