"""Whole calls between two agents, as RFC 3665 tells them, and the crossings that real ones meet."""

from __future__ import annotations

import pytest

from pbx.sip.agent import (
    Accepted,
    Acknowledged,
    Asked,
    DialogState,
    Ended,
    Ending,
    InviteArrived,
    Progressed,
    Reaccepted,
    Refused,
    Reinvited,
    Replied,
    RequestArrived,
    Rerefused,
)
from pbx.sip.message import Request, Response

from .wire import ANSWER, HELD, SDP, Wire, connected


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_a_call_from_ringing_to_goodbye(transport: str) -> None:  # RFC 3665 s.3.1
    wire = Wire(transport=transport)
    ours, theirs = connected(wire)
    assert wire.said == ["a INVITE", "b 100", "b 180", "b 200", "a ACK"]
    assert ours.state is theirs.state is DialogState.CONFIRMED
    assert (ours.local_tag, ours.remote_tag) == (theirs.remote_tag, theirs.local_tag)
    assert wire.a.last(Progressed).response.status == 180
    assert wire.a.last(Accepted).sdp == ANSWER
    assert wire.b.last(InviteArrived).sdp == SDP
    ours.end()
    wire.run()
    assert wire.said[-2:] == ["a BYE", "b 200"]
    assert wire.b.last(Ended).why is Ending.BYE
    assert not wire.a.all(Ended)
    wire.forward(70)
    assert wire.said[-1] == "b 200" and wire.empty()


def test_what_we_write_says_who_and_where() -> None:
    wire = Wire()
    connected(wire)
    invite, ringing, answer = (wire.message(m) for m in ("a INVITE", "b 180", "b 200"))
    assert isinstance(invite, Request)
    assert invite.get("Via").startswith("SIP/2.0/UDP 192.0.2.1:5060;rport;branch=z9hG4bK")
    assert invite.get("Contact") == "<sip:a@192.0.2.1:5060>"
    assert invite.get("Max-Forwards") == "70"
    assert invite.get("Content-Type") == "application/sdp"
    assert invite.mentions("Supported", "timer") and invite.mentions("Supported", "100rel")
    assert invite.mentions("Allow", "UPDATE") and invite.get("User-Agent") == "OfficeSmart"
    for response in (ringing, answer):
        assert response.via.params["received"] == "192.0.2.1"
        assert response.via.params["rport"] == "5060"
        assert response.get("Contact") == "<sip:other@192.0.2.2:5062>"
        assert response.get("Server") == "OfficeSmart"
        assert response.to.tag
    trying = wire.message("b 100")
    assert not trying.to.tag


def test_the_called_one_is_busy() -> None:  # s.3.8
    wire = Wire()
    dialog = wire.a.calls()
    wire.run()
    wire.b.last(InviteArrived).dialog.refuse(486, headers=[("Reason", "Q.850;cause=17")])
    wire.run()
    assert wire.said == ["a INVITE", "b 100", "b 486", "a ACK"]
    refused = wire.a.last(Refused)
    assert (refused.status, refused.reason) == (486, "Busy Here")
    assert refused.response is not None and refused.response.get("Reason") == "Q.850;cause=17"
    assert dialog.state is DialogState.ENDED
    wire.forward(40)
    assert wire.empty()


def test_the_caller_gives_up_while_it_rings() -> None:  # s.3.8 no answer
    wire = Wire()
    dialog = wire.a.calls()
    wire.run()
    wire.b.last(InviteArrived).dialog.ring()
    wire.run()
    dialog.end(headers=[("Reason", 'SIP;cause=200;text="Call completed elsewhere"')])
    wire.run()
    assert wire.said[3:] == ["a CANCEL", "b 200", "b 487", "a ACK"]
    ended = wire.b.last(Ended)
    assert ended.why is Ending.CANCEL and ended.request is not None
    assert "completed elsewhere" in ended.request.get("Reason")
    assert not wire.a.all(Refused)
    wire.forward(40)
    assert wire.empty()


def test_a_cancel_waits_for_the_first_provisional() -> None:  # s.9.1
    wire = Wire(loses=lambda number, what: what == "a INVITE" and number < 2)
    dialog = wire.a.calls()
    wire.run()
    dialog.end()
    wire.run()
    assert wire.said == ["a INVITE"]
    wire.forward(2)
    assert wire.said == [
        "a INVITE", "a INVITE", "a INVITE", "b 100", "a CANCEL", "b 200", "b 487", "a ACK",
    ]  # fmt: skip
    wire.forward(70)
    assert wire.empty()


