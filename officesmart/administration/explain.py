"""What a call would do, in sentences: a plan told step by step, with its reasons."""

from __future__ import annotations

from dataclasses import dataclass

from officesmart.i18n import say
from pbx.numbers import national
from pbx.routing import targets
from pbx.routing.office import Office
from pbx.routing.plan import (
    Announce,
    Forward,
    Mailbox,
    Outside,
    Park,
    PickUp,
    Plan,
    Reject,
    Retrieve,
    Ring,
    Service,
    Splash,
    Step,
)


@dataclass(frozen=True)
class Told:
    """One step, for the browser."""

    glyph: str
    "'ring', 'mailbox', 'outside', 'service', 'announce' or 'end'."
    words: str


def reasons(language: str, plan: Plan) -> list[str]:
    """Why the plan is as it is."""
    return [say(language, it=each.it, en=each.en) for each in plan.because]


def steps(language: str, plan: Plan, office: Office) -> list[Told]:
    """The steps in order."""
    return [_told(language, step, office) for step in plan.steps]


def _told(language: str, step: Step, office: Office) -> Told:
    match step:
        case Ring(lines, seconds, outside):
            names = (phone.name or national(phone.out.number) for phone in outside)
            who = ", ".join((*(_who(office, line) for line in lines), *names))
            return Told(
                "ring",
                say(
                    language, it=f"Squilla {who} per {seconds} s", en=f"{who} rings for {seconds} s"
                ),
            )
        case Splash(line):
            who = _who(office, line)
            return Told(
                "ring", say(language, it=f"Un breve squillo a {who}", en=f"{who} rings briefly")
            )
        case Mailbox(line):
            who = _who(office, line)
            return Told(
                "mailbox", say(language, it=f"Casella vocale di {who}", en=f"Mailbox of {who}")
            )
        case Outside(number):
            shown = national(number)
            return Told("outside", say(language, it=f"Chiama {shown}", en=f"Calls {shown}"))
        case Forward() as forward:
            to = _who(office, forward.number)
            by = _who(office, forward.by)
            return Told(
                "outside", say(language, it=f"{by} inoltra a {to}", en=f"{by} forwards to {to}")
            )
        case Service(app):
            it, en = targets.SERVICES.get(app, (app, app))
            return Told("service", say(language, it=it, en=en))
        case PickUp() | Park() | Retrieve():
            it, en = "Pick-up e parcheggio", "Pickup and parking"
            return Told("service", say(language, it=it, en=en))
        case Announce(prompt):
            it, en = targets.ANNOUNCEMENTS.get(
                prompt, ("Annuncio e fine", "Announcement, then end")
            )
            return Told("announce", say(language, it=f"Annuncio «{it}»", en=f"Announcement “{en}”"))
        case Reject(status):
            return Told(
                "end",
                say(language, it=f"La chiamata finisce ({status})", en=f"The call ends ({status})"),
            )


def _who(office: Office, line: str) -> str:
    person = office.lines.get(line)
    return f"{line} {person.name}" if person is not None else national(line)
