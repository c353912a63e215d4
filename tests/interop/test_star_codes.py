"""A star code dialled on a real phone, and the call that then goes where it says."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

from pbx.remote import RemoteLink
from tests.interop.baresip import Baresip
from tests.interop.office import Office

Phone = Callable[..., Baresip]


def test_a_forward_set_by_code_rings_the_other_phone(phone: Phone, office: Office) -> None:
    anna, bruno, carla = phone("201"), phone("202"), phone("203")
    # As many phones do, # goes out escaped (RFC 3261 s.25.1 has no bare # in a user part).
    carla.dial("*21*202%23")
    carla.wait("CALL_ESTABLISHED")
    carla.wait("CALL_CLOSED", seconds=30)
    (row,) = office.rows("SELECT options FROM featureoption WHERE feature = 'forward_all'")
    assert json.loads(row["options"]) == {"enabled": True, "number": "202"}
    assert carla.heard().level > -40  # the confirmation was said
    anna.dial("203")
    bruno.wait("CALL_INCOMING")
    bruno.answer()
    anna.wait("CALL_ESTABLISHED")
    anna.hang_up()
    bruno.wait("CALL_CLOSED")
    assert carla.never("CALL_INCOMING")
    carla.dial("%2321%23")
    carla.wait("CALL_CLOSED", seconds=30)
    anna.dial("203")
    carla.wait("CALL_INCOMING")
    anna.hang_up()


async def _quiet(office: Office, wanted: frozenset[str]) -> frozenset[str]:
    """Who does not want to be disturbed, as a portal in another process sees it soon."""
    link = RemoteLink(office.data)
    keeping = asyncio.create_task(link.keep_up())
    try:
        async with asyncio.timeout(5):
            while not link.running() or link.board().do_not_disturb != wanted:
                await asyncio.sleep(0.02)
    except TimeoutError:
        pass
    finally:
        keeping.cancel()
    return link.board().do_not_disturb


def test_do_not_disturb_by_code_is_seen_and_obeyed(phone: Phone, office: Office) -> None:
    anna, bruno = phone("201"), phone("202")
    bruno.dial("*26%23")
    bruno.wait("CALL_CLOSED", seconds=20)
    assert asyncio.run(_quiet(office, frozenset({"202"}))) == {"202"}
    anna.dial("202")
    anna.wait("CALL_ESTABLISHED")  # the mailbox, at once
    anna.hang_up()
    assert bruno.never("CALL_INCOMING")
    bruno.dial("%2326%23")
    bruno.wait("CALL_CLOSED", seconds=20)
    assert asyncio.run(_quiet(office, frozenset())) == frozenset()


def test_a_day_of_codes_on_real_phones(phone: Phone, office: Office) -> None:
    """Speed dial, return call, call waiting and reject the last caller, one after the other."""
    anna, bruno = phone("201"), phone("202")

    def says(code: str) -> None:
        anna.dial(code.replace("#", "%23"))
        anna.wait("CALL_ESTABLISHED")
        anna.wait("CALL_CLOSED", seconds=30)

    says("*75*5*202#")
    anna.dial("5%23")
    bruno.wait("CALL_INCOMING")
    anna.hang_up()
    bruno.wait("CALL_CLOSED")
    bruno.dial("201")
    anna.wait("CALL_INCOMING")
    bruno.hang_up()
    anna.wait("CALL_CLOSED")
    anna.dial("*69%23")
    bruno.wait("CALL_INCOMING", seconds=30)
    bruno.answer()
    anna.wait("CALL_ESTABLISHED")
    anna.hang_up()
    bruno.wait("CALL_CLOSED")
    says("#43#")
    (row,) = office.rows("SELECT options FROM featureoption WHERE feature = 'call_waiting'")
    assert json.loads(row["options"]) == {"enabled": False}
    says("*60#")
    (row,) = office.rows("SELECT kind, value FROM callerentry")
    assert (row["kind"], row["value"]) == ("extension", "202")
    rang = anna.count("CALL_INCOMING")
    bruno.dial("201")
    bruno.wait("CALL_CLOSED", seconds=30)
    assert anna.count("CALL_INCOMING") == rang
    says("#60#")
    assert not office.rows("SELECT kind FROM callerentry")
    bruno.dial("201")
    anna.wait("CALL_INCOMING")
    bruno.hang_up()
