"""One line's live picture."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from officesmart import line
from pbx.events import kinds
from pbx.events.board import Board, fold
from pbx.events.kinds import End, Event, Party

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
ME, DAVIDE, OUT = (
    Party("201", "Giulia", "201"),
    Party("202", "Davide", "202"),
    Party("+390612345678"),
)


def board(*events: Event) -> Board:
    seen = Board()
    for event in events:
        seen = fold(seen, event)
    return seen


def phone(extension: str, number: int) -> kinds.PhoneRegistered:
    return kinds.PhoneRegistered(
        extension,
        number,
        NOW - timedelta(minutes=5),
        "sip:x",
        f"192.0.2.{number}:5060",
        "udp",
        "Yealink SIP-T54W 96.86.0.100",
        NOW + timedelta(hours=1),
    )


STARTED = kinds.CallStarted("c", NOW - timedelta(seconds=20), DAVIDE, ME)
RINGS = kinds.CallRinging("c", NOW - timedelta(seconds=18), ME)


def answered(by: str, callee: Party = ME) -> kinds.CallAnswered:
    return kinds.CallAnswered("c", NOW - timedelta(seconds=7), callee, by)


@pytest.mark.parametrize(
    ("events", "stands"),
    [
        ([], "offline"),
        ([phone("202", 1)], "offline"),
        ([phone("201", 1)], "available"),
        ([phone("201", 1), STARTED, RINGS], "ringing"),
        ([phone("201", 1), STARTED, RINGS, answered("person")], "busy"),
        ([phone("201", 1), STARTED, answered("mailbox")], "available"),
        ([kinds.CallStarted("c", NOW, ME, DAVIDE)], "busy"),
        ([phone("201", 1), kinds.DoNotDisturb("201", True)], "dnd"),
        ([kinds.DoNotDisturb("201", True)], "dnd"),
        ([phone("201", 1), kinds.DoNotDisturb("202", True)], "available"),
        ([kinds.DoNotDisturb("201", True), kinds.CallStarted("c", NOW, ME, DAVIDE)], "busy"),
        (
            [
                phone("201", 1),
                kinds.DoNotDisturb("201", True),
                kinds.DoNotDisturb("201", False),
            ],
            "available",
        ),
    ],
)
def test_how_a_line_stands(events: list[Event], stands: str) -> None:
    assert line.presence(board(*events), "201") == stands


def test_a_call_is_seen_from_ones_own_side() -> None:
    (mine,) = line.call_rows(board(STARTED, RINGS), "201", NOW)
    (theirs,) = line.call_rows(board(STARTED, RINGS), "202", NOW)
    assert (mine.other, mine.number, mine.outward) == ("Davide", "202", False)
    assert (theirs.other, theirs.outward) == ("Giulia", True)
    assert mine.age == 20000


def test_the_timer_starts_anew_with_the_answer() -> None:
    (call,) = line.call_rows(board(STARTED, RINGS, answered("person")), "201", NOW)
    assert (call.state, call.age) == ("talking", 7000)


def test_who_withheld_the_number_has_no_name() -> None:
    (call,) = line.call_rows(board(kinds.CallStarted("c", NOW, Party(), ME)), "201", NOW)
    assert (call.other, call.number, call.initials) == ("", "", "")


def test_a_call_that_the_mailbox_took_is_not_in_ones_hands() -> None:
    taken = board(STARTED, answered("mailbox"))
    assert line.call_rows(taken, "201", NOW) == []
    assert len(line.call_rows(taken, "202", NOW)) == 1


def test_a_call_of_others_is_never_shown() -> None:
    others = board(kinds.CallStarted("c", NOW, DAVIDE, OUT))
    assert line.call_rows(others, "201", NOW) == []
    assert line.stage(others, "c", "201") == ""


def test_who_put_the_call_on_hold() -> None:
    held = board(STARTED, answered("person"), kinds.CallHeld("c", NOW, "202", True))
    assert [call.held_here for call in line.call_rows(held, "201", NOW)] == [False]
    assert [call.held_here for call in line.call_rows(held, "202", NOW)] == [True]


def test_the_stages_of_a_call_from_the_portal() -> None:
    mine = kinds.CallStarted("c", NOW, Party("201", "", "201"), OUT, from_web=True)
    steps: list[tuple[Event, str]] = [
        (mine, "asked"),
        (kinds.OriginRinging("c", NOW), "origin"),
        (kinds.OriginAnswered("c", NOW), "calling"),
        (kinds.CallRinging("c", NOW, OUT), "ringing"),
        (kinds.CallAnswered("c", NOW, OUT, "person"), "talking"),
        (kinds.CallHeld("c", NOW, "201", True), "held"),
        (kinds.CallHeld("c", NOW, "201", False), "talking"),
        (kinds.CallEnded("c", NOW, End.COMPLETED, "caller"), ""),
    ]
    seen = Board()
    for event, stage in steps:
        seen = fold(seen, event)
        assert line.stage(seen, "c", "201") == stage


@pytest.mark.parametrize(
    ("end", "reached", "phones", "kind"),
    [
        (End.NO_ANSWER, "origin", 1, "mine_no_answer"),
        (End.UNAVAILABLE, "origin", 0, "mine_unavailable"),
        (End.DECLINED, "origin", 1, "mine_no_answer"),
        (End.UNAVAILABLE, "calling", 1, "unavailable"),
        (End.NOT_FOUND, "calling", 1, "unknown"),
        (End.NO_ANSWER, "ringing", 1, "no_answer"),
        (End.BUSY, "ringing", 1, "busy"),
        (End.COMPLETED, "talking", 1, "done"),
        (End.VANISHED, "talking", 1, "failed"),
    ],
)
def test_whose_fault_the_end_was(end: End, reached: str, phones: int, kind: str) -> None:
    assert line.end_kind(end, reached, phones=phones) == kind


@pytest.mark.parametrize(
    ("end", "reached", "kind"),
    [
        (End.NO_ANSWER, "origin", "origin_no_answer"),
        (End.FORBIDDEN, "asked", "origin_forbidden"),
        (End.MEDIA_LOST, "asked", "origin_failed"),
        (End.CANCELLED, "origin", "cancelled"),
        (End.BUSY, "calling", "busy"),
    ],
)
def test_another_telephone_may_be_why_the_call_ended(end: End, reached: str, kind: str) -> None:
    assert line.end_kind(end, reached, phones=1, origin="204") == kind


@pytest.mark.parametrize("end", list(End))
def test_every_end_has_a_word(end: End) -> None:
    assert line.end_kind(end, "talking", phones=1)


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Yealink SIP-T54W 96.86.0.100", "Yealink SIP-T54W"),
        ("baresip v3.9.0 (x86_64/Linux)", "baresip"),
        ("snomD785/10.1.175.16", "snomD785"),
        ("pyVoIP 1.6.8", "pyVoIP"),
        ("", ""),
        ("(none)", ""),
        ("x" * 200, "x" * 48),
    ],
)
def test_a_phones_name_without_its_build(agent: str, name: str) -> None:
    assert line.device(agent) == name
