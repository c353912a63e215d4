"""The steps at the door: a remembered browser, the second factor, the first sign-in."""

from __future__ import annotations

import asyncio
from typing import Any

import pyotp
import pytest
from argon2 import PasswordHasher
from sqlmodel import col, select

from officesmart import auth, patience, remembered
from officesmart.auth import FACTOR, WELCOME, Browser
from officesmart.desk import Desk
from officesmart.door_answers import Faulty, Over, Refused, SignedIn
from officesmart.identity import recovery, totp
from officesmart.identity.told import By
from officesmart.tables import RememberedBrowser, WebSession
from pbx import credentials
from pbx.tables import AuditEntry, Line, OutboxItem
from tests.unit.portal.conftest import PASSWORD, HandClock

DESK = Browser("192.0.2.10", "a browser")
GOOD = "verde-lampione-48"


def sign_in(here: Desk, who: str = "201", password: str = PASSWORD, **more: Any) -> Any:
    more = {"browser": DESK, **more}
    return asyncio.run(here.door.sign_in(who, password, now=here.now(), **more))


def person(here: Desk, token: str) -> auth.Person | None:
    with here.database.reading() as session:
        return auth.person_of(session, auth.hash_of(token), here.now())


def line(here: Desk, extension: str = "201") -> Line:
    with here.database.reading() as session:
        return session.exec(select(Line).where(Line.extension == extension)).one()


def notices(here: Desk) -> list[str]:
    with here.database.reading() as session:
        rows = session.exec(
            select(OutboxItem)
            .where(OutboxItem.kind == "security_notice")
            .order_by(col(OutboxItem.id))
        ).all()
    return [row.payload["what"] for row in rows]


def with_authenticator(here: Desk, extension: str = "201") -> tuple[pyotp.TOTP, tuple[str, ...]]:
    """Giulia's telephone (or another's), and the paper codes."""
    with here.database.session() as session:
        giulia = session.exec(select(Line).where(Line.extension == extension)).one()
        made = totp.begin(session, here.config.data, giulia)
        clock = pyotp.TOTP(made.secret)
        codes = totp.confirm(
            session,
            here.config.data,
            giulia,
            clock.at(here.now()),
            now=here.now(),
            by=By("201", "Giulia Ferrante"),
        )
    return clock, codes


def give(here: Desk, token: str, code: str, *, recovering: bool = False, **more: Any) -> Any:
    check = here.door.check_code(code, recovering=recovering, now=here.now())
    more = {"browser": DESK, **more}
    return asyncio.run(here.door.give_factor(token, check, now=here.now(), **more))


# -- a digest of an older release --------------------------------------------------------------


def with_older_digest(here: Desk) -> str:
    older = PasswordHasher(time_cost=1, memory_cost=7168, parallelism=1).hash(PASSWORD)
    with here.database.session() as session:
        session.exec(select(Line).where(Line.extension == "201")).one().password_hash = older
    return older


def test_a_digest_made_at_an_older_cost_is_made_anew(here: Desk) -> None:
    older = with_older_digest(here)
    assert isinstance(sign_in(here, password="x" * 500), Refused)
    assert line(here).password_hash == older, "only who knows the password renews it"
    assert isinstance(sign_in(here), SignedIn)
    renewed = line(here).password_hash
    assert renewed != older and not credentials.needs_rehash(renewed)
    assert isinstance(sign_in(here), SignedIn)
    assert line(here).password_hash == renewed, "once"
    assert notices(here) == [], "it is the same password"


def test_so_it_is_when_a_person_proves_anew_who_it_is(here: Desk) -> None:
    who = person(here, sign_in(here).token)
    assert who is not None
    with_older_digest(here)
    proved = here.door.prove(
        who, lambda _session, _line: True, password=PASSWORD, address="192.0.2.10", now=here.now()
    )
    assert asyncio.run(proved) is None
    assert not credentials.needs_rehash(line(here).password_hash)


# -- remembered browsers ------------------------------------------------------------------------


def test_a_browser_is_remembered_when_asked_to(here: Desk) -> None:
    assert sign_in(here).browser_token is None
    kept = sign_in(here, remember=True).browser_token
    with here.database.reading() as session:
        row = session.exec(select(RememberedBrowser)).one()
        assert kept not in str(row.model_dump())
        shown = remembered.number(session, auth.hash_of(kept), here.now())
    assert shown == "+390255501201"


