"""The outside line on the wire: SIPp is the telephone company, baresip the phones of the office."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pbx.events.kinds import TrunkChanged
from pbx.remote import RemoteLink
from tests.interop.baresip import Baresip
from tests.interop.office import Office, eventually
from tests.interop.provider import Provider, add_trunk

Phone = Callable[..., Baresip]
DID = "+390255501202"


@pytest.fixture
def provider(tmp_path: Path) -> Iterator[Callable[..., Provider]]:
    """Makes providers, each on an address of its own."""
    made: list[Provider] = []

    def make(**how: str) -> Provider:
        host = f"127.0.0.{len(made) + 2}"
        one = Provider(host, tmp_path / f"provider{len(made)}", **how)  # type: ignore[arg-type]
        made.append(one)
        return one.start()

    yield make
    for one in made:
        one.stop()


async def _asked(office: Office, trunk: int) -> TrunkChanged | None:
    link = RemoteLink(office.data)
    keeping = asyncio.create_task(link.keep_up())
    try:
        async with asyncio.timeout(5):
            while not link.running():
                await asyncio.sleep(0.02)
        await link.settings_changed()
        return await link.try_trunk(trunk)
    finally:
        keeping.cancel()


def tried(office: Office, trunk: int = 1) -> TrunkChanged:
    """How a trunk stands, asked as a page asks: take up the settings, and try now."""
    told = asyncio.run(_asked(office, trunk))
    assert told is not None
    return told


def give_number(office: Office, line: str, number: str) -> None:
    with closing(sqlite3.connect(office.database, timeout=10)) as settings:
        settings.execute("UPDATE line SET number = ? WHERE extension = ?", (number, line))
        settings.execute("UPDATE revision SET value = value + 1")
        settings.commit()


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_a_call_outside_is_answered_and_heard(
    office: Office, phone: Phone, provider: Callable[..., Provider], transport: str
) -> None:
    company = provider(transport=transport)
    add_trunk(office, company, "Primo")
    give_number(office, "201", "+390255501201")
    assert tried(office).state == "up"
    assert "signed in" in company.said()
    anna = phone("201", tone=440)
    anna.dial("00612345678")
    anna.wait("CALL_RINGING")
    anna.wait("CALL_ESTABLISHED")
    anna.wait_seconds(2.5)
    anna.hang_up()
    (record,) = eventually(office.calls)
    assert anna.heard().seconds_of(440) > 1.5  # the company sends back what it hears
    uri = f"sip:+390612345678@{company.host}:{company.port}"
    shown = f"<sip:+390255501201@{company.host}>"
    assert f"called {uri} by {shown}" in company.said().replace("  ", " ")
    assert (record["why"], record["answered_by"], record["status"]) == ("completed", "person", 200)
    assert "Primo +390612345678" in record["phones"]
    assert "Expires: 0" not in company.messages()
    assert office.stop() == 0
    assert eventually(lambda: "Expires: 0" in company.messages())  # an office that closes says so


def test_a_call_from_outside_rings_a_phone_and_nothing_else(
    office: Office, phone: Phone, provider: Callable[..., Provider]
) -> None:
    company = provider()
    add_trunk(office, company, "Primo")
    give_number(office, "202", DID)
    assert tried(office).state == "up"
    bruno = phone("202", tone=1000, answers="auto")
    company.sends(office, DID, "+393331234567", scenario="provider_calls")
    assert "+393331234567@" in bruno.wait("CALL_ESTABLISHED").peer
    bruno.wait("CALL_CLOSED")
    assert bruno.heard().seconds_of(1000) > 1.5
    (record,) = eventually(office.calls)
    assert (record["caller_number"], record["why"]) == ("+393331234567", "completed")
    refused = "provider_is_refused"
    company.sends(office, "+393339999999", "+393331234567", scenario=refused)
    company.sends(office, "*86", "+393331234567", scenario=refused)
    assert "called" not in company.said()


def test_the_second_trunk_carries_on_when_the_first_dies(
    office: Office, phone: Phone, provider: Callable[..., Provider]
) -> None:
    first, second = provider(), provider()
    add_trunk(office, first, "Primo")
    add_trunk(office, second, "Secondo", position=1)
    assert tried(office, 1).state == tried(office, 2).state == "up"
    anna = phone("201")
    anna.dial("00612345678")
    anna.wait("CALL_ESTABLISHED")
    anna.hang_up()
    assert "called" in first.said() and "called" not in second.said()
    anna.wait("CALL_CLOSED")
    first.stop()
    died = time.monotonic()
    anna.dial("00612345678")
    anna.wait("CALL_ESTABLISHED", seconds=8)
    assert time.monotonic() - died < 7, "within seconds"
    assert "called" in second.said()
    anna.hang_up()
    _, record = eventually(lambda: found if len(found := office.calls()) == 2 else None)
    assert "Secondo" in record["because"] and record["status"] == 200
    down = tried(office, 1)
    assert down.state == "down" and down.why.it and down.why.en, "the page says so, and why"
    assert "trunk Primo is down" in office.said()
    tried(office, 1)
    (owed,) = eventually(lambda: alarms(office))
    assert owed["what"] == "trunk_down" and owed["name"] == "Primo", "one mail is owed, not two"
    take_alarms(office)  # the portal has mailed it
    first.start()
    assert tried(office, 1).state == "up"
    owed = eventually(lambda: found if len(found := alarms(office)) == 2 else None)[-1]
    assert owed["what"] == "trunk_up" and owed["since"], "and another when it is back"
    anna.wait("CALL_CLOSED")
    anna.dial("00612345678")
    anna.wait("CALL_ESTABLISHED")
    anna.hang_up()
    *_, record = eventually(lambda: found if len(found := office.calls()) == 3 else None)
    assert "Primo" in record["because"] and "Secondo" not in record["because"]


def alarms(office: Office) -> list[dict[str, str]]:
    """What administrators are owed a mail about, oldest first."""
    with closing(sqlite3.connect(office.database, timeout=10)) as rows:
        found = rows.execute("SELECT payload FROM outboxitem WHERE kind = 'alarm' ORDER BY id")
        return [json.loads(payload) for (payload,) in found]


def take_alarms(office: Office) -> None:
    """As officesmart/jobs/alarms.py does."""
    with closing(sqlite3.connect(office.database, timeout=10)) as rows, rows:
        rows.execute("UPDATE outboxitem SET state = 'done' WHERE kind = 'alarm'")


def test_a_wrong_password_is_shown_and_mended(
    office: Office, provider: Callable[..., Provider]
) -> None:
    company = provider(secret="another")
    add_trunk(office, company, "Primo")
    told = tried(office)
    assert told.state == "down" and "nome utente o la password" in told.why.it
    assert "wrong password" in company.said()
    company.stop()
    company.secret = "trunk-secret"
    company.start()
    assert eventually(lambda: tried(office).state == "up", 10)
