"""Lines from a CSV file: read, judged row by row, and taken over all together or not at all.

What a row may look like is csv_rows.py's; here it meets the office. A line is known by its
extension. An empty secret leaves the kept one, or is made up for a new line; a column
that is missing altogether leaves what is there.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session, select

from officesmart import enrol, places
from officesmart.cells import plain
from officesmart.csv_rows import COLUMNS, NO_RIGHTS, SECRET, BadRow, Row, parse
from officesmart.enrol import Enrolment, Secrets
from pbx.store.dialplan import read_dial_plan
from pbx.store.session import Database
from pbx.tables import DirectNumber, Line, Mailbox, SipAccount


class Refused(Exception):
    """Nothing was taken over; `rows` says why."""

    def __init__(self, rows: tuple[BadRow, ...]) -> None:
        super().__init__(f"{len(rows)} errors")
        self.rows = rows


class Stopped(Exception):
    """Somebody asked to stop before anything was written."""


@dataclass(slots=True)
class Progress:
    """How far an import is; read by another thread than the one that imports."""

    done: int = 0
    "Rows whose digests are made: nearly all of the time."
    total: int = 0
    writing: bool = False
    "Everything is written now, in one transaction; it is too late to stop."
    stop: bool = False
    "Set by whoever wants it to end."

    def row(self) -> None:
        """One more. Raises Stopped."""
        if self.stop:
            raise Stopped
        self.done += 1


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, or would do."""

    created: tuple[str, ...]
    updated: tuple[str, ...]
    made_up: tuple[Enrolment, ...]
    "New lines whose secrets were made up, with only those secrets in them: to be handed out."
    sites: tuple[str, ...] = ()
    "Sites that the office did not have."


def import_lines(
    database: Database,
    content: bytes,
    *,
    at: datetime,
    dry_run: bool = False,
    allow_weak: bool = False,
    new_sites: bool = True,
    progress: Progress | None = None,
) -> Imported:
    """Take over the lines of a CSV file. Raises Refused with every bad row, Stopped.

    In force at once: the running server's next call sees it. dry_run: only judge. new_sites: a
    site that the office does not have is made; else its row is wrong.
    """
    rows, faults = parse(content, allow_weak=allow_weak)
    with database.reading() as session:
        faults += _against_office(session, rows)
        known = set(session.exec(select(Line.extension)))
        sites = places.unknown(session, [row.enrolment.site for row in rows if row.enrolment.site])
    if not new_sites:
        faults += _of_no_site(rows, sites)
    if faults:
        raise Refused(tuple(sorted(faults, key=lambda fault: fault.line)))
    fresh = [row.enrolment for row in rows if row.enrolment.extension not in known]
    full = {each.extension: _with_secrets(each) for each in fresh}
    done = Imported(
        created=tuple(full),
        updated=tuple(row.enrolment.extension for row in rows if row.enrolment.extension in known),
        made_up=tuple(
            replace(full[each.extension], secrets=_only_new(each, full[each.extension]))
            for each in fresh
            if full[each.extension].secrets != each.secrets
        ),
        sites=sites,
    )
    if dry_run:
        return done
    enrolments = [full.get(row.enrolment.extension, row.enrolment) for row in rows]
    told = progress or Progress()
    told.total = len(enrolments)
    digests = enrol.digests_of(enrolments, each=told.row)
    told.writing = True
    if told.stop:  # between the last row and now
        raise Stopped
    with database.session() as session:
        # What was judged may have changed while the digests were made; now nobody else writes.
        late = _against_office(session, rows)
        if late:
            raise Refused(tuple(late))
        enrol.write(session, enrolments, digests, at=at)
    return done


