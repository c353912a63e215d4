"""Session timers (RFC 4028): who refreshes, by what, and what silence means."""

from __future__ import annotations

import pytest

from pbx.sip.agent import (
    Accepted,
    AgentSettings,
    DialogState,
    Ended,
    Ending,
    Event,
    InviteArrived,
    Reinvited,
)
from pbx.sip.message import Request
from pbx.sip.session_timer import Interval, answer_to, read, too_short

from .wire import ANSWER, SDP, Stranger, Wire, connected, request, statuses

NO_UPDATE = ("INVITE", "ACK", "BYE", "CANCEL", "OPTIONS", "INFO")


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ([("Supported", "timer"), ("Session-Expires", "1800")], Interval(1800, "uas")),
        ([("Supported", "timer"), ("Session-Expires", "600;refresher=uac")], Interval(600, "uac")),
        ([("Supported", "timer"), ("x", "600; refresher=uas")], Interval(600, "uas")),
        ([("Supported", "timer"), ("Session-Expires", "7200")], Interval(1800, "uas")),
        ([("Supported", "timer"), ("Session-Expires", "7200"), ("Min-SE", "3600")],
         Interval(3600, "uas")),
        ([("Supported", "timer")], Interval(1800, "uas")),
        ([("Session-Expires", "60")], None),
        ([("Allow", "INVITE, UPDATE"), ("Session-Expires", "60;refresher=uac")],
         Interval(90, "uas")),
        ([], None),
    ],
)  # fmt: skip
def test_what_our_answer_says(headers: list[tuple[str, str]], expected: Interval | None) -> None:
    assert answer_to(Request("INVITE", "sip:a@b", headers), 1800, smallest=90) == expected


@pytest.mark.parametrize("value", ["", "x", "-1", "99999999999", ";refresher=uac"])
def test_an_unreadable_interval_is_none(value: str) -> None:
    asked = Request("INVITE", "sip:a@b", [("Session-Expires", value), ("Supported", "timer")])
    assert read(asked) is None
    assert not too_short(asked, 90)


def test_the_called_side_refreshes_by_update_at_half_time() -> None:
    wire = Wire()
    ours, theirs = connected(wire)
    assert wire.message("b 200").get("Session-Expires") == "1800;refresher=uas"
    said = len(wire.said)
    wire.forward(3600)
    assert wire.said[said:] == ["b UPDATE", "a 200"] * 4
    update = wire.message("b UPDATE")
    assert update.body == b"" and update.get("Session-Expires") == "1800;refresher=uac"
    assert not wire.a.all(Reinvited)
    assert ours.state is DialogState.CONFIRMED


def test_the_calling_side_refreshes_when_they_ask_for_it() -> None:
    wire = Wire()
    wire.a.calls(headers=[("Session-Expires", "600;refresher=uac")])
    wire.run()
    wire.b.last(InviteArrived).dialog.accept(ANSWER)
    wire.run()
    answer = wire.message("b 200")
    assert answer.get("Session-Expires") == "600;refresher=uac"
    assert answer.mentions("Require", "timer")
    wire.forward(301)
    assert wire.said[-2:] == ["a UPDATE", "b 200"]


def test_who_knows_no_update_gets_the_same_session_again() -> None:
    wire = Wire(a=AgentSettings(allow=NO_UPDATE))
    ours, theirs = connected(wire)
    wire.a.does = lambda event: ours.accept(SDP) if isinstance(event, Reinvited) else None
    wire.forward(901)
    assert wire.said[-4:] == ["b INVITE", "a 100", "a 200", "b ACK"]
    assert wire.a.last(Reinvited).sdp == ANSWER
    assert not [event for event in wire.b.heard if type(event).__name__ == "Reaccepted"]


@pytest.mark.parametrize("silent", ["a", "b"])
def test_a_phone_that_vanished_is_noticed(silent: str) -> None:
    gone = False
    wire = Wire(loses=lambda number, what: gone and what.startswith(silent))
    ours, theirs = connected(wire)
    gone = True
    wire.forward(1800 - 31)
    if silent == "a":  # b asks, and hears nothing for 32 seconds
        assert wire.b.last(Ended).why is Ending.GONE
    else:  # a waits for b's refresh
        assert wire.a.last(Ended).why is Ending.SESSION_TIMER
        assert "a BYE" in wire.said
    wire.forward(200)
    assert not wire.a.agent.dialogs() and not wire.b.agent.dialogs()


def test_too_short_an_interval_is_refused_and_tried_again() -> None:
    wire = Wire(a=AgentSettings(session_seconds=90), b=AgentSettings(min_session_seconds=600))
    wire.a.calls()
    wire.run()
    assert wire.said[:4] == ["a INVITE", "b 422", "a ACK", "a INVITE"]
    again = wire.message("a INVITE")
    assert (again.get("Session-Expires"), again.get("Min-SE")) == ("600", "600")
    assert again.cseq[0] == 2
    wire.b.last(InviteArrived).dialog.accept(ANSWER)
    wire.run()
    assert wire.a.last(Accepted).dialog.state is DialogState.CONFIRMED
    assert wire.message("b 200").get("Session-Expires") == "600;refresher=uas"


def test_a_refresh_of_theirs_is_answered_and_counts() -> None:
    stranger = Stranger()
    more = "Supported: timer\nAllow: UPDATE\nSession-Expires: 90;refresher=uac"
    stranger.says(request("INVITE", more=more + "\nContent-Type: application/sdp"), SDP)
    dialog = stranger.dialog()
    dialog.accept(ANSWER)
    stranger.listens()
    tag = dialog.local_tag
    stranger.says(request("ACK", branch="z9hG4bKack", to_tag=tag))
    for number in range(2, 8):
        stranger.forward(50)
        answers = stranger.says(
            request("UPDATE", branch=f"z9hG4bK{number}", seq=number, to_tag=tag, more=more)
        )
        assert statuses(answers) == [200]
        assert answers[0].get("Session-Expires") == "90;refresher=uac"
        assert answers[0].get("Contact")
    answers = stranger.says(
        request("UPDATE", branch="z9hG4bKs", seq=9, to_tag=tag, more=more.replace("90", "30"))
    )
    assert statuses(answers) == [422] and answers[0].get("Min-SE") == "90"
    said = [m for m in stranger.forward(62) if isinstance(m, Request)]
    assert [m.method for m in said][:1] == ["BYE"]
    ended = [event for event in stranger.heard if isinstance(event, Ended)]
    assert [event.why for event in ended] == [Ending.SESSION_TIMER]


def test_a_refresh_crossing_the_end_does_no_harm() -> None:
    wire = Wire()
    ours, theirs = connected(wire)

    def hang_up(event: Event) -> None:
        ours.end()

    wire.a.does = hang_up
    wire.forward(901)
    ours.end()
    wire.forward(70)
    assert wire.empty()
