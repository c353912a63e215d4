"""What strangers send to the SIP port: broken, huge, twice, late. The office answers or is silent,
and goes on.
"""

from __future__ import annotations

import random
import re
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pbx.sip.agent import AgentSettings, Asked, InviteArrived, Reinvited, RequestArrived
from tests.interop.hostile.mutate import spoiled
from tests.interop.hostile.phone import Phone, rss, sdp
from tests.interop.hostile.stranger import (
    MAGIC,
    Heard,
    Proof,
    Stranger,
    answers,
    fresh,
    nonce_of,
    whole,
)
from tests.interop.office import Office, eventually
from tests.interop.ports import LOOPBACK
from tests.unit.sip_agent import wire as memory

Phones = Callable[..., Phone]
CORPUS = Path(__file__).parents[2] / "wire" / "torture"

# RFC 4475: what our office says to each of them. 0 is silence. Two figures where a stream differs
# (UDP, TCP): there a body that is too short is waited for, and what cannot be cut is hung up on.
TORTURE: dict[str, int | tuple[int, int]] = {
    # 3.1.1, in good order: 200 to OPTIONS, 401 to who must say who he is
    "wsinv": 481, "intmeth": 405, "esc01": 401, "escnull": 401, "esc02": 405, "lwsdisp": 200,
    "longreq": 401, "dblreq": (401, 400), "semiuri": 200, "transports": 200, "mpart01": 405,
    "unreason": 0, "noreason": 0,
    # 3.1.2, broken
    "badinv01": 400, "clerr": (400, 0), "ncl": 400, "scalar02": 400, "scalarlg": 0, "quotbal": 400,
    "ltgtruri": 400, "lwsruri": 400, "lwsstart": 400, "trws": 400, "escruri": 400, "baddate": 401,
    "regbadct": 401, "badaspec": 200, "baddn": 200, "badvers": 505, "mismatch01": 400,
    "mismatch02": 400, "bigcode": 0,
    # 3.2 to 3.4
    "badbranch": 200, "insuf": 0, "unkscm": 416, "novelsc": 416, "unksm2": 401, "bext01": 420,
    "invut": 415, "regaut01": 401, "multi01": 400, "mcl01": 400, "bcast": 0, "zeromf": 200,
    "cparam01": 401, "cparam02": 401, "regescrt": 401, "sdp01": 401, "inv2543": 400,
}  # fmt: skip


def test_the_table_knows_every_message() -> None:
    assert {path.stem for path in CORPUS.glob("*.dat")} == set(TORTURE)


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_torture_messages_are_answered_or_dropped(office: Office, transport: str) -> None:
    wrong = {}
    for name, wanted in TORTURE.items():
        status = wanted if isinstance(wanted, int) else wanted[transport == "tcp"]
        # Branches stand in several of them: here each is a call and transaction of its own.
        data = (CORPUS / f"{name}.dat").read_bytes()
        data = data.replace(MAGIC.encode(), (MAGIC + fresh()).encode())
        data = re.sub(rb"(?im)^(call-id|i)[ \t]*:\s*", rb"\g<0>" + fresh().encode(), data)
        with Stranger(office.port, transport=transport) as somebody:
            somebody.send(data)
            if status:
                answer = somebody.final(seconds=1.0)
                got = answer.status if answer else 0
            else:
                got = max((message.status for message in somebody.all(0.1)), default=0)
            if got != status:
                wrong[name] = (got, status)
    assert not wrong


def test_messages_of_every_bad_size_and_shape(office: Office) -> None:
    with Stranger(office.port) as somebody:
        good = somebody.request("OPTIONS")
        dice = random.Random(1)
        for data in (
            b"",
            b"\0",
            b"\r\n\r\n",
            b"\r\n" * 20000,
            b"\0" * 65507,
            dice.randbytes(65507),
            b"OPTIONS",
            b"OPTIONS " + b"A" * 65000,
            b"SIP/2.0 200 OK\r\n\r\n",
            b"SIP/2.0 " + b"9" * 60000,
            b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + dice.randbytes(500),  # TLS
            bytes(range(256)) * 200,
        ):
            somebody.send(data)
        assert somebody.all(0.2) == []
        for size in range(0, len(good), 7):  # truncated anywhere
            somebody.send(good[:size])
        assert all(message.status >= 200 for message in somebody.all(0.2))


