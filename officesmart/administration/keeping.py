"""Things of the office that administrators keep beside lines: sites, numbers, hours, codes, trunks.

One shape for all of them. A row is read as values; values are saved against those the row was
opened with, so that the second of two administrators is told who changed what; every change and its
entry in the log are one transaction. What is peculiar to a thing (its collisions, what else changes
with it) is said in its Book, which stands in the thing's own module.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Generic, TypeVar

from sqlmodel import Session, SQLModel, col, select

from officesmart.administration import audit
from officesmart.administration.audit import Author
from officesmart.administration.clash import Clash, blamed, differ
from officesmart.administration.lines import Gone, Refused
from officesmart.administration.rules import Fault

R = TypeVar("R", bound=SQLModel)
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Noun:
    """What a thing is called; the Italian endings of what was done to it follow from `she`."""

    it: str
    its: str
    "Plural."
    en: str
    ens: str
    she: bool = False
    "Feminine in Italian."

    def done(self, it: str, en: str) -> tuple[str, str]:
        """('Sede salvata', 'Site saved'); it: the participle without its ending, 'salvat'."""
        ending = "a" if self.she else "o"
        return f"{_upper(self.it)} {it}{ending}", f"{_upper(self.en)} {en}"

    def counted(self, count: int, it: str, en: str) -> tuple[str, str]:
        """('2 sedi eliminate', '2 sites deleted')."""
        if count == 1:
            return f"1 {self.it} {it}{'a' if self.she else 'o'}", f"1 {self.en} {en}"
        return f"{count} {self.its} {it}{'e' if self.she else 'i'}", f"{count} {self.ens} {en}"


@dataclass(frozen=True)
class Book(Generic[R, V]):
    """One kind of thing: its table, its values, its rules."""

    kind: str
    "One of audit.THINGS."
    noun: Noun
    row: type[R]
    values: type[V]
    "A frozen dataclass; its fields are columns of the row, unless `read` and `write` differ."
    names: Mapping[str, tuple[str, str]]
    "The fields as sentences and the change log call them."
    title: Callable[[V], str]
    collisions: Callable[[Session, V, int], dict[str, Fault]] = lambda *_: {}
    "(session, values, own id or 0): what only this office can answer."
    along: Callable[[Session, V, V], None] = lambda *_: None
    "(session, before, after): what else changes with it, in the same transaction."
    told: Callable[[Session, V], dict[str, Any]] = lambda _, values: asdict(values)  # type: ignore[call-overload]
    "The values as the log keeps them: names instead of ids, no secrets."

    # -- reading --------------------------------------------------------------------------------

    def read(self, row: R) -> V:
        """A row's values."""
        return self.values(**{each: getattr(row, each) for each in self._fields()})

    def values_of(self, session: Session, of: int) -> V:
        """A thing as it is. Raises Gone."""
        return self.read(self._row(session, of))

    # -- changing -------------------------------------------------------------------------------

    def save(self, session: Session, author: Author, of: int, *, base: V, values: V) -> V:
        """Set a thing to `values`, which were made from `base`; answers it as it is now.

        Raises Clash when it is no longer as `base` says, Refused, Gone.
        """
        row = self._row(session, of)
        now = self.read(row)
        moved = differ(base, now)
        if moved:
            raise self._clash(session, now, moved)
        if not differ(now, values):
            return now
        self._judge(session, values, of)
        before = self.told(session, now)
        self._write(session, row, values)
        self.along(session, now, values)
        self.note(session, author, "changed", values, before, self.told(session, values))
        return values

    def create(self, session: Session, author: Author, values: V) -> int:
        """A new thing; answers its id. Raises Refused."""
        self._judge(session, values, 0)
        row = self.row()
        self._write(session, row, values)
        self.along(session, self.values(), values)
        self.note(session, author, "created", values, {}, self.told(session, values))
        made: int = row.id  # type: ignore[attr-defined]
        return made

    def remove(self, session: Session, author: Author, ids: Collection[int]) -> tuple[str, ...]:
        """Delete things; answers what they were called. Those gone already are passed over."""
        gone = []
        for row in session.exec(select(self.row).where(col(self.row.id).in_(ids))).all():  # type: ignore[attr-defined]
            values = self.read(row)
            self.note(session, author, "deleted", values, self.told(session, values), {})
            self.along(session, values, self.values())
            session.delete(row)
            gone.append(self.title(values))
        session.flush()
        return tuple(gone)

    def note(
        self,
        session: Session,
        author: Author,
        deed: str,
        values: V,
        before: Mapping[str, Any],
        after: Mapping[str, Any],
    ) -> None:
        """An entry in the log; deed: one of audit.THING_DEEDS."""
        audit.note(
            session,
            author,
            f"{self.kind}_{deed}",
            line_name=self.title(values),
            before=before,
            after=after,
        )

    # -- its own --------------------------------------------------------------------------------

    def _fields(self) -> tuple[str, ...]:
        return tuple(each.name for each in fields(self.values))  # type: ignore[arg-type]

    def _row(self, session: Session, of: int) -> R:
        row = session.get(self.row, of)
        if row is None:
            raise Gone
        return row

    def _judge(self, session: Session, values: V, of: int) -> None:
        faults = self.collisions(session, values, of)
        if faults:
            raise Refused(faults)

    def _write(self, session: Session, row: R, values: V) -> None:
        for each in self._fields():
            if getattr(row, each, None) != getattr(values, each):
                setattr(row, each, getattr(values, each))
        session.add(row)
        session.flush()

    def _clash(self, session: Session, now: V, moved: tuple[str, ...]) -> Clash:
        entry = audit.last_of(session, self.kind, self.title(now))
        # Whoever wrote what is there now; a change from elsewhere is nobody's in the log.
        told = self.told(session, now)
        known = entry is not None and all(
            told.get(name) == value for name, value in entry.after.items()
        )
        return blamed(now, moved, entry if known else None)


def _upper(word: str) -> str:
    return word[:1].upper() + word[1:]


__all__ = ["Book", "Gone", "Noun", "Refused"]
