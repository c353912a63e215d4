"""The table of star codes as an administrator works with it: which code does what.

What a code can do is said by pbx/routing/star_codes.py; who else has its digits, by the dial plan.
Plain functions over a session; each change and its entry in the log are one transaction.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session, select

from officesmart.administration import audit
from officesmart.administration.audit import Author
from officesmart.administration.lines import Gone, Refused
from officesmart.administration.rules import Fault
from pbx.routing.dialplan import DialPlan, Named
from pbx.routing.star_codes import APPS, DEEDS, HOMES, PROFILES, named
from pbx.store.dialplan import read_dial_plan
from pbx.tables import ServiceNumber

CODE = re.compile(r"[*#]{1,2}[0-9]{1,5}#?|[0-9]{2,6}|[*]{2}")
WITH_EXTENSION = ("voicemail_deposit", "pickup_directed")
"Applications whose codes an extension follows; ** alone may be the code of one."
LONGEST = 8
NAMES = {
    "code": ("codice", "code"),
    "does": ("servizio", "service"),
    "profile": ("profilo", "profile"),
    "codes": ("codici", "codes"),
}
"The fields as the change log calls them."
BAD_CODE = Fault(
    "Comincia con * o # e ha da 1 a 5 cifre, come *21 o *#21; senza segni ne ha da 2 a 6",
    "It begins with * or # and has 1 to 5 digits, like *21 or *#21; without signs it has 2 to 6",
)
NO_DEED = Fault("Scegli che cosa fa il codice", "Choose what the code does")
FEATURES: Mapping[str, tuple[str, str]] = {
    "forward_all": (
        "Chi ti chiama arriva al numero che hai composto; i tuoi telefoni non squillano.",
        "Whoever calls you reaches the number you dialled; your phones do not ring.",
    ),
    "forward_busy": (
        "Quando sei al telefono, chi chiama arriva al numero che hai composto.",
        "While you are on the phone, callers reach the number you dialled.",
    ),
    "forward_no_answer": (
        "Se non rispondi entro i secondi indicati, chi chiama arriva al numero che hai composto.",
        "If you do not answer within the seconds given, callers reach the number you dialled.",
    ),
    "forward_unavailable": (
        "Con i telefoni spenti o scollegati, chi chiama arriva al numero che hai composto.",
        "If your phones are off or signed out, callers reach the number you dialled.",
    ),
    "forwards": (
        "Vale per tutti gli inoltri insieme.",
        "For all forwards together.",
    ),
    "do_not_disturb": (
        "I tuoi telefoni tacciono; chi chiama trova occupato o la segreteria.",
        "Your phones stay silent; callers find you busy or reach voicemail.",
    ),
    "call_waiting": (
        "Mentre telefoni, una seconda chiamata squilla; senza, chi chiama trova occupato.",
        "While you talk a second call rings; without it, callers find you busy.",
    ),
    "anonymous_reject": (
        "Chi nasconde il numero viene rifiutato e non arriva alla segreteria.",
        "Who withholds the number is rejected and does not reach voicemail.",
    ),
    "reject_last": (
        "Chi ti ha chiamato per ultimo va nella lista di rifiuto, che si accende.",
        "Whoever called you last goes on your rejection list, which is switched on.",
    ),
    "selective_reject": (
        "I chiamanti della tua lista di rifiuto vengono rifiutati.",
        "Callers on your rejection list are rejected.",
    ),
    "selective_forward": (
        "I chiamanti della tua lista di inoltro arrivano al numero che hai composto.",
        "Callers on your forwarding list reach the number you dialled.",
    ),
    "return_call": (
        "Senti chi ti ha chiamato per ultimo e lo richiami.",
        "You hear who called you last and call back.",
    ),
    "speed_dial": (
        "Un codice da 5 a 9 o da 10 a 49 chiama quel numero, con # o dopo qualche secondo.",
        "A code from 5 to 9 or 10 to 49 calls that number, with # or after a few seconds.",
    ),
    "hide_id": (
        "Chi riceve questa chiamata non vede il tuo numero.",
        "Whoever takes this call does not see your number.",
    ),
    "show_id": (
        "Chi riceve questa chiamata vede il tuo numero, anche se di solito è nascosto.",
        "Whoever takes this call sees your number, even if it is usually hidden.",
    ),
    "voicemail_menu": (
        "Ascolti i tuoi messaggi e cambi i saluti.",
        "You hear your messages and change your greetings.",
    ),
    "voicemail_deposit": (
        "Lasci un messaggio nella casella di un collega senza farlo squillare.",
        "You leave a message in a colleague's mailbox without ringing.",
    ),
    "pickup": (
        "Rispondi alla chiamata che squilla da più tempo a chi è in un Gruppo di Pick-Up con te.",
        "You answer the call that has been ringing longest at somebody of your pickup groups.",
    ),
    "pickup_directed": (
        "Rispondi alla chiamata che squilla a quell'interno.",
        "You answer the call that rings at that extension.",
    ),
    "park": (
        "Durante una chiamata: la metti in un parcheggio, di cui senti il numero. Altrimenti "
        "riprendi la chiamata parcheggiata. Con due cifre in più scegli il parcheggio.",
        "During a call: you put it on a park orbit, whose number you hear. Otherwise you take "
        "the parked call back. With two more digits you choose the orbit.",
    ),
    "echo": (
        "Senti la tua voce di ritorno: serve a provare un telefono.",
        "You hear your own voice back: to try a phone.",
    ),
}
"What the code does for whoever dials it, by feature or application."
OFF: Mapping[str, tuple[str, str]] = {
    "reject_last": (
        "Toglie dalla lista di rifiuto il numero aggiunto per ultimo; se era il solo, la spegne.",
        "Takes the number added last off the rejection list; if it was alone, that goes off too.",
    ),
    "speed_dial": ("Il codice torna libero.", "The code is free again."),
}
"The same for what switches off, where it is more than that."


@dataclass(frozen=True, slots=True)
class Code:
    """A code of the table."""

    code: str
    app: str
    enabled: bool
    with_extension: bool
    name: Named
    takes: str = ""
    "As in pbx.routing.star_codes.Deed; '' for applications."

    @property
    def is_app(self) -> bool:
        """Reached as a call, rather than done to a setting."""
        return self.app not in DEEDS


def listed(session: Session) -> list[Code]:
    """Every code, those of one service together, in the order people look for them."""
    order = {name: place for place, name in enumerate((*APPS, *DEEDS))}
    rows = session.exec(select(ServiceNumber)).all()
    codes = [_code(row) for row in rows]
    return sorted(
        codes, key=lambda each: (order.get(each.app, len(order)), len(each.code), each.code)
    )


def choices() -> list[tuple[str, Named]]:
    """What a code may do: applications of ours, then deeds."""
    return [(name, named(name)) for name in (*APPS, *DEEDS)]


def dialled(code: str, takes: str, *, is_app: bool, with_extension: bool, language: str) -> str:
    """The code with what follows it, as it is dialled: '*61*numero*secondi#'."""
    english = language == "en"
    number, seconds = ("number", "seconds") if english else ("numero", "secondi")
    place = "speed-dial" if english else "selezione"
    if with_extension:
        return code + ("extension" if english else "interno")
    if is_app:
        return code
    return code + {
        "": "" if code.endswith("#") else "#",
        "number": f"*{number}#",
        "number seconds": f"*{number}*{seconds}#",
        "place": f"*{place}#",
        "place number": f"*{place}*{number}#",
        "call": number,
    }.get(takes, "")


def explained(app: str) -> Named:
    """What a code does, in a sentence; empty for a customer's application."""
    feature, _, verb = app.partition(".")
    if verb == "ask":
        return Named(
            "Senti se è acceso e con quale numero.",
            "You hear whether it is on and with what number.",
        )
    if verb == "off":
        return Named(*OFF.get(feature, ("Torna come prima.", "It is off again.")))
    return Named(*FEATURES.get(feature, ("", "")))


