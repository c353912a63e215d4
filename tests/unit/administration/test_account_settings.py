"""Transport and codecs of an account; a new password begins anew; instructions by mail."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, select

from officesmart.administration import accounts, welcoming
from officesmart.administration.lines import Gone, Refused
from officesmart.mailing.kinds import KINDS, Around, Ready
from officesmart.tables import RememberedBrowser, WebSession
from pbx.store.session import Database
from pbx.store.snapshot import build
from pbx.tables import AuditEntry, Line, OutboxItem, SipAccount
from tests.unit.administration.conftest import NOW, SARA
from tests.unit.administration.test_lines import line_id


def account(session: Session, user: str) -> int:
    found = session.exec(select(SipAccount.id).where(SipAccount.username == user)).one()
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("places", "kept"),
    [
        ([(0, "G722")], "G722"),
        ([(0, "G722"), (1, "PCMA")], "G722 PCMA"),
        ([(0, "G722"), (1, "PCMA"), (0, "PCMA")], "PCMA G722"),  # they change places
        ([(0, "PCMA"), (1, "PCMU"), (2, "G722"), (1, "")], "PCMA"),
        ([(0, "PCMA"), (1, "PCMU"), (0, "")], ""),
        ([(2, "PCMU")], "PCMU"),  # there is no gap
        ([(0, "PCMA"), (1, "PCMA")], "PCMA"),
    ],
)
def test_codecs_in_order(database: Database, places: list[tuple[int, str]], kept: str) -> None:
    with database.session() as session:
        for place, codec in places:
            accounts.set_codec(session, SARA, account(session, "201"), place, codec)
    with database.reading() as session:
        assert build(session).accounts["201"].codecs == tuple(kept.split())


def test_a_transport_is_set_and_noted(database: Database) -> None:
    with database.session() as session:
        assert accounts.set_transport(session, SARA, account(session, "201"), "tcp")
        assert not accounts.set_transport(session, SARA, account(session, "201"), "tcp")
    with database.reading() as session:
        assert build(session).accounts["201"].transport == "tcp"
        (entry,) = session.exec(select(AuditEntry))
        assert entry.what == "account_changed"
        assert entry.after == {"user": "201", "transport": "tcp"}


def test_nonsense_is_not_kept(database: Database) -> None:
    with database.session() as session:
        mine = account(session, "201")
        with pytest.raises(ValueError, match="transport"):
            accounts.set_transport(session, SARA, mine, "tls'; DROP TABLE line; --")
        for place, codec in ((0, "OPUS"), (3, "PCMA"), (-1, "PCMA")):
            with pytest.raises(ValueError, match="codec"):
                accounts.set_codec(session, SARA, mine, place, codec)
        with pytest.raises(Gone):
            accounts.set_transport(session, SARA, 99, "udp")


def test_a_new_password_makes_the_next_sign_in_a_first_one(database: Database) -> None:
    new = accounts.made("portal", extension="201", name="Giulia Ferrante", number="")
    with database.session() as session:
        giulia = session.get_one(Line, line_id(session, "201"))
        giulia.welcomed_at, giulia.security_email = NOW, "giulia@example.com"
        session.add(giulia)
        kept: dict[str, Any] = {"line_id": giulia.id, "created_at": NOW}
        session.add(WebSession(token_hash="x", last_activity_at=NOW, **kept))
        session.add(RememberedBrowser(token_hash="y", used_at=NOW, **kept))
        session.flush()
        accounts.reset_portal(session, SARA, giulia.id or 0, new)
    with database.reading() as session:
        giulia = session.get_one(Line, line_id(session, "201"))
        assert giulia.welcomed_at is None
        assert giulia.security_email == "giulia@example.com"  # only she changes it
        assert not session.exec(select(WebSession)).all()
        assert not session.exec(select(RememberedBrowser)).all()
        (mail,) = session.exec(select(OutboxItem))
        assert (mail.kind, mail.payload["to"]) == ("security_notice", "giulia@example.com")
        assert mail.payload["by"] == "Sara Lombardi"


def test_instructions_go_out_without_any_secret(database: Database) -> None:
    with database.session() as session:
        giulia = session.get_one(Line, line_id(session, "201"))
        giulia.email = "giulia@example.com"
        session.add(giulia)
        session.flush()
        to = welcoming.send_instructions(session, SARA, giulia.id or 0)
        assert to == "giulia@example.com"
    with database.reading() as session:
        (item,) = session.exec(select(OutboxItem))
        ready = KINDS["welcome"].write(session, item, Around(zone=ZoneInfo("Europe/Rome")))
        assert isinstance(ready, Ready) and ready.to == "giulia@example.com"
        assert ("Interno", "201") in ready.letter.facts
        assert ready.letter.link == ""  # the office has not said where its portal is
        (entry,) = session.exec(select(AuditEntry))
        assert (entry.what, entry.line) == ("welcome_mailed", "201")


def test_instructions_need_an_address(database: Database) -> None:
    with database.session() as session:
        davide = line_id(session, "202")
        assert welcoming.access_of(session, davide).mail_to == ""
        with pytest.raises(Refused) as caught:
            welcoming.send_instructions(session, SARA, davide)
        assert "e-mail" in caught.value.faults[""].it
        with pytest.raises(Gone):
            welcoming.send_instructions(session, SARA, 99)