def test_its_token_changes_at_each_sign_in(here: Desk, clock: HandClock) -> None:
    first = sign_in(here, remember=True).browser_token
    clock.forward(days=2)
    second = sign_in(here, remember=True, browser_token=first).browser_token
    assert second and second != first
    with here.database.reading() as session:
        assert len(session.exec(select(RememberedBrowser)).all()) == 1
        assert remembered.number(session, auth.hash_of(first), here.now()) == ""


def test_two_tabs_may_use_one_token_within_a_moment(here: Desk, clock: HandClock) -> None:
    first = sign_in(here, remember=True).browser_token
    clock.forward(days=1)
    second = sign_in(here, remember=True, browser_token=first).browser_token
    clock.forward(seconds=30)
    assert sign_in(here, remember=True, browser_token=first).browser_token is None
    clock.forward(days=1)
    assert sign_in(here, remember=True, browser_token=second).browser_token
    assert notices(here) == []


def test_an_older_token_is_a_copy_and_ends_the_browser(here: Desk, clock: HandClock) -> None:
    with_authenticator(here)
    first = sign_in(here, remember=True)
    assert first.waits_for == FACTOR
    with here.database.session() as session:
        copied = remembered.remember(session, 1, browser=DESK, now=here.now())
    clock.forward(hours=1)
    answer = sign_in(here, remember=True, browser_token=copied)
    assert answer.waits_for == "", "the owner goes on as always"
    clock.forward(minutes=2)
    thief = sign_in(here, browser_token=copied, browser=Browser("203.0.113.9"))
    assert thief.waits_for == FACTOR
    assert notices(here)[-1] == "browser_copied"
    again = sign_in(here, browser_token=answer.browser_token)
    assert again.waits_for == FACTOR, "the owner's browser is forgotten too"


def test_a_browser_is_forgotten_after_thirty_days_and_when_the_box_is_emptied(
    here: Desk, clock: HandClock
) -> None:
    with_authenticator(here)
    with here.database.session() as session:
        kept = remembered.remember(session, 1, browser=DESK, now=here.now())
    clock.forward(days=29)
    answer = sign_in(here, browser_token=kept)
    assert (answer.waits_for, answer.browser_token) == ("", "")
    assert sign_in(here, browser_token=kept).waits_for == FACTOR
    with here.database.session() as session:
        kept = remembered.remember(session, 1, browser=DESK, now=here.now())
    clock.forward(days=30)
    assert sign_in(here, browser_token=kept).waits_for == FACTOR
    with here.database.session() as session:
        remembered.sweep(session, here.now())
        assert session.exec(select(RememberedBrowser)).all() == []


def test_a_remembered_browser_is_no_fresh_proof_and_no_password(here: Desk) -> None:
    with_authenticator(here)
    with here.database.session() as session:
        kept = remembered.remember(session, 1, browser=DESK, now=here.now())
    assert isinstance(sign_in(here, password="wrong", browser_token=kept), Refused)
    answer = sign_in(here, browser_token=kept)
    assert answer.person.proved_at is None


def test_somebody_elses_remembered_browser_skips_nothing(here: Desk) -> None:
    with_authenticator(here)
    saras = sign_in(here, "203", remember=True).browser_token
    assert sign_in(here, "201", browser_token=saras).waits_for == FACTOR


def test_a_line_has_so_many_remembered_browsers_and_no_more(here: Desk, clock: HandClock) -> None:
    for _ in range(remembered.MOST + 5):
        clock.forward(minutes=1)
        sign_in(here, remember=True)
    with here.database.reading() as session:
        rows = session.exec(select(RememberedBrowser)).all()
    assert len(rows) == remembered.MOST
    assert max(row.used_at for row in rows) == clock.now()


def test_signing_out_everywhere_ends_sessions_and_remembered_browsers(here: Desk) -> None:
    kept = sign_in(here, remember=True)
    other = sign_in(here)
    saras = sign_in(here, "203", remember=True)
    with here.database.session() as session:
        ended = auth.end_all(session, 1, but=auth.hash_of(other.token))
    assert ended == (auth.hash_of(kept.token),)
    assert person(here, kept.token) is None and person(here, other.token) is not None
    assert person(here, saras.token) is not None
    with here.database.reading() as session:
        assert [row.line_id for row in session.exec(select(RememberedBrowser))] == [3]


# -- the second factor --------------------------------------------------------------------------


def test_the_password_alone_opens_nothing_for_a_line_with_a_second_factor(here: Desk) -> None:
    clock, _ = with_authenticator(here)
    answer = sign_in(here)
    assert answer.waits_for == FACTOR
    assert person(here, answer.token) is None
    with here.database.reading() as session:
        assert auth.left(session, auth.hash_of(answer.token), here.now()) == 0


