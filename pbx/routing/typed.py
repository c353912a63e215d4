"""What somebody typed, pasted or clicked: what the office would dial for it.

The telephone of a person who dials sends digits and nothing else, so `dialled.py` must choose among
their meanings. Here the text is seen as it was written, with its spaces and its plus: where they
say what was meant, that is dialled; where two meanings remain, nobody guesses and both are offered.
What is answered to be dialled is always such that a call from a phone of the office, decided by
`decide`, goes to the number that is shown.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from pbx.numbers import is_extension, national, to_e164
from pbx.routing import written
from pbx.routing.dialled import SERVICE, emergency, is_code, outside
from pbx.routing.dialplan import SPEED_DIAL
from pbx.routing.office import Office
from pbx.routing.written import Written, Wrong

CLOSED = ("144", "163", "164", "166")
"Paid services that were switched off long ago; as many places of the north are 0144, 0163..."
NEW_BLOCK = r"0[1-9][0-9]{5,9}|3[0-9]{8,9}"
"What looks like a number of a place or a mobile, in Italy."


@dataclass(frozen=True, slots=True)
class Typed:
    """A number, or why it is none."""

    dial: str = ""
    "What a phone of the office dials for it; empty when it is wrong."
    number: str = ""
    "As it is kept: an extension, a code, E.164, or the digits of a national service."
    shown: str = ""
    "As people of the country write it; empty from `kept`."
    kind: str = ""
    "'extension', 'short_code', 'speed_dial', 'code', 'emergency', 'service' or 'outside'."
    after: str = ""
    "An extension behind it, to be asked for: it is not dialled."
    wrong: Wrong | None = None
    offers: tuple[str, ...] = ()
    "What was probably meant, each as it can be typed."


def read_typed(
    text: str, office: Office, *, extension: str = "", hosts: Collection[str] = ()
) -> Typed:
    """What the line `extension` would dial for this text. Never raises, whatever the text is.

    hosts: names and addresses of the office in lower case, by which a `sip:` link is one of ours.
    """
    found = written.read(text)
    if found.wrong is not None:
        return Typed(wrong=found.wrong, offers=found.offers)
    plain = found.plain
    if found.context:
        return _local(found, office, extension)
    if found.sip:
        return _address(found, office, hosts)
    if is_code(plain) or plain.endswith("#"):
        return _code(found, office, extension)
    if help_ := emergency(plain, office.emergency_numbers, office.outside_prefix):
        return Typed(help_, help_, help_, "emergency")
    if not plain.startswith("+") and (inside := _inside(found, office, extension)):
        return inside
    return _outside(found, office)


def meant_outside(found: Written, prefix: str = "") -> tuple[tuple[str, ...], Wrong | None]:
    """The numbers outside the office that a text may mean, and what is wrong with it.

    prefix: what takes an outside line, where it is typed with the number; may be empty. One number
    and nothing wrong is the answer; more than one: nobody can know which.
    """
    plain = found.plain
    if plain.startswith("+"):
        return _abroad(plain)
    first = found.groups[0]
    if prefix and first == prefix and len(found.groups) > 1:
        rest = Written(plain[len(prefix) :], found.groups[1:])
        return meant_outside(rest)
    if first.startswith("00") and (len(found.groups) > 1 or plain.startswith("00390")):
        if number := _one("+" + plain[2:]):
            return (number,), None
        if first in ("00", "0039"):
            numbers, wrong = _abroad("+" + plain[2:])
            behind = _one(plain.removeprefix(prefix)) if prefix else ""
            if wrong is None or not behind:
                return numbers, wrong
            return (*numbers, behind), wrong
    here = _one(plain)
    if first == "39" and (country := _one("+" + plain)):
        return (country,), None
    behind = _one(plain.removeprefix(prefix)) if prefix and plain.startswith(prefix) else ""
    if behind and here and behind != here and not _plainly(here, behind, first):
        return (here, behind), Wrong(
            "Può voler dire due numeri: scegli quale", "This may mean two numbers: choose which"
        )
    if here and behind and behind.startswith("800"):
        here = behind
    chosen = here or behind or (_one("+" + plain) if plain.startswith("39") else "")
    chosen = chosen or _old_mobile(plain) or _likely(plain, prefix)
    return ((chosen,), None) if chosen else ((), _no_number())


def kept(text: str, prefix: str = "0") -> Typed:
    """The same for a number that stands without the digit of an outside line (contacts, lists):
    outside numbers only, as they are kept. Who types that digit is offered it without.

    What it is `shown` as is left empty: it costs as much as all the rest, and an address book of
    10,000 rows is judged by this.
    """
    found = written.read(text)
    if found.wrong is not None:
        return Typed(wrong=found.wrong, offers=found.offers)
    if found.sip or found.context or not re.fullmatch(r"\+?[0-9]+", found.plain):
        return Typed(wrong=_no_number())
    if SERVICE.fullmatch(found.plain):
        return _found(found.plain, found.after)
    if prefix and found.groups[0] == prefix and len(found.groups) > 1:
        numbers, wrong = meant_outside(found, prefix)
        wrong = wrong or Wrong(
            f"Qui si scrive senza lo {prefix} di uscita", f"Here without the {prefix} for outside"
        )
    else:
        numbers, wrong = meant_outside(found)
    if wrong is not None or len(numbers) != 1:
        return Typed(wrong=wrong or _no_number(), offers=tuple(map(national, numbers)))
    return _found(numbers[0], found.after)


def e164_of(text: str) -> str:
    """The one E.164 number of a text; "" for none, for two, and for one with an extension."""
    found = kept(text)
    return to_e164(found.number) if not found.after else ""


# --- inside ------------------------------------------------------------------------------------


def _inside(found: Written, office: Office, extension: str) -> Typed | None:
    """An extension or a code of the office; None when the text means something outside."""
    plain = found.plain
    person = office.lines.get(plain)
    if person is not None and person.active:
        return Typed(plain, plain, plain, "extension", found.after)
    if plain in office.short_codes:
        return Typed(plain, plain, plain, "short_code", found.after)
    me = office.lines.get(extension)
    if plain in SPEED_DIAL and me is not None and plain in me.speed_dials:
        return Typed(plain, plain, plain, "speed_dial")
    led = office.outside_prefix and plain.startswith(office.outside_prefix)
    if not found.inside and (led or not is_extension(plain) or _one(plain)):
        return None
    if not found.inside and SERVICE.fullmatch(plain):
        return None
    return Typed(
        wrong=Wrong(f"Nessun interno ha il numero {plain}", f"No extension has the number {plain}")
    )


def _code(found: Written, office: Office, extension: str) -> Typed:
    plain = found.plain
    if found.link:
        # Whoever writes a web page could have somebody forward his calls with one click.
        return Typed(
            wrong=Wrong(
                f"Un collegamento non può comporre il codice {plain}: se lo vuoi, scrivilo",
                f"A link cannot dial the code {plain}: type it if you want it",
            )
        )
    me = office.lines.get(extension)
    speed = plain.removesuffix("#")
    if speed.isdecimal() and (me is None or speed not in me.speed_dials):
        if speed in office.lines or speed in office.short_codes:
            return Typed(speed, speed, speed, "extension")
        return Typed(
            wrong=Wrong(
                f"La selezione rapida {speed} non è impostata", f"Speed dial {speed} is not set"
            )
        )
    return Typed(plain, plain, plain, "speed_dial" if speed.isdecimal() else "code")


# --- links -------------------------------------------------------------------------------------


def _local(found: Written, office: Office, extension: str) -> Typed:
    """A number of a link that is only valid somewhere (RFC 3966 s.5.1.5)."""
    if is_code(found.plain) or found.plain.endswith("#"):
        return _code(found, office, extension)
    context = written.read(found.context)
    if context.plain.startswith("+"):
        country = context.plain
        # In its country, as people dial there; else behind the digits that it says.
        for whole in (country + found.plain, country + found.plain.removeprefix("0")):
            if number := to_e164(whole):
                return _outside(Written(number, (number,), found.after, link=True), office)
        return Typed(wrong=written.BAD_LINK)
    if found.context.lower() in ("local", "localhost", "invalid"):
        return read_typed(found.plain, office, extension=extension)
    return Typed(
        wrong=Wrong(
            f"{found.plain} è un numero che vale solo in {found.context}: scrivilo per intero",
            f"{found.plain} is a number that is valid in {found.context} only: type it in full",
        )
    )


def _address(found: Written, office: Office, hosts: Collection[str]) -> Typed:
    """A SIP address: of a colleague by his extension, or a telephone number in full."""
    person = office.lines.get(found.plain)
    ours = person is not None and person.active
    if ours and found.sip in hosts:
        return Typed(found.plain, found.plain, found.plain, "extension")
    if found.plain.startswith("+"):
        return _outside(Written(found.plain, found.groups, link=True), office)
    return Typed(
        offers=(found.plain,) if ours else (),
        wrong=Wrong(
            f"L'indirizzo è di {found.sip}, fuori dall'ufficio: componi il suo numero",
            f"The address is at {found.sip}, outside the office: dial its number",
        ),
    )


# --- outside -----------------------------------------------------------------------------------


def _outside(found: Written, office: Office) -> Typed:
    prefix = office.outside_prefix
    if SERVICE.fullmatch(found.plain):
        numbers: tuple[str, ...] = (found.plain,)
        wrong = None
    else:
        numbers, wrong = meant_outside(found, prefix)
    if wrong is not None or len(numbers) != 1:
        return Typed(
            wrong=wrong or _no_number(),
            offers=tuple(_offered(each, prefix) for each in numbers),
        )
    number = numbers[0]
    told = replace(_found(number, found.after), shown=national(number))
    # A service has no E.164 number that could be told: without the digit it might be an extension.
    for dial in (told.number, prefix + told.number, "+39" + told.number):
        free = dial not in office.lines and dial not in office.short_codes
        if free and outside(dial, prefix) == told.number:
            return Typed(dial, told.number, told.shown, told.kind, told.after)
    return Typed(
        wrong=Wrong(
            f"{told.shown} non si può comporre da qui", f"{told.shown} cannot be dialled from here"
        )
    )


def _found(number: str, after: str) -> Typed:
    kind = "outside" if number.startswith("+") else "service"
    return Typed(number, number, kind=kind, after=after)


def _offered(number: str, prefix: str) -> str:
    """A number so that it can be typed and be no other."""
    if number.startswith("+39"):
        return f"+39 {national(number)}"
    return national(number) if number.startswith("+") else f"{prefix} {national(number)}".strip()


def _abroad(plain: str) -> tuple[tuple[str, ...], Wrong | None]:
    """A number in international form."""
    if number := _one(plain):
        return (number,), None
    behind = plain.removeprefix("+39")
    if behind == plain:
        number = outside(plain, "")
    elif behind.startswith("0"):
        number = _old_mobile(behind)
    number = number or _likely(plain)
    if number:
        return (number,), None
    if behind != plain and re.match(r"[1-9]", behind) and (completed := to_e164("0" + behind)):
        return (completed,), Wrong(
            "Manca lo 0 del prefisso, che in Italia si compone sempre",
            "The 0 of the area code is missing: in Italy it is always dialled",
        )
    return (), _no_number()


def _one(plain: str) -> str:
    """E.164, the national digits of a number that belongs to no place, or ""."""
    if SERVICE.fullmatch(plain):
        return plain
    e164 = to_e164(plain)
    if e164.startswith("+39") and not to_e164(e164[3:]):
        return ""  # of another country a possible number is enough, of ours we know better
    return e164[3:] if e164.startswith(("+391", "+398")) else e164


def _likely(plain: str, prefix: str = "") -> str:
    """A number in a block that our tables do not know yet, or ""."""
    number = outside(plain, prefix)
    known = not number.startswith("+39") or re.fullmatch(NEW_BLOCK, number[3:])
    return number if known else ""


def _old_mobile(plain: str) -> str:
    """0335 1234567: mobiles had a 0 until 2001, and old cards still have it."""
    return to_e164(plain[1:]) if re.fullmatch(r"03[2-9][0-9]{7,8}", plain) else ""


def _plainly(here: str, behind: str, first: str) -> bool:
    """Whether a text that has two readings can only mean the first, or both are not apart."""
    if behind.startswith("800"):
        return True
    if national(here).split()[0] == first or behind.startswith(CLOSED):
        return True
    return here.startswith("+") and not here.startswith("+39")


def _no_number() -> Wrong:
    return written.NO_DIGITS
