"""`import`, `export` and `password`: the people of the office and their secrets."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from officesmart.terminal import fail, office

SHOWN = 200  # bad rows; nobody reads more


class Which(StrEnum):
    """Which of a line's secrets."""

    PORTAL = "portal"
    SIP = "sip"
    PIN = "pin"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("import")(import_)
    app.command("export")(export)
    app.command("password")(password)


def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    allow_weak: Annotated[
        bool, typer.Option("--allow-weak", help="Accept any password: for tests only.")
    ] = False,
) -> None:
    """Create or update lines from a CSV file: all of them, or none when a row is wrong.

    Columns: extension,name,email,password,sip_password,mailbox_pin,number,site,role,language,
    rights.
    An empty secret stays as it is; for a new line it is made up and written into a private file
    beside the database. The running office sees the change at once.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        fail(f"{file}: {error.strerror}")
    began = time.monotonic()
    with office() as (config, database):
        from officesmart import import_csv
        from officesmart.administration import audit
        from officesmart.private_file import write_private
        from officesmart.reach import tell

        at = datetime.now(UTC)
        try:
            author = audit.command_line(at)
            done = import_csv.import_lines(
                audit.noting(database, author, "line_imported"),
                content,
                at=at,
                dry_run=dry_run,
                allow_weak=allow_weak,
            )
        except import_csv.Refused as refused:
            for row in refused.rows[:SHOWN]:
                typer.echo(f"{file}: {row}", err=True)
            if len(refused.rows) > SHOWN:
                typer.echo(f"... and {len(refused.rows) - SHOWN} more", err=True)
            fail(f"{file}: nothing was imported, {len(refused.rows)} errors")
        created, updated = len(done.created), len(done.updated)
        if dry_run:
            typer.echo(f"{file} is good: it would create {created} lines and update {updated}.")
            return
        typer.echo(
            f"Created {created} lines, updated {updated}, in {time.monotonic() - began:.1f} s."
        )
        tell(config.data)
        if done.made_up:
            path = config.data / f"credentials-{at:%Y%m%dT%H%M%SZ}.csv"
            write_private(path, import_csv.secrets_csv(done.made_up))
            typer.echo(
                f"Secrets made up for {len(done.made_up)} lines are in {path}: hand them out and "
                "delete the file."
            )


def export(file: Annotated[Path, typer.Argument(metavar="FILE.csv")]) -> None:
    """Write all lines to a CSV file that `import` reads."""
    with office() as (_, database):
        from officesmart import import_csv
        from officesmart.administration import audit
        from officesmart.private_file import write_private

        with database.reading() as session:
            text = import_csv.export(session)
        write_private(file, text)
        with database.session() as session:
            author = audit.command_line(datetime.now(UTC))
            audit.note(session, author, "exported", after={"file": file.name})
        typer.echo(
            f"{text.count(chr(10)) - 1} lines written to {file}. Passwords and PINs are empty: "
            "only their digests are kept, and importing the file leaves them as they are."
        )


def password(
    extension: Annotated[str, typer.Argument(metavar="EXTENSION")],
    which: Annotated[
        Which, typer.Option("--for", help="The portal's password, the phone's, or the PIN.")
    ] = Which.PORTAL,
    generate: Annotated[bool, typer.Option("--generate", help="Make one up and print it.")] = False,
) -> None:
    """Give a line a new password; its browsers are signed out."""
    with office() as (config, database):
        from sqlmodel import select

        from officesmart import enrol
        from officesmart.administration import audit
        from officesmart.reach import tell
        from pbx import credentials
        from pbx.tables import Line

        with database.reading() as session:
            line = session.exec(select(Line).where(Line.extension == extension)).first()
        if line is None:
            fail(f"there is no line {extension}")
        made = enrol.made_up(extension, name=line.name, number=line.number)
        random = {Which.PORTAL: made.password, Which.SIP: made.sip_password, Which.PIN: made.pin}
        secret = random[which]
        if not generate:
            asked = "PIN" if which is Which.PIN else "password"
            secret = typer.prompt(f"New {asked} of {extension} ({line.name})", hide_input=True)
            faults = (
                credentials.pin_faults(secret, extension=extension, number=line.number)
                if which is Which.PIN
                else credentials.password_faults(
                    secret, extension=extension, name=line.name, number=line.number
                )
            )
            if faults:
                fail("; ".join(fault.en for fault in faults))
            if typer.prompt("Again", hide_input=True) != secret:
                fail("the two are different, nothing was changed")
        new = enrol.Enrolment(
            extension=extension,
            secrets=enrol.Secrets(
                password=secret if which is Which.PORTAL else "",
                sip_password=secret if which is Which.SIP else "",
                pin=secret if which is Which.PIN else "",
            ),
        )
        digests = enrol.digests_of([new])
        with database.session() as session:
            at = datetime.now(UTC)
            enrol.write(session, [new], digests, at=at)
            author = audit.command_line(at)
            deed = f"{which.value}_reset"
            audit.note(session, author, deed, line=extension, line_name=line.name)
        tell(config.data)
        typer.echo(f"{extension}: {secret}" if generate else f"{extension}: changed")