def test_the_code_opens_with_a_new_token(here: Desk, clock: HandClock) -> None:
    telephone, _ = with_authenticator(here)
    answer = sign_in(here)
    clock.forward(seconds=60)
    done = give(here, answer.token, telephone.at(here.now()), remember=True)
    assert isinstance(done, SignedIn) and done.browser_token
    assert person(here, answer.token) is None, "the first step's token is worth nothing any more"
    found = person(here, done.token)
    assert found is not None and found.proved_at == here.now()


def test_a_code_is_good_once(here: Desk, clock: HandClock) -> None:
    telephone, _ = with_authenticator(here)
    clock.forward(seconds=60)
    code = telephone.at(here.now())
    assert isinstance(give(here, sign_in(here).token, code), SignedIn)
    assert isinstance(give(here, sign_in(here).token, code), Refused)


def test_a_recovery_code_opens_once(here: Desk) -> None:
    _, codes = with_authenticator(here)
    one = give(here, sign_in(here).token, codes[0].upper(), recovering=True)
    assert isinstance(one, SignedIn)
    assert isinstance(give(here, sign_in(here).token, codes[0], recovering=True), Refused)
    with here.database.reading() as session:
        assert session.exec(select(AuditEntry).where(AuditEntry.what == "recovery_code_used")).one()


def test_wrong_codes_are_counted_with_wrong_passwords(here: Desk) -> None:
    with_authenticator(here)
    for _ in range(2):
        assert sign_in(here, password="wrong") == Refused(0.0)
    token = sign_in(here).token
    for _ in range(2):
        assert give(here, token, "000000") == Refused(0.0)
        assert sign_in(here).waits_for == FACTOR, "the right password forgives nothing"
        token = sign_in(here).token
    assert give(here, token, "000000") == Refused(60.0)
    assert sign_in(here) == Refused(60.0)


def test_codes_cannot_be_guessed_from_many_addresses(here: Desk, clock: HandClock) -> None:
    """Who has the password and a network of addresses may not try six digits without end."""
    telephone, _ = with_authenticator(here)
    clock.forward(minutes=5)
    for each in range(patience.CODES.free):
        browser = Browser(f"198.51.100.{each}")
        waits = sign_in(here, browser=browser)
        assert isinstance(give(here, waits.token, "000000", browser=browser), Refused)
    fresh = Browser("203.0.113.7")
    right = telephone.at(here.now())
    refused = give(here, sign_in(here, browser=fresh).token, right, browser=fresh)
    assert isinstance(refused, Refused) and refused.seconds > 0
    clock.forward(minutes=1, seconds=1)
    right = telephone.at(here.now())
    assert isinstance(
        give(here, sign_in(here, browser=fresh).token, right, browser=fresh), SignedIn
    )
    for _ in range(2):  # and all is forgiven
        browser = Browser("203.0.113.8")
        refused = give(here, sign_in(here, browser=browser).token, "000000", browser=browser)
        assert refused == Refused(0.0)


def test_an_administrator_lets_codes_be_tried_again(here: Desk, clock: HandClock) -> None:
    telephone, _ = with_authenticator(here)
    clock.forward(minutes=5)
    for each in range(patience.CODES.free):
        browser = Browser(f"198.51.100.{each}")
        give(here, sign_in(here, browser=browser).token, "000000", browser=browser)
    with here.database.session() as session:
        shut = patience.locked(session, here.now())
        assert [(each.extension, each.address) for each in shut] == [("201", "*")]
        assert patience.unlock(session, extension="201")
    assert isinstance(give(here, sign_in(here).token, telephone.at(here.now())), SignedIn)


def test_the_second_step_does_not_wait_for_ever(here: Desk, clock: HandClock) -> None:
    telephone, _ = with_authenticator(here)
    answer = sign_in(here)
    clock.forward(minutes=10)
    assert give(here, answer.token, telephone.at(here.now())) == Over()


@pytest.mark.parametrize("token", ["", "forged", "x" * 5000])
def test_a_step_needs_the_step_before(here: Desk, token: str) -> None:
    assert give(here, token, "123456") == Over()
    signed_in = sign_in(here)
    assert give(here, signed_in.token, "123456") == Over(), "this session waits for nothing"


@pytest.mark.parametrize("code", ["", "0" * 10000, "'; drop table line;--", "😀😀😀", "‮654321"])
def test_nonsense_is_no_code(here: Desk, code: str) -> None:
    with_authenticator(here)
    token = sign_in(here).token
    assert give(here, token, code) == Refused(0.0)
    assert give(here, token, code, recovering=True) == Refused(0.0)


