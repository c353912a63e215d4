"""Phones with a password and no manners: what they say ends their own calls only."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from tests.interop.hostile.phone import Phone, sdp
from tests.interop.hostile.stranger import Heard, Stranger, fresh, whole
from tests.interop.office import Office

Phones = Callable[..., Phone]


def raw(
    phone: Phone, request: Heard, status: str, *, tag: str, more: str = "", body: bytes = b""
) -> None:
    """An answer with every line as the test says."""
    lines = [
        f"SIP/2.0 {status}",
        *(f"Via: {via}" for via in request.headers("Via")),
        f"From: {request.header('From')}",
        f"To: {request.header('To')};tag={tag}",
        f"Call-ID: {request.header('Call-ID')}",
        f"CSeq: {request.header('CSeq')}",
        *(more.split("\n") if more else []),
    ]
    phone.wire.send(whole("\r\n".join(lines) + "\r\n", body))


@pytest.mark.parametrize("to", ["self", "each other", "nonsense", "*600"])
def test_a_redirection_ends_somewhere(office: Office, phone: Phones, to: str) -> None:
    anna, bruno, carla = phone("201"), phone("202"), phone("203")
    anna.dial("202")
    place = {"self": "202", "each other": "203", "nonsense": "\x7f<>", "*600": "*600"}[to]
    rang = 0
    end = time.monotonic() + 5.0
    while time.monotonic() < end and rang < 50:
        for each, target in ((bruno, place), (carla, "202")):
            invite = each.next(0.05)
            if invite is not None and invite.method == "INVITE":
                rang += 1
                end = time.monotonic() + 0.8  # each may lead to a next one
                raw(each, invite, "302 Moved", tag="m", more=f"Contact: <sip:{target}@127.0.0.1>")
    assert 1 <= rang <= 12, rang
    anna.connected()
    anna.hang_up()


STATUSES = ["199 Early", "299 What", "399 Where", "499 Why", "599 Whence", "699 Never", "401 Who",
            "407 Who", "422 Long", "420 What", "491 Later", "100 Trying", "503 Full",
            "302 Gone"]  # fmt: skip


@pytest.mark.parametrize("status", STATUSES)
def test_any_answer_to_our_invite(office: Office, phone: Phones, status: str) -> None:
    anna, bruno = phone("201"), phone("202")
    anna.dial("202")
    invite = bruno.rung()
    for more in (
        'WWW-Authenticate: Digest realm="x", nonce="y", qop="auth"\nMin-SE: 99999999999',
        "Contact: <<<>>>\nMin-SE: x\nRetry-After: -1",
        "Contact: <sip:202@127.0.0.1>\nRSeq: 1\nRequire: 100rel",
    ):
        raw(bruno, invite, status, tag=fresh(), more=more, body=b"\0garbage")
    bruno.wire.all(0.1)
    raw(bruno, invite, "486 Busy", tag="last")
    anna._final("INVITE", 1.0)
    anna.wire.send(whole(anna.text("CANCEL", seq=anna._seq, branch=anna._branch, to_tag="")))
    assert anna.register() == 200


def test_a_hundred_voices_answer_one_invite(office: Office, phone: Phones) -> None:
    anna, bruno = phone("201"), phone("202")
    anna.dial("202")
    invite = bruno.rung()
    where = f"Contact: <sip:202@{bruno.wire.here}>\nContent-Type: application/sdp"
    for number in range(100):
        raw(bruno, invite, "180 Ringing", tag=f"fork{number}", more=where)
    for number in range(100):
        raw(bruno, invite, "200 OK", tag=f"fork{number}", more=where, body=sdp(bruno.ear.port))
    assert anna.connected() == 200
    heard = bruno.wire.all(0.3)
    assert sum(message.method == "ACK" for message in heard) >= 1
    byes = {m.tag("To") for m in heard if m.method == "BYE" and not m.status}
    assert len(byes) >= 1 and len({f"fork{n}" for n in range(100)} - byes) >= 1
    assert anna.hang_up() == 200


def test_an_answer_without_any_place_to_go_to(office: Office, phone: Phones) -> None:
    anna, bruno = phone("201"), phone("202")
    anna.dial("202")
    invite = bruno.rung()
    routes = "\n".join(f"Record-Route: <sip:10.9.8.{n};lr>" for n in range(150))
    raw(bruno, invite, "200 OK", tag="x", more=f"{routes}\nContact: <>\n"
        "Content-Type: application/sdp", body=sdp(bruno.ear.port))  # fmt: skip
    assert anna.connected() == 200
    assert anna.hang_up() == 200


REFERS = ["", "<>", "nonsense", "<sip:201@127.0.0.1>", "<sip:@>", "<tel:\0>", "<http://x/>",
          "<sip:*600@127.0.0.1?Replaces=a%3Bto-tag%3Db%3Bfrom-tag%3Dc>", "<sip:202@x?Replaces=%00>",
          "<sip:202@x>, <sip:203@x>", f"<sip:{'9' * 5000}@x>"]  # fmt: skip


@pytest.mark.parametrize("to", REFERS)
def test_any_place_to_be_referred_to(office: Office, phone: Phones, to: str) -> None:
    anna, bruno = phone("201"), phone("202")
    anna.dial("202")
    bruno.rung()
    bruno.answer()
    assert anna.connected() == 200
    for _ in range(2):
        status = anna.in_dialog("REFER", more=f"Refer-To: {to}")
        assert status in (202, 400, 403, 404, 416, 481, 488, 491, 501, 603), status
    anna.wire.all(0.1)
    anna.hang_up()
    bruno.wire.all(0.05)
    bruno.register(seconds=0)  # what rings there now rings no more


def test_a_storm_inside_a_call(office: Office, phone: Phones) -> None:
    anna, other = phone("201"), phone("203")
    assert anna.call("*600") == 200 and other.call("*600") == 200
    for number in range(300):
        seq = 100 + number
        more = "Content-Type: application/sdp"
        anna.wire.send(whole(anna.text("INVITE", seq=seq, more=more), sdp(anna.ear.port)))
        anna.wire.send(whole(anna.text("UPDATE", seq=seq, more=more), sdp(anna.ear.port)))
        anna.wire.send(whole(anna.text("INFO", seq=seq), b"Signal=5\r\n"))
    heard = other.talk(1.0)
    assert len(other.late(heard, 48)) >= 45  # others hear what they should
    anna.wire.all(0.1)
    anna._seq = 1000
    assert anna.hang_up() == 200
    assert other.hang_up() == 200


def test_answers_that_are_sent_to_ourselves(office: Office) -> None:
    with Stranger(office.port) as somebody:
        for method in ("OPTIONS", "REGISTER", "INVITE", "BYE"):
            text = somebody.request(method)
            text = text.replace(f"{somebody.here};rport", f"127.0.0.1:{office.port}")
            somebody.send(whole(text))
        assert somebody.all(0.3) == []


def test_fifty_lamps_of_one_line(office: Office, phone: Phones) -> None:
    anna = phone("201")
    seen = []
    for _ in range(50):
        answer = anna.proved("SUBSCRIBE", to="201", more="Event: message-summary\nExpires: 600")
        seen.append(answer.status if answer else 0)
    assert seen[0] == 200 and set(seen) <= {200, 503}
    for event in ("", "dialog.x", "presence.winfo", "\0", "message-summary;" + "x=y;" * 1000):
        answer = anna.proved("SUBSCRIBE", to="201", more=f"Event: {event}")
        assert answer is not None and answer.status in (400, 489, 503), event
