"""A caller list as the browser gets it: its entries in words, and who may be ticked for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlmodel import Session

from officesmart.call_manager import fixes
from officesmart.call_manager.lists import Detail, Entry
from officesmart.contacts import book
from officesmart.contacts import groups as contact_groups
from officesmart.contacts.card import words_of
from officesmart.i18n import say
from pbx.numbers import national
from pbx.routing.conflicts import Conflict
from pbx.routing.office import Office

CHOICES = 50  # contacts or colleagues that are shown at once


@dataclass(frozen=True)
class Remedy:
    """What can be done about a conflict, for the browser."""

    id: str
    words: str


@dataclass(frozen=True)
class EntryRow:
    """An entry, for the browser."""

    id: int
    kind: str
    title: str
    detail: str
    severity: str = ""
    "Of its gravest conflict: 'ignored', 'partly' or 'info'; empty for none."
    warnings: list[str] = field(default_factory=list)
    remedies: list[Remedy] = field(default_factory=list)


@dataclass(frozen=True)
class Told:
    """A piece of a pasted text that was left out, for the browser."""

    text: str
    why: str


@dataclass(frozen=True)
class Choice:
    """Somebody who can be ticked, for the browser."""

    kind: str
    id: str
    title: str
    detail: str
    ticked: bool = False

    @property
    def meant(self) -> tuple[str, str, int, int]:
        """Like that of the `lists.Entry` it would become."""
        match self.kind:
            case "extension":
                return "extension", self.id, 0, 0
            case "contact":
                return "contact", "", int(self.id), 0
        return self.kind, "", 0, int(self.id)


def row_of(
    entry: Entry, known: Detail | None, found: Sequence[Conflict], office: Office, language: str
) -> EntryRow:
    """An entry with what is in its way. known: what it means now, when it is of the book."""
    title, detail = _words(entry, known, office, language)
    if not found:
        return EntryRow(entry.id, entry.kind, title, detail)
    remedies = {
        fixes.name_of(each, fix): say(language, it=fix.it, en=fix.en)
        for each in found
        for fix in each.fixes
        if fix.remove_entry
    }
    return EntryRow(
        entry.id,
        entry.kind,
        title,
        detail,
        min((each.severity for each in found), key=fixes.WORST.index),
        [say(language, it=each.it, en=each.en) for each in found],
        [Remedy(*each) for each in remedies.items()],
    )


def many_it(many: int) -> str:
    """So many entries."""
    return "1 voce" if many == 1 else f"{many} voci"


def many_en(many: int) -> str:
    """So many entries."""
    return "1 entry" if many == 1 else f"{many} entries"


def _words(entry: Entry, known: Detail | None, office: Office, language: str) -> tuple[str, str]:
    """What a row says: who, and what that means."""
    match entry.kind:
        case "anonymous":
            return (
                say(language, it="anonimo", en="anonymous"),
                say(language, it="chi nasconde il proprio numero", en="who withholds the number"),
            )
        case "prefix":
            begins = entry.value.removeprefix("+39") or entry.value
            return f"{begins}*", say(
                language, it="tutti i numeri che iniziano così", en="every number that begins so"
            )
        case "extension":
            person = office.lines.get(entry.value)
            name = person.name if person is not None else entry.name
            return name or entry.value, say(
                language, it=f"interno {entry.value}", en=f"extension {entry.value}"
            )
        case "contact":
            if known is None:
                return entry.name, say(
                    language, it="non più in rubrica", en="no longer in the address book"
                )
            return known.name, _follows(len(known.numbers), language)
        case "group":
            many = known.members if known is not None else 0
            name = known.name if known is not None else entry.name
            return name, _members(many, language)
    written = national(entry.value)
    return (entry.name, written) if entry.name else (written, "")


def _follows(many: int, language: str) -> str:
    it, en = ("1 numero", "1 number") if many == 1 else (f"{many} numeri", f"{many} numbers")
    return say(language, it=f"{it}, segue il contatto", en=f"{en}, follows the contact")


def _members(many: int, language: str) -> str:
    it = "1 contatto" if many == 1 else f"{many} contatti"
    en = "1 contact" if many == 1 else f"{many} contacts"
    return say(language, it=f"gruppo, {it}", en=f"group, {en}")


# -- whoever may be ticked ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Candidates:
    """Whom a search found."""

    shown: tuple[Choice, ...] = ()
    more: int = 0
    "Those found beyond the ones shown."
    nobody: bool = False
    "There is nobody at all, whatever is looked for."


def contacts_like(session: Session, line_id: int, text: str, language: str) -> Candidates:
    """Groups, then contacts of this line's address book."""
    groups = _groups(session, line_id, text, language)
    people = book.find(session, line_id, text, limit=CHOICES)
    found = (*groups, *(_contact(row, language) for row in people.rows))
    return Candidates(found, max(0, people.total - CHOICES), not (found or text))


def colleagues_like(office: Office, own: str, text: str) -> Candidates:
    """Lines in use whose names or extensions begin like that. own: the extension left out."""
    found = _colleagues(office, own, text)
    shown = tuple(found[:CHOICES])
    return Candidates(shown, max(0, len(found) - CHOICES), not (found or text))


def _contact(row: book.Row, language: str) -> Choice:
    numbers = ", ".join(national(each.number) for each in row.numbers[:2])
    more = len(row.numbers) - 2
    detail = f"{numbers} (+{more})" if more > 0 else numbers
    none = say(language, it="nessun numero", en="no number")
    return Choice("contact", str(row.id), row.title, detail or none)


def _groups(session: Session, line_id: int, text: str, language: str) -> list[Choice]:
    found = contact_groups.groups(session, line_id)
    wanted = words_of(text)
    return [
        Choice("group", str(each.id), each.name, _members(len(each.members), language))
        for each in found
        if _looked_for(each.name, wanted)
    ][:CHOICES]


def _colleagues(office: Office, own: str, text: str) -> list[Choice]:
    wanted = words_of(text)
    found = [
        Choice("extension", person.extension, person.name or person.extension, person.extension)
        for person in office.lines.values()
        if person.active and person.extension != own and _looked_for(
            f"{person.name} {person.extension}", wanted
        )
    ]  # fmt: skip
    return sorted(found, key=lambda each: each.title.casefold())


def _looked_for(text: str, wanted: list[str]) -> bool:
    return all(any(word.startswith(each) for word in words_of(text)) for each in wanted)
