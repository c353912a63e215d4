"""Offer and answer: what phones describe, what we take of it and what we say."""

from __future__ import annotations

import pytest

from pbx.sip import offer, sdp
from pbx.sip.offer import BadSession, Coding, Local, NoCommonCodec, Remote

US = Local("192.0.2.1", 20000, 77)
TOP = "v=0\r\no=- 1 1 IN IP4 10.0.0.7\r\ns=-\r\nc=IN IP4 10.0.0.7\r\nt=0 0\r\n"


def read(media: str, *, top: str = TOP) -> Remote:
    return offer.read((top + media.replace("\n", "\r\n")).encode())


def lines(data: bytes) -> list[str]:
    return data.decode().split("\r\n")


def test_an_ordinary_phone() -> None:
    remote = read(
        "m=audio 4000 RTP/AVP 8 0 9 18 101\na=rtpmap:8 PCMA/8000\na=rtpmap:9 G722/8000\n"
        "a=rtpmap:101 telephone-event/8000\na=fmtp:101 0-16\na=ptime:20\na=sendrecv\n"
    )
    assert remote == Remote(
        host="10.0.0.7",
        port=4000,
        rtcp_port=4001,
        codings=(Coding("PCMA", 8), Coding("PCMU", 0), Coding("G722", 9)),
        digits=101,
        direction="sendrecv",
        frame_ms=20,
    )
    assert not remote.on_hold


@pytest.mark.parametrize(
    ("media", "codings", "digits"),
    [
        ("m=audio 1 RTP/AVP 0", [("PCMU", 0)], None),
        ("m=audio 1 RTP/AVP 0 0 8", [("PCMU", 0), ("PCMA", 8)], None),
        ("m=audio 1 RTP/AVP 96 97\na=rtpmap:96 pcma/8000/1\na=rtpmap:97 TELEPHONE-EVENT/8000",
         [("PCMA", 96)], 97),
        ("m=audio 1 RTP/AVP 9\na=rtpmap:9 G722/16000", [("G722", 9)], None),
        ("m=audio 1 RTP/AVP 0 8\na=rtpmap:0 speex/8000", [("PCMA", 8)], None),
        ("m=audio 1 RTP/AVP 8 96 97\na=rtpmap:96 telephone-event/16000\n"
         "a=rtpmap:97 telephone-event/8000", [("PCMA", 8)], 97),
        ("m=audio 1 RTP/AVP 8 96\na=rtpmap:96 PCMU/8000/2", [("PCMA", 8)], None),
        ("m=audio 1 RTP/AVP 8 96\na=rtpmap:96 PCMU/16000", [("PCMA", 8)], None),
        ("m=audio 1 RTP/AVP 111 8 x 999\na=rtpmap:111 opus/48000/2\na=rtpmap:zz\na=rtpmap",
         [("PCMA", 8)], None),
        ("m=audio 1 RTP/AVPF 8", [("PCMA", 8)], None),
    ],
)  # fmt: skip
def test_codings(media: str, codings: list[tuple[str, int]], digits: int | None) -> None:
    remote = read(media)
    assert [(one.name, one.payload_type) for one in remote.codings] == codings
    assert remote.digits == digits


@pytest.mark.parametrize(
    ("connection", "media", "host", "direction"),
    [
        ("c=IN IP4 10.0.0.7", "", "10.0.0.7", "sendrecv"),
        ("c=IN IP4 10.0.0.7", "c=IN IP4 10.0.0.8", "10.0.0.8", "sendrecv"),
        ("c=IN IP6 2001:DB8::7", "", "2001:db8::7", "sendrecv"),
        ("c=IN IP4 224.2.1.1/127/3", "", "224.2.1.1", "sendrecv"),
        ("c=IN IP4 phone.example.com", "", "phone.example.com", "sendrecv"),
        ("c=IN IP4 0.0.0.0", "", "0.0.0.0", "inactive"),
        ("c=IN IP6 ::", "", "::", "inactive"),
        ("c=IN IP4 10.0.0.7\r\na=sendonly", "", "10.0.0.7", "sendonly"),
        ("c=IN IP4 10.0.0.7\r\na=sendonly", "a=sendrecv", "10.0.0.7", "sendrecv"),
        ("c=IN IP4 10.0.0.7", "a=inactive", "10.0.0.7", "inactive"),
        ("a=recvonly", "c=IN IP4 10.0.0.7", "10.0.0.7", "recvonly"),
    ],
)
def test_address_and_direction(connection: str, media: str, host: str, direction: str) -> None:
    remote = read(f"m=audio 1 RTP/AVP 0\n{media}", top=f"v=0\r\ns=-\r\n{connection}\r\n")
    assert (remote.host, remote.direction) == (host, direction)
    assert remote.on_hold == (direction in ("sendonly", "inactive"))