def test_an_answer_that_crosses_the_cancel_is_hung_up() -> None:
    wire = Wire()
    dialog = wire.a.calls()
    wire.run()
    theirs = wire.b.last(InviteArrived).dialog
    dialog.end()
    theirs.accept(ANSWER)
    wire.run()
    assert "a ACK" in wire.said and wire.said[-2:] == ["a BYE", "b 200"]
    assert not wire.a.all(Accepted)
    assert wire.b.last(Ended).why is Ending.BYE
    wire.forward(70)
    assert wire.empty()


def test_nobody_answers_at_all() -> None:
    wire = Wire(loses=lambda number, what: True)
    wire.a.calls()
    wire.forward(31.9)
    assert wire.said == ["a INVITE"] * 7
    start = wire.when[0]
    assert [round(when - start, 2) for when in wire.when] == [0, 0.5, 1.5, 3.5, 7.5, 15.5, 31.5]
    wire.forward(0.2)
    refused = wire.a.last(Refused)
    assert (refused.status, refused.response) == (408, None)
    wire.forward(10)
    assert wire.empty()


def test_a_question_is_repeated_up_to_every_four_seconds() -> None:
    wire = Wire(loses=lambda number, what: True)
    wire.a.agent.request("OPTIONS", "sip:b@b", flow=wire.a.flow, from_="<sip:a@a>", to="<sip:b@b>")
    wire.forward(33)
    start = wire.when[0]
    assert [round(when - start, 2) for when in wire.when] == [
        0, 0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5, 31.5,
    ]  # fmt: skip
    assert wire.a.last(Replied).status == 408


def test_nothing_is_repeated_on_a_stream() -> None:
    wire = Wire(transport="tcp", loses=lambda number, what: True)
    wire.a.calls()
    wire.a.agent.request("OPTIONS", "sip:b@b", flow=wire.a.flow, from_="<sip:a@a>", to="<sip:b@b>")
    wire.forward(33)
    assert wire.said == ["a INVITE", "a OPTIONS"]
    assert wire.a.last(Refused).status == 408 and wire.a.last(Replied).status == 408


def test_hold_and_back() -> None:  # s.3.? and RFC 3264 s.8.4
    wire = Wire()
    ours, theirs = connected(wire)
    theirs.reinvite(HELD)
    wire.run()
    asked = wire.a.last(Reinvited)
    assert asked.sdp == HELD
    ours.accept(ANSWER)
    wire.run()
    assert wire.said[-4:] == ["b INVITE", "a 100", "a 200", "b ACK"]
    assert wire.b.last(Reaccepted).sdp == ANSWER
    ours.reinvite(SDP)
    wire.run()
    theirs.refuse(488)
    wire.run()
    assert wire.a.last(Rerefused).status == 488
    assert ours.state is DialogState.CONFIRMED
    ours.end()
    wire.forward(70)
    assert wire.empty()


def test_the_offer_comes_with_the_answer() -> None:
    wire = Wire()
    ours = wire.a.calls(sdp=b"")
    wire.run()
    arrived = wire.b.last(InviteArrived)
    assert arrived.sdp == b""
    arrived.dialog.accept(SDP)
    wire.run()
    assert wire.a.last(Accepted).sdp == SDP
    assert wire.said[-1] == "b 200"
    ours.acknowledge(ANSWER)
    wire.run()
    assert wire.b.last(Acknowledged).sdp == ANSWER
    ours.reinvite(b"")
    wire.run()
    arrived.dialog.accept(HELD)
    wire.run()
    assert wire.a.last(Reaccepted).sdp == HELD
    ours.acknowledge(ANSWER)
    wire.run()
    assert wire.said[-1] == "a ACK" and len(wire.b.all(Acknowledged)) == 2
    arrived.dialog.end()
    wire.forward(70)
    assert wire.empty()


def test_glare_is_settled_by_pauses_of_different_length() -> None:  # s.14.1
    wire = Wire()
    ours, theirs = connected(wire)
    wire.a.does = lambda event: ours.accept(ANSWER) if isinstance(event, Reinvited) else None
    wire.b.does = lambda event: theirs.accept(ANSWER) if isinstance(event, Reinvited) else None
    ours.reinvite(SDP)
    theirs.reinvite(HELD)
    wire.run()
    assert wire.said.count("a 491") == wire.said.count("b 491") == 1
    wire.forward(2.05)
    assert len(wire.b.all(Reaccepted)) == 1 and not wire.a.all(Reaccepted)
    wire.forward(3)
    assert len(wire.a.all(Reaccepted)) == 1
    assert not wire.a.all(Rerefused) and not wire.b.all(Rerefused)


