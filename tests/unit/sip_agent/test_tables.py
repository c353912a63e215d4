"""Every row of the four transaction tables, typed again from the figures of RFC 3261 s.17 and
RFC 6026 s.7, and nothing but those rows.

Deeds: `sends` puts something on the wire, `tells` passes it on, `ends` leaves the tables.
"""

from __future__ import annotations

import itertools

import pytest

from pbx.sip.flow import Flow
from pbx.sip.machine import Seen, State, Transaction
from pbx.sip.message import Request, Response
from pbx.sip.timers import Timers
from pbx.sip.transaction import ClientTransaction, InviteClient, InviteServer, ServerTransaction

S, W = State, Seen

ROWS: dict[str, dict[tuple[State, Seen], tuple[State, str]]] = {
    "invite client": {  # figure 5, RFC 6026 figure 5
        (S.CALLING, W.REPEAT): (S.CALLING, "sends"),
        (S.CALLING, W.TIMEOUT): (S.TERMINATED, "ends tells"),
        (S.CALLING, W.BROKEN): (S.TERMINATED, "ends tells"),
        (S.CALLING, W.PROVISIONAL): (S.PROCEEDING, "tells"),
        (S.CALLING, W.OK): (S.ACCEPTED, "tells"),
        (S.CALLING, W.REFUSAL): (S.COMPLETED, "sends tells"),
        (S.PROCEEDING, W.PROVISIONAL): (S.PROCEEDING, "tells"),
        (S.PROCEEDING, W.OK): (S.ACCEPTED, "tells"),
        (S.PROCEEDING, W.REFUSAL): (S.COMPLETED, "sends tells"),
        (S.PROCEEDING, W.TIMEOUT): (S.TERMINATED, "ends tells"),  # after a CANCEL, s.9.1
        (S.PROCEEDING, W.BROKEN): (S.TERMINATED, "ends tells"),
        (S.ACCEPTED, W.OK): (S.ACCEPTED, "tells"),
        (S.ACCEPTED, W.LINGERED): (S.TERMINATED, "ends"),
        (S.COMPLETED, W.REFUSAL): (S.COMPLETED, "sends"),
        (S.COMPLETED, W.BROKEN): (S.TERMINATED, "ends"),
        (S.COMPLETED, W.LINGERED): (S.TERMINATED, "ends"),
    },
    "client": {  # figure 6
        (S.TRYING, W.REPEAT): (S.TRYING, "sends"),
        (S.TRYING, W.TIMEOUT): (S.TERMINATED, "ends tells"),
        (S.TRYING, W.BROKEN): (S.TERMINATED, "ends tells"),
        (S.TRYING, W.PROVISIONAL): (S.PROCEEDING, "tells"),
        (S.TRYING, W.FINAL): (S.COMPLETED, "tells"),
        (S.PROCEEDING, W.REPEAT): (S.PROCEEDING, "sends"),
        (S.PROCEEDING, W.TIMEOUT): (S.TERMINATED, "ends tells"),
        (S.PROCEEDING, W.BROKEN): (S.TERMINATED, "ends tells"),
        (S.PROCEEDING, W.PROVISIONAL): (S.PROCEEDING, "tells"),
        (S.PROCEEDING, W.FINAL): (S.COMPLETED, "tells"),
        (S.COMPLETED, W.LINGERED): (S.TERMINATED, "ends"),
        (S.COMPLETED, W.BROKEN): (S.TERMINATED, "ends"),
    },
    "invite server": {  # figure 7, RFC 6026 figure 7
        (S.PROCEEDING, W.AGAIN): (S.PROCEEDING, "sends"),
        (S.PROCEEDING, W.PROVISIONAL): (S.PROCEEDING, "sends"),
        (S.PROCEEDING, W.OK): (S.ACCEPTED, "sends"),
        (S.PROCEEDING, W.REFUSAL): (S.COMPLETED, "sends rests"),
        (S.PROCEEDING, W.BROKEN): (S.TERMINATED, "ends tells"),
        (S.COMPLETED, W.AGAIN): (S.COMPLETED, "sends"),
        (S.COMPLETED, W.REPEAT): (S.COMPLETED, "sends"),
        (S.COMPLETED, W.ACK): (S.CONFIRMED, ""),
        (S.COMPLETED, W.TIMEOUT): (S.TERMINATED, "ends tells"),
        (S.COMPLETED, W.BROKEN): (S.TERMINATED, "ends"),
        (S.COMPLETED, W.LINGERED): (S.TERMINATED, "ends"),
        (S.CONFIRMED, W.ACK): (S.CONFIRMED, ""),
        (S.CONFIRMED, W.AGAIN): (S.CONFIRMED, ""),
        (S.CONFIRMED, W.LINGERED): (S.TERMINATED, "ends"),
        (S.ACCEPTED, W.AGAIN): (S.ACCEPTED, ""),
        (S.ACCEPTED, W.OK): (S.ACCEPTED, "sends"),
        (S.ACCEPTED, W.ACK): (S.ACCEPTED, "tells"),
        (S.ACCEPTED, W.LINGERED): (S.TERMINATED, "ends"),
    },
    "server": {  # figure 8; LINGERED before the answer: nobody gave one (RFC 4320)
        (S.TRYING, W.AGAIN): (S.TRYING, ""),
        (S.TRYING, W.PROVISIONAL): (S.PROCEEDING, "sends"),
        (S.TRYING, W.FINAL): (S.COMPLETED, "sends rests"),
        (S.TRYING, W.LINGERED): (S.TERMINATED, "ends"),
        (S.PROCEEDING, W.AGAIN): (S.PROCEEDING, "sends"),
        (S.PROCEEDING, W.PROVISIONAL): (S.PROCEEDING, "sends"),
        (S.PROCEEDING, W.FINAL): (S.COMPLETED, "sends rests"),
        (S.PROCEEDING, W.LINGERED): (S.TERMINATED, "ends"),
        (S.COMPLETED, W.AGAIN): (S.COMPLETED, "sends"),
        (S.COMPLETED, W.LINGERED): (S.TERMINATED, "ends"),
    },
}


