"""Trunks as the browser sees them: a row of the list, the fields of the panel. No passwords."""

from __future__ import annotations

from dataclasses import dataclass

from officesmart.administration.trunk_rules import CODECS, TrunkValues
from pbx.numbers import national


@dataclass(frozen=True)
class TrunkRow:
    """A trunk in the list."""

    id: int
    name: str
    server: str
    registers: bool
    enabled: bool
    state: str
    "'up', 'down', 'trying', 'off'; '' while the PBX has not said."
    why: str
    since: str
    calls: int
    capacity: int
    first: bool
    last: bool


@dataclass(frozen=True)
class Card:
    """A trunk in the panel, as its fields show it."""

    name: str = ""
    enabled: bool = True
    host: str = ""
    port: str = "5060"
    transport: str = "udp"
    proxy: str = ""
    username: str = ""
    auth_username: str = ""
    sources: str = ""
    expires: str = "600"
    number_format: str = "e164"
    caller_id: str = "pai"
    main_number: str = ""
    diversion: str = "diversion"
    capacity: str = "0"
    kind: str = "sign_in"
    "'sign_in' or 'address'."
    codecs: str = ""


@dataclass(frozen=True)
class CodecRow:
    """A codec in its place."""

    name: str
    on: bool


def card_of(values: TrunkValues) -> Card:
    """A trunk's fields as they are shown."""
    return Card(
        **{
            name: getattr(values, name)
            for name in (
                *("name", "enabled", "host", "transport", "proxy", "username"),
                *("auth_username", "number_format", "caller_id", "diversion", "codecs"),
            )
        },
        sources=values.sources.replace(" ", "\n"),
        port=str(values.port),
        expires=str(values.expires),
        capacity=str(values.capacity),
        main_number=national(values.main_number) if values.main_number else "",
        kind="sign_in" if values.registers else "address",
    )


def codecs_of(values: TrunkValues) -> list[CodecRow]:
    """Every codec, those in use first and in their order."""
    chosen = values.codecs.split()
    rest = [name for name in CODECS if name not in chosen]
    return [CodecRow(name, name in chosen) for name in (*chosen, *rest)]