def test_changes_of_ours_wait_for_each_other() -> None:
    wire = Wire()
    ours, theirs = connected(wire)
    ours.reinvite(HELD)
    ours.reinvite(SDP)
    wire.run()
    assert wire.said.count("a INVITE") == 2
    theirs.accept(ANSWER)
    wire.run()
    assert wire.said.count("a INVITE") == 3
    assert [event.sdp for event in wire.b.all(Reinvited)] == [HELD, SDP]


def test_a_change_waits_for_the_ack_of_the_call() -> None:  # s.14.1
    wire = Wire(loses=lambda number, what: what == "a ACK" and number < 4)
    wire.a.calls()
    wire.run()
    theirs = wire.b.last(InviteArrived).dialog
    theirs.accept(ANSWER)
    theirs.reinvite(HELD)
    wire.run()
    assert "b INVITE" not in wire.said
    wire.forward(1)
    assert "b INVITE" in wire.said


def test_the_answer_is_repeated_until_the_ack_and_then_the_call_ends() -> None:
    wire = Wire(loses=lambda number, what: what == "a ACK")
    wire.a.calls()
    wire.run()
    theirs = wire.b.last(InviteArrived).dialog
    theirs.accept(ANSWER)
    wire.forward(31.9)
    assert wire.said.count("b 200") == wire.said.count("a ACK") == 11
    assert theirs.state is DialogState.CONFIRMED
    wire.forward(0.2)
    assert wire.b.last(Ended).why is Ending.NO_ACK
    assert wire.a.last(Ended).why is Ending.BYE
    wire.forward(70)
    assert wire.empty()


def test_no_bye_before_their_ack() -> None:  # s.15
    wire = Wire(loses=lambda number, what: what == "a ACK" and number < 5)
    wire.a.calls()
    wire.run()
    theirs = wire.b.last(InviteArrived).dialog
    theirs.accept(ANSWER)
    theirs.end(headers=[("Reason", "Q.850;cause=16")])
    wire.run()
    assert wire.said[-1] == "a ACK" and "b BYE" not in wire.said
    wire.forward(1)
    assert "b BYE" in wire.said and not wire.b.all(Ended)
    assert wire.message("b BYE").get("Reason") == "Q.850;cause=16"
    wire.forward(70)
    assert wire.empty()


def test_update_changes_an_early_session() -> None:  # RFC 3311 s.3
    wire = Wire()
    ours = wire.a.calls()
    wire.run()
    theirs = wire.b.last(InviteArrived).dialog
    theirs.ring(183, sdp=ANSWER)
    wire.run()
    ours.update(HELD)
    wire.run()
    assert wire.b.last(Reinvited).sdp == HELD
    theirs.accept(ANSWER)
    wire.run()
    assert wire.said[-2:] == ["a UPDATE", "b 200"]
    assert wire.a.last(Reaccepted).sdp == ANSWER
    theirs.accept(ANSWER)
    wire.run()
    assert wire.a.last(Accepted).dialog.state is DialogState.CONFIRMED
    theirs.update(headers=[("P-Asserted-Identity", "<sip:205@example.com>")])
    wire.run()
    assert wire.said[-2:] == ["b UPDATE", "a 200"]


def test_who_does_not_allow_update_gets_a_reinvite() -> None:
    from pbx.sip.agent import AgentSettings

    wire = Wire(b=AgentSettings(allow=("INVITE", "ACK", "BYE", "CANCEL")))
    ours, theirs = connected(wire)
    ours.update()
    wire.run()
    asked = wire.b.last(Reinvited)
    assert asked.request.method == "INVITE" and asked.sdp == SDP


def test_questions_in_the_call() -> None:
    wire = Wire()
    ours, theirs = connected(wire)
    exchange = ours.request("INFO", body=b"Signal=1", content_type="application/dtmf-relay")
    wire.run()
    asked = wire.b.last(Asked)
    assert asked.dialog is theirs and asked.request.body == b"Signal=1"
    asked.exchange.reply(200)
    asked.exchange.reply(500)
    wire.run()
    assert wire.a.last(Replied).exchange is exchange and wire.a.last(Replied).status == 200
    assert wire.said[-2:] == ["a INFO", "b 200"]
    theirs.request("OPTIONS")
    wire.run()
    assert wire.b.last(Replied).status == 200
    response = wire.b.last(Replied).response
    assert response is not None and "INVITE" in response.get("Allow")


@pytest.mark.parametrize(("status", "gone"), [(481, True), (408, True), (603, False)])
def test_a_far_end_that_forgot_the_call(status: int, gone: bool) -> None:  # RFC 5057
    wire = Wire()
    ours, theirs = connected(wire)
    ours.request("REFER", headers=[("Refer-To", "<sip:205@example.com>")])
    wire.run()
    wire.b.last(Asked).exchange.reply(status)
    wire.run()
    assert [event.why for event in wire.a.all(Ended)] == ([Ending.GONE] if gone else [])
    assert ("a BYE" in wire.said) is (status == 408)


