"""An office and a call in one line each, for the routing tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from pbx.routing.facts import CallFacts
from pbx.routing.office import Office, Person, ServiceCode

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

OFFICE = Office(
    services={
        "*86": ServiceCode("*86", "voicemail_menu"),
        "*87": ServiceCode("*87", "voicemail_deposit", with_extension=True),
        "*600": ServiceCode("*600", "echo"),
    }
)


def person(office: Office, extension: str, **changes: Any) -> Office:
    """The office with one more line."""
    one = Person(
        line_id=len(office.lines) + 1, extension=extension, name=f"Person {extension}", **changes
    )
    numbers = {**office.numbers, one.number: extension} if one.number else office.numbers
    return replace(office, lines={**office.lines, extension: one}, numbers=numbers)


def office_of(*extensions: str, **changes: Any) -> Office:
    """An office with these lines, all alike."""
    office = OFFICE
    for extension in extensions:
        office = person(office, extension, **changes)
    return office


def call(to: str, *, by: str = "201", **changes: Any) -> CallFacts:
    """201 dials `to` while everybody of 201..209 is registered."""
    registered = frozenset(str(number) for number in range(201, 210))
    facts = CallFacts(dialled=to, at=NOON, from_line=by, caller_number=by, registered=registered)
    return replace(facts, **changes)
