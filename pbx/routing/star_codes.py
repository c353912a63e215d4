"""What star codes can do, and which codes do it: names in both languages, and two profiles.

Pure. A row of `ServiceNumber` says which code does what: its `app` is an application of `pbx/apps/`
or one of DEEDS. A profile is a set of such rows; an administrator takes one over and changes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from pbx.routing.dialplan import Named


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that a code does to a setting of one's own line, or to the call that follows it."""

    name: str
    "Feature and verb, as rows have it: 'forward_all.on'."
    it: str
    en: str
    takes: str = ""
    """What follows the code: '' nothing, 'number' a number (`*21*202#`), 'number seconds' also how
    long the phones ring first (`*61*202*20#`), 'call' a number that is called at once (`#31#202`).
    """


DEEDS: Mapping[str, Deed] = {
    deed.name: deed
    for deed in (
        Deed("forward_all.on", "Inoltra tutte le chiamate", "Forward all calls", "number"),
        Deed("forward_all.off", "Inoltro di tutte spento", "Stop forwarding all calls"),
        Deed("forward_all.ask", "Inoltro di tutte: com'è?", "Forwarding all calls: how is it set?"),
        Deed("forward_busy.on", "Inoltra se occupato", "Forward when busy", "number"),
        Deed("forward_busy.off", "Inoltro se occupato spento", "Stop forwarding when busy"),
        Deed("forward_busy.ask", "Inoltro se occupato: com'è?", "When busy: how is it set?"),
        Deed(
            "forward_no_answer.on",
            "Inoltra se nessuno risponde",
            "Forward when nobody answers",
            "number seconds",
        ),
        Deed(
            "forward_no_answer.off",
            "Inoltro se nessuno risponde spento",
            "Stop forwarding when nobody answers",
        ),
        Deed(
            "forward_no_answer.ask",
            "Inoltro se nessuno risponde: com'è?",
            "When nobody answers: how is it set?",
        ),
        Deed(
            "forward_unavailable.on",
            "Inoltra se non raggiungibile",
            "Forward when unreachable",
            "number",
        ),
        Deed(
            "forward_unavailable.off",
            "Inoltro se non raggiungibile spento",
            "Stop forwarding when unreachable",
        ),
        Deed(
            "forward_unavailable.ask",
            "Inoltro se non raggiungibile: com'è?",
            "When unreachable: how is it set?",
        ),
        Deed("forwards.on", "Attiva tutti gli inoltri", "Switch all forwards on", "number"),
        Deed("forwards.off", "Spegni tutti gli inoltri", "Switch all forwards off"),
        Deed("do_not_disturb.on", "Non disturbare", "Do not disturb"),
        Deed("do_not_disturb.off", "Non disturbare spento", "Do not disturb off"),
        Deed("do_not_disturb.ask", "Non disturbare: com'è?", "Do not disturb: how is it set?"),
        Deed(
            "hide_id.call", "Nascondi il numero, una chiamata", "Hide my number, one call", "call"
        ),
        Deed("show_id.call", "Mostra il numero, una chiamata", "Show my number, one call", "call"),
        Deed("hide_id.ask", "Numero nascosto: com'è?", "Hidden number: how is it set?"),
    )
}

APPS: Mapping[str, Named] = {
    "voicemail_menu": Named("Segreteria telefonica", "Voicemail"),
    "voicemail_deposit": Named("Lascia un messaggio a un interno", "Leave somebody a message"),
    "echo": Named("Prova di eco", "Echo test"),
}
"Names of our applications; a customer's own goes by its file's name."

ITALIAN: Mapping[str, str] = {
    "*21": "forward_all.on",
    "#21": "forward_all.off",
    "*#21": "forward_all.ask",
    "*67": "forward_busy.on",
    "*22": "forward_busy.on",
    "#67": "forward_busy.off",
    "#22": "forward_busy.off",
    "*#67": "forward_busy.ask",
    "*#22": "forward_busy.ask",
    "*61": "forward_no_answer.on",
    "*23": "forward_no_answer.on",
    "#61": "forward_no_answer.off",
    "#23": "forward_no_answer.off",
    "*#61": "forward_no_answer.ask",
    "*#23": "forward_no_answer.ask",
    "*62": "forward_unavailable.on",
    "#62": "forward_unavailable.off",
    "*#62": "forward_unavailable.ask",
    "*002": "forwards.on",
    "#002": "forwards.off",
    "*26": "do_not_disturb.on",
    "#26": "do_not_disturb.off",
    "*#26": "do_not_disturb.ask",
    "#31#": "hide_id.call",
    "*31#": "show_id.call",
    "*#31": "hide_id.ask",
}
"behaviour.md s.9, the Italian and ETSI habit; *22 and *23 are other names for *67 and *61."
US: Mapping[str, str] = {
    "*72": "forward_all.on",
    "*73": "forward_all.off",
    "*90": "forward_busy.on",
    "*91": "forward_busy.off",
    "*92": "forward_no_answer.on",
    "*93": "forward_no_answer.off",
    "*78": "do_not_disturb.on",
    "*79": "do_not_disturb.off",
    "*67": "hide_id.call",
    "*82": "show_id.call",
}
"The habit of American telephones."
PROFILES: Mapping[str, Mapping[str, str]] = {"italian": ITALIAN, "us": US}
"Rows of deeds by profile; applications keep their codes whichever profile is in force."


def named(app: str) -> Named:
    """The words for what a code reaches: a deed, an application of ours, or a customer's."""
    deed = DEEDS.get(app)
    return Named(deed.it, deed.en) if deed is not None else APPS.get(app, Named(app, app))


# --- reading what was dialled ------------------------------------------------------------------


class Does(Protocol):
    """A row of the office's codes."""

    @property
    def app(self) -> str:
        """A deed, or an application."""
        ...


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asked for by a code."""

    code: str
    deed: str
    number: str = ""
    seconds: int | None = None
    cut_off: bool = False
    "The code is known, what follows it cannot be understood."


def spellings(keys: str) -> Iterator[str]:
    """The ways to read the keys: as they are, and **21* for *21*, ##21# for #21# (s.9)."""
    yield keys
    if keys.startswith(("**", "##")):
        yield keys[1:]


def asked(keys: str, codes: Mapping[str, Does]) -> Asked | None:
    """The deed that these keys ask for; None when no code of a deed begins them.

    The longest code that fits wins. Phones that use # for "dial now" leave the last one out, so it
    may be missing; anything else that is missing makes the code cut off.
    """
    broken: Asked | None = None
    for end in range(len(keys), 0, -1):
        row = codes.get(keys[:end])
        if row is None or row.app not in DEEDS:
            continue
        found = _read(keys[:end], keys[end:], DEEDS[row.app])
        if not found.cut_off:
            return found
        broken = broken or found
    return broken


def _read(code: str, rest: str, deed: Deed) -> Asked:
    cut_off = Asked(code, deed.name, cut_off=True)
    if deed.takes == "call":
        number = rest.removesuffix("#") if rest[:1].isdecimal() else rest
        return Asked(code, deed.name, number) if number else cut_off
    body = rest.removesuffix("#")
    if not body:
        return Asked(code, deed.name)
    if not deed.takes:
        return cut_off
    # *21*N# as in ETSI, *72N as in America; *61*N**T# has room for what we do not use.
    read = re.fullmatch(r"[*]?([0-9]+)(?:[*]{1,2}([0-9]{1,4}))?", body)
    if read is None or (read[2] and "seconds" not in deed.takes):
        return cut_off
    return Asked(code, deed.name, read[1], int(read[2]) if read[2] else None)
