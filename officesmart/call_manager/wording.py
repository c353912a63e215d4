"""Incoming settings in words: whose phone that is, and what was changed. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from officesmart.administration import dialled
from officesmart.call_manager.incoming import MODES, Incoming, differ
from officesmart.i18n import Language, say
from pbx.numbers import national
from pbx.routing.forwarding import destination
from pbx.routing.office import Office

Names = Mapping[str, str]
"What a line calls its forwarding numbers: as it saved them, else its own contacts."


def called(number: str, office: Office, names: Names) -> str:
    """Who that is, if it has a name: 'Davide Conti', 'Cellulare'; else ''."""
    if names.get(number):
        return names[number]
    person = office.lines.get(number)
    if person is not None:
        return person.name
    code = office.short_codes.get(number)
    return code.name if code is not None else ""


def written(number: str, office: Office, language: str) -> str:
    """A kept number as a phone of the office dials it: 'int. 202', '0 347 555 0182'."""
    if number in office.lines:
        return say(language, it=f"int. {number}", en=f"ext. {number}")
    return dialled.shown(number, office.outside_prefix)


def in_words(number: str, office: Office, names: Names, language: str) -> str:
    """Name and number on one line."""
    if not number:
        return ""
    name, text = called(number, office, names), written(number, office, language)
    return f"{name}, {text}" if name else text


def is_outside(number: str, office: Office) -> bool:
    """Whether a call there leaves the office."""
    target = destination(number, office) if number else None
    return target is not None and not target.inside


def glyph(number: str, office: Office) -> str:
    """The drawing of a phone."""
    if not number:
        return "phone"
    if not is_outside(number, office):
        return "user-round"
    return "smartphone" if national(number).startswith("3") else "phone-outgoing"


def changes(
    base: Incoming, now: Incoming, *, office: Office, names: Names, language: Language
) -> tuple[str, ...]:
    """What differs, one sentence each."""

    def to(number: str) -> str:
        return in_words(number, office, names, language) or say(language, it="nessuno", en="none")

    def switch(it: str, en: str, on: bool) -> str:
        state = say(language, it="acceso", en="on") if on else say(language, it="spento", en="off")
        return f"{say(language, it=it, en=en)}: {state}"

    def time(it: str, en: str, before: int, after: int) -> str:
        what = say(language, it=it, en=en)
        return f"{what}: {after} s " + say(
            language, it=f"invece di {before} s", en=f"not {before} s"
        )

    found: list[str] = []
    moved = differ(base, now)
    for name in moved:
        if name == "do_not_disturb":
            found.append(
                say(language, it="Stato: Non Disturbare", en="Status: do not disturb")
                if now.do_not_disturb
                else say(language, it="Stato: Disponibile", en="Status: available")
            )
        elif name == "mode" or (name == "forward" and "mode" not in moved):
            it, en = MODES[now.chosen]
            found.append(say(language, it=it, en=en))
        elif name == "periods":
            found += _periods(base.periods, now.periods, language)
        elif name == "phones":
            found += _phones(base, now, office=office, names=names, language=language)
        elif name == "forward_number":
            found.append(
                say(language, it="Inoltro a ", en="Forwarded to ") + to(now.forward_number)
            )
        elif name == "forward_notify":
            found.append(
                switch("Notifica dell'inoltro", "Notice of the forward", now.forward_notify)
            )
        elif name == "busy":
            found.append(switch("Inoltro su occupato", "Forward when busy", now.busy))
        elif name == "busy_number":
            found.append(
                say(language, it="Su occupato: a ", en="When busy: to ") + to(now.busy_number)
            )
        elif name == "no_answer":
            found.append(switch("Inoltro senza risposta", "Forward on no answer", now.no_answer))
        elif name == "no_answer_number":
            found.append(
                say(language, it="Senza risposta: a ", en="On no answer: to ")
                + to(now.no_answer_number)
            )
        elif name == "no_answer_seconds":
            found.append(
                time(
                    "Se non rispondo",
                    "If I do not answer",
                    base.no_answer_seconds,
                    now.no_answer_seconds,
                )
            )
        elif name == "mailbox_seconds":
            found.append(time("Segreteria", "Voicemail", base.mailbox_seconds, now.mailbox_seconds))
    return tuple(found)


def _periods(before: tuple[int, ...], after: tuple[int, ...], language: Language) -> list[str]:
    if len(before) != len(after):
        return [
            say(
                language,
                it=f"Periodi: {len(after)} invece di {len(before)}",
                en=f"Periods: {len(after)}, not {len(before)}",
            )
        ]
    return [
        say(
            language,
            it=f"Periodo {index}: {new} s invece di {old} s",
            en=f"Period {index}: {new} s, not {old} s",
        )
        for index, (old, new) in enumerate(zip(before, after, strict=True), 1)
        if old != new
    ]


def _phones(
    base: Incoming, now: Incoming, *, office: Office, names: Names, language: Language
) -> list[str]:
    def name(number: str) -> str:
        if not number:
            return say(language, it="i tuoi telefoni", en="your phones")
        return called(number, office, names) or written(number, office, language)

    old = {row.number: row for row in base.phones}
    new = {row.number: row for row in now.phones}
    found = [
        say(language, it="Telefono aggiunto: ", en="Phone added: ") + (row.name or name(number))
        for number, row in new.items()
        if number not in old
    ]
    found += [
        say(language, it="Telefono tolto: ", en="Phone removed: ") + (row.name or name(number))
        for number, row in old.items()
        if number not in new
    ]
    if len(base.periods) == len(now.periods):
        found += [
            say(language, it="Cambia quando squilla: ", en="Rings differently: ")
            + (row.name or name(number))
            for number, row in new.items()
            if number in old and row.rings != old[number].rings
        ]
    found += [
        say(language, it="Premi 1 per accettare: ", en="Press 1 to accept: ")
        + (row.name or name(number))
        for number, row in new.items()
        if number in old and row.confirm != old[number].confirm
    ]
    return found
