"""Il mio profilo: what the page shows of a line, and what it does for its owner only."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from officesmart.desk import Desk
from officesmart.identity import passkeys, secrets, totp
from officesmart.identity.overview import DEEDS
from officesmart.identity.told import By
from officesmart.pages._lines_keys import Keys
from officesmart.pages._lines_one import One
from officesmart.pages._profile_state import HAPPENED, Profile
from officesmart.pages.admin_lines import Lines
from officesmart.tables import EmailProof, Passkey, RememberedBrowser, WebSession
from pbx.events import kinds
from pbx.events.board import Board, fold
from pbx.tables import AuditEntry, Line, OutboxItem, Registration, SipAccount
from tests.unit.administration.tab import Tab
from tests.unit.portal.conftest import HandClock

GIULIA = By("201", "Giulia Ferrante", "192.0.2.7")
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0) Version/19.0 Mobile/15E148 Safari/604.1"


class Exchange:
    """A PBX with phones, that signs out whom it is told to."""

    def __init__(self) -> None:
        self.shown = Board()

    def running(self) -> bool:
        return True

    def board(self) -> Board:
        return self.shown

    async def sign_out_phone(self, phone: int, *, line: str = "") -> bool:
        known = self.shown.phones.get(phone)
        if known is None or (line and known.line != line):
            return False
        self.shown = fold(self.shown, kinds.PhoneGone(known.line, phone, known.since, "removed"))
        return True


def phone_on(exchange: Exchange, here: Desk, phone: int, extension: str, agent: str) -> None:
    exchange.shown = fold(
        exchange.shown,
        kinds.PhoneRegistered(
            line=extension, phone=phone, at=here.now(), contact="sip:x@192.0.2.10",
            source=f"192.0.2.{phone}:5060", transport="tcp", user_agent=agent,
            expires_at=here.now() + timedelta(hours=1),
        )
    )  # fmt: skip


@pytest.fixture
def exchange(here: Desk) -> Exchange:
    made = Exchange()
    here.phone.use(made)  # type: ignore[arg-type]
    return made


def line_id(here: Desk, extension: str = "201") -> int:
    with here.database.reading() as session:
        return session.exec(select(Line.id).where(Line.extension == extension)).one() or 0


def in_session(here: Desk, deed: Any) -> Any:
    with here.database.session() as session:
        return deed(session, session.get_one(Line, line_id(here)))


def deeds(here: Desk) -> list[str]:
    with here.database.reading() as session:
        return [row.what for row in session.exec(select(AuditEntry).order_by("id"))]


def test_phones_are_shown_with_what_they_are_and_whose_account(
    here: Desk, exchange: Exchange, clock: HandClock
) -> None:
    with here.database.session() as session:
        account = SipAccount(line_id=line_id(here), username="201-2", label="Scrivania")
        session.add(account)
        session.flush()
        session.add(
            Registration(
                id=10, account_id=account.id or 0, binding="b", contact="c", transport="tcp",
                source_host="192.0.2.10", source_port=5060, call_id="x", cseq=1,
                registered_at=here.now(), seen_at=here.now(), expires_at=here.now(),
            )
        )  # fmt: skip
    phone_on(exchange, here, 10, "201", "Yealink SIP-T54W 96.86.0.100")
    phone_on(exchange, here, 11, "201", "")
    phone_on(exchange, here, 12, "203", "snomD785/10.1")
    clock.forward(minutes=5)
    first, second = Tab(here, Profile, "201").phones_here
    assert (first.kind, first.name, first.account) == (
        "Telefono da tavolo",
        "Yealink SIP-T54W",
        "201-2 · Scrivania",
    )
    assert (first.source, first.transport, first.seen) == (
        "192.0.2.10:5060",
        "TCP",
        "oggi alle 11:00",
    )
    assert (second.kind, second.name, second.account) == ("Telefono", "", "")


def test_a_phone_of_mine_signs_out_and_nobody_elses(here: Desk, exchange: Exchange) -> None:
    phone_on(exchange, here, 10, "201", "Yealink SIP-T54W 96.86.0.100")
    phone_on(exchange, here, 12, "203", "snomD785/10.1")
    tab = Tab(here, Profile, "201")
    tab.does("sign_out_phone", 12)
    assert 12 in exchange.shown.phones and deeds(here) == []
    tab.does("sign_out_phone", 10)
    assert 10 not in exchange.shown.phones and deeds(here) == ["phone_signed_out"]
    assert tab.phones_here == []


def test_browsers_are_listed_mine_first_and_signed_out(here: Desk, clock: HandClock) -> None:
    def add(session: Any, line: Line) -> None:
        for name, owner in (("other", line.id), ("sara", line_id(here, "203"))):
            session.add(
                WebSession(
                    token_hash=name, line_id=owner or 0, created_at=here.now(), user_agent=SAFARI,
                    last_activity_at=here.now() + timedelta(seconds=5), ip="192.0.2.7",
                )
            )  # fmt: skip
        for owner in (line.id, line_id(here, "203")):
            session.add(
                RememberedBrowser(
                    line_id=owner or 0, token_hash=f"kept {owner}", created_at=here.now(),
                    used_at=here.now(), user_agent=SAFARI,
                )
            )  # fmt: skip

    in_session(here, add)
    tab = Tab(here, Profile, "201")
    assert [(card.here, card.pocket) for card in tab.browsers] == [(True, False), (False, True)]
    assert tab.browsers[1].name == "Safari su iPhone" and tab.browsers[1].address == "192.0.2.7"
    with here.database.reading() as session:
        ids = {row.token_hash: row.id for row in session.exec(select(WebSession))}
        kept = {row.token_hash: row.id for row in session.exec(select(RememberedBrowser))}
    tab.does("sign_out_browser", ids["sara"])
    tab.does("forget_browser", kept[f"kept {line_id(here, '203')}"])
    assert deeds(here) == [] and tab.said == "Era già scollegato"
    tab.does("sign_out_browser", ids["other"])
    tab.does("forget_browser", kept[f"kept {line_id(here)}"])
    assert len(tab.browsers) == 1 and tab.remembered == []
    assert deeds(here) == ["browser_signed_out", "browser_forgotten"]


def test_everywhere_is_asked_first_and_leads_to_the_door(here: Desk) -> None:
    tab = Tab(here, Profile, "201")
    tab.does("ask_everywhere")
    assert tab.asks_everywhere
    tab.does("spare")
    assert not tab.asks_everywhere and deeds(here) == []
    tab.does("everywhere")
    assert tab.away == "/accesso"
    with here.database.reading() as session:
        assert session.exec(select(WebSession)).all() == []


def test_how_safe_the_line_is_is_shown_without_any_secret(here: Desk) -> None:
    setup = in_session(here, lambda s, line: totp.begin(s, here.database.data, line))
    in_session(
        here,
        lambda s, line: secrets.set_security_email(
            s, line, "g@nuova.example", now=here.now(), by=GIULIA
        ),
    )
    tab = Tab(here, Profile, "201")
    assert not tab.two_step and tab.waiting_post == "g@nuova.example"
    assert tab.safe_post == "201@ufficio.example"
    with here.database.reading() as session:
        code = session.exec(select(OutboxItem)).one().payload["code"]
        kept = session.exec(select(EmailProof)).one().code_hash
    shown = str({name: getattr(tab, name) for name in Profile.get_fields()})
    assert not any(word in shown for word in (setup.secret, code, kept))
    tab.does("drop_waiting")
    assert tab.waiting_post == ""


def test_forms_open_one_at_a_time(here: Desk) -> None:
    tab = Tab(here, Profile, "201")
    tab.does("open", "password")
    tab.does("open", "email")
    assert tab.opened == "email"
    tab.does("open", "email")
    assert tab.opened == ""
    tab.does("open", "x" * 10_000)
    assert len(tab.opened) == 40
    tab.does("settled", "password")
    assert tab.opened == "" and tab.said.startswith("Password cambiata")
    tab.does("settled", "<script>")
    assert tab.said.startswith("Password cambiata")


def test_what_happened_is_mine_and_of_this_line_only(here: Desk, clock: HandClock) -> None:
    with here.database.session() as session:
        for at, who, what, about in (
            (here.now() - timedelta(days=1), "201", "password_changed", "201"),  # before the line
            (here.now(), "203", "pin_reset", "201"),
            (here.now() + timedelta(minutes=1), "201", "passkey_added", "201"),
            (here.now(), "203", "password_changed", "203"),
            (here.now(), "203", "line_changed", "201"),
        ):
            session.add(
                AuditEntry(
                    at=at, who=who, who_name="Sara Lombardi", line=about, what=what,
                    after={"address": "192.0.2.7"},
                )
            )  # fmt: skip
    clock.forward(minutes=2)
    tab = Tab(here, Profile, "201")
    assert [(card.what, card.who) for card in tab.deeds] == [
        ("Passkey aggiunta", ""),
        ("Nuovo PIN della casella vocale", "Sara Lombardi"),
    ]
    assert tab.changed_at == ""


def test_every_deed_that_is_shown_has_words() -> None:
    assert set(DEEDS) == set(HAPPENED)


def test_the_page_says_why_passkeys_do_not_work_here(here: Desk) -> None:
    tab = Tab(here, Profile, "201")
    assert isinstance(asyncio.run(_site(here)), passkeys.NoSite)
    assert "nome" in tab.no_keys
    tab.state._speak("en")
    tab.does("settled", "")
    assert "name" in tab.no_keys


async def _site(here: Desk) -> Any:
    return await here.database.read(lambda s: passkeys.site_of(s, ""))


def test_an_administrator_takes_the_second_step_away(here: Desk) -> None:
    in_session(here, lambda s, line: s.add(_key(line, here)))
    tab = Tab(here, Lines)
    drop, show = Keys.event_handlers["drop_factors"].fn, One.event_handlers["open"].fn
    asyncio.run(drop(tab.state))  # no line is open
    assert deeds(here) == []
    asyncio.run(show(tab.state, line_id(here)))
    asyncio.run(drop(tab.state))
    assert tab.said == "Secondo passaggio tolto" and deeds(here) == ["two_factor_off"]
    asyncio.run(drop(tab.state))
    assert tab.said == "Non ne aveva uno" and deeds(here) == ["two_factor_off"]


def _key(line: Line, here: Desk) -> Passkey:
    return Passkey(line_id=line.id or 0, credential_id="x", public_key="x", created_at=here.now())
