"""Subscriptions of theirs (RFC 6665), and trunks that challenge us (RFC 3261 s.22)."""

from __future__ import annotations

import pytest

from pbx.sip import digest
from pbx.sip.agent import (
    Accepted,
    Event,
    InviteArrived,
    Refused,
    Replied,
    RequestArrived,
    Subscribed,
    Subscription,
    Unsubscribed,
)
from pbx.sip.message import Request, Response, reply_to

from .wire import ANSWER, SDP, Stranger, Wire, request, statuses

MWI = "Event: message-summary\nExpires: 3600"


def subscribed(stranger: Stranger, seconds: int = 600) -> Subscription:
    stranger.says(request("SUBSCRIBE", more=MWI))
    arrived = stranger.heard[-1]
    assert isinstance(arrived, RequestArrived)
    watcher = arrived.exchange.accept_subscription(seconds)
    assert watcher is not None
    (answer,) = stranger.listens()
    assert statuses([answer]) == [200] and answer.get("Expires") == str(seconds)
    assert answer.get("Contact") == "<sip:201@192.0.2.1:5060>" and answer.to.tag
    return watcher


def notified(stranger: Stranger, watcher: Subscription, state: str = "active") -> Request:
    watcher.notify(b"Messages-Waiting: yes\r\n", "application/simple-message-summary", state=state)
    (notify,) = stranger.listens()
    assert isinstance(notify, Request)
    return notify


def test_a_lamp_is_lit_in_its_subscription() -> None:
    stranger = Stranger()
    watcher = subscribed(stranger)
    notify = notified(stranger, watcher)
    assert notify.uri == "sip:stranger@198.51.100.7:5080"
    assert notify.get("Event") == "message-summary" and notify.get("Contact")
    assert notify.get("Subscription-State") == "active;expires=600"
    assert (notify.from_.tag, notify.to.tag) == (watcher.side.local_tag, "fromtag")
    answer = reply_to(notify, 200)
    stranger.agent.receive(bytes(answer), stranger.flow)
    stranger.listens()
    replied = stranger.heard[-1]
    assert isinstance(replied, Replied) and replied.status == 200
    assert not watcher.over


def test_a_refresh_is_answered_and_told() -> None:
    stranger = Stranger()
    watcher = subscribed(stranger)
    heard: list[Event] = []
    watcher.owner = heard.append
    stranger.forward(500)
    tag = watcher.side.local_tag
    (answer,) = stranger.says(request("SUBSCRIBE", branch="z9hG4bK2", seq=2, to_tag=tag, more=MWI))
    assert answer.get("Expires") == "600"
    event = stranger.heard[-1]
    assert isinstance(event, Subscribed) and event.subscription is watcher and event.seconds == 600
    stranger.forward(500)
    assert not watcher.over
    assert statuses(
        stranger.says(request("SUBSCRIBE", branch="z9hG4bK3", seq=1, to_tag=tag, more=MWI))
    ) == [500]
    assert statuses(
        stranger.says(
            request("SUBSCRIBE", branch="z9hG4bK4", seq=3, to_tag=tag, more="Event: presence")
        )
    ) == [489]


@pytest.mark.parametrize("how", ["asked", "timeout", "refused", "terminated"])
def test_a_subscription_ends(how: str) -> None:
    stranger = Stranger()
    watcher = subscribed(stranger)
    tag = watcher.side.local_tag
    if how == "asked":
        more = MWI.replace("3600", "0")
        answers = stranger.says(
            request("SUBSCRIBE", branch="z9hG4bK2", seq=2, to_tag=tag, more=more)
        )
        assert statuses(answers) == [200]
    elif how == "timeout":
        stranger.forward(601)
    elif how == "refused":
        notify = notified(stranger, watcher)
        stranger.agent.receive(bytes(reply_to(notify, 481)), stranger.flow)
        stranger.listens()
    else:
        notify = notified(stranger, watcher, "terminated;reason=noresource")
        assert notify.get("Subscription-State") == "terminated;reason=noresource"
    assert watcher.over
    if how != "terminated":
        event = stranger.heard[-1]
        assert isinstance(event, Unsubscribed) and event.reason == how
    if how in ("asked", "timeout"):
        last = notified(stranger, watcher, "terminated;reason=timeout")
        assert last.get("Subscription-State") == "terminated;reason=timeout"
    late = request("SUBSCRIBE", branch="z9hG4bK9", seq=9, to_tag=tag, more=MWI)
    assert statuses(stranger.says(late)) == [481]
    stranger.forward(70)
    assert not len(stranger.agent.transactions) and not len(stranger.agent.timers)