class Notes:
    """A house that writes down what is done in it."""

    def __init__(self) -> None:
        self.timers = Timers(lambda: 0.0)
        self.done: list[str] = []

    def send(self, flow: Flow, data: bytes) -> None:
        self.done.append("sends")

    def gone(self, transaction: Transaction) -> None:
        self.done.append("ends")

    def completed(self, transaction: Transaction) -> None:
        self.done.append("rests")


def machine(kind: str, state: State, house: Notes, transport: str) -> Transaction:
    flow = Flow(transport, "192.0.2.2", 5060)
    headers = [
        ("Via", "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1"), ("From", "<sip:a@b>;tag=1"),
        ("To", "<sip:b@b>"), ("Call-ID", "c"), ("CSeq", "1 INVITE"),
    ]  # fmt: skip
    request = Request("INVITE", "sip:b@b", headers)
    made: Transaction
    if kind in ("client", "invite client"):
        cls = InviteClient if kind == "invite client" else ClientTransaction
        made = cls(house, ("k",), flow, request, lambda status, answer: house.done.append("tells"))
        made.response = Response(486, "", headers)
    elif kind == "invite server":
        server = InviteServer(house, ("k",), flow)
        server.acked = lambda ack: house.done.append("tells")
        server.unheard = lambda status: house.done.append("tells")
        server.last_ack = request
        server.data = b"the last answer"
        made = server
    else:
        made = ServerTransaction(house, ("k",), flow)
    made.state = state
    return made


@pytest.mark.parametrize("kind", ROWS)
def test_every_row_and_no_other(kind: str) -> None:
    for state, seen in itertools.product(State, Seen):
        house = Notes()
        each = machine(kind, state, house, "udp")
        expected = ROWS[kind].get((state, seen))
        moved = each.see(seen)
        if expected is None:
            assert not moved, (state, seen)
            assert (each.state, house.done) == (state, [])
        else:
            assert moved, (state, seen)
            assert (each.state, " ".join(house.done)) == expected, (state, seen)


@pytest.mark.parametrize(
    ("kind", "state", "seen"),
    [
        ("invite client", S.PROCEEDING, W.REFUSAL),
        ("client", S.TRYING, W.FINAL),
        ("invite server", S.COMPLETED, W.ACK),
        ("server", S.TRYING, W.FINAL),
    ],
)
def test_on_a_stream_nothing_lingers(kind: str, state: State, seen: Seen) -> None:
    """Timers D, K, I and J are nought there; M and L are not (RFC 6026)."""
    house = Notes()
    each = machine(kind, state, house, "tcp")
    each.see(seen)
    assert each.state is State.TERMINATED
    assert "ends" in house.done


@pytest.mark.parametrize("rang", [True, False])
def test_a_refusal_is_repeated_only_when_the_invite_is_not(rang: bool) -> None:
    house = Notes()
    each = machine("invite server", S.PROCEEDING, house, "udp")
    assert isinstance(each, InviteServer)
    each.data = b""
    if rang:
        each.answer(180, b"ringing")
    each.answer(486, b"busy")
    assert (each.repeat is not None, each.timeout is not None) == (rang, rang)
    assert ("rests" in house.done) is not rang


@pytest.mark.parametrize(
    ("kind", "state"), [("invite client", S.PROCEEDING), ("invite server", S.PROCEEDING)]
)
def test_an_accepted_invite_stays_on_any_transport(kind: str, state: State) -> None:
    each = machine(kind, state, Notes(), "tcp")
    each.see(Seen.OK)
    assert each.state is State.ACCEPTED
    assert each.linger is not None