def judged(somebody: Stranger, text: str, body: bytes = b"") -> int:
    return somebody.ask(text, body=body, seconds=5.0)


def test_odd_but_good_messages_are_understood(office: Office) -> None:
    with Stranger(office.port) as somebody:
        ask = somebody.request
        folded = ask("OPTIONS", more="Subject: one\r\n two\r\n\tthree")
        assert judged(somebody, folded.replace(";branch", "\r\n ;branch")) == 200
        somebody.send(whole(ask("OPTIONS")).replace(b"From: <", b'From: "Andr\xe9 \xfc" <'))
        answer = somebody.final()
        assert answer and answer.status == 200
        assert "Andr\u00e9".encode() in answer.data  # a Latin-1 name is told back in UTF-8
        for literal in ("[::1]", "[2001:db8::9:1]"):
            text = ask("OPTIONS").replace(f"sip:201@{LOOPBACK}:{office.port} ", f"sip:{literal} ")
            assert judged(somebody, text) == 200
            text = ask("REGISTER", more=f"Contact: <sip:201@{literal}:5070>")
            assert judged(somebody, text) == 401
        somebody.send(whole(ask("OPTIONS")).replace(b"\r\n", b"\n"))  # bare line ends
        assert (answer := somebody.final()) and answer.status == 200
        shouted = ask("OPTIONS").replace("Via:", "vIA :").replace("Call-ID:", "i:")
        assert judged(somebody, shouted) == 200


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("X-Long: " + "a" * 50000, 200),
        ("X-Nul: a\0b", 200),
        ("\0: x", 400),
        ("no colon at all", 400),
        ("Max-Forwards: -1", 400),
        ("Max-Forwards: 9999999999999999999999", 400),
        ("From: <sip:another@example.com>;tag=x", 400),
        ("CSeq: 2 OPTIONS", 400),
        ("\n".join(f"X-{n}: y" for n in range(1000)), 513),
        ("Contact: " + ",".join("<sip:a@b>" for _ in range(5000)), 200),
        ("Via: " + ",".join("SIP/2.0/UDP a.example;branch=z9hG4bKx" for _ in range(1000)), 200),
        ("Require: " + ",".join(f"x{n}" for n in range(5000)), 420),
    ],
)
def test_one_line_too_many(office: Office, line: str, status: int) -> None:
    with Stranger(office.port) as somebody:
        begin = time.monotonic()
        assert judged(somebody, somebody.request("OPTIONS", more=line)) == status
        assert time.monotonic() - begin < 2.0


def test_a_message_that_comes_twice_gets_the_same_answer_twice(office: Office) -> None:
    with Stranger(office.port) as somebody:
        for method in ("OPTIONS", "REGISTER", "SUBSCRIBE", "BYE", "MESSAGE", "FOO"):
            text = somebody.request(method)
            heard = []
            for _ in range(3):
                somebody.send(whole(text))
                heard.append(somebody.final())
            assert heard[0] is not None
            assert heard[0] == heard[1] == heard[2], method


def test_long_messages_on_a_stream_end_it(office: Office) -> None:
    for start in (
        "X-Endless: ",
        "Content-Length: 1000000\r\n\r\n",
        "Content-Length: 60000000000\r\n",
    ):
        with Stranger(office.port, transport="tcp") as somebody:
            try:
                somebody.send(somebody.request("OPTIONS", more="") + start)
                for _ in range(16):
                    somebody.send("a" * 65536)
            except ConnectionError:
                somebody.closed = True
            heard = somebody.all(1.0)
            assert {message.status for message in heard} <= {400, 513}
            assert somebody.closed, start


@pytest.mark.parametrize(
    "length", ["-1", "0x10", "1e3", "", "5, 5", "\u0665", "99999", "0\r\nl: 7"]
)
def test_a_length_that_lies_on_a_stream_ends_it(office: Office, length: str) -> None:
    with Stranger(office.port, transport="tcp") as somebody:
        somebody.send(f"{somebody.request('OPTIONS')}Content-Length: {length}\r\n\r\n")
        answer = somebody.hear(1.0)
        assert answer is None or answer.status == 400
        somebody.hear(0.5)
        assert somebody.closed