def fault_of(plan: DialPlan, code: str, *, but: str = "") -> Fault | None:
    """What is wrong with a code; but: the one it replaces."""
    if len(code) > LONGEST or not CODE.fullmatch(code):
        return BAD_CODE
    taken = plan.conflict("star_code", code, but=but)
    return Fault(taken.it, taken.en) if taken is not None else None


def change(session: Session, author: Author, code: str, *, to: str) -> str:
    """Give what a code does another code, and answer it. Raises Gone, Refused."""
    row = _row(session, code)
    if to == code:
        return code
    wrong = fault_of(read_dial_plan(session), to, but=code)
    if wrong is not None:
        raise Refused({"code": wrong})
    fresh = ServiceNumber(
        code=to, app=row.app, with_extension=row.with_extension, enabled=row.enabled
    )
    session.delete(row)
    session.flush()
    session.add(fresh)
    _note(session, author, row.app, before={"code": code}, after={"code": to})
    return to


def add(session: Session, author: Author, code: str, app: str) -> str:
    """One more code for a service; answers the code. Raises Refused."""
    faults = {}
    wrong = fault_of(read_dial_plan(session), code)
    if wrong is not None:
        faults["code"] = wrong
    if app not in (*APPS, *DEEDS):
        faults["app"] = NO_DEED
    if faults:
        raise Refused(faults)
    session.add(ServiceNumber(code=code, app=app, with_extension=app in WITH_EXTENSION))
    _note(session, author, app, after={"code": code})
    return code


