"""A number as a phone of the office dials it, typed into a field: an extension, or the digit of the
outside line and a number outside (behaviour.md s.0).

Who types an outside number without that digit is offered it instead of being told off.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from officesmart.administration.rules import Fault
from officesmart.administration.typed import NO_NUMBER
from pbx.numbers import is_extension, national, to_e164
from pbx.routing import written
from pbx.routing.dialled import SERVICE, outside


@dataclass(frozen=True, slots=True)
class Read:
    """What was typed, as it is kept."""

    number: str = ""
    "An extension, E.164, or the digits of a national service; empty when it is wrong."
    fault: Fault | None = None
    offer: str = ""
    "What was probably meant."


def read(text: str, *, prefix: str, extensions: Collection[str]) -> Read:
    """The number that these digits reach when a phone of the office dials them."""
    plain = written.plain(text)
    led = bool(prefix) and plain.startswith(prefix)
    if is_extension(plain) and not led:
        if plain in extensions:
            return Read(plain)
        return Read(
            fault=Fault(
                f"{plain} non è un interno: scrivine uno che c'è, o {prefix} e un numero esterno",
                f"{plain} is no extension: give one that is there, or {prefix} and an outside "
                "number",
            )
        )
    number = outside(plain, prefix)
    if not number:
        return Read(fault=NO_NUMBER)
    if is_extension(number):
        return Read(
            fault=Fault(
                "È un numero di servizio: si compone già da sé",
                "This is a service number: it can be dialled as it is",
            )
        )
    # 02 5550 1200 begins with the digit 0 and is yet a number without it; 0163 555021 is rather
    # Borgosesia than 0 and one of the old paid services (163...).
    behind = plain.removeprefix(prefix)
    meant = to_e164(behind)
    if meant.startswith("+391") and to_e164(plain):
        number, meant = to_e164(plain), ""
    if prefix and not (led and (meant or SERVICE.fullmatch(behind))):
        offer = shown(number, prefix)
        return Read(
            fault=Fault(
                f"È un numero esterno: scrivilo come lo compone un telefono, {offer}",
                f"This is an outside number: write it as a phone dials it, {offer}",
            ),
            offer=offer,
        )
    return Read(number)


def shown(number: str, prefix: str) -> str:
    """A kept number as a phone dials it: '0 02 5550 1200', '0 0044 20 7946 0958', '201'."""
    if not number or is_extension(number):
        return number
    written = national(number)
    if written.startswith("+"):
        written = "00" + written[1:]
    return f"{prefix} {written}".strip()
