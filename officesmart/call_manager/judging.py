"""What is wrong with incoming settings, and what is unwise, each with its remedy (guide 3.2.2).

Pure. A page judges while somebody edits; `panel.save` judges again, for a request may be forged.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from officesmart.administration.rules import Fault
from officesmart.call_manager import numbers
from officesmart.call_manager.incoming import (
    FIELDS,
    MODES,
    PERIOD_SECONDS,
    PERIODS,
    PHONES,
    Incoming,
    PlanRow,
    differ,
)
from pbx.printable import printable
from pbx.routing.forwarding import Destination, followed
from pbx.routing.office import Office
from pbx.routing.outward import Refusal

SECONDS = {"no_answer_seconds": (5, 420), "mailbox_seconds": (0, 420)}
"The bounds of the features' options, which a test holds these to."
NAME = 80
"Characters of a phone's name."
LONG = 170
"Seconds of ringing after which networks may release a call (Timer C, RFC 3261 s.16.6)."
MARGIN = 5
"Seconds by which a remedy is longer than what it has to outlast."
FORWARDS = (
    # switch, number, its name in a sentence
    ("forward", "forward_number"),
    ("busy", "busy_number"),
    ("no_answer", "no_answer_number"),
)


@dataclass(frozen=True, slots=True)
class Warning:
    """Something that is allowed and yet hardly meant."""

    on: str
    "The field beside which it stands."
    it: str
    en: str
    remedy: Incoming | None = None
    "The settings without it."
    remedy_it: str = ""
    remedy_en: str = ""


def faults(
    values: Incoming, *, was: Incoming | None = None, extension: str, office: Office
) -> dict[str, Fault]:
    """What is wrong, by field; only what differs from `was`: a number that was right once is not
    held against somebody who changes something else."""
    found: dict[str, Fault] = {}
    changes: Collection[str] = FIELDS if was is None else differ(was, values)
    if {"mode", "periods", "phones"} & {*changes}:
        known = () if was is None else (row.number for row in was.phones)
        found |= _plan(values, extension=extension, office=office, known=frozenset(known))
    for name, (least, most) in SECONDS.items():
        if name in changes and not least <= getattr(values, name) <= most:
            found[name] = bounds(name)
    person = office.lines.get(extension)
    for switch, number in FORWARDS:
        if not {switch, number} & {*changes}:
            continue
        if not getattr(values, switch):
            # A click or *21# may put it in force later: what is laid down is right.
            if number in changes and getattr(values, number) and person is not None:
                fault = numbers.judge(getattr(values, number), person, office).fault
                found |= {number: fault} if fault is not None else {}
            continue
        if not getattr(values, number):
            found[number] = Fault("Scegli a quale numero", "Choose the number it goes to")
            continue
        if person is None:
            continue
        target = followed(getattr(values, number), person, office)
        if isinstance(target, Refusal):
            found[number] = Fault(target.it, target.en)
    if (
        not found.keys() & {"periods", "no_answer_seconds"}
        and {"mode", "periods", "forward", "no_answer", "no_answer_seconds"} & {*changes}
        and (fault := too_short(values)) is not None
    ):
        found["no_answer_seconds"] = fault
    return found


def bounds(name: str) -> Fault:
    """Between which seconds a field of SECONDS is."""
    least, most = SECONDS[name]
    return Fault(
        f"Scrivi i secondi con un numero da {least} a {most}",
        f"Give the seconds as a number from {least} to {most}",
    )


def too_short(values: Incoming) -> Fault | None:
    """The forward must come after the whole of the sequence (guide 3.2.2)."""
    whole = values.plan_seconds
    if not whole or not values.no_answer or values.no_answer_seconds > whole:
        return None
    return Fault(
        f"Lo squillo in sequenza dura {whole} s: il valore deve essere più lungo",
        f"Ringing in order takes {whole} s: the value must be longer",
    )


def long_enough(values: Incoming) -> int:
    """The seconds that `too_short` would accept, round; 0 when no value can."""
    wanted = values.plan_seconds + MARGIN
    return wanted if wanted <= SECONDS["no_answer_seconds"][1] else 0


def warnings(values: Incoming, *, has_mailbox: bool) -> tuple[Warning, ...]:
    """What is allowed and yet hardly meant; nothing while everything is forwarded."""
    if values.forward:
        return ()
    found: list[Warning] = []
    whole, box = values.plan_seconds, values.mailbox_seconds
    if values.chosen == "in_order":
        for index in range(len(values.periods)):
            if not any(row.rings[index : index + 1] == (True,) for row in values.phones):
                found.append(
                    Warning(
                        "periods",
                        f"Nel periodo {index + 1} non squilla nessun telefono: viene saltato.",
                        f"In period {index + 1} no phone rings: it is passed over.",
                    )
                )
    if has_mailbox and values.no_answer and box < values.no_answer_seconds:
        wanted = values.no_answer_seconds + MARGIN
        found.append(
            _mailbox(
                values,
                min(wanted, SECONDS["mailbox_seconds"][1]),
                f"La segreteria risponde a {box} s, prima dell'inoltro: non inoltra mai.",
                f"Voicemail answers at {box} s, before the forward: it never forwards.",
            )
        )
    elif has_mailbox and not values.no_answer and whole and box < whole:
        found.append(
            _mailbox(
                values,
                min(whole, SECONDS["mailbox_seconds"][1]),
                f"La segreteria risponde a {box} s: lo squillo in sequenza, che dura {whole} s, "
                "si ferma lì.",
                f"Voicemail answers at {box} s: ringing in order, which takes {whole} s, stops "
                "there.",
            )
        )
    longest = max(whole, values.no_answer_seconds if values.no_answer else 0)
    if longest > LONG:
        found.append(
            Warning(
                "periods" if whole > LONG else "no_answer_seconds",
                f"Dopo {LONG} s di squillo la rete di chi chiama può chiudere la chiamata.",
                f"After {LONG} s of ringing the caller's network may end the call.",
            )
        )
    return tuple(found)


def _mailbox(values: Incoming, seconds: int, it: str, en: str) -> Warning:
    return Warning(
        "mailbox_seconds",
        it,
        en,
        remedy=replace(values, mailbox_seconds=seconds),
        remedy_it=f"Porta la segreteria a {seconds} s",
        remedy_en=f"Make voicemail {seconds} s",
    )


def _plan(
    values: Incoming, *, extension: str, office: Office, known: frozenset[str]
) -> dict[str, Fault]:
    """What is wrong with the ring plan itself."""
    if values.mode not in MODES or values.mode == "forward":
        return {"mode": Fault("Scegli come squilla", "Choose how it rings")}
    if len(values.periods) > PERIODS:
        return {
            "periods": Fault(
                f"Al massimo {PERIODS} periodi: togline uno",
                f"At most {PERIODS} periods: remove one",
            )
        }
    if any(not 1 <= seconds <= PERIOD_SECONDS for seconds in values.periods):
        return {
            "periods": Fault(
                f"Un periodo dura da 1 a {PERIOD_SECONDS} secondi",
                f"A period takes 1 to {PERIOD_SECONDS} seconds",
            )
        }
    if len(values.phones) > PHONES:
        return {
            "phones": Fault(
                f"Al massimo {PHONES} telefoni: togline uno", f"At most {PHONES} phones: remove one"
            )
        }
    if not values.phones and values.mode != "own":
        return {"phones": Fault("Aggiungi almeno un telefono", "Add at least one phone")}
    if values.mode == "in_order":
        if not values.periods:
            return {"periods": Fault("Aggiungi un periodo", "Add a period")}
        if not any(any(row.rings) for row in values.phones):
            return {
                "periods": Fault(
                    "Nessun telefono squilla: accendi almeno una barra",
                    "No phone rings: switch at least one bar on",
                )
            }
    person = office.lines.get(extension)
    seen: set[str] = set()
    for row in values.phones:
        target = followed(row.number, person, office) if row.number and person else None
        fault = None if target is None else _row(row, target, known=row.number in known)
        meant = row.number
        if target is not None and not isinstance(target, Refusal):
            meant = target.line or target.number  # 202 and its own number are one telephone
        if fault is None and not (len(row.name) <= NAME and printable(row.name)):
            fault = Fault(
                f"Il nome di un telefono ha al massimo {NAME} caratteri, tutti visibili",
                f"A phone's name has at most {NAME} characters, all of them visible",
            )
        if fault is None and meant in seen:
            fault = Fault(
                f"{row.number or extension} c'è due volte: togline uno",
                f"{row.number or extension} is there twice: remove one",
            )
        if fault is not None:
            return {"phones": fault}
        seen.add(meant)
    return {}


def _row(row: PlanRow, target: Destination | Refusal, *, known: bool) -> Fault | None:
    """What is wrong with a phone's number; one that was right once is not held against anybody."""
    called = row.name or row.number
    if known:
        return None
    if isinstance(target, Refusal):
        return Fault(f"{called}: {_lower(target.it)}", f"{called}: {_lower(target.en)}")
    if target.inside and not target.line:
        return Fault(
            f"{called}: il numero non è di un telefono",
            f"{called}: the number is that of no telephone",
        )
    return None


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
