"""What star codes can do, and which codes do it: names in both languages, and two profiles.

Pure. A row of `ServiceNumber` says which code does what: its `app` is an application of `pbx/apps/`
or one of DEEDS. A profile is a set of such rows; an administrator takes one over and changes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from pbx.routing.dialplan import SPEED_DIAL, Named


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that a code does to a setting of one's own line, or to the call that follows it."""

    name: str
    "Feature and verb, as rows have it: 'forward_all.on'."
    it: str
    en: str
    takes: str = ""
    """What follows the code: '' nothing, 'number' a number (`*21*202#`), 'number seconds' also how
    long the phones ring first (`*61*202*20#`), 'call' a number that is called at once (`#31#202`),
    'place' a speed dial's code (`#75*5#`), 'place number' also what it is to call (`*75*5*202#`).
    """


def _switch(
    feature: str, on: tuple[str, str], said: tuple[str, str], takes: str = ""
) -> tuple[Deed, ...]:
    """A service that can be switched on, switched off and asked about."""
    it, en = said
    return (
        Deed(f"{feature}.on", *on, takes),
        Deed(f"{feature}.off", f"{it} spento", f"Stop {en}"),
        Deed(f"{feature}.ask", f"{it}: com'è?", f"{en[:1].upper()}{en[1:]}: how is it set?"),
    )


DEEDS: Mapping[str, Deed] = {
    deed.name: deed
    for deed in (
        *_switch(
            "forward_all", ("Inoltra tutte le chiamate", "Forward all calls"),
            ("Inoltro di tutte", "forwarding all calls"), "number",
        ),
        *_switch(
            "forward_busy", ("Inoltra se occupato", "Forward when busy"),
            ("Inoltro se occupato", "forwarding when busy"), "number",
        ),
        *_switch(
            "forward_no_answer", ("Inoltra se nessuno risponde", "Forward when nobody answers"),
            ("Inoltro se nessuno risponde", "forwarding when nobody answers"), "number seconds",
        ),
        *_switch(
            "forward_unavailable", ("Inoltra se non raggiungibile", "Forward when unreachable"),
            ("Inoltro se non raggiungibile", "forwarding when unreachable"), "number",
        ),
        Deed("forwards.on", "Attiva tutti gli inoltri", "Switch all forwards on", "number"),
        Deed("forwards.off", "Spegni tutti gli inoltri", "Switch all forwards off"),
        Deed("do_not_disturb.on", "Non disturbare", "Do not disturb"),
        Deed("do_not_disturb.off", "Non disturbare spento", "Do not disturb off"),
        Deed("do_not_disturb.ask", "Non disturbare: com'è?", "Do not disturb: how is it set?"),
        Deed("call_waiting.on", "Avviso di chiamata", "Call waiting"),
        Deed("call_waiting.off", "Avviso di chiamata spento", "Call waiting off"),
        Deed("call_waiting.ask", "Avviso di chiamata: com'è?", "Call waiting: how is it set?"),
        *_switch(
            "anonymous_reject", ("Rifiuta le chiamate anonime", "Reject anonymous calls"),
            ("Rifiuto delle anonime", "rejecting anonymous calls"),
        ),
        Deed("reject_last.on", "Rifiuta l'ultimo chiamante", "Reject the last caller"),
        Deed("reject_last.off", "Non rifiutarlo più", "Stop rejecting the last one added"),
        *_switch(
            "selective_reject", ("Rifiuto intelligente", "Selective rejection"),
            ("Rifiuto intelligente", "selective rejection"),
        ),
        *_switch(
            "selective_forward", ("Inoltro intelligente", "Selective forward"),
            ("Inoltro intelligente", "selective forwarding"), "number",
        ),
        Deed("return_call.now", "Richiama l'ultimo chiamante", "Return the last call"),
        Deed("speed_dial.on", "Imposta una selezione rapida", "Set a speed dial", "place number"),
        Deed("speed_dial.off", "Cancella una selezione rapida", "Clear a speed dial", "place"),
        Deed(
            "hide_id.call", "Nascondi il numero, una chiamata", "Hide my number, one call", "call"
        ),
        Deed("show_id.call", "Mostra il numero, una chiamata", "Show my number, one call", "call"),
        Deed("hide_id.ask", "Numero nascosto: com'è?", "Hidden number: how is it set?"),
    )
}  # fmt: skip