def test_requests_in_one_piece_and_in_single_bytes(office: Office) -> None:
    with Stranger(office.port, transport="tcp") as somebody:
        calls = [fresh() for _ in range(60)]
        texts = [whole(somebody.request("OPTIONS", call_id=one)) for one in calls]
        somebody.send(b"\r\n".join(texts))  # stray CRLFs between are allowed (RFC 3261 s.7.5)
        heard = [somebody.hear() for _ in calls]
        assert [m.header("Call-ID") for m in heard if m] == calls
        for byte in whole(somebody.request("OPTIONS")):
            somebody.send(bytes([byte]))
        assert (answer := somebody.final()) and answer.status == 200


def test_a_ping_gets_its_pong_and_a_half_closed_caller_his_answer(office: Office) -> None:
    with Stranger(office.port, transport="tcp") as somebody:
        for _ in range(3):
            somebody.send(b"\r\n\r\n")
            somebody.socket.settimeout(1)
            assert somebody.socket.recv(100) == b"\r\n"  # RFC 5626 s.3.5.1
        somebody.send(b"\r\n" + whole(somebody.request("OPTIONS")))
        somebody.socket.shutdown(socket.SHUT_WR)
        assert (answer := somebody.final()) and answer.status == 200
        assert somebody.hear(1.0) is None and somebody.closed


def test_twenty_thousand_spoiled_messages(office: Office, phone: Phones) -> None:
    assert office.process is not None
    anna = phone("201")
    assert anna.call("*600") == 200
    wire = anna.wire
    offer, kind = sdp(anna.ear.port), "Content-Type: application/sdp"
    known = nonce_of(wire_answer(wire))
    proof = Proof("201", anna.password, known).header("INVITE")  # good as long as it is whole
    lie = Proof("201", "guess", known).header("REGISTER")
    keys = "Content-Type: application/dtmf-relay"
    bases = [
        whole(wire.request("REGISTER", more=f"Expires: 60\n{lie}")),
        whole(wire.request("INVITE", to="999", more=f"{kind}\n{proof}"), offer),
        whole(wire.request("INVITE", to="202", more=kind + "\nSupported: 100rel, timer"), offer),
        whole(wire.request("SUBSCRIBE", more="Event: message-summary\nExpires: 60")),
        whole(wire.request("CANCEL", to="202")),
        whole(anna.text("ACK")),
        whole(anna.text("BYE", to_tag="another")),
        whole(anna.text("PRACK", seq=9, more="RAck: 1 1 INVITE")),
        whole(anna.text("REFER", seq=9, more="Refer-To: <sip:203@127.0.0.1>")),
        whole(anna.text("INVITE", seq=9, more=kind), offer),
        whole(anna.text("INFO", seq=9, more=keys), b"Signal=5\r\nDuration=160\r\n"),
    ]
    begin, before = time.monotonic(), rss(office.process.pid)
    with Stranger(office.port) as somebody:
        for number, data in enumerate(spoiled(bases, 20_000, seed=4475)):
            somebody.send(data)
            if number % 250 == 249:  # the office must keep pace; the kernel drops what is too much
                somebody.all(0.0)
                assert answers(office.port, 2.0), number
    assert time.monotonic() - begin < 20
    assert rss(office.process.pid) - before < 120_000  # KiB: the transactions of half a minute
    anna.hang_up()


def wire_answer(somebody: Stranger) -> Heard | None:
    """A challenge."""
    somebody.send(whole(somebody.request("REGISTER")))
    return somebody.final()


