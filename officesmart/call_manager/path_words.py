"""The words of a call's path as Home shows it: what each step says as a stop, and in a sentence."""

from __future__ import annotations

from dataclasses import dataclass

from officesmart.call_manager.telling import joined
from officesmart.i18n import say
from pbx.numbers import national
from pbx.routing.callers import LISTS
from pbx.routing.feature import FeatureOptions, options_for
from pbx.routing.features import (
    anonymous_reject,
    do_not_disturb,
    priority_callers,
    selective_forward,
    selective_reject,
)
from pbx.routing.forwarding import destination, followed, leads
from pbx.routing.office import Office
from pbx.routing.outward import Refusal
from pbx.routing.plan import (
    Announce,
    Forward,
    Mailbox,
    Outside,
    Park,
    PickUp,
    Reject,
    Retrieve,
    Ring,
    Service,
    Splash,
    Step,
)


@dataclass(frozen=True)
class Filters:
    """What a line's lists do before anything else."""

    title: str = ""
    detail: str = ""
    sentences: tuple[str, ...] = ()


def filters(office: Office, extension: str, language: str) -> Filters:
    """The lists that are in force: how many are on each, and what becomes of them."""
    person = office.lines[extension]
    sentences, counts = [], []

    def on(kind: type[FeatureOptions], feature: str) -> bool:
        options = options_for(kind, feature, office, line=extension)
        listed = feature not in LISTS or bool(person.callers.get(feature))
        return listed and bool(getattr(options, "enabled", False))

    def words(it: str, en: str) -> str:
        return say(language, it=it, en=en)

    def count(feature: str, it: tuple[str, str], en: str) -> None:
        many = len(person.callers[feature])
        counts.append(words(f"{many} {it[many > 1]}", f"{many} {en}"))

    if on(anonymous_reject.Options, "anonymous_reject"):
        counts.append(words("anonimi rifiutati", "anonymous refused"))
        sentences.append(
            words("Chi nasconde il numero sente un annuncio.",
                  "Whoever withholds the number hears an announcement.")
        )  # fmt: skip
    if on(selective_reject.Options, "selective_reject"):
        count("selective_reject", ("rifiutato", "rifiutati"), "refused")
        sentences.append(
            words("Chi è nella lista di rifiuto sente un annuncio.",
                  "Whoever is on the rejection list hears an announcement.")
        )  # fmt: skip
    if on(selective_forward.Options, "selective_forward"):
        number = options_for(
            selective_forward.Options, "selective_forward", office, line=extension
        ).number
        if not isinstance(followed(number, person, office), Refusal):
            it, en = leads(number, office)
            count("selective_forward", ("inoltrato", "inoltrati"), "forwarded")
            sentences.append(
                words(f"Chi è nella lista di inoltro va {it}.",
                      f"Whoever is on the forwarding list goes {en}.")
            )  # fmt: skip
    if on(priority_callers.Options, "priority_callers"):
        count("priority_callers", ("sempre ammesso", "sempre ammessi"), "always put through")
        if do_not_disturb.is_quiet(extension, office):
            sentences.append(
                words("I chiamanti prioritari squillano comunque.",
                      "Priority callers ring all the same.")
            )  # fmt: skip
    if not counts:
        return Filters()
    return Filters(words("Filtri", "Filters"), ", ".join(counts), tuple(sentences))


def names_of(
    step: Ring, office: Office, extension: str, language: str, own: bool
) -> dict[str, str]:
    """Who rings in a period, by number, as a sentence says it."""
    mine = say(language, it="il tuo telefono", en="your phone")
    inside = {
        line: mine if own and line == extension else office.lines[line].name for line in step.lines
    }
    return inside | {
        phone.out.number: phone.name or national(phone.out.number) for phone in step.outside
    }


def same(before: Ring, now: Ring) -> bool:
    """The same phones ring in both periods."""
    was, are = ({phone.out.number for phone in step.outside} for step in (before, now))
    return set(before.lines) == set(now.lines) and was == are