APPS: Mapping[str, Named] = {
    "voicemail_menu": Named("Segreteria telefonica", "Voicemail"),
    "voicemail_deposit": Named("Lascia un messaggio a un interno", "Leave somebody a message"),
    "pickup": Named("Rispondi a una chiamata del gruppo", "Answer a call of the group"),
    "pickup_directed": Named("Rispondi per un interno", "Answer for an extension"),
    "park": Named("Parcheggia e riprendi", "Park and take back"),
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
    "*43": "call_waiting.on",
    "#43": "call_waiting.off",
    "*#43": "call_waiting.ask",
    "*99": "anonymous_reject.on",
    "#99": "anonymous_reject.off",
    "*#99": "anonymous_reject.ask",
    "*60": "reject_last.on",
    "#60": "reject_last.off",
    "*69": "return_call.now",
    "*75": "speed_dial.on",
    "#75": "speed_dial.off",
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
    "*77": "anonymous_reject.on",
    "*87": "anonymous_reject.off",
    "*69": "return_call.now",
    "*60": "selective_reject.on",
    "*80": "selective_reject.off",
    "*63": "selective_forward.on",
    "*83": "selective_forward.off",
    "*67": "hide_id.call",
    "*82": "show_id.call",
    "*74": "speed_dial.on",
    "*75": "speed_dial.off",
}
"""The habit of American telephones; *80 and *83 switch off what *60 and *63 switch on.
66, 86 and 89 belong to automatic call-back."""
PROFILES: Mapping[str, Mapping[str, str]] = {"italian": ITALIAN, "us": US}
"Rows of deeds by profile; applications but those of HOMES keep their codes in all of them."
HOMES: Mapping[str, Mapping[str, str]] = {
    "italian": {"voicemail_deposit": "*87"},
    "us": {"voicemail_deposit": "*88"},
}
"Where an application usually is whose code in one profile is a deed's in another (*87)."


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
    place: str = ""
    "The digits of a speed dial, right or wrong."


def spellings(keys: str) -> Iterator[str]:
    """The ways to read the keys: as they are, and **21*... for *21*..., ##21# for #21# (s.9).

    What follows the doubled marks must be a code by itself: **211 is no *21 with a 1, for it may be
    somebody's extension after **.
    """
    yield keys
    if re.match(r"(?:[*]{2}|#{2})[0-9]+(?:[*#]|$)", keys):
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
        if number in SPEED_DIAL:  # 12# is the speed dial, 12 may be an extension
            number = rest
        return Asked(code, deed.name, number) if number else cut_off
    body = rest.removesuffix("#")
    if deed.takes.startswith("place"):
        return _place(code, body, deed)
    if not body:
        return Asked(code, deed.name)
    if not deed.takes:
        return cut_off
    # *21*N# as in ETSI, *72N as in America; *61*N**T# has room for what we do not use.
    read = re.fullmatch(r"[*]?([0-9]+)(?:[*]{1,2}([0-9]{1,4}))?", body, re.ASCII)
    if read is None or (read[2] and "seconds" not in deed.takes):
        return cut_off
    return Asked(code, deed.name, read[1], int(read[2]) if read[2] else None)


def _place(code: str, body: str, deed: Deed) -> Asked:
    """A speed dial's code, and a number where one is needed: *5*202, or 5202 without the stars, for
    the first digit says how many its code has."""
    needs_number = "number" in deed.takes
    form = r"[*]?([0-9]{1,4})[*]([0-9]+)" if needs_number else r"[*]?([0-9]{1,4})"
    read = re.fullmatch(form, body)
    if read is None and needs_number:
        read = re.fullmatch(r"[*]?([5-9]|[1-4][0-9])([0-9]+)", body)
    if read is None:
        return Asked(code, deed.name, cut_off=True)
    return Asked(code, deed.name, read[2] if needs_number else "", place=read[1])
