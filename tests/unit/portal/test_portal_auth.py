"""Signing in: who gets in, who waits how long, and when a session ends by itself."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlmodel import select

from officesmart import auth, patience
from officesmart.auth import Browser
from officesmart.desk import Desk
from officesmart.door import Door
from officesmart.door_answers import Refused, SignedIn
from officesmart.tables import SignInFailure, WebSession
from pbx.tables import Line
from tests.unit.portal.conftest import PASSWORD, HandClock

DESK = Browser("192.0.2.10", "a browser")


def sign_in(here: Desk, who: str, password: str = PASSWORD, **more: Any) -> SignedIn | Refused:
    browser = more.pop("browser", DESK)
    return asyncio.run(here.door.sign_in(who, password, browser=browser, now=here.now(), **more))


def person(here: Desk, token: str) -> auth.Person | None:
    with here.database.reading() as session:
        return auth.person_of(session, auth.hash_of(token), here.now())


@pytest.mark.parametrize(
    "typed", ["201", " 201 ", "02 5550 1201", "+390255501201", "0039 0255501201"]
)
def test_a_person_signs_in_by_extension_or_number(here: Desk, typed: str) -> None:
    answer = sign_in(here, typed)
    assert isinstance(answer, SignedIn)
    assert answer.person.name == "Giulia Ferrante"
    found = person(here, answer.token)
    assert found is not None and found.extension == "201" and not found.admin


@pytest.mark.parametrize(
    ("who", "password"),
    [
        ("201", "wrong"),
        ("299", PASSWORD),
        ("202", PASSWORD),
        ("", PASSWORD),
        ("201", ""),
        ("' or 1=1 --", PASSWORD),
        ("201", PASSWORD + "x" * 5000),
    ],
)
def test_the_wrong_the_unknown_and_the_switched_off_get_one_answer(
    here: Desk, who: str, password: str
) -> None:
    assert sign_in(here, who, password) == Refused(0.0)


def test_the_database_keeps_no_token(here: Desk) -> None:
    answer = sign_in(here, "201")
    assert isinstance(answer, SignedIn)
    with here.database.reading() as session:
        row = session.exec(select(WebSession)).one()
    assert answer.token not in str(row.model_dump())
    assert (row.ip, row.user_agent) == ("192.0.2.10", "a browser")


def test_signing_in_again_ends_the_old_session_of_that_browser(here: Desk) -> None:
    first = sign_in(here, "201")
    assert isinstance(first, SignedIn)
    second = sign_in(here, "203", old_token=first.token)
    assert isinstance(second, SignedIn)
    assert second.token != first.token
    assert person(here, first.token) is None
    assert person(here, second.token) is not None


def test_a_session_ends_after_half_an_hour_of_nothing(here: Desk, clock: HandClock) -> None:
    answer = sign_in(here, "201")
    assert isinstance(answer, SignedIn)
    clock.forward(minutes=29, seconds=59)
    assert person(here, answer.token) is not None
    clock.forward(seconds=1)
    assert person(here, answer.token) is None


def test_doing_something_starts_the_half_hour_anew(here: Desk, clock: HandClock) -> None:
    answer = sign_in(here, "201")
    assert isinstance(answer, SignedIn)
    for _ in range(4):
        clock.forward(minutes=25)
        with here.database.session() as session:
            auth.touch(session, auth.hash_of(answer.token), clock.now())
    assert person(here, answer.token) is not None


def test_an_ended_session_cannot_be_touched_to_life(here: Desk, clock: HandClock) -> None:
    answer = sign_in(here, "201")
    assert isinstance(answer, SignedIn)
    clock.forward(minutes=31)
    with here.database.session() as session:
        auth.touch(session, auth.hash_of(answer.token), clock.now())
    assert person(here, answer.token) is None
    with here.database.session() as session:
        auth.end_idle(session, clock.now())
        assert session.exec(select(WebSession)).all() == []


def test_a_line_switched_off_is_out_at_once(here: Desk) -> None:
    answer = sign_in(here, "201")
    assert isinstance(answer, SignedIn)
    with here.database.session() as session:
        session.exec(select(Line).where(Line.extension == "201")).one().active = False
    assert person(here, answer.token) is None


def test_signing_out_ends_that_session_only(here: Desk) -> None:
    one, other = sign_in(here, "201"), sign_in(here, "201")
    assert isinstance(one, SignedIn) and isinstance(other, SignedIn)
    with here.database.session() as session:
        auth.end(session, auth.hash_of(one.token))
    assert person(here, one.token) is None
    assert person(here, other.token) is not None


def test_waiting_grows_1_5_15_60_minutes(here: Desk, clock: HandClock) -> None:
    for _ in range(4):
        assert sign_in(here, "201", "wrong") == Refused(0.0)
    for minutes in (1, 5, 15, 60, 60):
        assert sign_in(here, "201", "wrong") == Refused(minutes * 60.0)
        clock.forward(minutes=minutes, seconds=-1)
        assert sign_in(here, "201") == Refused(1.0), "even the right password waits"
        clock.forward(seconds=1)
    assert isinstance(sign_in(here, "201"), SignedIn)


def test_waiting_is_per_account_and_address(here: Desk) -> None:
    for _ in range(5):
        sign_in(here, "201", "wrong")
    assert isinstance(sign_in(here, "203"), SignedIn)
    elsewhere = Browser("192.0.2.77")
    assert isinstance(sign_in(here, "201", browser=elsewhere), SignedIn)
    assert isinstance(sign_in(here, "201"), Refused)


def test_the_number_and_the_extension_of_one_line_are_tried_apart_but_bounded(here: Desk) -> None:
    for typed in ("02 5550 1201", "+390255501201", "0255501201", "0039 02 55501201", "0255501201"):
        sign_in(here, typed, "wrong")
    answer = sign_in(here, "02-5550-1201")
    assert isinstance(answer, Refused) and answer.seconds > 0, "one number, however it is typed"


def test_one_address_cannot_try_every_account(here: Desk) -> None:
    for extension in range(300, 300 + patience.ANYWHERE.free):
        sign_in(here, str(extension), "wrong")
    answer = sign_in(here, "201")
    assert isinstance(answer, Refused) and answer.seconds > 0


def test_tries_sent_all_at_once_count_too(here: Desk) -> None:
    async def storm() -> list[SignedIn | Refused]:
        tries = [
            here.door.sign_in("201", f"wrong{n}", browser=DESK, now=here.now()) for n in range(20)
        ]
        return list(await asyncio.gather(*tries))

    shut = [answer for answer in asyncio.run(storm()) if answer.seconds > 0]  # type: ignore[union-attr]
    assert len(shut) >= 15


def test_a_restart_forgives_nothing(here: Desk) -> None:
    for _ in range(5):
        sign_in(here, "201", "wrong")
    again = Door(here.database, here.config)
    answer = asyncio.run(again.sign_in("201", PASSWORD, browser=DESK, now=here.now()))
    assert answer == Refused(60.0)


def test_what_strangers_make_grow_is_bounded(
    here: Desk, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "REMEMBERED", 50)
    with here.database.session() as session:
        for n in range(80):
            clock.forward(seconds=1)
            patience.knock(session, str(n), f"192.0.2.{n}", clock.now())
        patience.sweep(session, clock.now())
        kept = session.exec(select(SignInFailure.last_at)).all()
    assert len(kept) == 50 and clock.now() in kept, "the newest are the ones that count"


def test_failures_are_forgotten_after_a_day(here: Desk, clock: HandClock) -> None:
    for _ in range(4):
        sign_in(here, "201", "wrong")
    clock.forward(hours=25)
    assert sign_in(here, "201", "wrong") == Refused(0.0)


def test_one_ipv6_host_is_one_place(here: Desk) -> None:
    for n in range(5):
        sign_in(here, "201", "wrong", browser=Browser(f"2001:db8:1:2::{n}"))
    assert sign_in(here, "201", browser=Browser("2001:db8:1:2:ffff::9")) == Refused(60.0)
    assert isinstance(sign_in(here, "201", browser=Browser("2001:db8:1:3::1")), SignedIn)


def test_what_is_no_number_is_not_kept_in_clear(here: Desk) -> None:
    for _ in range(6):
        sign_in(here, "La mia password!", "wrong")
    with here.database.reading() as session:
        assert "password" not in str(session.exec(select(SignInFailure.account)).all()).lower()
        (shown,) = patience.locked(session, here.now())
    assert (shown.account, shown.extension) == ("?", "")


def test_an_administrator_sees_and_opens_a_lockout(here: Desk) -> None:
    for _ in range(6):
        sign_in(here, "02 5550 1201", "wrong")
    with here.database.session() as session:
        (shown,) = patience.locked(session, here.now())
        assert (shown.extension, shown.name, shown.address) == (
            "201",
            "Giulia Ferrante",
            "192.0.2.10",
        )
        assert patience.unlock(session, extension="201") == 1
        assert patience.locked(session, here.now()) == ()
    assert isinstance(sign_in(here, "02 5550 1201"), SignedIn)