def remove(session: Session, author: Author, code: str) -> str:
    """A code does nothing any more; answers it. Raises Gone."""
    row = _row(session, code)
    _note(session, author, row.app, before={"code": code})
    session.delete(row)
    return code


def switch(session: Session, author: Author, code: str, on: bool) -> None:
    """Switch a code on or off. Raises Gone."""
    row = _row(session, code)
    if row.enabled != on:
        row.enabled = on
        session.add(row)
        _note(
            session, author, row.app,
            before={"code": code, "enabled": not on}, after={"code": code, "enabled": on},
        )  # fmt: skip


# -- profiles -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Move:
    """What a profile does to one code."""

    code: str
    kind: str
    "'new', 'gone', 'changed' (it does something else), 'on' (it was off) or 'refused'."
    name: Named
    "What it does afterwards; of one that goes, what it did."
    why: Fault | None = None
    "Who has the digits, when refused."


def preview(session: Session, profile: str) -> list[Move]:
    """What taking a profile over would change; nothing is written. KeyError for an unknown one.

    Deeds get the profile's codes. Applications keep theirs, but for one that is where HOMES has it
    in another profile; a code of the profile whose digits belong to somebody is left out.
    """
    wanted = PROFILES[profile]
    rows = {row.code: row for row in session.exec(select(ServiceNumber))}
    plan = read_dial_plan(session)
    moving = _moving(rows, profile, plan)
    moves = [
        Move(code, "gone", named(row.app))
        for code, row in rows.items()
        if code not in wanted
        and (code in moving or (row.app in DEEDS and code not in moving.values()))
    ]
    moves += (
        Move(home, "changed" if home in rows else "new", named(rows[code].app))
        for code, home in moving.items()
    )
    for code, app in wanted.items():
        row = rows.get(code)
        if row is not None and code in moving:
            moves.append(Move(code, "changed", named(app)))
        elif row is None or row.app not in DEEDS:
            taken = plan.conflict("star_code", code)
            refused = Fault(taken.it, taken.en) if taken is not None else None
            moves.append(Move(code, "refused" if refused else "new", named(app), refused))
        elif row.app != app:
            moves.append(Move(code, "changed", named(app)))
        elif not row.enabled:
            moves.append(Move(code, "on", named(app)))
    order = {name: place for place, name in enumerate(("refused", "changed", "new", "on", "gone"))}
    return sorted(moves, key=lambda move: (order[move.kind], move.code))


def reset(session: Session, author: Author, profile: str) -> list[Move]:
    """Take a profile over; answers what changed. KeyError for an unknown one."""
    moves = preview(session, profile)
    rows = {row.code: row for row in session.exec(select(ServiceNumber))}
    wanted = {code: (app, True, False) for code, app in PROFILES[profile].items()}
    for code, home in _moving(rows, profile, read_dial_plan(session)).items():
        wanted[home] = (rows[code].app, rows[code].enabled, rows[code].with_extension)
    for move in moves:
        row = rows.get(move.code)
        if move.kind == "gone" and row is not None:
            session.delete(row)
        elif move.kind in ("changed", "on", "new"):
            app, enabled, with_extension = wanted[move.code]
            row = row or ServiceNumber(code=move.code, app=app)
            row.app, row.enabled, row.with_extension = app, enabled, with_extension
            session.add(row)
    done = [move for move in moves if move.kind != "refused"]
    if done:
        audit.note(
            session, author, "star_codes_reset", after={"profile": profile, "codes": len(done)}
        )
    return moves


def _moving(rows: Mapping[str, ServiceNumber], profile: str, plan: DialPlan) -> dict[str, str]:
    """Code to code: applications that go where this profile has them."""
    found = {}
    for app, home in HOMES[profile].items():
        for each in HOMES.values():
            code, there = each.get(app, home), rows.get(home)
            row = rows.get(code)
            free = there.app in DEEDS if there else plan.conflict("star_code", home) is None
            if code != home and row is not None and row.app == app and free:
                found[code] = home
    return found


# -- pieces -------------------------------------------------------------------------------------


def _row(session: Session, code: str) -> ServiceNumber:
    row = session.get(ServiceNumber, code)
    if row is None:
        raise Gone
    return row


def _code(row: ServiceNumber) -> Code:
    deed = DEEDS.get(row.app)
    return Code(
        code=row.code,
        app=row.app,
        enabled=row.enabled,
        with_extension=row.with_extension,
        name=named(row.app),
        takes=deed.takes if deed is not None else "",
    )


def _note(
    session: Session,
    author: Author,
    app: str,
    *,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    audit.note(
        session, author, "star_code_changed", line_name=named(app).it, before=before, after=after
    )
