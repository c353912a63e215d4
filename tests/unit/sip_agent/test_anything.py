"""Two owners who do anything at any time over a bad wire: nobody raises, nothing stays behind, and
each call that was told to exist ends once at most."""

from __future__ import annotations

from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pbx.sip.agent import (
    AgentSettings,
    Asked,
    Dialog,
    DialogState,
    Ended,
    InviteArrived,
    Refused,
    RequestArrived,
)

from .wire import ANSWER, HELD, SDP, Phone, Wire

DEEDS = (
    "ring", "early", "accept", "accept", "refuse", "reinvite", "late", "update", "bare update",
    "info", "notify", "acknowledge", "reply", "end", "invite", "lost",
)  # fmt: skip

STEP = st.tuples(
    st.sampled_from("ab"),
    st.sampled_from(DEEDS),
    st.integers(0, 3),
    st.sampled_from([0.0, 0.0, 0.0, 0.3, 2.0, 33.0]),
)


def do(phone: Phone, dialogs: list[Dialog], deed: str, which: int) -> None:
    if deed == "invite" or not dialogs:
        if len(dialogs) < 4:
            dialogs.append(phone.calls(sdp=SDP if which else b""))
        return
    dialog = dialogs[which % len(dialogs)]
    match deed:
        case "ring":
            dialog.ring(180)
        case "early":
            dialog.ring(183, sdp=ANSWER)
        case "accept":
            dialog.accept(ANSWER)
        case "refuse":
            dialog.refuse(488)
        case "reinvite":
            dialog.reinvite(HELD)
        case "late":
            dialog.reinvite(b"")
        case "update":
            dialog.update(HELD)
        case "bare update":
            dialog.update()
        case "info" | "notify":
            dialog.request(deed.upper())
        case "acknowledge":
            dialog.acknowledge(ANSWER)
        case "end":
            dialog.end()
        case "reply":
            for event in phone.heard:
                if isinstance(event, (Asked, RequestArrived)):
                    event.exchange.reply((200, 481, 500, 408)[which])
        case "lost":
            phone.agent.flow_lost(phone.flow)


@settings(
    max_examples=120, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
@given(
    steps=st.lists(STEP, min_size=1, max_size=40),
    losses=st.sets(st.integers(0, 80), max_size=25),
    transport=st.sampled_from(["udp", "udp", "tcp"]),
    plain=st.booleans(),
)
def test_anything_at_any_time(
    steps: list[tuple[str, str, int, float]], losses: set[int], transport: str, plain: bool
) -> None:
    few = AgentSettings(allow=("INVITE", "ACK", "BYE", "CANCEL", "INFO"), supported=())
    lossy = losses if transport == "udp" else set()
    wire = Wire(
        transport=transport, b=few if plain else None, loses=lambda number, what: number in lossy
    )
    known: dict[str, list[Dialog]] = {"a": [], "b": []}
    for who, deed, which, pause in steps:
        phone = wire.a if who == "a" else wire.b
        for event in phone.heard:
            if isinstance(event, InviteArrived) and event.dialog not in known[who]:
                known[who].append(event.dialog)
        do(phone, known[who], deed, which)
        wire.forward(pause)
    for phone in (wire.a, wire.b):
        for dialog in phone.agent.book:
            dialog.end()
            assert dialog.state is DialogState.ENDED
    wire.forward(300)
    assert wire.empty()
    for phone in (wire.a, wire.b):
        ends = Counter(id(e.dialog) for e in phone.heard if isinstance(e, (Ended, Refused)))
        assert all(count == 1 for count in ends.values())