def test_requests_out_of_place(office: Office) -> None:
    with Stranger(office.port) as somebody:
        ask = somebody.request
        somebody.send(whole(ask("ACK")))
        somebody.send(whole(ask("ACK", to_tag="nobody")))
        for status in (100, 180, 200, 302, 401, 486, 699):
            somebody.send(
                f"SIP/2.0 {status} Unasked\r\nVia: SIP/2.0/UDP {LOOPBACK}:{office.port};branch="
                f"{MAGIC}{fresh()}\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>;tag=2\r\n"
                f"Call-ID: {fresh()}\r\nCSeq: 1 INVITE\r\nContact: <sip:c@d>\r\n\r\n"
            )
        assert somebody.all(0.2) == []
        for method in ("BYE", "CANCEL", "PRACK", "INFO", "UPDATE"):
            assert judged(somebody, ask(method)) == 481, method
        for method in ("BYE", "INVITE", "REFER", "NOTIFY", "SUBSCRIBE", "INFO", "UPDATE", "PRACK"):
            assert judged(somebody, ask(method, to_tag="nobody")) == 481, method
        assert judged(somebody, ask("REFER", more="Refer-To: <sip:202@x>")) in (401, 405, 603)


def test_a_call_out_of_order(office: Office, phone: Phones) -> None:
    anna = phone("201")
    offer = sdp(anna.ear.port)
    assert anna.call("*600") == 200
    kind = "Content-Type: application/sdp"
    # CANCEL after the 200: too late; answered, and the call goes on.
    assert anna.in_dialog("CANCEL") in (200, 481)
    assert anna.in_dialog("INFO", more="Content-Type: text/plain", body=b"x") == 200
    assert anna.in_dialog("INFO", seq=1) == 500  # a lower CSeq (RFC 3261 s.12.2.2)
    # A second re-INVITE before the ACK of the first: taken, or refused for now (RFC 5407 s.3.1.4).
    anna.wire.send(whole(anna.text("INVITE", seq=50, more=kind), offer))
    assert (first := anna.wire.final()) and first.status == 200
    anna.wire.send(whole(anna.text("INVITE", seq=51, more=kind), offer))
    answers = [m for m in anna.wire.all(0.3) if m.header("CSeq").startswith("51 ")]
    seen = {message.status for message in answers}
    assert seen <= {100, 200, 491, 500} and max(seen) >= 200, seen
    for each in (first, answers[-1]):
        anna.acknowledge(each)
    anna._seq = 60
    # The same dialog from another source: who does not know the tags gets 481.
    with Stranger(office.port) as thief:
        thief.send(whole(anna.text("BYE", seq=99, from_tag="guess")))
        assert (answer := thief.final()) and answer.status == 481
        thief.send(whole(anna.text("INVITE", from_tag="other", to_tag="")))
        assert (answer := thief.final()) and answer.status == 401
    assert anna.hang_up() == 200
    assert anna.in_dialog("BYE") == 481  # once more


def test_an_invite_that_is_repeated_after_its_refusal(office: Office) -> None:
    with Stranger(office.port) as somebody:
        text = whole(somebody.request("INVITE", to="202"))
        heard: list[Heard | None] = []
        for _ in range(5):
            somebody.send(text)
            heard.append(somebody.final())
        assert heard[0] is not None and heard[0].status == 401
        assert all(one == heard[0] for one in heard)


def test_callers_who_never_say_ack_get_one_answer_each(office: Office) -> None:
    # More than one would make the office a loudspeaker for who writes a stranger's address into
    # his datagrams; the caller's own repeats ask for the 401 again (RFC 3261 s.8.2.7).
    with Stranger(office.port) as somebody:
        for _ in range(300):
            somebody.send(whole(somebody.request("INVITE", to="202")))
        # The port may have been another test's phone, whom the office still has something to tell.
        heard = [message for message in somebody.all(1.2) if message.status]
    assert len(heard) <= 300 and {message.status for message in heard} == {401}


def test_callers_who_never_say_ack_keep_nobody_out() -> None:
    house = memory.Stranger(AgentSettings(max_transactions=100))
    house.greets = False
    for number in range(300):
        text = memory.request("INVITE", call_id=fresh(), branch=MAGIC + fresh())
        assert house.says(text) == [], number
        house.heard[-1].dialog.refuse(401)  # type: ignore[union-attr]
        assert memory.statuses(house.listens()) == [401], number
    assert len(house.agent.transactions) <= 100
    house.forward(70)
    assert not len(house.agent.transactions) and not len(house.agent.timers)