@pytest.mark.parametrize(
    ("attributes", "frame_ms", "rtcp_port"),
    [
        ("", 20, 4001),
        ("a=ptime:30", 30, 4001),
        ("a=ptime:20.0\na=rtcp:5005", 20, 5005),
        ("a=rtcp:5005 IN IP4 10.0.0.9", 20, 5005),
        ("a=ptime:60\na=maxptime:40", 40, 4001),
        ("a=maxptime:10", 10, 4001),
        ("a=ptime:0\na=rtcp:0", 20, 4001),
        ("a=ptime:5", 10, 4001),
        ("a=ptime:500", 60, 4001),
        ("a=ptime:x\na=rtcp:x", 20, 4001),
        ("a=ptime:35", 30, 4001),
    ],
)
def test_packets(attributes: str, frame_ms: int, rtcp_port: int) -> None:
    remote = read(f"m=audio 4000/2 RTP/AVP 0\n{attributes}")
    assert (remote.frame_ms, remote.rtcp_port, remote.port) == (frame_ms, rtcp_port, 4000)


@pytest.mark.parametrize(
    "data",
    [b"", b"\r\n", b"hello", b"\0\xff", TOP.encode(), b"v=0\r\nm=audio 1 RTP/AVP 0\r\n",
     (TOP + "m=audio\r\n").encode(), (TOP + "m=audio x RTP/AVP 0\r\n").encode(),
     (TOP + "m=audio 70000 RTP/AVP 0\r\n").encode(), (TOP + "m=audio 1 RTP/AVP\r\n").encode(),
     b"v=0\r\nc=IN IP4\r\nm=audio 1 RTP/AVP 0\r\n", b"v=0\r\nc=IN IP6 1.2.3.4.5\r\n",
     b"v=0\r\nc=IN IP4 <script>\r\n", (TOP + "m=audio 1 RTP/AVP 0\r\n" * 50).encode(),
     (TOP + "m=audio 1 RTP/AVP 0\r\n").encode() + b"a=x\r\n" * 10000],
)  # fmt: skip
def test_garbage(data: bytes) -> None:
    with pytest.raises(BadSession):
        offer.read(data)


@pytest.mark.parametrize(
    "media",
    ["m=audio 0 RTP/AVP 0", "m=audio 1 RTP/SAVP 0", "m=video 1 RTP/AVP 31", "m=audio 1 RTP/AVP 18",
     "m=audio 1 UDP/TLS/RTP/SAVPF 0", "m=image 1 udptl t38",
     "m=audio 1 RTP/AVP 101\na=rtpmap:101 telephone-event/8000"],
)  # fmt: skip
def test_no_audio_for_us(media: str) -> None:
    with pytest.raises(NoCommonCodec):
        read(media)


def test_our_offer_is_exact() -> None:
    assert lines(offer.write_offer(US, ("PCMA", "G722"), direction="sendonly")) == [
        "v=0",
        "o=- 77 1 IN IP4 192.0.2.1",
        "s=-",
        "c=IN IP4 192.0.2.1",
        "t=0 0",
        "m=audio 20000 RTP/AVP 8 9 101",
        "a=rtpmap:8 PCMA/8000",
        "a=rtpmap:9 G722/8000",
        "a=rtpmap:101 telephone-event/8000",
        "a=fmtp:101 0-16",
        "a=ptime:20",
        "a=sendonly",
        "",
    ]
    quiet = offer.read(offer.write_offer(Local("2001:db8::1", 2, 1, 5), ("PCMU",), digits=False))
    assert quiet.digits is None and quiet.host == "2001:db8::1"