def export(session: Session) -> str:
    """Every line as CSV with our columns; the secrets are empty, only digests are kept."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    boxes = dict(session.execute(select(Mailbox.line_id, Mailbox.enabled)).all())
    for line in session.exec(select(Line).order_by(Line.extension)):
        told = (name for name in COLUMNS if name not in (*SECRET, "mailbox", "active"))
        cells = {name: plain(getattr(line, name)) for name in told}
        cells |= {"rights": line.rights or NO_RIGHTS}
        cells |= {"active": _word(line.active), "mailbox": _word(boxes.get(line.id, False))}
        writer.writerow(cells)
    return out.getvalue()


def _word(said: bool) -> str:
    return "yes" if said else "no"


def secrets_csv(enrolments: tuple[Enrolment, ...]) -> str:
    """Made-up secrets as CSV, for the file that the administrator hands out from."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("extension", "name", *SECRET))
    for each in enrolments:
        kept = each.secrets
        writer.writerow(
            (each.extension, plain(each.name or ""), kept.password, kept.sip_password, kept.pin)
        )
    return out.getvalue()


def _against_office(session: Session, rows: list[Row]) -> list[BadRow]:
    """What is wrong with right rows in this office: numbers and SIP accounts of others, no
    administrator left."""
    given = {row.enrolment.extension: row for row in rows}
    faults = []
    number_of: dict[str, str] = {}
    roles: dict[str, str] = {}
    "Of the lines that are active."
    suspended: dict[str, str] = {}
    for extension, number, role, active in session.exec(
        select(Line.extension, Line.number, Line.role, Line.active)
    ):
        (roles if active else suspended)[extension] = role
        if number and (extension not in given or given[extension].enrolment.number is None):
            number_of[number] = extension
    # A number that reaches no line reaches something that is no extension: the kind's name.
    reaches = {
        number: target if kind == "line" else kind
        for number, kind, target in session.exec(
            select(DirectNumber.number, DirectNumber.kind, DirectNumber.target)
        )
    }
    signs_in = dict(session.exec(select(SipAccount.username, Line.extension).join(Line)).all())
    plan = read_dial_plan(session)
    for row in rows:
        user = row.enrolment.extension
        taken = None if user in plan.extensions else plan.conflict("extension", user)
        if taken is not None and taken.kind != "sip_user":
            faults.append(BadRow(row.line, "extension", taken.en, taken.it))
        if signs_in.get(user, user) != user:  # that line had this extension before
            faults.append(
                BadRow(
                    row.line,
                    "extension",
                    f"a phone of {signs_in[user]} signs in as {user}: remove that account first",
                )
            )
        number = row.enrolment.number or ""
        owner = number_of.get(number, row.enrolment.extension) if number else ""
        if owner and owner != row.enrolment.extension:
            faults.append(BadRow(row.line, "number", f"{number} is the number of {owner}"))
        elif reaches.get(number, user) not in ("", user):
            faults.append(BadRow(row.line, "number", f"{number} reaches something else"))
    after = dict(roles)
    for each, row in given.items():
        role = row.enrolment.role or roles.get(each) or suspended.get(each, "user")
        said = row.enrolment.active
        active = each not in suspended if said is None else said
        after[each] = role if active else ""
    if "admin" in roles.values() and "admin" not in after.values():
        last = next(row for each, row in given.items() if roles.get(each) == "admin")
        column = "active" if last.enrolment.active is False else "role"
        faults.append(BadRow(last.line, column, "no administrator would be left"))
    return faults


def _of_no_site(rows: list[Row], sites: tuple[str, ...]) -> list[BadRow]:
    """The rows of a site that is not there."""
    missing = {name.casefold() for name in sites}
    return [
        BadRow(row.line, "site", f"there is no site {row.enrolment.site}")
        for row in rows
        if (row.enrolment.site or "").casefold() in missing
    ]


def _with_secrets(new: Enrolment) -> Enrolment:
    """A new line with what its row leaves empty made up."""
    random = enrol.made_up(new.extension, name=new.name or "", number=new.number or "")
    given = new.secrets
    return replace(
        new,
        secrets=Secrets(
            password=given.password or random.password,
            sip_password=given.sip_password or random.sip_password,
            pin=given.pin or random.pin,
        ),
    )


def _only_new(given: Enrolment, full: Enrolment) -> Secrets:
    return Secrets(
        password="" if given.secrets.password else full.secrets.password,
        sip_password="" if given.secrets.sip_password else full.secrets.sip_password,
        pin="" if given.secrets.pin else full.secrets.pin,
    )