def test_spoiled_messages_leave_nothing_in_the_tables() -> None:
    house = memory.Stranger(AgentSettings(max_transactions=500))
    offer = memory.SDP
    bases = [
        memory.request(method, more=more, seq=seq, to_tag=tag).replace("\n", "\r\n").encode()
        + b"\r\nContent-Length: %d\r\n\r\n" % len(offer)
        + offer
        for method, more, seq, tag in (
            ("INVITE", "Content-Type: application/sdp", 1, ""),
            ("INVITE", "Content-Type: application/sdp\nRequire: 100rel", 1, ""),
            ("REGISTER", "Contact: *\nExpires: 0", 1, ""),
            ("SUBSCRIBE", "Event: message-summary", 1, ""),
            ("PRACK", "RAck: 1 1 INVITE", 2, "TAG"),
            ("ACK", "", 1, "TAG"),
            ("UPDATE", "Content-Type: application/sdp", 3, "TAG"),
            ("REFER", "Refer-To: <sip:a@b>", 4, "TAG"),
            ("CANCEL", "", 1, ""),
            ("BYE", "", 9, "TAG"),
        )
    ]
    tag = "none"
    for number, data in enumerate(spoiled(bases, 6000, seed=3261)):
        branch = f"z9hG4bK{number // 8}".encode()
        data = data.replace(b"TAG", tag.encode()).replace(b"z9hG4bKone", branch)
        house.agent.receive(data, house.flow)
        before = len(house.heard)
        house.listens()
        for event in house.heard[before:]:
            if isinstance(event, InviteArrived):
                tag = event.dialog.local_tag
                deed = number % 3
                if deed == 0:
                    event.dialog.ring(183, sdp=memory.ANSWER)
                elif deed == 1:
                    event.dialog.accept(memory.ANSWER)
                else:
                    event.dialog.refuse(486)
            elif isinstance(event, Reinvited):
                event.dialog.accept(memory.ANSWER)
            elif isinstance(event, RequestArrived | Asked):
                event.exchange.reply(200)
        assert len(house.agent.transactions) <= 500
        if number % 50 == 0:
            house.forward(1.0)
    for event in house.heard:
        if isinstance(event, InviteArrived):
            event.dialog.end()  # what only rang
    house.forward(4000)  # sessions that nobody refreshes end too
    assert not len(house.agent.transactions)
    assert not house.agent.dialogs()
    assert not len(house.agent.timers)


def test_a_flood_of_registrations_leaves_nothing(office: Office) -> None:
    assert office.process is not None
    before = rss(office.process.pid)
    with Stranger(office.port) as somebody:
        for number in range(100_000):
            user = f"u{fresh()}"
            somebody.send(whole(somebody.request("REGISTER", to=user, user=user)))
            if number % 1000 == 999:
                somebody.all(0.0)
        assert answers(office.port, 3.0)
    assert rss(office.process.pid) - before < 80_000  # KiB: 20,000 answers kept for their repeats
    assert office.rows("SELECT * FROM registration WHERE contact LIKE '%u%@%'") == []


def test_contacts_that_are_too_many_too_long_or_stars(office: Office, phone: Phones) -> None:
    anna = phone("204", sign_in=False)

    def register(contact: str, more: str = "Expires: 600") -> int:
        answer = anna.proved("REGISTER", to="204", more=f"Contact: {contact}\n{more}")
        return answer.status if answer else 0

    many = ",".join(f"<sip:204@127.0.0.1:{port}>" for port in range(10000, 11000))
    assert register(many) == 403
    assert register(f"<sip:204@127.0.0.1;x={'a' * 8192}>") == 400
    assert register("*") == 400  # without Expires: 0
    assert register("*, <sip:204@127.0.0.1>", "Expires: 0") == 400
    assert register("*;x=1", "Expires: 0") == 400
    assert register("<tel:+39061234>") == 400
    assert register("<sip:204@[::1]:5060>") == 200
    for port in range(10000, 10030):  # thirty phones one after the other: the oldest give way
        assert register(f"<sip:204@127.0.0.1:{port}>") == 200
    rows = eventually(lambda: office.rows("SELECT * FROM registration"))
    assert len(rows) <= 10
    assert register("*", "Expires: 0") == 200
    assert eventually(lambda: not office.rows("SELECT * FROM registration"))
