"""Bad offers, and bad packets where sound should be: the call goes on, and so do all others."""

from __future__ import annotations

import random
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pbx.media.engine import Codec, Far
from pbx.media.relay import Flow
from tests.interop.hostile.phone import FRAME, QUIET, Ear, Phone, packet, sdp
from tests.interop.hostile.stranger import Stranger, whole
from tests.interop.office import Office

Phones = Callable[..., Phone]
AUDIO = b"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"


@pytest.mark.parametrize(
    ("offer", "status"),
    [
        (sdp(40000, formats="18 97"), 488),  # nothing that we speak
        (sdp(0), 488),
        (AUDIO + b"m=video 4000 RTP/AVP 31\r\n", 488),
        (AUDIO + b"m=image 4000 udptl t38\r\n", 488),
        (AUDIO + b"m=audio 4000 RTP/SAVP 8\r\n", 488),
        (sdp(40000, host="::1", family="IP6"), 488),  # our sound is IPv4: better said than silent
        (b"\x00\xff" * 500, 400),
        (b"nonsense", 400),
        (b"v=0\r\n", 400),
        (AUDIO, 400),
        (AUDIO + b"m=audio x RTP/AVP 8\r\n", 400),
        (AUDIO + b"m=audio 65536 RTP/AVP 8\r\n", 400),
        (AUDIO + b"m=audio 4000 RTP/AVP 8\r\n" * 500, 400),
        (AUDIO.replace(b"c=IN IP4 127.0.0.1\r\n", b"") + b"m=audio 4000 RTP/AVP 8\r\n", 400),
        (AUDIO.replace(b"127.0.0.1", b"999.\0.1") + b"m=audio 4000 RTP/AVP 8\r\n", 400),
        (sdp(40000, more="a=x:" + "y" * 60000 + "\r\n"), 400),
        (sdp(40000, more="a=ptime:0\r\na=maxptime:-1\r\na=rtcp:99999\r\na=rtpmap:8 /\r\n"), 488),
        (sdp(40000, more="a=ptime:99999\r\na=rtcp:x\r\na=\r\na\r\n\r\nz=\0\r\n"), 200),
        (sdp(40000, formats="8 " * 3000), 200),
        (sdp(40000, host="no-such-host.invalid"), 200),
    ],
)  # fmt: skip
def test_offers(office: Office, phone: Phones, offer: bytes, status: int) -> None:
    anna = phone("201")
    assert anna.call("*600", offer) == status
    if status == 200:
        assert anna.hang_up() == 200
    assert anna.call("*600") == 200
    assert anna.hang_up() == 200


def test_an_offer_of_a_hundred_kilobytes_ends_its_stream(office: Office) -> None:
    with Stranger(office.port, transport="tcp") as somebody:
        text = somebody.request("INVITE", to="*600", more="Content-Type: application/sdp")
        try:
            somebody.send(whole(text, sdp(40000, more="a=x:y\r\n" * 15000)))
        except ConnectionError:
            somebody.closed = True
        assert {message.status for message in somebody.all(1.0)} <= {400, 513}
        assert somebody.closed


def test_a_phone_whose_answer_is_no_description_is_left(office: Office, phone: Phones) -> None:
    anna, bruno = phone("201"), phone("202")
    anna.dial("202")
    bruno.rung()
    bruno.answer(b"garbage")
    bye = bruno.next()
    assert bye is not None and bye.method == "BYE"
    bruno.reply(bye, 200)
    assert anna.connected() == 200  # by the mailbox
    assert anna.hang_up() == 200


@pytest.fixture
def pair(phone: Phones) -> tuple[Phone, Phone]:
    """Two phones in a call."""
    return connected(phone("201"), phone("202"))


def connected(anna: Phone, bruno: Phone) -> tuple[Phone, Phone]:
    anna.dial(bruno.line)
    bruno.rung()
    bruno.answer()
    assert anna.connected() == 200
    return anna, bruno