def test_answer_keeps_their_numbers_and_refuses_the_rest_in_place() -> None:
    remote = read(
        "m=video 5000 RTP/AVP 96 97\na=rtpmap:96 H264/90000\n"
        "m=audio 4000 RTP/AVP 98 97\na=rtpmap:98 PCMA/8000\na=rtpmap:97 telephone-event/8000\n"
        "m=audio 4100 RTP/AVP 0\nm=image 4200 udptl t38\n"
    )
    assert remote.audio_index == 1
    said = lines(offer.write_answer(US, remote, "PCMA"))
    assert [line for line in said if line.startswith("m=")] == [
        "m=video 0 RTP/AVP 96 97",
        "m=audio 20000 RTP/AVP 98 97",
        "m=audio 0 RTP/AVP 0",
        "m=image 0 udptl t38",
    ]
    assert "a=rtpmap:98 PCMA/8000" in said and "a=fmtp:97 0-16" in said
    assert "a=rtpmap:96 H264/90000" not in said
    with pytest.raises(NoCommonCodec):
        offer.write_answer(US, remote, "G722")


def test_refused_streams_as_phones_write_them_and_as_attackers_do() -> None:
    remote = read("m=audio 4000 RTP/AVP 0\nm=video 0 RTP/AVP\nm=text 1 RTP/AVP" + " 98" * 5000)
    said = lines(offer.write_answer(US, remote, "PCMU"))
    assert "m=video 0 RTP/AVP 0" in said
    assert "m=text 0 RTP/AVP" + " 98" * 16 in said


def test_secured_audio_is_passed_over_for_plain_audio() -> None:
    remote = read("m=audio 1 RTP/SAVP 0\nm=audio 4000 RTP/AVPF 8\n")
    assert remote.port == 4000 and remote.audio_index == 1
    said = lines(offer.write_answer(US, remote, "PCMA"))
    assert "m=audio 0 RTP/SAVP 0" in said and "m=audio 20000 RTP/AVPF 8" in said


@pytest.mark.parametrize(
    ("ours", "theirs", "said"),
    [
        ("sendrecv", "sendrecv", "sendrecv"),
        ("sendrecv", "sendonly", "recvonly"),
        ("sendrecv", "recvonly", "sendonly"),
        ("sendrecv", "inactive", "inactive"),
        ("sendonly", "sendrecv", "sendonly"),
        ("sendonly", "sendonly", "inactive"),
        ("recvonly", "sendonly", "recvonly"),
        ("recvonly", "recvonly", "inactive"),
        ("inactive", "sendrecv", "inactive"),
    ],
)
def test_directions(ours: str, theirs: str, said: str) -> None:
    """RFC 3264 s.6.1."""
    remote = read(f"m=audio 1 RTP/AVP 0\na={theirs}")
    assert f"a={said}" in lines(offer.write_answer(US, remote, "PCMU", direction=ours))


def test_choosing() -> None:
    remote = read("m=audio 1 RTP/AVP 9 8 0")
    assert offer.choose(remote, ("PCMU", "PCMA")) == "PCMA"
    assert offer.choose(remote, ("PCMU", "PCMA"), prefer="PCMU") == "PCMU"
    assert offer.choose(remote, ("PCMU", "G722"), prefer="opus") == "G722"
    with pytest.raises(NoCommonCodec):
        offer.choose(remote, ("opus",))
    assert [offer.reverse(one) for one in sdp.DIRECTIONS] == [
        "sendrecv",
        "recvonly",
        "sendonly",
        "inactive",
    ]


def test_what_we_write_we_read() -> None:
    first = offer.read(offer.write_offer(US, ("PCMU", "PCMA", "G722")))
    second = offer.read(offer.write_answer(Local("192.0.2.2", 30000, 3), first, "G722"))
    assert second.codings == (Coding("G722", 9),) and second.digits == 101
