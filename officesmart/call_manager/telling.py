"""What happens to a call, moment by moment, in words for a page.

The moments are those of `pbx.routing.rehearsal`; nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from officesmart.i18n import say
from pbx.numbers import national
from pbx.routing.forwarding import destination
from pbx.routing.office import Office
from pbx.routing.plan import Announce, Forward, Mailbox, Outside, Reject, Service
from pbx.routing.rehearsal import Behaves, Called, Moment

HEARS: Mapping[str, tuple[str, str]] = {
    "announce.anonymous_refused": (
        "la persona chiamata non accetta chiamate da numeri nascosti",
        "the person you are calling does not accept calls from withheld numbers",
    ),
    "announce.declined": (
        "la persona chiamata non accetta la chiamata",
        "the person you are calling is not accepting this call",
    ),
    "announce.unavailable": (
        "la persona chiamata non è al momento raggiungibile",
        "the person you are calling cannot be reached at the moment",
    ),
    "announce.busy": (
        "la persona chiamata è impegnata in un'altra conversazione",
        "the person you are calling is on another call",
    ),
    "announce.unknown_number": (
        "il numero selezionato non è attivo",
        "the number you have dialled is not in service",
    ),
    "announce.not_allowed": (
        "il suo telefono non è abilitato a questa chiamata",
        "your phone is not allowed to make this call",
    ),
    "announce.no_outside_line": (
        "non è possibile effettuare chiamate esterne",
        "outside calls are not possible",
    ),
    "announce.too_many_forwards": (
        "la chiamata è stata inoltrata troppe volte",
        "this call has been forwarded too many times",
    ),
    "announce.office_closed": ("i nostri uffici sono chiusi", "our office is closed"),
    "announce.service_unavailable": (
        "il servizio non è al momento disponibile",
        "this service is not available at the moment",
    ),
    "announce.congestion": ("tutte le linee sono occupate", "all lines are busy"),
}
"The gist of an announcement, as its caller hears it."

BEHAVIOURS: Mapping[Behaves, tuple[str, str]] = {
    "silent": ("non risponde", "does not answer"),
    "answers": ("risponde", "answers"),
    "in_call": ("in una chiamata", "in a call"),
    "busy": ("occupato", "busy"),
    "off": ("spento", "off"),
    "declines": ("rifiuta", "declines"),
}
"In the order of offering."

GREETINGS: Mapping[str, tuple[str, str]] = {
    "unanswered": ("saluto di mancata risposta", "greeting for calls not answered"),
    "busy": ("saluto di occupato", "busy greeting"),
    "unavailable": ("saluto di telefono non raggiungibile", "greeting for phones not reachable"),
    "closed": ("saluto di ufficio chiuso", "greeting of a closed office"),
    "direct": ("saluto", "greeting"),
}


def seconds(language: str, count: int) -> str:
    """'1 secondo', '18 seconds'."""
    if count == 1:
        return say(language, it="1 secondo", en="1 second")
    return say(language, it=f"{count} secondi", en=f"{count} seconds")


def joined(language: str, words: Sequence[str]) -> str:
    """'a, b e c'."""
    if len(words) < 2:
        return "".join(words)
    return ", ".join(words[:-1]) + say(language, it=" e ", en=" and ") + words[-1]


def who(called: Called, language: str, *, own: str = "", phones: int = 1) -> str:
    """A line or number as a page names it; `own` is the extension of whoever reads it."""
    if called.inside and called.number == own:
        if phones > 1:
            return say(language, it=f"i tuoi {phones} telefoni", en=f"your {phones} phones")
        return say(language, it="il tuo telefono", en="your phone")
    if called.inside:
        return f"{called.name} ({called.number})"
    shown = national(called.number)
    return f"{called.name} ({shown})" if called.name else shown


def hears(moment: Moment, language: str) -> str:
    """What the caller hears at the end of the call's way; "" where that needs no words."""
    step = moment.step
    match step:
        case _ if moment.kind == "answered":
            return say(language, it="chi chiama parla con chi risponde",
                       en="the caller talks to whoever answers")  # fmt: skip
        case Announce(prompt):
            if prompt in HEARS:
                it, en = HEARS[prompt]
                return say(language, it=f"chi chiama sente «{it}»", en=f"callers hear “{en}”")
            return say(
                language, it="chi chiama sente un annuncio", en="callers hear an announcement"
            )
        case Reject(status=486):
            return say(
                language,
                it="chi chiama sente che la linea è occupata",
                en="callers hear a busy line",
            )
        case Reject(status=603):
            return say(
                language,
                it="la chiamata è rifiutata",
                en="the call is declined",
            )
        case Reject():
            return say(
                language,
                it="la chiamata finisce senza risposta",
                en="the call ends unanswered",
            )
        case Mailbox(greeting=greeting):
            it, en = GREETINGS.get(greeting, GREETINGS["direct"])
            return say(
                language,
                it=f"chi chiama sente il {it} e lascia un messaggio",
                en=f"callers hear the {en} and leave a message",
            )
        case Service():
            return say(
                language,
                it="risponde un servizio del centralino",
                en="a service of the PBX answers",
            )
    return ""


def goes_to(step: Forward | Outside, office: Office, language: str) -> str:
    """'all'interno 203 (Sara Lombardi)', 'to 333 123 4567'."""
    to = destination(step.number, office)
    shown = national(step.number)
    it, en = to.words(office) if to is not None else (f"al numero {shown}", f"to {shown}")
    return say(language, it=it, en=en)
