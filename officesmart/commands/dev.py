"""`dev`: edit pages with hot reload while the PBX beside them goes on answering phones."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime

import typer

from officesmart.terminal import fail, office

READY = "ready"  # the first word that `python -m pbx` says


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("dev")(dev)


def dev() -> None:
    """Pages with hot reload, and a PBX in a process of its own. Ctrl-C ends both.

    Saving a file reloads the pages and drops no call. The pages' server is at OFFICESMART_PORT,
    its events at the port after it.
    """
    with office() as (config, database):
        from officesmart import first_run

        told = first_run.prepare(database, config, at=datetime.now(UTC))
        if told:
            typer.echo(told)
    pbx = subprocess.Popen([sys.executable, "-m", "pbx"], stdout=subprocess.PIPE, text=True)
    assert pbx.stdout is not None
    try:
        said = pbx.stdout.readline().strip()
        if not said.startswith(READY):
            fail("the PBX did not start; its reason stands above")
        typer.echo(f"PBX: SIP on port {said.removeprefix(READY).strip()}")
        command = [
            sys.executable, "-m", "reflex", "run",
            "--frontend-port", str(config.port), "--backend-port", str(config.port + 1),
        ]  # fmt: skip
        pages = subprocess.Popen(command, env={**os.environ, "OFFICESMART_PBX": "remote"})
        try:
            pages.wait()
        except KeyboardInterrupt:
            pages.send_signal(signal.SIGINT)
            pages.wait()
    finally:
        pbx.terminate()
        pbx.wait()