# --- trunks --------------------------------------------------------------------------------------


class Trunk:
    """A far end that lets nobody in without a password."""

    def __init__(self, wire: Wire, password: str = "secret", status: int = 407) -> None:
        self.wire = wire
        self.secret = digest.ha1("trunk", "sip.example.net", password)[0]
        self.status = status
        self.asked = 0
        wire.b.does = self.does

    def good(self, message: Request) -> bool:
        value = message.get("Proxy-Authorization" if self.status == 407 else "Authorization")
        if not value:
            return False
        shown = digest.read(value)
        assert shown.uri == message.uri
        return digest.expected(shown, self.secret, message.method) == shown.response

    def does(self, event: Event) -> None:
        self.asked += 1
        name = "Proxy-Authenticate" if self.status == 407 else "WWW-Authenticate"
        challenge = [(name, 'Digest realm="sip.example.net", nonce="n1", qop="auth"')]
        if isinstance(event, InviteArrived):
            if self.good(event.request):
                event.dialog.accept(ANSWER)
            else:
                event.dialog.refuse(self.status, headers=challenge)
        elif isinstance(event, RequestArrived):
            if self.good(event.request):
                event.exchange.reply(200)
            else:
                event.exchange.reply(self.status, headers=challenge)


@pytest.mark.parametrize("status", [401, 407])
def test_a_trunk_that_challenges_gets_its_answer(status: int) -> None:
    wire = Wire()
    Trunk(wire, status=status)
    dialog = wire.a.agent.invite(
        "sip:0612345678@sip.example.net", flow=wire.a.flow, from_="<sip:trunk@sip.example.net>",
        to="<sip:0612345678@sip.example.net>", sdp=SDP, credentials=("trunk", "secret"),
    )  # fmt: skip
    wire.run()
    assert wire.said == [
        "a INVITE", "b 100", f"b {status}", "a ACK", "a INVITE", "b 100", "b 200", "a ACK",
    ]  # fmt: skip
    first, second = (m for m in wire.messages if isinstance(m, Request) and m.method == "INVITE")
    assert (first.cseq[0], second.cseq[0]) == (1, 2)
    assert first.call_id == second.call_id and first.from_.tag == second.from_.tag
    assert first.via.branch != second.via.branch
    assert wire.a.last(Accepted).dialog is dialog
    assert wire.message("a ACK").cseq[0] == 2
    exchange = wire.a.agent.request(
        "REGISTER", "sip:sip.example.net", flow=wire.a.flow, from_="<sip:trunk@sip.example.net>",
        to="<sip:trunk@sip.example.net>", credentials=("trunk", "secret"), call_id="reg", cseq=7,
    )  # fmt: skip
    wire.run()
    replied = wire.a.last(Replied)
    assert replied.exchange is exchange and replied.status == 200
    assert wire.message("a REGISTER").cseq[0] == 8


@pytest.mark.parametrize("credentials", [None, ("trunk", "wrong")])
def test_a_wrong_password_is_not_tried_for_ever(credentials: tuple[str, str] | None) -> None:
    wire = Wire()
    trunk = Trunk(wire)
    wire.a.agent.invite(
        "sip:06@sip.example.net", flow=wire.a.flow, from_="<sip:t@t>", to="<sip:06@t>", sdp=SDP,
        credentials=credentials,
    )  # fmt: skip
    wire.a.agent.request(
        "REGISTER", "sip:sip.example.net", flow=wire.a.flow, from_="<sip:t@t>", to="<sip:t@t>",
        credentials=credentials,
    )  # fmt: skip
    wire.forward(5)
    assert wire.a.last(Refused).status == wire.a.last(Replied).status == 407
    assert trunk.asked == (2 if credentials is None else 4)
    response = wire.a.last(Replied).response
    assert isinstance(response, Response)
