"""`unlock`: who is shut out of the portal after wrong passwords, and letting them try again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from officesmart.terminal import fail, office


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("unlock")(unlock)


def unlock(
    extension: Annotated[
        str, typer.Argument(metavar="[EXTENSION]", help="Left out: list who is shut out.")
    ] = "",
    address: Annotated[
        str, typer.Option("--address", help="Everything that was tried from this address.")
    ] = "",
) -> None:
    """Let a line, or an address, try its password again at once."""
    with office() as (_, database):
        from sqlmodel import select

        from officesmart import lockouts, patience
        from officesmart.administration.audit import Author
        from pbx.tables import Line

        now = datetime.now(UTC)
        if not extension and not address:
            with database.reading() as session:
                found = patience.locked(session, now)
            if not found:
                typer.echo("Nobody is shut out.")
            for each in found:
                who = f"{each.extension} {each.name}".strip() or (
                    "an unknown number" if each.account else "every account"
                )
                minutes = max(1, round((each.until - now).total_seconds() / 60))
                typer.echo(f"{who}, from {each.address}: {minutes} min more")
            return
        with database.session() as session:
            if (
                extension
                and not session.exec(select(Line.id).where(Line.extension == extension)).first()
            ):
                fail(f"there is no line {extension}")
            gone = lockouts.unlock(
                session, Author("", "", now), extension=extension, address=address
            )
        typer.echo("Unlocked." if gone else "Nothing was locked.")
