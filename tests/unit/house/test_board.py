"""The live picture is a fold of events, and travels whole to another process."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pbx import plain
from pbx.events import kinds
from pbx.events.board import Board, fold
from pbx.events.kinds import End, Party

NINE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ANNA, BRUNO = Party("201", "Anna", "201"), Party("202", "Bruno", "202")

DAY: list[kinds.Event] = [
    kinds.PhoneRegistered("202", 7, NINE, "sip:202@h", "h:5060", "udp", "desk", NINE),
    kinds.WorkerChanged(0, 4711, True),
    kinds.CallStarted("c1", NINE, ANNA, Party("202")),
    kinds.CallRinging("c1", NINE, BRUNO),
    kinds.CallAnswered("c1", NINE, BRUNO, "person"),
    kinds.CallHeld("c1", NINE, "201", True),
    kinds.Trouble("disk_full", NINE, "Disco pieno", "Disk full"),
]


def trunk(state: str, at: datetime = NINE, why: str = "") -> kinds.TrunkChanged:
    return kinds.TrunkChanged(1, "Primo", state, kinds.Why(why, why), at)


def board_after(*events: kinds.Event) -> Board:
    board = Board()
    for event in events:
        board = fold(board, event)
    return board


def test_a_day_on_the_board() -> None:
    board = board_after(*DAY)
    (call,) = board.calls_of("202")
    assert (call.state, call.callee, call.answered_by) == ("held", BRUNO, "person")
    assert board.calls_of("203") == ()
    assert [phone.user_agent for phone in board.phones_of("202")] == ["desk"]
    assert board.workers[0].alive and board.troubles[0].kind == "disk_full"


def test_hold_by_both_ends_when_both_are_back() -> None:
    board = board_after(*DAY, kinds.CallHeld("c1", NINE, "202", True))
    board = fold(board, kinds.CallHeld("c1", NINE, "201", False))
    assert board.calls["c1"].state == "held"
    assert fold(board, kinds.CallHeld("c1", NINE, "202", False)).calls["c1"].state == "talking"


def test_everything_leaves_the_board_again() -> None:
    board = board_after(
        *DAY,
        kinds.CallEnded("c1", NINE, End.COMPLETED, "caller"),
        kinds.PhoneGone("202", 7, NINE, "expired"),
        kinds.Trouble("disk_full", NINE, "", "", over=True),
    )
    assert not board.calls and not board.phones and not board.troubles


def test_news_of_a_call_nobody_knows_changes_nothing() -> None:
    board = Board()
    assert fold(board, kinds.CallRinging("x", NINE, BRUNO)) is board
    assert fold(board, kinds.CallHeld("x", NINE, "201", True)) is board


def test_facts_and_boards_travel() -> None:
    board = board_after(*DAY)
    assert plain.read(plain.write(board)) == board
    ended = kinds.CallEnded("c1", NINE, End.VANISHED, "caller")
    for event in (*DAY, ended):
        assert plain.read(plain.write(event)) == event


@pytest.mark.parametrize("text", ["", "{", '{"kind":"Popen","fields":{}}', '{"enum":"End"}'])
def test_strange_values_do_not_come_in(text: str) -> None:
    with pytest.raises(ValueError):
        plain.read(text)


def test_strange_values_do_not_go_out() -> None:
    with pytest.raises(TypeError):
        plain.write(object())


def test_a_trunk_keeps_the_moment_of_its_state() -> None:
    ten = NINE.replace(hour=10)
    board = board_after(trunk("down", why="a"), trunk("down", ten, why="b"))
    assert (board.trunks[1].since, board.trunks[1].why.en) == (NINE, "b")
    board = fold(board, trunk("up", ten))
    assert (board.trunks[1].state, board.trunks[1].since) == ("up", ten)
    assert plain.read(plain.write(board)) == board
    assert not fold(board, kinds.TrunkGone(1)).trunks


def test_a_trunk_says_how_many_calls_it_carries() -> None:
    board = board_after(trunk("up"), kinds.TrunkCalls(1, 3), trunk("down"))
    assert (board.trunks[1].calls, board.trunks[1].state) == (3, "down")
    assert fold(board, kinds.TrunkCalls(1, 0)).trunks[1].calls == 0
    assert not fold(board, kinds.TrunkCalls(2, 1)).trunks.get(2)