def passes(anna: Phone, bruno: Phone, seconds: float = 0.4) -> float:
    """The share of anna's packets that reach bruno, by a mark in each."""
    bruno.ear.drain()
    mark = random.randbytes(8)
    payload = mark * (FRAME // 8)
    anna.talk(seconds, payload)
    sent, got = round(seconds * 50), 0
    end = time.monotonic() + 1.0  # the last ones are still under way
    while got < sent and time.monotonic() < end:
        time.sleep(0.01)
        got += sum(datagram[12:] == payload for datagram in bruno.ear.drain())
    return got / sent


def lies() -> list[bytes]:
    """Packets that say what is not so (RFC 3550 s.5.1)."""
    head = packet(1, 1, 1, b"")
    return [
        b"",
        b"\x80",
        head[:11],
        head,
        packet(1, 1, 1, b"x" * 65000),
        packet(1, 1, 1, b"x" * 1990),
        packet(1, 1, 1, first=0x00),
        packet(1, 1, 1, first=0x40),
        packet(1, 1, 1, first=0xC0),
        packet(1, 1, 1, b"\xff" * 160, first=0xA0),  # padding longer than the packet
        packet(1, 1, 1, b"\x00" * 160, first=0xA0),  # padding of nought
        packet(1, 1, 1, b"", first=0xA0),
        packet(1, 1, 1, b"xx", first=0x8F),  # fifteen CSRCs that are not there
        packet(1, 1, 1, b"\xbe\xde\xff\xff" + b"x" * 100, first=0x90),  # an extension of 262 kB
        packet(1, 1, 1, b"\xbe", first=0x90),
        packet(1, 1, 1, QUIET, kind=127),
        packet(1, 1, 1, b"", kind=8),
        *(packet(n, n, 7, random.Random(n).randbytes(n % 40), kind=101) for n in range(200)),
    ]


def test_packets_that_lie_do_not_end_the_sound(pair: tuple[Phone, Phone]) -> None:
    anna, bruno = pair
    assert passes(anna, bruno) > 0.9
    for data in lies():
        anna.ear.put(anna.there, data)
    assert passes(anna, bruno) > 0.9
    dice = random.Random(3550)
    for n in range(3000):
        anna.ear.put(anna.there, dice.randbytes(dice.randrange(400)))
        anna.ear.put(anna.there + 1, dice.randbytes(dice.randrange(400)))
        if n % 100 == 0:
            time.sleep(0.01)
    time.sleep(0.3)  # what was too much is forgotten
    assert passes(anna, bruno) > 0.9


def test_jumps_of_time_number_and_source(pair: tuple[Phone, Phone]) -> None:
    anna, bruno = pair
    ear = anna.ear
    ear.sequence, ear.timestamp = 65525, 2**32 - 800  # over the top in the middle
    assert passes(anna, bruno) > 0.9
    ear.timestamp = (ear.timestamp + 2**31) & 0xFFFFFFFF
    assert passes(anna, bruno) > 0.9
    ear.timestamp = (ear.timestamp - 12345) & 0xFFFFFFFF
    assert passes(anna, bruno) > 0.9
    ear.sequence += 30000
    assert passes(anna, bruno) > 0.9
    ear.ssrc += 1
    assert passes(anna, bruno) > 0.9
    bruno.ear.drain()
    for n in range(50):
        ear.ssrc += n * 7919
        ear.say(anna.there)
        time.sleep(0.005)
    heard = bruno.ear.drain()
    assert len({datagram[8:12] for datagram in heard}) == 1  # towards bruno: one source for ever
    numbers = [struct.unpack("!H", datagram[2:4])[0] for datagram in heard]
    assert len(set(numbers)) == len(numbers)
    assert passes(anna, bruno) > 0.9


def test_nobody_steals_a_stream(pair: tuple[Phone, Phone]) -> None:
    anna, bruno = pair
    assert passes(anna, bruno) > 0.9 and passes(bruno, anna) > 0.9
    thief = Ear()
    loot = b"\x2a" * FRAME
    for _ in range(25):
        anna.ear.say(anna.there)
        for _ in range(10):  # louder than the owner, with his very numbers too
            thief.ssrc, thief.sequence = anna.ear.ssrc, anna.ear.sequence
            thief.say(anna.there, loot)
            thief.put(anna.there + 1, b"\x80\xc8\x00\x06" + bytes(24))
        bruno.ear.say(bruno.there)
        time.sleep(0.02)
    assert not any(loot in datagram for datagram in bruno.ear.drain())
    assert thief.drain() == []
    assert passes(anna, bruno) > 0.9
    thief.close()


@pytest.mark.parametrize(
    "place",
    ["239.255.7.7", "224.0.0.1", "255.255.255.255", "240.0.0.1", "0.0.0.0", "a.example", "::1", ""],
)
def test_no_sound_goes_to_a_crowd_or_nowhere(place: str) -> None:
    sent: list[object] = []
    flow = Flow(
        1,
        buffer=bytearray(2048),
        send=lambda data, to: sent.append(to),
        send_rtcp=lambda data, to: sent.append(to),
        tell=lambda *_: None,
        identity=(1, 1, 1),
    )
    flow.aim(Far(host=place, port=40000, rtcp_port=40001, send=Codec("PCMA", 8)), 0.0)
    flow.put(packet(1, 1, 1))
    flow.reports.put(b"x")
    assert flow.target is None and sent == []


FLOOD = """
import socket, sys, time
out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
out.connect(("127.0.0.1", int(sys.argv[1])))
data, end, sent = bytes.fromhex("80080001000000010000000a") + b"x" * 160, time.monotonic() + 1.2, 0
while time.monotonic() < end:
    for _ in range(500):
        try:
            out.send(data)
        except OSError:
            pass
    sent += 500
print(sent)
"""


def test_a_flood_on_one_port_leaves_other_calls_their_sound(
    office: Office, phone: Phones, tmp_path: Path
) -> None:
    victim, other = phone("203"), phone("204")
    assert victim.call("*600") == 200 and other.call("*600") == 200
    assert victim.talk(0.2) and other.talk(0.2)
    flood = subprocess.Popen(
        [sys.executable, "-c", FLOOD, str(victim.there)], stdout=subprocess.PIPE, text=True
    )
    time.sleep(0.15)
    heard = other.late(other.talk(1.0), 49)
    sent = int(flood.communicate(timeout=30)[0])
    assert sent > 10_000  # 100,000 a second where the machine has nothing else to do
    assert len(heard) >= 45, (len(heard), sent)
    assert victim.hang_up() == 200 and other.hang_up() == 200


def test_calls_aimed_at_each_other_do_not_ring_for_ever(office: Office, phone: Phones) -> None:
    # Each relays to the other through our own ports: without a bound one packet would circle as
    # fast as the processor can, for as long as the calls last.
    carla, dario = connected(phone("203"), phone("204"))
    anna, bruno, other = phone("201"), phone("202"), phone("205")
    anna.dial("202")
    bruno.rung()
    bruno.answer(sdp(carla.there))
    assert anna.connected() == 200
    assert carla.reinvite(sdp(bruno.there)) == 200
    assert anna.reinvite(sdp(dario.there)) == 200
    assert other.call("*600") == 200
    bruno.ear.say(bruno.there)
    time.sleep(0.2)
    (worker,) = office.workers()
    before = cpu(worker)
    heard = other.talk(1.0)
    spent = cpu(worker) - before
    assert spent < 0.25, spent
    assert len(other.late(heard, 48)) >= 45
    for each in (anna, carla, other):
        assert each.hang_up() == 200


def cpu(pid: int) -> float:
    """Processor seconds of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100
