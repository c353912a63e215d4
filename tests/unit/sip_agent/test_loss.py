"""One whole call with everything in it, played once for each of its datagrams with that one lost.

Whatever is lost, both sides must tell the same story and leave nothing behind.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pbx.sip.agent import (
    Accepted,
    Acknowledged,
    Asked,
    Ended,
    Event,
    InviteArrived,
    Reaccepted,
    Refused,
    Reinvited,
    Replied,
)

from .wire import ANSWER, HELD, SDP, Wire


def answered_call(loses: Callable[[int, str], bool]) -> Wire:
    """Ring with 100rel, answer, hold by re-INVITE from b, UPDATE from a, INFO, BYE from a."""
    wire = Wire(loses=loses)

    def b_does(event: Event) -> None:
        match event:
            case InviteArrived(dialog=dialog):
                dialog.ring(180)
                dialog.ring(183, sdp=ANSWER)
                dialog.accept(ANSWER)
            case Acknowledged(dialog=dialog):
                dialog.reinvite(HELD)
            case Reaccepted(dialog=dialog):
                dialog.request("INFO", body=b"Signal=5", content_type="application/dtmf-relay")
            case Reinvited(dialog=dialog):
                dialog.accept(ANSWER)
            case _:
                pass

    def a_does(event: Event) -> None:
        match event:
            case Reinvited(dialog=dialog):
                dialog.accept(SDP)
            case Asked(dialog=dialog, exchange=exchange):
                exchange.reply(200)
                dialog.update(SDP)
            case Reaccepted(dialog=dialog):
                dialog.end()
            case _:
                pass

    wire.a.does, wire.b.does = a_does, b_does
    wire.a.calls()
    wire.forward(60)
    return wire


def cancelled_call(loses: Callable[[int, str], bool]) -> Wire:
    """It rings for a while, then the caller gives up."""
    wire = Wire(loses=loses)
    wire.b.does = lambda event: event.dialog.ring() if isinstance(event, InviteArrived) else None
    dialog = wire.a.calls()
    wire.forward(12)
    dialog.end()
    wire.forward(60)
    return wire


def refused_call(loses: Callable[[int, str], bool]) -> Wire:
    """Busy."""
    wire = Wire(loses=loses)
    wire.b.does = lambda e: e.dialog.refuse(486) if isinstance(e, InviteArrived) else None
    wire.a.calls()
    wire.forward(60)
    return wire


def nothing(number: int, what: str) -> bool:
    return False


LENGTHS = {
    answered_call: len(answered_call(nothing).said),
    cancelled_call: len(cancelled_call(nothing).said),
    refused_call: len(refused_call(nothing).said),
}


@pytest.mark.parametrize(
    ("story", "lost"),
    [(story, lost) for story, length in LENGTHS.items() for lost in range(length)],
)
def test_any_one_datagram_may_be_lost(story: Callable[..., Wire], lost: int) -> None:
    wire = story(lambda number, what: number == lost)
    check(story, wire)


@pytest.mark.parametrize("story", LENGTHS)
@pytest.mark.parametrize("third", [0, 1, 2])
def test_a_third_of_the_first_twenty_may_be_lost(story: Callable[..., Wire], third: int) -> None:
    wire = story(lambda number, what: number < 20 and number % 3 == third)
    check(story, wire)


def check(story: Callable[..., Wire], wire: Wire) -> None:
    a, b = wire.a, wire.b
    assert len(b.all(InviteArrived)) == 1
    if story is answered_call:
        assert [event.sdp for event in a.all(Accepted)] == [ANSWER]
        assert [event.sdp for event in b.all(Reinvited)] == [SDP]
        assert [event.sdp for event in a.all(Reinvited)] == [HELD]
        assert [event.status for event in b.all(Replied)] == [200]
        assert len(a.all(Reaccepted)) == 1
        assert not a.all(Ended)
        assert len(b.all(Ended)) == 1
    elif story is cancelled_call:
        assert not a.all(Refused) and not a.all(Ended)
        assert len(b.all(Ended)) == 1
    else:
        assert [event.status for event in a.all(Refused)] == [486]
        assert not b.all(Ended)
    wire.forward(70)
    assert wire.empty()
