"""`backup` and `restore`: the whole office in one file, while it runs."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from officesmart.terminal import fail, office


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("backup")(backup)
    app.command("restore")(restore)


def backup(file: Annotated[Path, typer.Argument(metavar="FILE.tar.gz")]) -> None:
    """Write database and messages to one private file; the office may run meanwhile."""
    with office() as (_, database):
        from officesmart import backup as doing
        from officesmart.administration import audit

        at = datetime.now(UTC)
        try:
            done = doing.backup(database, file, at=at)
        except doing.NotPossible as error:
            fail(str(error))
        with database.session() as session:
            author = audit.command_line(at)
            audit.note(session, author, "backed_up", after={"file": file.name})
        gone = f" ({done.missing} sounds were missing)" if done.missing else ""
        typer.echo(f"{file}: {done.lines} lines, {done.messages} messages{gone}")


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE.tar.gz")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Bring a backup back in place of the present office; in force at once.

    The present office is backed up first, beside the database. Every browser has to sign in
    again; phones stay registered.
    """
    if not yes:
        typer.confirm(f"Replace the present office by {file}?", abort=True)
    with office() as (config, database):
        from sqlmodel import select

        from officesmart import backup as doing
        from officesmart.administration import audit
        from officesmart.reach import tell
        from pbx.tables import Line

        at = datetime.now(UTC)
        before = config.data / f"before-restore-{at:%Y%m%dT%H%M%SZ}.tar.gz"
        try:
            done = doing.restore(database, file, before=before, at=at)
        except doing.NotPossible as error:
            fail(str(error))
        with database.session() as session:
            told = {"file": file.name, "lines": done.lines}
            audit.note(session, audit.command_line(at), "restored", after=told)
        with database.reading() as session:
            tell(config.data, mailboxes=session.exec(select(Line.extension)).all())
        typer.echo(
            f"Restored the office of {done.made_at}: {done.lines} lines, {done.messages} messages. "
            f"What was there before is in {before}."
        )
