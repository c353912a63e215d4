"""A forgotten password: the link, what it opens, and what nobody learns from asking."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlmodel import col, select

from officesmart import auth, jobs, patience, remembered
from officesmart.auth import Browser
from officesmart.desk import Desk
from officesmart.door_answers import Changed, Faulty, Over, Refused, SignedIn
from officesmart.jobs import door_cleaning
from officesmart.portal_address import portal_address, read
from officesmart.tables import PasswordReset, RememberedBrowser, SignInFailure, WebSession
from pbx.config import Config
from pbx.tables import Line, OfficeSetting, OutboxItem
from tests.unit.portal.conftest import PASSWORD, HandClock

DESK = Browser("192.0.2.10", "a browser")
GOOD = "verde-lampione-48"


def ask(here: Desk, typed: str, address: str = "192.0.2.10") -> Refused | None:
    async def asked() -> Refused | None:
        answer = await here.door.forgotten.ask(typed, browser=Browser(address), now=here.now())
        await here.door.forgotten.settled()
        return answer

    return asyncio.run(asked())


def mails(here: Desk, kind: str = "password_reset") -> list[dict[str, Any]]:
    with here.database.reading() as session:
        rows = session.exec(
            select(OutboxItem).where(OutboxItem.kind == kind).order_by(col(OutboxItem.id))
        ).all()
    return [row.payload for row in rows]


def link(here: Desk, typed: str = "201") -> str:
    """The code in the newest mail."""
    assert ask(here, typed) is None
    return str(mails(here)[-1]["link"].partition("#")[2])


def reset(here: Desk, code: str, password: str = GOOD, **more: str) -> Any:
    more = {"again": password, **more}
    return asyncio.run(
        here.door.forgotten.reset(code, password=password, browser=DESK, now=here.now(), **more)
    )


def sign_in(here: Desk, password: str, **more: Any) -> Any:
    return asyncio.run(here.door.sign_in("201", password, browser=DESK, now=here.now(), **more))


def test_a_link_goes_to_the_security_address_and_opens_once(here: Desk) -> None:
    code = link(here)
    (sent,) = mails(here)
    assert sent["to"] == "201@ufficio.example"
    assert sent["link"] == f"http://127.0.0.1:8080/accesso/nuova-password#{code}"
    with here.database.reading() as session:
        assert code not in str(session.exec(select(PasswordReset)).one().model_dump())
    assert asyncio.run(here.door.forgotten.is_good(code, here.now()))
    assert isinstance(reset(here, code), Changed)
    assert isinstance(sign_in(here, GOOD), SignedIn)
    assert isinstance(sign_in(here, PASSWORD), Refused)
    assert reset(here, code, "altra-lavagna-93") == Over()
    assert [each["what"] for each in mails(here, "security_notice")] == ["password"]


def test_a_new_password_closes_everything_that_was_open(here: Desk) -> None:
    signed_in = sign_in(here, PASSWORD, remember=True)
    answer = reset(here, link(here))
    assert answer == Changed((auth.hash_of(signed_in.token),))
    with here.database.reading() as session:
        assert not session.exec(select(WebSession)).all()
        assert not session.exec(select(RememberedBrowser)).all()


def test_a_link_lasts_half_an_hour_and_only_the_newest_counts(here: Desk, clock: HandClock) -> None:
    first, second = link(here), link(here)
    assert reset(here, first) == Over()
    clock.forward(minutes=29, seconds=59)
    assert asyncio.run(here.door.forgotten.is_good(second, here.now()))
    clock.forward(seconds=1)
    assert reset(here, second) == Over()


@pytest.mark.parametrize("typed", ["299", "", "' or 1=1 --", "😀", "x" * 10000, "202", "‮201"])
def test_who_does_not_exist_gets_the_same_answer_and_no_mail(here: Desk, typed: str) -> None:
    assert ask(here, typed) is None
    assert mails(here) == []


def test_without_a_security_address_nothing_is_sent(here: Desk) -> None:
    with here.database.session() as session:
        session.exec(select(Line).where(Line.extension == "201")).one().security_email = ""
    assert ask(here, "201") is None and mails(here) == []


def test_nobody_is_drowned_in_mails(here: Desk, clock: HandClock) -> None:
    for n in range(6):
        assert ask(here, "201", f"192.0.2.{n}") is None
    assert len(mails(here)) == 3
    clock.forward(hours=1, seconds=1)
    ask(here, "201", "192.0.2.99")
    assert len(mails(here)) == 4


def test_one_address_may_not_ask_without_end(here: Desk, clock: HandClock) -> None:
    answers = [ask(here, str(300 + n)) for n in range(11)]
    assert answers[:10] == [None] * 10 and answers[10] == Refused(60.0)
    assert ask(here, "201", "192.0.2.77") is None
    assert isinstance(sign_in(here, PASSWORD), SignedIn), "asking shuts no sign-in"
    with here.database.reading() as session:
        assert patience.locked(session, here.now()) == ()
    clock.forward(hours=2)
    assert ask(here, "201") is None


@pytest.mark.parametrize(
    ("password", "again", "field"),
    [
        ("corta", "corta", "password"),
        ("", "", "password"),
        ("x" * 10000, "x" * 10000, "password"),
        (PASSWORD, PASSWORD, "password"),
        (GOOD, "un'altra", "again"),
    ],
)
def test_a_weak_password_is_named_and_the_link_stays_good(
    here: Desk, password: str, again: str, field: str
) -> None:
    code = link(here)
    answer = reset(here, code, password, again=again)
    assert isinstance(answer, Faulty) and {name for name, _ in answer.faults} == {field}
    assert isinstance(reset(here, code), Changed)


@pytest.mark.parametrize("code", ["", "forged", "x" * 10000, "😀", "' or 1=1 --"])
def test_a_forged_link_opens_nothing(here: Desk, code: str) -> None:
    link(here)
    assert reset(here, code) == Over()


def test_a_reset_lets_its_owner_in_who_was_shut_out(here: Desk) -> None:
    for _ in range(6):
        sign_in(here, "wrong")
    assert isinstance(sign_in(here, PASSWORD), Refused)
    reset(here, link(here))
    assert isinstance(sign_in(here, GOOD), SignedIn)


def test_an_address_in_the_settings_is_where_links_lead(here: Desk) -> None:
    with here.database.session() as session:
        session.merge(OfficeSetting(name="portal.address", value="https://Ufficio.example/"))
    link(here)
    assert mails(here)[0]["link"].startswith("https://ufficio.example/accesso/nuova-password#")


@pytest.mark.parametrize(
    ("config", "url", "far"),
    [
        (Config(), "http://127.0.0.1:8080", False),
        (Config(host="0.0.0.0", port=80), "http://127.0.0.1:80", False),
        (Config(host="192.0.2.1"), "http://192.0.2.1:8080", True),
        (Config(host="pbx.example", port=443), "http://pbx.example:443", True),
        (Config(host="2001:db8::1"), "http://[2001:db8::1]:8080", True),
    ],
)
def test_without_one_it_is_what_the_server_was_started_on(
    here: Desk, config: Config, url: str, far: bool
) -> None:
    with here.database.reading() as session:
        found = portal_address(session, config)
    assert (found.url, found.far, found.set) == (url, far, False)


@pytest.mark.parametrize(
    "text",
    ["", "office", "ftp://x", "https://", "https://a b", "https://u:p@x", "https://x/path",
     "https://x:99999", "https://x?y", "javascript:alert(1)"],
)  # fmt: skip
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read(text)


def test_the_job_forgets_what_nobody_needs(here: Desk, clock: HandClock) -> None:
    sign_in(here, PASSWORD, remember=True)
    sign_in(here, "wrong")
    link(here)
    clock.forward(days=31)
    asyncio.run(door_cleaning.clean(here))
    with here.database.reading() as session:
        for table in (WebSession, PasswordReset, RememberedBrowser, SignInFailure):
            assert session.exec(select(table)).all() == []


def test_the_job_is_one_of_the_offices() -> None:
    found = {job.name for job in jobs.job.found_jobs()}
    assert "door_cleaning" in found and remembered.LASTS.days == 30
