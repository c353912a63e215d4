"""What the person whose phones ring may do with the call before anybody answers: send it to the
mailbox, or on to a colleague.

Pure. It is a forward of that line like any other: who is called decides what becomes of it, and
nobody forwards a call in a circle or more than five times (behaviour.md s.1.1, step 1).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from pbx.routing.facts import Arrival, CallFacts
from pbx.routing.forwarding import MOST, followed, mailbox_of
from pbx.routing.office import Office
from pbx.routing.outward import Refusal
from pbx.routing.plan import Forward, Mailbox

MAILBOX = "mailbox"
DECLINE, TO_MAILBOX, TO_COLLEAGUE = "decline", "mailbox", "colleague"
"What somebody may do with a call that rings."
DEFLECTED = 480
"The cause: sent on while it was ringing (RFC 4458 s.2.1)."
LONGEST = 64


@dataclass(frozen=True, slots=True)
class Onward:
    """Where the call goes, and what is told of it: to who sent it there, and in its record."""

    step: Forward | Mailbox
    it: str
    en: str
    because_it: str
    because_en: str


@dataclass(frozen=True, slots=True)
class NotDone:
    """Why it may not go there, for people to read."""

    it: str
    en: str


def may(line: str, own: str, call: CallFacts, office: Office, *, back: bool = False) -> list[str]:
    """What this line may do with a call that rings at its phones.

    own: whose call it is, by its ring plan; who rings along may keep his own phones quiet, no more.
    A group's call is not its member's to send on. back: the caller is waited for where he came
    from, so that no mailbox may keep him.
    """
    if line != own or line not in office.lines or call.arrival is Arrival.HUNT:
        return [DECLINE]
    can = [DECLINE]
    if not back and not call.orbit and mailbox_of(line, call, office):
        can.append(TO_MAILBOX)
    if len(call.diverted_by) < MOST:
        can.append(TO_COLLEAGUE)
    return can


def onward(
    line: str, to: str, call: CallFacts, office: Office, *, back: bool = False
) -> Onward | NotDone:
    """Where a call that is this line's goes when its person sends it `to` 'mailbox', or to an
    extension or a number of the office."""
    can = may(line, line, call, office, back=back)
    if to == MAILBOX:
        if TO_MAILBOX not in can:
            return NotDone(
                "Per questa chiamata non c'è una segreteria",
                "There is no voicemail for this call",
            )
        return Onward(
            Mailbox(mailbox_of(line, call, office), "unanswered"),
            "Chi chiama va in segreteria",
            "The caller goes to voicemail",
            f"{_who(line, office)} l'ha mandata in segreteria mentre squillava",
            f"{_who(line, office)} sent it to voicemail while it was ringing",
        )
    if TO_COLLEAGUE not in can:
        return NotDone(
            "Questa chiamata non si può più inoltrare",
            "This call cannot be forwarded any more",
        )
    target = followed(to, office.lines[line], office) if len(to) <= LONGEST else None
    if isinstance(target, Refusal) and target.own:
        return NotDone(target.it, target.en)
    if target is None or isinstance(target, Refusal) or not target.line:
        return NotDone(
            "Scegli un collega: le chiamate che squillano si inoltrano agli interni dell'ufficio",
            "Choose a colleague: ringing calls are forwarded to extensions of the office",
        )
    who = office.lines[target.line].name or target.line
    if target.line == call.from_line:
        return NotDone(f"È {who} che chiama", f"It is {who} who calls")
    if target.line in call.diverted_by:
        return NotDone(
            f"{who} ha già inoltrato questa chiamata: tornerebbe indietro",
            f"{who} has forwarded this call already: it would come back",
        )
    sent = replace(
        call,
        dialled=target.number,
        diverted_by=(*call.diverted_by, line),
        causes=(*call.causes, DEFLECTED),
        granted=False,
        arrival=Arrival.DIRECT,
    )
    it, en = target.words(office)
    return Onward(
        Forward(sent),
        f"Chiamata inoltrata a {who}",
        f"Call forwarded to {who}",
        f"{_who(line, office)} l'ha inoltrata {it} mentre squillava",
        f"{_who(line, office)} forwarded it {en} while it was ringing",
    )


def _who(line: str, office: Office) -> str:
    return f"{line} {office.lines[line].name}".rstrip()
