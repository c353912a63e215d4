"""Reliable provisionals in both roles (RFC 3262), and forked answers (RFC 3261 s.13.2.2.4)."""

from __future__ import annotations

from pbx.sip.agent import (
    Accepted,
    AgentSettings,
    DialogState,
    Ended,
    Ending,
    InviteArrived,
    Progressed,
    Refused,
    Reinvited,
)
from pbx.sip.message import Request, reply_to

from .wire import ANSWER, HELD, SDP, Stranger, Wire, request, statuses

PLAIN = AgentSettings(supported=("timer",))


def test_ringing_with_sound_is_acknowledged() -> None:
    wire = Wire()
    wire.a.calls()
    wire.run()
    dialog = wire.b.last(InviteArrived).dialog
    dialog.ring(180)
    dialog.ring(183, sdp=ANSWER)
    wire.run()
    assert wire.said == ["a INVITE", "b 100", "b 180", "b 183", "a PRACK", "b 200"]
    assert not wire.message("b 180").has("RSeq")
    progress, prack = wire.message("b 183"), wire.message("a PRACK")
    assert progress.mentions("Require", "100rel")
    assert prack.get("RAck") == f"{progress.get('RSeq')} 1 INVITE"
    assert wire.a.last(Progressed).sdp == ANSWER
    dialog.accept(ANSWER)
    wire.run()
    assert wire.message("b 200").body == b""
    assert wire.a.last(Accepted).sdp == ANSWER


def test_who_does_not_know_100rel_gets_it_plain() -> None:
    wire = Wire(a=PLAIN)
    wire.a.calls()
    wire.run()
    dialog = wire.b.last(InviteArrived).dialog
    dialog.ring(183, sdp=ANSWER)
    dialog.accept(ANSWER)
    wire.run()
    assert "a PRACK" not in wire.said and wire.message("b 200").body == ANSWER


def test_who_requires_it_gets_every_ringing_so() -> None:
    wire = Wire(a=PLAIN)
    wire.a.calls(headers=[("Require", "100rel")])
    wire.run()
    dialog = wire.b.last(InviteArrived).dialog
    dialog.ring(180)
    wire.run()
    dialog.ring(181)
    wire.run()
    assert wire.said[2:] == ["b 180", "a PRACK", "b 200", "b 181", "a PRACK", "b 200"]
    assert dialog.state is DialogState.EARLY


def test_an_answer_need_not_wait_for_the_prack_of_a_bare_ringing() -> None:
    wire = Wire(a=PLAIN)
    wire.a.calls(headers=[("Require", "100rel")])
    wire.run()
    dialog = wire.b.last(InviteArrived).dialog
    dialog.ring(180)
    dialog.ring(181)
    dialog.accept(ANSWER)
    wire.run()
    assert wire.said[2:] == ["b 180", "b 200", "a PRACK", "a ACK", "b 200"]
    assert wire.message("b 200").cseq[1] == "PRACK", "it crossed the answer, and is answered"


def test_the_next_provisional_and_the_answer_wait_for_the_prack() -> None:
    lost = iter([True] * 2)
    wire = Wire(loses=lambda number, what: what == "a PRACK" and next(lost, False))
    wire.a.calls()
    wire.run()
    dialog = wire.b.last(InviteArrived).dialog
    dialog.ring(183, sdp=ANSWER)
    dialog.ring(183, sdp=ANSWER, reason="Again")
    dialog.accept(ANSWER)
    wire.run()
    assert wire.said.count("b 183") == 1 and "b 200" not in wire.said
    wire.forward(3)
    assert wire.message("b 200").cseq[1] == "INVITE"
    assert wire.a.last(Accepted).sdp == ANSWER
    assert len(wire.a.all(Progressed)) == 1, "a repeated provisional is told once"


def test_without_a_prack_the_call_ends() -> None:
    wire = Wire(loses=lambda number, what: what == "a PRACK")
    wire.a.calls()
    wire.run()
    wire.b.last(InviteArrived).dialog.ring(183, sdp=ANSWER)
    wire.forward(33)
    assert wire.b.last(Ended).why is Ending.NO_ACK
    assert wire.a.last(Refused).status == 504
    wire.forward(70)
    assert wire.empty()


def test_a_prack_for_nothing_is_refused() -> None:
    stranger = Stranger()
    stranger.says(request("INVITE", more="Supported: 100rel\nContent-Type: application/sdp"), SDP)
    dialog = stranger.dialog()
    dialog.ring(183, sdp=ANSWER)
    (progress,) = stranger.listens()
    rseq = int(progress.get("RSeq"))
    tag = dialog.local_tag
    for number, rack in enumerate([f"{rseq + 1} 1 INVITE", f"{rseq} 2 INVITE", "x", ""]):
        answers = stranger.says(
            request("PRACK", branch=f"z9hG4bKp{number}", seq=2 + number, to_tag=tag,
                    more=f"RAck: {rack}")
        )  # fmt: skip
        assert statuses(answers) == [481]
    answers = stranger.says(
        request("PRACK", branch="z9hG4bKq", seq=9, to_tag=tag, more=f"RAck: {rseq} 1 INVITE")
    )
    assert statuses(answers) == [200]


