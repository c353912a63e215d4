"""An office with a pickup group, orbits and their codes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from pbx.routing.office import PickupGroup, ServiceCode
from tests.flow.loop import run
from tests.flow.office import FlowOffice

CODES = {
    "*8": ServiceCode("*8", "pickup"),
    "**": ServiceCode("**", "pickup_directed", with_extension=True),
    "*85": ServiceCode("*85", "park"),
}


def furnish(office: FlowOffice, **settings: Any) -> None:
    """201, 202 and 203 answer for each other; 204 is alone. Three orbits."""
    group = PickupGroup("Vendite", frozenset({"201", "202", "203"}))
    now = office.snapshot.last
    office.snapshot.last = replace(
        now,
        services={**now.services, **CODES},
        pickup={1: group},
        orbits=("801", "802", "803"),
        **settings,
    )


Told = Callable[[FlowOffice], Awaitable[None]]


def group_story(told: Told) -> Callable[[], None]:
    """A test from a coroutine that is given such an office; it must leave nothing behind."""

    def test() -> None:
        async def whole() -> None:
            office = FlowOffice(mailbox=False)
            furnish(office)
            await told(office)
            await office.at_rest()

        run(whole())

    test.__name__ = told.__name__
    test.__doc__ = told.__doc__
    test.__module__ = told.__module__
    return test
