"""What strangers send: judged as RFC 3261 s.8.2 says, answered once, never more than is safe."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pbx.sip.agent import (
    AgentSettings,
    Asked,
    DialogState,
    Ended,
    Ending,
    InviteArrived,
    RequestArrived,
)
from pbx.sip.message import Request

from .wire import ANSWER, SDP, Stranger, request, statuses

WITH_SDP = "Content-Type: application/sdp"


def test_an_options_is_told_once_and_answered_twice() -> None:
    stranger = Stranger()
    assert stranger.says(request()) == []
    arrived = stranger.heard[-1]
    assert isinstance(arrived, RequestArrived)
    assert stranger.says(request()) == [], "nothing to repeat yet"
    arrived.exchange.reply(200)
    (answer,) = stranger.listens()
    assert answer.get("Via").endswith("rport=5080;branch=z9hG4bKone;received=198.51.100.7")
    assert answer.to.tag and "INVITE" in answer.get("Allow")
    again = stranger.says(request())
    assert [bytes(m) for m in again] == [bytes(answer)] and len(stranger.heard) == 1
    assert stranger.forward(40) == []
    assert not len(stranger.agent.transactions)
    stranger.says(request())
    assert len(stranger.heard) == 2, "after timer J it is a new one"


@pytest.mark.parametrize(
    ("text", "status", "header"),
    [
        (request("FROBNICATE"), 405, ("Allow", "INVITE")),
        (request("PUBLISH"), 405, ("Allow", "INVITE")),
        (request("INVITE", uri="http://x/"), 416, None),
        (request("OPTIONS", uri="nonsense"), 400, None),
        (request(more="Require: 100rel, teleport"), 420, ("Unsupported", "teleport")),
        (request("INVITE", more="Require: gruu"), 420, ("Unsupported", "gruu")),
        (request("BYE", to_tag="x"), 481, None),
        (request("BYE"), 481, None),
        (request("INFO", to_tag="x"), 481, None),
        (request("INVITE", to_tag="x"), 481, None),
        (request("UPDATE", to_tag="x"), 481, None),
        (request("PRACK"), 481, None),
        (request("NOTIFY", to_tag="x"), 481, None),
        (request("CANCEL"), 481, None),
        (request("INVITE", more="Max-Forwards: 0"), 483, None),
        (request("MESSAGE", more="Max-Forwards: 0"), 483, None),
        (request("INVITE", more="Contact: <nonsense>"), 400, None),
        (request("INVITE").replace("Contact", "X-Contact"), 400, None),
        (request("INVITE", more="Session-Expires: 30\nSupported: timer"), 422, ("Min-SE", "90")),
        (request("OPTIONS", more="Max-Forwards: 300"), 400, None),
        (request("OPTIONS").replace("CSeq: 1 O", "CSeq: 1 O-"), 400, None),
        (request("OPTIONS").replace("SIP/2.0\nVia", "SIP/7.0\nVia"), 505, None),
    ],
)  # fmt: skip
def test_refused_with(text: str, status: int, header: tuple[str, str] | None) -> None:
    stranger = Stranger()
    (answer,) = stranger.says(text)
    assert statuses([answer]) == [status]
    assert answer.to.tag and answer.call_id == "stranger@example.com"
    if header:
        assert answer.get(header[0]) == header[1]
    assert not stranger.heard
    stranger.forward(70)
    assert not len(stranger.agent.transactions)


@pytest.mark.parametrize(
    ("kind", "more"),
    [("text/plain", ""), ("application/sdp", "Content-Encoding: gzip"), ("multipart/mixed", "")],
)
def test_a_body_that_nobody_reads(kind: str, more: str) -> None:
    stranger = Stranger()
    (answer,) = stranger.says(request("INVITE", more=f"Content-Type: {kind}\n{more}"), b"hello")
    assert statuses([answer]) == [415] and answer.get("Accept") == "application/sdp"


def test_an_sdp_among_other_parts_is_found() -> None:
    stranger = Stranger()
    body = (
        b"--xyz\r\nContent-Type: application/isup\r\n\r\nABC\r\n"
        b"--xyz\r\nContent-Type: application/sdp;charset=utf-8\r\n\r\n" + SDP + b"\r\n--xyz--\r\n"
    )
    stranger.says(request("INVITE", more='Content-Type: multipart/mixed;boundary="xyz"'), body)
    arrived = stranger.heard[-1]
    assert isinstance(arrived, InviteArrived) and arrived.sdp == SDP


@pytest.mark.parametrize("method", ["OPTIONS", "REGISTER"])
def test_a_hop_count_of_nought_ends_nothing_that_ends_here(method: str) -> None:
    stranger = Stranger()
    assert stranger.says(request(method, more="Max-Forwards: 0")) == []
    assert isinstance(stranger.heard[-1], RequestArrived)


def test_an_ack_is_never_answered() -> None:
    stranger = Stranger()
    for text in (
        request("ACK"),
        request("ACK", to_tag="x"),
        request("ACK", uri="http://x/"),
        request("ACK", more="Require: teleport"),
        request("ACK", more="Max-Forwards: x"),
    ):
        assert stranger.says(text) == []
    assert not stranger.heard and not len(stranger.agent.transactions)


def test_stray_answers_are_dropped() -> None:
    stranger = Stranger()
    for status in (100, 180, 200, 404):
        text = request("INVITE").replace(request("INVITE").splitlines()[0], f"SIP/2.0 {status} X")
        assert stranger.says(text) == []
    assert not stranger.heard


def test_the_same_invite_by_two_paths_is_merged() -> None:  # s.8.2.2.2
    stranger = Stranger()
    stranger.says(request("INVITE"))
    (merged,) = stranger.says(request("INVITE", branch="z9hG4bKtwo"))
    assert statuses([merged]) == [482]
    assert len(stranger.heard) == 1


@pytest.mark.parametrize(
    ("branch", "seq"), [("z9hG4bKone", 2), ("z9hG4bKtwo", 1), ("z9hG4bKtwo", 2)]
)
def test_an_invite_comes_again_with_credentials(branch: str, seq: int) -> None:
    """pyVoIP 1.6.8 keeps the branch and counts the CSeq; others forget to count."""
    stranger = Stranger()
    stranger.says(request("INVITE"))
    first = stranger.dialog()
    first.refuse(401, headers=[("WWW-Authenticate", 'Digest realm="x", nonce="y"')])
    (challenge,) = stranger.listens()
    assert statuses([challenge]) == [401]
    assert stranger.says(request("ACK", to_tag=challenge.to.tag)) == []
    assert first.state is DialogState.ENDED
    (trying,) = stranger.says(
        request("INVITE", branch=branch, seq=seq, more="Authorization: Digest username=x")
    )
    assert statuses([trying]) == [100]
    second = stranger.heard[-1]
    assert isinstance(second, InviteArrived) and second.dialog is not first
    second.dialog.accept(ANSWER)
    (answer,) = stranger.listens()
    # pyVoIP's ACK: the INVITE's branch, and a To tag that nobody ever gave.
    assert stranger.says(request("ACK", branch=branch, seq=seq, to_tag="invented")) == []
    assert type(stranger.heard[-1]).__name__ == "Acknowledged"
    assert stranger.forward(20) == []


def test_a_caller_hears_trying_after_a_while_or_never() -> None:  # s.17.2.1
    stranger = Stranger()
    stranger.greets = False
    assert stranger.says(request("INVITE")) == []
    assert statuses(stranger.forward(0.19)) == []
    assert statuses(stranger.forward(0.02)) == [100]
    assert stranger.says(request("INVITE", branch="z9hG4bKtwo", call_id="two")) == []
    dialog = stranger.dialog()
    dialog.refuse(401)  # pyVoIP 1.6.8 must not hear a 100 before it
    assert statuses(stranger.forward(0.3)) == [401]


def test_an_ack_with_its_own_branch_and_an_unknown_tag() -> None:
    stranger = Stranger()
    stranger.says(request("INVITE"))
    dialog = stranger.dialog()
    dialog.accept(ANSWER)
    stranger.listens()
    stranger.says(request("ACK", branch="z9hG4bKother", to_tag="invented"))
    assert type(stranger.heard[-1]).__name__ == "Acknowledged"


def test_a_call_ended_before_such_an_ack_is_hung_up_after_it() -> None:
    stranger = Stranger()
    stranger.says(request("INVITE"))
    dialog = stranger.dialog()
    dialog.accept(ANSWER)
    dialog.end()
    assert statuses(stranger.listens()) == [200]
    (bye,) = stranger.says(request("ACK", to_tag="invented"))
    assert isinstance(bye, Request) and bye.method == "BYE"
    stranger.forward(70)
    assert not stranger.agent.dialogs() and not len(stranger.agent.transactions)


def test_a_phone_from_before_rfc_3261() -> None:
    stranger = Stranger()
    via = "Via: SIP/2.0/UDP 198.51.100.7:5080"
    (trying,) = stranger.says(request("INVITE", via=via))
    assert statuses([trying]) == [100]
    stranger.says(request("INVITE", via=via))
    assert len(stranger.heard) == 1, "a repeat is known without a branch"
    dialog = stranger.dialog()
    dialog.refuse(486)
    assert statuses(stranger.listens()) == [486]
    assert stranger.says(request("ACK", via=via, to_tag=dialog.local_tag)) == []
    assert stranger.forward(20) == [], "the ACK was matched"
    stranger.says(request("INVITE", via=via, seq=2))
    assert statuses(stranger.says(request("CANCEL", via=via, seq=2))) == [200, 487]


@pytest.mark.parametrize(
    ("via", "port"),
    [
        ("Via: SIP/2.0/UDP 198.51.100.7:5080;rport;branch=z9hG4bKr", 5080),
        ("Via: SIP/2.0/UDP 10.0.0.5:9999;rport;branch=z9hG4bKr", 5080),
        ("Via: SIP/2.0/UDP 198.51.100.7:9999;branch=z9hG4bKr", 9999),
        ("Via: SIP/2.0/UDP 198.51.100.7;branch=z9hG4bKr", 5060),
        # Behind NAT and silent about it: its own port cannot be reached, its source can.
        ("Via: SIP/2.0/UDP 10.0.0.5:9999;branch=z9hG4bKr", 5080),
    ],
)
def test_where_the_answer_goes(via: str, port: int) -> None:  # RFC 3261 s.18.2.2, RFC 3581
    stranger = Stranger()
    stranger.says(request("CANCEL", via=via))
    assert (stranger.sent[-1].flow.host, stranger.sent[-1].flow.port) == ("198.51.100.7", port)


def test_our_own_invite_comes_back() -> None:  # RFC 5393
    stranger = Stranger()
    stranger.agent.invite(
        "sip:201@192.0.2.1", flow=stranger.flow, from_="<sip:a@a>", to="<sip:b@b>", sdp=SDP
    )
    (invite,) = stranger.listens()
    more = f"Via: {invite.get('Via')}"
    assert statuses(stranger.says(request("INVITE", more=more))) == [482]
    other = request("INVITE", branch="z9hG4bKtwo", seq=2, uri="sip:202@192.0.2.1", more=more)
    assert statuses(stranger.says(other)) == [100], "a call that comes back for another is none"


def test_numbers_out_of_order_in_a_dialog() -> None:
    stranger = Stranger()
    stranger.says(request("INVITE", seq=10, more=WITH_SDP), SDP)
    dialog = stranger.dialog()
    dialog.accept(ANSWER)
    stranger.listens()
    tag = dialog.local_tag
    stranger.says(request("ACK", branch="z9hG4bKa", seq=10, to_tag=tag))
    lower = request("INFO", branch="z9hG4bKb", seq=9, to_tag=tag)
    assert statuses(stranger.says(lower)) == [500]
    overlapping = [
        request("INVITE", branch=f"z9hG4bK{seq}", seq=seq, to_tag=tag, more=WITH_SDP)
        for seq in (11, 12)
    ]
    assert statuses(stranger.says(overlapping[0], SDP)) == [100]
    (busy,) = stranger.says(overlapping[1], SDP)
    assert statuses([busy]) == [500] and 0 <= int(busy.get("Retry-After")) <= 10
    assert statuses(stranger.says(request("CANCEL", branch="z9hG4bK11", seq=11, to_tag=tag))) == [
        200, 487,
    ]  # fmt: skip
    assert dialog.state is DialogState.CONFIRMED
    wrong = request("BYE", branch="z9hG4bKw", seq=20, to_tag=tag, from_tag="another")
    assert statuses(stranger.says(wrong)) == [481]
    assert dialog.state is DialogState.CONFIRMED
    assert statuses(stranger.says(request("BYE", branch="z9hG4bKx", seq=20, to_tag=tag))) == [200]
    assert isinstance(stranger.heard[-1], Ended)


def test_bye_before_the_answer() -> None:
    stranger = Stranger()
    stranger.says(request("INVITE"))
    dialog = stranger.dialog()
    dialog.ring()
    stranger.listens()
    bye = request("BYE", branch="z9hG4bKbye", seq=2, to_tag=dialog.local_tag)
    assert statuses(stranger.says(bye)) == [200, 487]
    ended = stranger.heard[-1]
    assert isinstance(ended, Ended) and ended.why is Ending.BYE


def test_a_target_that_moves_is_followed() -> None:
    stranger = Stranger()
    stranger.says(request("INVITE", more=WITH_SDP), SDP)
    dialog = stranger.dialog()
    dialog.accept(ANSWER)
    stranger.listens()
    tag = dialog.local_tag
    stranger.says(request("ACK", branch="z9hG4bKa", to_tag=tag))
    stranger.says(request("INVITE", branch="z9hG4bKb", seq=2, to_tag=tag,
                          more=f"{WITH_SDP}\nContact: <sip:new@203.0.113.4>"), SDP)  # fmt: skip
    dialog.accept(ANSWER)
    stranger.listens()
    stranger.says(request("ACK", branch="z9hG4bKc", seq=2, to_tag=tag))
    dialog.request("INFO")
    (info,) = stranger.listens()
    assert isinstance(info, Request) and info.uri == "sip:new@203.0.113.4"


def test_a_house_that_is_full() -> None:
    stranger = Stranger(AgentSettings(max_dialogs=3, max_transactions=10))
    for number in range(4):
        answers = stranger.says(
            request("INVITE", branch=f"z9hG4bK{number}", call_id=f"call{number}")
        )
        assert statuses(answers) == ([100] if number < 3 else [503])
    assert answers[0].get("Retry-After")
    for number in range(10, 40):
        answers = stranger.says(
            request("SUBSCRIBE", branch=f"z9hG4bK{number}", call_id=f"call{number}")
        )
    assert statuses(answers) == [503]
    assert len(stranger.agent.transactions) == 10
    stranger.forward(33)
    assert len(stranger.agent.transactions) == 3, "what nobody answered is forgotten"


def test_finished_requests_make_room_for_new_ones() -> None:
    stranger = Stranger(AgentSettings(max_transactions=50))
    for number in range(500):
        stranger.says(request(branch=f"z9hG4bK{number}", call_id=f"{number}"))
        arrived = stranger.heard[-1]
        assert isinstance(arrived, RequestArrived)
        arrived.exchange.reply(200)
        assert statuses(stranger.listens()) == [200]
    assert len(stranger.agent.transactions) <= 50
    stranger.forward(70)
    assert not len(stranger.agent.transactions) and not len(stranger.agent.timers)


def test_subscriptions_are_bounded() -> None:
    stranger = Stranger(AgentSettings(max_subscriptions=2))
    for number in range(3):
        stranger.says(
            request("SUBSCRIBE", branch=f"z9hG4bK{number}", call_id=f"{number}",
                    more="Event: message-summary")
        )  # fmt: skip
        arrived = stranger.heard[-1]
        assert isinstance(arrived, RequestArrived)
        watcher = arrived.exchange.accept_subscription(60)
        (answer,) = statuses(stranger.listens())
        assert (answer, watcher is None) == ((200, False) if number < 2 else (503, True))


# --- whatever bytes come -------------------------------------------------------------------------

SEEDS = [
    request("INVITE", more=f"{WITH_SDP}\nSupported: 100rel, timer\nSession-Expires: 100"),
    request("REGISTER", more="Expires: 60"),
    request("SUBSCRIBE", more="Event: message-summary\nExpires: 60"),
    request("CANCEL"), request("ACK", to_tag="TAG"), request("BYE", to_tag="TAG", seq=3),
    request("UPDATE", to_tag="TAG", seq=4, more="Session-Expires: 90;refresher=uac"),
    request("PRACK", to_tag="TAG", seq=5, more="RAck: 1 1 INVITE"),
    request("INVITE", to_tag="TAG", seq=6, more=WITH_SDP),
    request("REFER", to_tag="TAG", seq=7, more="Refer-To: <sip:202@example.com>"),
    request("NOTIFY", to_tag="TAG", seq=8, more="Event: refer\nSubscription-State: active"),
    request("OPTIONS", via="Via: SIP/2.0/UDP [2001:db8::9]:5080"),
    "SIP/2.0 200 OK\n" + request("INVITE").partition("\n")[2],
]  # fmt: skip


@st.composite
def spoiled(draw: st.DrawFn) -> tuple[bytes, str]:
    """A message with some of its bytes changed, doubled, cut or swapped with another's."""
    text = draw(st.sampled_from(SEEDS)).replace("\n", "\r\n")
    body = SDP if draw(st.booleans()) else b""
    data = bytearray(f"{text}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, max(0, len(data) - 1)))
        kind = draw(st.integers(0, 4))
        if kind == 0:
            data[at : at + 1] = draw(st.binary(max_size=4))
        elif kind == 1:
            del data[at : at + draw(st.integers(1, 40))]
        elif kind == 2:
            data[at:at] = data[at : at + draw(st.integers(1, 60))]
        elif kind == 3:
            data[at:at] = draw(st.sampled_from([b"\r\n", b",", b";", b"\x00", b"<", b'"', b"\xff"]))
        else:
            other = draw(st.sampled_from(SEEDS)).encode()
            data[at:at] = other[: draw(st.integers(1, 80))]
    return bytes(data), draw(st.sampled_from(["ring", "accept", "refuse", "end", "nothing"]))


@settings(
    max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
@given(st.lists(spoiled(), min_size=1, max_size=14))
def test_nothing_escapes_and_nothing_stays(messages: list[tuple[bytes, str]]) -> None:
    stranger = Stranger()
    tag = "none"
    for data, deed in messages:
        stranger.agent.receive(data.replace(b"TAG", tag.encode()), stranger.flow)
        before = len(stranger.heard)
        stranger.listens()
        for event in stranger.heard[before:]:
            if isinstance(event, (RequestArrived, Asked)):
                event.exchange.reply(200)
            dialog = event.dialog if not isinstance(event, RequestArrived) else None
            if dialog is not None:
                tag = dialog.local_tag
                if deed == "ring":
                    dialog.ring(183, sdp=ANSWER)
                elif deed == "accept":
                    dialog.accept(ANSWER)
                elif deed == "refuse":
                    dialog.refuse(486)
                elif deed == "end":
                    dialog.end()
        stranger.forward(0.7)
    for dialog in stranger.agent.book:
        dialog.end()
    stranger.forward(200)
    assert not len(stranger.agent.transactions)
    assert not stranger.agent.dialogs()
    assert not len(stranger.agent.timers)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.binary(max_size=400))
def test_bytes_that_are_no_sip_are_dropped(data: bytes) -> None:
    stranger = Stranger()
    stranger.agent.receive(data, stranger.flow)
    assert stranger.listens() == [] and not stranger.heard