def test_a_lost_key_file_refuses_and_does_not_fall_over(here: Desk) -> None:
    telephone, codes = with_authenticator(here)
    (here.config.data / "secret.key").unlink()
    token = sign_in(here).token
    assert isinstance(give(here, token, telephone.at(here.now())), Refused)
    assert isinstance(give(here, token, codes[3], recovering=True), SignedIn)


def test_used_up_codes_leave_the_authenticator(here: Desk) -> None:
    with_authenticator(here)
    with here.database.session() as session:
        recovery.drop(session, 1)
    assert sign_in(here).waits_for == FACTOR


# -- the first sign-in --------------------------------------------------------------------------


def newcomer(here: Desk, **more: Any) -> SignedIn:
    """Giulia, before her first sign-in, with the password that she was given."""
    with here.database.session() as session:
        row = session.exec(select(Line).where(Line.extension == "201")).one()
        row.welcomed_at, row.security_email, row.email = None, "", "giulia@ufficio.example"
    answer = sign_in(here, **more)
    assert isinstance(answer, SignedIn)
    return answer


def welcome(here: Desk, token: str, password: str = GOOD, **more: Any) -> Any:
    more = {"again": password, "email": "giulia@casa.example", **more}
    return asyncio.run(
        here.door.welcome(token, password=password, browser=DESK, now=here.now(), **more)
    )


def test_the_first_sign_in_asks_for_a_password_and_an_address_of_ones_own(here: Desk) -> None:
    answer = newcomer(here)
    assert answer.waits_for == WELCOME and person(here, answer.token) is None
    with here.database.reading() as session:
        half = auth.halfway_of(session, auth.hash_of(answer.token), here.now())
    assert half is not None and half.email == "giulia@ufficio.example"
    done = welcome(here, answer.token)
    assert isinstance(done, SignedIn) and done.waits_for == ""
    assert person(here, done.token) is not None and person(here, answer.token) is None
    giulia = line(here)
    assert (giulia.security_email, giulia.welcomed_at) == ("giulia@casa.example", here.now())
    assert isinstance(sign_in(here), Refused), "the password that was given is over"
    assert sign_in(here, password=GOOD).waits_for == ""
    assert notices(here) == ["password"]


@pytest.mark.parametrize(
    ("password", "more", "fields"),
    [
        (PASSWORD, {}, {"password"}),  # the one that was given
        ("", {}, {"password"}),
        ("corta", {}, {"password"}),
        ("x" * 10000, {}, {"password"}),
        ("giulia-ferrante-9", {}, {"password"}),
        ("0255501201-abx", {}, {"password"}),
        ("qwertyuiop11", {}, {"password"}),
        (GOOD, {"again": GOOD + "x"}, {"again"}),
        (GOOD, {"email": ""}, {"email"}),
        (GOOD, {"email": "<b>x</b>"}, {"email"}),
        (GOOD, {"email": "a" * 10000 + "@b.it"}, {"email"}),
        (GOOD, {"email": "a@b.it\r\nBcc: c@d.it"}, {"email"}),
        (GOOD, {"email": "", "again": ""}, {"email", "again"}),
    ],
)
def test_what_is_wrong_is_said_by_field(
    here: Desk, password: str, more: dict[str, str], fields: set[str]
) -> None:
    token = newcomer(here).token
    answer = welcome(here, token, password, **more)
    assert isinstance(answer, Faulty)
    assert {name for name, _ in answer.faults} == fields
    assert all(fault.it and fault.en for _, fault in answer.faults)
    giulia = line(here)
    assert (giulia.security_email, giulia.welcomed_at) == ("", None)
    assert isinstance(welcome(here, token), SignedIn), "the form can be sent again"


def test_a_first_sign_in_ends_whatever_the_given_password_had_opened(here: Desk) -> None:
    first = newcomer(here)
    second = sign_in(here, browser=Browser("192.0.2.77"))
    welcome(here, first.token)
    assert welcome(here, second.token) == Over()
    with here.database.reading() as session:
        assert len(session.exec(select(WebSession)).all()) == 1


def test_ricordami_outlives_the_steps(here: Desk) -> None:
    answer = newcomer(here, remember=True)
    assert answer.browser_token is None, "not before the door is open"
    done = welcome(here, answer.token, remember=True)
    assert done.browser_token


def test_only_a_waiting_session_is_welcomed(here: Desk) -> None:
    assert welcome(here, sign_in(here).token) == Over()
    assert welcome(here, "") == Over()