def test_a_notify_that_is_refused_does_not_end_the_call() -> None:
    wire = Wire()
    ours, theirs = connected(wire)
    theirs.request("NOTIFY", headers=[("Event", "refer"), ("Subscription-State", "active")])
    wire.run()
    wire.a.last(Asked).exchange.reply(481)
    wire.run()
    assert not wire.b.all(Ended) and wire.b.last(Replied).status == 481


def test_both_hang_up_at_once() -> None:
    wire = Wire()
    ours, theirs = connected(wire)
    ours.end()
    theirs.end()
    wire.forward(70)
    assert wire.empty() and not wire.a.all(Ended) and not wire.b.all(Ended)


def test_the_connection_breaks_while_it_rings() -> None:
    wire = Wire(transport="tcp")
    wire.a.calls()
    wire.run()
    wire.b.last(InviteArrived).dialog.ring()
    wire.run()
    wire.a.agent.flow_lost(wire.a.flow)
    wire.b.agent.flow_lost(wire.b.flow)
    wire.run()
    assert wire.a.last(Refused).status == 503
    assert wire.b.last(Ended).why is Ending.GONE
    wire.forward(70)
    assert wire.empty()


def test_an_answered_call_outlives_its_connection() -> None:
    wire = Wire(transport="tcp")
    ours, theirs = connected(wire)
    wire.a.agent.flow_lost(wire.a.flow)
    wire.run()
    assert ours.state is DialogState.CONFIRMED
    assert (ours.flow.connection, ours.flow.host, ours.flow.port) == (0, "192.0.2.2", 5062)
    ours.request("INFO")
    wire.a.agent.take_output()
    wire.a.agent.flow_lost(ours.flow)
    wire.run()
    assert wire.a.last(Replied).status == 503 and wire.a.last(Ended).why is Ending.GONE


def test_a_message_outside_a_call() -> None:
    wire = Wire()
    exchange = wire.a.agent.request(
        "MESSAGE", "sip:b@example.com", flow=wire.a.flow, from_="<sip:a@example.com>",
        to="<sip:b@example.com>", body=b"ciao", content_type="text/plain",
    )  # fmt: skip
    wire.run()
    arrived = wire.b.last(RequestArrived)
    assert arrived.request.body == b"ciao"
    arrived.exchange.reply(202, headers=[("X-Note", "seen")])
    wire.run()
    replied = wire.a.last(Replied)
    assert replied.exchange is exchange and replied.dialog is None and replied.status == 202
    assert isinstance(replied.response, Response) and replied.response.to.tag
    wire.forward(70)
    assert wire.empty()


def test_replaces_finds_the_call_by_its_tags() -> None:
    wire = Wire()
    ours, theirs = connected(wire)
    find = wire.b.agent.find
    assert find(theirs.call_id, theirs.local_tag, theirs.remote_tag) is theirs
    assert find(theirs.call_id, theirs.remote_tag, theirs.local_tag) is None
    assert find(theirs.call_id, theirs.local_tag, "other") is None


@pytest.mark.parametrize("asks", ["a", "b"])
def test_a_far_end_that_is_gone_before_the_answer(asks: str) -> None:
    """No BYE before the answer: the caller takes its INVITE back, the called one refuses it."""
    wire = Wire()
    ours = wire.a.calls()
    wire.run()
    theirs = wire.b.last(InviteArrived).dialog
    theirs.ring()
    wire.run()
    (ours if asks == "a" else theirs).request("INFO")
    wire.run()
    (wire.b if asks == "a" else wire.a).last(Asked).exchange.reply(481)
    wire.run()
    if asks == "a":
        assert wire.a.last(Ended).why is Ending.GONE and wire.b.last(Ended).why is Ending.CANCEL
    else:
        assert wire.b.last(Ended).why is Ending.GONE and wire.a.last(Refused).status == 480
    assert "a BYE" not in wire.said and "b BYE" not in wire.said
    wire.forward(70)
    assert wire.empty()


def test_an_offer_that_nobody_answered_cannot_be_accepted_after_the_end() -> None:
    wire = Wire()
    ours = wire.a.calls()
    wire.run()
    theirs = wire.b.last(InviteArrived).dialog
    theirs.ring(183, sdp=ANSWER)
    wire.run()
    ours.update(HELD)
    wire.forward(33)
    assert wire.b.last(Ended).why is Ending.CANCEL
    theirs.accept(ANSWER)
    wire.forward(70)
    assert wire.empty()
