"""Signing in at a registrar: every move of the table, and when the next REGISTER is due."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx.sip.message import Response
from pbx.sip.registration import (
    DENIED_MOST,
    FAILED_MOST,
    MOST,
    NEXT,
    Phase,
    Registration,
    Told,
    granted_seconds,
    number_in,
)

OURS = "sip:06555@10.0.0.1:5060"


def signing_in(*, random: float = 1.0, wish: int = 600) -> Registration:
    registration = Registration(wish, random=lambda: random)
    registration.begin(1000.0)
    registration.sent()
    return registration


def tell(registration: Registration, told: Told) -> None:
    match told:
        case Told.BEGIN:
            registration.begin(1000.0)
        case Told.GRANTED:
            registration.granted(600, 1000.0)
        case Told.FAILED:
            registration.failed(1000.0)
        case Told.DENIED:
            registration.denied(1000.0)
        case Told.END:
            registration.end(1000.0)


@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("told", Told)
def test_every_move(phase: Phase, told: Told) -> None:
    registration = Registration(600, random=lambda: 0.5)
    registration.phase = phase
    before = registration.due
    tell(registration, told)
    assert registration.phase is NEXT.get((phase, told), phase)
    if (phase, told) not in NEXT and told is not Told.BEGIN:
        after: float | None = registration.due
        assert after == before  # a late answer sets nothing off


def test_asks_at_once_and_then_waits_for_the_answer() -> None:
    registration = Registration(600, random=lambda: 0.5)
    due = [registration.due]
    registration.begin(1000.0)
    due.append(registration.due)
    registration.sent()
    registration.hurry(1001.0)  # an answer is awaited: no second request
    assert [*due, registration.due] == [None, 1000.0, None]


@pytest.mark.parametrize(
    ("granted", "earliest", "latest"),
    [(600, 432, 480), (3600, 3132, 3480), (120, 54, 60), (60, 30, 30), (10, 30, 30)],
)
def test_the_refresh_comes_before_the_end(granted: int, earliest: int, latest: int) -> None:
    for random, due in ((0.0, earliest), (1.0, latest)):
        registration = signing_in(random=random)
        registration.granted(granted, 1000.0)
        assert registration.due == pytest.approx(1000 + due)
        assert registration.until == 1000 + granted


def test_pauses_grow_and_end_somewhere() -> None:
    registration = signing_in()
    pauses = []
    for _ in range(12):
        registration.failed(1000.0)
        assert registration.due is not None
        pauses.append(registration.due - 1000)
    assert pauses[:4] == [5, 10, 20, 40] and pauses[-1] == FAILED_MOST
    registration.granted(600, 1000.0)
    registration.failed(1000.0)
    assert registration.due == 1005  # all is forgotten once it was up


def test_a_refusal_waits_longer() -> None:
    registration = signing_in()
    pauses = []
    for _ in range(8):
        registration.denied(1000.0)
        assert registration.due is not None
        pauses.append(registration.due - 1000)
    assert pauses[:3] == [60, 120, 240] and pauses[-1] == DENIED_MOST


def test_the_jitter_takes_up_to_half() -> None:
    registration = signing_in(random=0.0)
    registration.failed(1000.0)
    assert registration.due == 1002.5


@pytest.mark.parametrize(("said", "waits"), [(0, 5), (90, 90), (1, 5), (10**9, 3600)])
def test_their_retry_after_counts_within_reason(said: int, waits: int) -> None:
    registration = signing_in()
    registration.failed(1000.0, retry_after=said)
    assert registration.due == 1000 + waits


def test_too_brief_is_asked_for_longer_and_not_for_ever() -> None:
    registration = signing_in(wish=60)
    assert registration.too_brief(1800, 1000.0) and registration.wish == 1800
    phases = [registration.phase]
    assert registration.due == 1000.0
    registration.sent()
    assert not registration.too_brief(1800, 1000.0)  # it has asked for that
    phases.append(registration.phase)
    assert phases == [Phase.TRYING, Phase.DOWN]


@pytest.mark.parametrize("smallest", [0, 59, 60, MOST + 1])
def test_nonsense_in_a_423_is_a_refusal(smallest: int) -> None:
    registration = signing_in(wish=60)
    assert not registration.too_brief(smallest, 1000.0)
    assert registration.phase is Phase.DOWN and registration.wish == 60


def test_at_the_end_a_binding_is_taken_back() -> None:
    registration = signing_in()
    registration.granted(600, 1000.0)
    assert registration.end(1100.0) and registration.due is None
    assert not registration.end(1100.0)
    registration.granted(600, 1100.0)  # a late answer
    assert registration.phase is Phase.OFF and registration.due is None
    other = signing_in()
    other.granted(600, 1000.0)
    assert not other.end(1601.0)  # it has run out by itself


@given(st.lists(st.sampled_from([Told.GRANTED, Told.FAILED, Told.DENIED]), max_size=40))
def test_whatever_happens_it_asks_again_later(answers: list[Told]) -> None:
    registration = signing_in(random=0.3)
    for told in answers:
        registration.sent()
        tell(registration, told)
        assert registration.due is not None
        assert 1000 + 2.4 < registration.due <= 1000 + max(DENIED_MOST, 600)


def answer(*contacts: str, expires: str = "") -> Response:
    response = Response(200)
    for contact in contacts:
        response.add("Contact", contact)
    if expires:
        response.add("Expires", expires)
    return response


@pytest.mark.parametrize(
    ("response", "seconds"),
    [
        (answer(f"<{OURS}>;expires=300"), 300),
        (answer("<sip:06555@192.0.2.9>;expires=60", f"<{OURS}>;expires=300"), 300),
        (answer(f"<sip:06555@192.0.2.9>;expires=60, <{OURS}>;expires=300"), 300),
        (answer(f"<{OURS}>", expires="200"), 200),
        (answer("<sip:06555@203.0.113.1:1024>;expires=90"), 90),  # rewritten by a router over there
        (answer(expires="200"), 200),
        (answer(), 600),
        (answer(f"<{OURS}>;expires=soon", expires="x"), 600),
        (answer(f"<{OURS}>;expires=0"), 600),
        (answer(f"<{OURS}>;expires=99999999"), 600),
        (answer("*", "nonsense", '"open'), 600),
    ],
)
def test_for_how_long(response: Response, seconds: int) -> None:
    assert granted_seconds(response, OURS, asked=600) == seconds


def test_numbers_in_headers() -> None:
    response = answer()
    response.add("Retry-After", "120 (maintenance)")
    response.add("Min-Expires", "soon")
    assert number_in(response, "Retry-After") == 120
    assert number_in(response, "Min-Expires") == 0
    assert number_in(response, "Expires") == 0
