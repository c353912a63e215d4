"""The trial of an import: what each row of a file would do, before anything is done.

Judged by the import's own code (import_csv.py), row by row; the import itself is that code too.
Reads the database, so it is work for a thread.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlmodel import select

from officesmart import import_csv, places
from officesmart.administration import sheet as sheets
from officesmart.administration.rules import Fault, explain
from officesmart.administration.sheet import Sheet
from officesmart.csv_rows import Row, parse
from officesmart.enrol import Enrolment
from pbx.store.session import Database
from pbx.tables import Line, Mailbox

COMPARED = ("name", "email", "number", "site", "role", "language", "rights", "active")
_NEVER = datetime(2000, 1, 1, tzinfo=UTC)
"A trial writes no moment."
KINDS = ("new", "changed", "same", "error")


@dataclass(frozen=True, slots=True)
class Judged:
    """One row of the file."""

    line: int
    kind: str
    "One of KINDS."
    extension: str
    name: str
    changes: tuple[tuple[str, str, str], ...] = ()
    "(field, before, after) of what would change; secrets without values."
    faults: tuple[tuple[str, Fault], ...] = ()
    "(column, what is wrong)."


@dataclass(frozen=True, slots=True)
class Trial:
    """A whole file."""

    rows: tuple[Judged, ...] = ()
    faults: tuple[Fault, ...] = ()
    "What is wrong with the file as a whole."
    sites: tuple[str, ...] = ()
    "Sites that the office does not have, as the rows name them."
    content: bytes = field(default=b"", repr=False)
    "What would be imported: the file with our columns, without the rows that were left out."

    def count(self, kind: str) -> int:
        """How many rows are of this kind."""
        return sum(row.kind == kind for row in self.rows)


def judge(
    database: Database,
    sheet: Sheet,
    columns: Sequence[str],
    *,
    leave_out: bool = False,
    new_sites: bool = True,
) -> Trial:
    """What each row would do. leave_out: rows with errors are to be left out of the import;
    new_sites: sites that the office does not have are to be made.
    """
    content = sheets.mapped(sheet, columns)
    rows, wrong = _faults(database, content, new_sites)
    down = sheets.shift(sheet)
    # Line 1 of what is judged is our own header: its faults are the file's.
    whole = tuple(fault for _, fault in wrong.pop(1, ()))
    by_line = {line - down: faults for line, faults in wrong.items()}
    for line, fault in sheets.ragged(sheet).items():
        by_line.setdefault(line, []).append(("", fault))
    if by_line:
        whole = ()  # each row says it already
    with database.reading() as session:
        known = {line.extension: line for line in session.exec(select(Line))}
        enabled = dict(session.execute(select(Mailbox.line_id, Mailbox.enabled)).all())
        boxes = {each.extension: enabled.get(each.id, False) for each in known.values()}
        sites = places.unknown(session, [row.enrolment.site for row in rows if row.enrolment.site])
    place = {column: at for at, column in enumerate(columns) if column}
    right = {row.line - down: row for row in rows}
    judged = []
    for line, cells in sheet.rows:
        if line in by_line:
            judged.append(_wrong(line, cells, place, tuple(by_line[line])))
        elif line in right:
            judged.append(_right(line, right[line].enrolment, known, boxes))
    if leave_out and by_line:
        content = sheets.mapped(sheet, columns, without=frozenset(by_line))
    return Trial(tuple(judged), whole, sites, content)


def _faults(
    database: Database, content: bytes, new_sites: bool
) -> tuple[list[Row], dict[int, list[tuple[str, Fault]]]]:
    """The rows that are right in themselves, and everything that is wrong, by line."""
    rows, _ = parse(content)
    found: dict[int, list[tuple[str, Fault]]] = {}
    try:
        import_csv.import_lines(database, content, at=_NEVER, dry_run=True, new_sites=new_sites)
    except import_csv.Refused as refused:
        for bad in refused.rows:
            found.setdefault(bad.line, []).append((bad.column, explain(bad)))
    return rows, found


def _wrong(
    line: int,
    cells: Sequence[str],
    place: Mapping[str, int],
    faults: tuple[tuple[str, Fault], ...],
) -> Judged:
    def cell(column: str) -> str:
        at = place.get(column, len(cells))
        return cells[at][:80] if at < len(cells) else ""

    return Judged(line, "error", cell("extension"), cell("name"), faults=faults)


def _right(
    line: int, new: Enrolment, known: Mapping[str, Line], boxes: Mapping[str, bool]
) -> Judged:
    old = known.get(new.extension)
    name = new.name or (old.name if old is not None else "")
    if old is None:
        return Judged(line, "new", new.extension, name)
    changes = [
        (column, _word(getattr(old, column)), _word(getattr(new, column)))
        for column in COMPARED
        if _differs(column, getattr(old, column), getattr(new, column))
    ]
    box = boxes.get(new.extension, False)
    if new.mailbox is not None and new.mailbox != box:
        changes.append(("mailbox", _word(box), _word(new.mailbox)))
    given = new.secrets
    changes += [
        (column, "", "")
        for column, secret in (
            ("password", given.password),
            ("sip_password", given.sip_password),
            ("mailbox_pin", given.pin),
        )
        if secret
    ]
    kind = "changed" if changes else "same"
    return Judged(line, kind, new.extension, name, changes=tuple(changes))


def _differs(column: str, old: object, new: object) -> bool:
    """Whether this would change; a site is the same in capitals or not (places.py)."""
    if new is None:
        return False
    if column == "site":
        return str(old).casefold() != str(new).casefold()
    return old != new


def _word(value: object) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
