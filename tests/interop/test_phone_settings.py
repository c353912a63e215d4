"""A real phone meets what the office set for it: the transport, and the order of codecs."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing

from tests.interop.baresip import Baresip
from tests.interop.office import Office

Phone = Callable[..., Baresip]
EVERYTHING = "PCMA/8000/1,PCMU/8000/1,G722/16000/1"


def sets(office: Office, line: str, *, transport: str = "", codecs: str = "") -> None:
    """As the page writes it; read at the next request."""
    with closing(sqlite3.connect(office.database, timeout=10)) as rows, rows:
        rows.execute(
            "UPDATE sipaccount SET transport = ?, codecs = ? WHERE username = ?",
            (transport, codecs, line),
        )
        rows.execute("UPDATE revision SET value = value + 1")


def test_baresip_uses_what_the_office_set(office: Office, phone: Phone) -> None:
    sets(office, "202", transport="tcp", codecs="G722 PCMA")
    wrong = phone("202", sign_in=False)
    refused = wrong.wait("REGISTER_FAIL")
    assert "403" in refused.words and "TCP" in refused.words
    anna = phone("201", codecs="PCMA/8000/1")
    bruno = phone("202", codecs=EVERYTHING, transport="tcp", tone=1000)
    anna.dial("202")
    bruno.wait("CALL_INCOMING")
    bruno.answer()
    bruno.wait("CALL_ESTABLISHED")
    anna.wait_seconds(2.5)
    anna.hang_up()
    bruno.wait("CALL_CLOSED")
    assert "audio decoder: G722" in bruno.said() and "audio decoder: PCMA" not in bruno.said()
    assert anna.heard().seconds_of(1000) > 1.5