def test_a_prack_may_bring_an_offer() -> None:
    stranger = Stranger()
    stranger.says(request("INVITE", more="Supported: 100rel\nContent-Type: application/sdp"), SDP)
    dialog = stranger.dialog()
    dialog.ring(183, sdp=ANSWER)
    (progress,) = stranger.listens()
    prack = request(
        "PRACK", branch="z9hG4bKp", seq=2, to_tag=dialog.local_tag,
        more=f"RAck: {progress.get('RSeq')} 1 INVITE\nContent-Type: application/sdp",
    )  # fmt: skip
    assert statuses(stranger.says(prack, HELD)) == []
    offered = stranger.heard[-1]
    assert isinstance(offered, Reinvited) and offered.sdp == HELD
    dialog.accept(ANSWER)
    (answer,) = stranger.listens()
    assert answer.cseq == (2, "PRACK") and answer.body == ANSWER
    dialog.accept(ANSWER)
    (accepted,) = stranger.listens()
    assert accepted.cseq == (1, "INVITE") and accepted.body == b""


class Forks:
    """Two phones behind one proxy answer the same INVITE."""

    def __init__(self) -> None:
        self.stranger = Stranger()
        self.dialog = self.stranger.agent.invite(
            "sip:all@example.com", flow=self.stranger.flow, from_="<sip:a@example.com>",
            to="<sip:all@example.com>", sdp=SDP,
        )  # fmt: skip
        (invite,) = self.stranger.listens()
        assert isinstance(invite, Request)
        self.invite = invite

    def answer(self, status: int, tag: str, *more: tuple[str, str], sdp: bytes = b"") -> list[str]:
        """An answer of one of the phones; what the agent sends then."""
        response = reply_to(self.invite, status, tag=tag)
        response.add("Contact", f"<sip:{tag}@198.51.100.7>")
        for name, value in more:
            response.add(name, value)
        if sdp:
            response.add("Content-Type", "application/sdp")
            response.body = sdp
        self.stranger.agent.receive(bytes(response), self.stranger.flow)
        return [
            f"{each.method} {each.uri} {each.to.tag}"
            for each in self.stranger.listens()
            if isinstance(each, Request)
        ]


def test_the_second_of_two_answers_is_hung_up() -> None:
    forks = Forks()
    assert forks.answer(180, "one") == forks.answer(180, "two") == []
    assert forks.answer(200, "two", sdp=ANSWER) == ["ACK sip:two@198.51.100.7 two"]
    assert forks.dialog.remote_tag == "two"
    assert forks.answer(200, "one", sdp=ANSWER) == [
        "ACK sip:one@198.51.100.7 one", "BYE sip:one@198.51.100.7 one",
    ]  # fmt: skip
    assert forks.answer(200, "one", sdp=ANSWER) == ["ACK sip:one@198.51.100.7 one"]
    assert forks.answer(200, "two", sdp=ANSWER) == ["ACK sip:two@198.51.100.7 two"]
    assert len([e for e in forks.stranger.heard if isinstance(e, Accepted)]) == 1


def test_each_fork_counts_its_reliable_provisionals_by_itself() -> None:
    forks = Forks()
    rel = ("Require", "100rel")
    assert forks.answer(183, "one", rel, ("RSeq", "7")) == ["PRACK sip:one@198.51.100.7 one"]
    assert forks.answer(183, "two", rel, ("RSeq", "3")) == ["PRACK sip:two@198.51.100.7 two"]
    assert forks.answer(183, "one", rel, ("RSeq", "7")) == []
    assert forks.answer(183, "one", rel, ("RSeq", "9")) == [], "one is missing between"
    assert forks.answer(183, "one", rel, ("RSeq", "8")) == ["PRACK sip:one@198.51.100.7 one"]
    assert forks.answer(183, "one", rel, ("RSeq", "many")) == []


def test_no_end_of_forks_is_bounded() -> None:
    forks = Forks()
    for number in range(100):
        forks.answer(180, f"tag{number}")
    assert len([e for e in forks.stranger.heard if isinstance(e, Progressed)]) == 16


def test_the_route_is_that_of_the_answer() -> None:  # s.12.1.2, s.12.2.1.1
    forks = Forks()
    routes = [
        ("Record-Route", "<sip:p2.example.com;lr>"),
        ("Record-Route", "<sip:p1.example.com;lr>"),
    ]
    assert forks.answer(200, "one", *routes, sdp=ANSWER) == ["ACK sip:one@198.51.100.7 one"]
    forks.dialog.end()
    (bye,) = forks.stranger.listens()
    assert bye.get_all("Route") == ["<sip:p1.example.com;lr>", "<sip:p2.example.com;lr>"]
    forks = Forks()
    assert forks.answer(200, "one", ("Record-Route", "<sip:old.example.com>"), sdp=ANSWER) == [
        "ACK sip:old.example.com one"
    ]
    forks.dialog.end()
    (bye,) = forks.stranger.listens()
    assert isinstance(bye, Request) and isinstance(forks.invite, Request)
    assert bye.get_all("Route") == ["<sip:one@198.51.100.7>"]