def changed(
    before: Ring, now: Ring, office: Office, extension: str, language: str, own: bool
) -> str:
    """What is new in a period: who joins, or who stops; "" when both."""
    was = names_of(before, office, extension, language, own)
    are = names_of(now, office, extension, language, own)
    joins = [name for number, name in are.items() if number not in was]
    stops = [name for number, name in was.items() if number not in are]
    if joins and not stops:
        who = joined(language, joins)
        several = len(joins) > 1
        return say(
            language,
            it=f"{'si aggiungono' if several else 'si aggiunge'} {who}",
            en=f"{who} {'join' if several else 'joins'}",
        )
    if stops and not joins:
        who = joined(language, list(are.values()))
        several = len(are) > 1
        return say(
            language,
            it=f"{'restano' if several else 'resta'} {who}",
            en=f"{who} {'go on' if several else 'goes on'}",
        )
    return ""


def after(seconds: int, language: str) -> str:
    """When a stop is reached, in short."""
    if not seconds:
        return say(language, it="subito", en="at once")
    return say(language, it=f"dopo {seconds} s", en=f"after {seconds} s")


def told(
    step: Step, office: Office, extension: str, phones: int, language: str, own: bool
) -> tuple[tuple[str, str, str], str]:
    """Kind, title and detail of a stop, and the same in a sentence."""

    def words(it: str, en: str) -> str:
        return say(language, it=it, en=en)

    match step:
        case Ring(lines=(only,), outside=()) if only == extension and own:
            together = phones > 1
            return (
                "rings",
                words("I tuoi telefoni", "Your phones")
                if together
                else words("Il tuo telefono", "Your phone"),
                words("squillano tutti insieme", "all ring together")
                if together
                else words("squilla", "rings"),
            ), (
                words(
                    f"squillano insieme i tuoi {phones} telefoni",
                    f"your {phones} phones ring together",
                )
                if together
                else words("squilla il tuo telefono", "your phone rings")
            )
        case Ring():
            called = list(names_of(step, office, extension, language, own).values())
            names = joined(language, called)
            title = f"{names[:1].upper()}{names[1:]}"
            asks = [each.name or national(each.out.number) for each in step.outside if each.confirm]
            detail = (
                words(f"{joined(language, asks)}: chi risponde preme 1",
                      f"{joined(language, asks)}: whoever answers presses 1")
                if asks
                else words("squillano insieme", "ring together")
                if len(called) > 1
                else words("squilla", "rings")
            )  # fmt: skip
            verb_it, verb_en = ("squillano", "ring") if len(called) > 1 else ("squilla", "rings")
            return ("rings", title, detail), words(f"{verb_it} {names}", f"{names} {verb_en}")
        case Splash():
            return (
                *("rings", words("Un breve squillo", "A short ring")),
                words("avvisa dell'inoltro", "tells of the forward"),
            ), words("un breve squillo avvisa", "a short ring tells of it")
        case Mailbox():
            return (
                *("mailbox", words("Segreteria", "Voicemail")),
                words("il messaggio appare qui", "the message appears here"),
            ), words("risponde la segreteria", "voicemail answers")
        case Forward() | Outside():
            to = destination(step.number, office)
            it, en = (
                to.words(office)
                if to is not None
                else (f"al numero {national(step.number)}", f"to {national(step.number)}")
            )
            return ("forward", words("Inoltro", "Forward"), words(it, en)), (
                words(f"la chiamata va {it}", f"the call goes {en}")
            )
        case Service() | PickUp() | Park() | Retrieve():
            return (
                *("service", words("Un servizio risponde", "A service answers")),
                words("del centralino", "of the PBX"),
            ), words("risponde un servizio del centralino", "a service of the PBX answers")
        case Reject(status=486):
            return ("ends", words("Occupato", "Busy"), words("per chi chiama", "to callers")), (
                words("chi chiama sente che la linea è occupata", "callers hear a busy line")
            )
        case Announce():
            return (
                *("ends", words("Un annuncio", "An announcement")),
                words("poi la chiamata finisce", "then the call ends"),
            ), words(
                "chi chiama sente un annuncio e la chiamata finisce",
                "callers hear an announcement and the call ends",
            )
        case Reject():
            return (
                *("ends", words("La chiamata finisce", "The call ends")),
                words("senza risposta", "unanswered"),
            ), words("la chiamata finisce senza risposta", "the call ends unanswered")
