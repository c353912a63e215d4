"""Whatever bytes arrive: a message or BadMessage, nothing else; and what we write can be read."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pbx.sip import digest, offer
from pbx.sip import uri as uris
from pbx.sip.flow import Flow
from pbx.sip.grammar import split_list
from pbx.sip.headers import (
    Event,
    NameAddr,
    RAck,
    Reason,
    ReferTo,
    Replaces,
    SessionExpires,
    SubscriptionState,
    Via,
)
from pbx.sip.message import BadMessage, Request, Response, reply_to
from pbx.sip.parser import MAX_SIZE, parse
from pbx.sip.registrar import register
from pbx.sip.subscription import subscribe

SEEDS = [path.read_bytes() for path in sorted((Path(__file__).parent / "torture").glob("*.dat"))]
FUZZ = settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
PHONE = Flow("udp", "192.0.2.1", 5060)

printable = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=40)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A torture message with bytes cut, doubled and changed."""
    data = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, max(0, len(data) - 1)))
        length = draw(st.integers(0, 40))
        match draw(st.integers(0, 3)):
            case 0:
                del data[at : at + length]
            case 1:
                data[at:at] = data[at : at + length]
            case 2:
                data[at : at + 1] = draw(st.binary(max_size=4))
            case _:
                data[at:at] = draw(
                    st.sampled_from([b"\r\n", b"\n", b"\0", b'"', b"<", b">", b";", b",", b"\xe8"])
                )
    return bytes(data)


def use(data: bytes) -> None:
    """Read it as the agent would, and use all that can be used."""
    try:
        message = parse(data)
    except BadMessage as error:
        if error.request is not None:
            assert bytes(reply_to(error.request, error.status or 400, tag="x"))
        return
    message.stamp("192.0.2.9", 5070)
    _ = (message.contact, message.expires, message.call_id, message.cseq)
    for name in ("Route", "Contact", "Supported", "Authorization"):
        message.get_all(name)
    written = bytes(message)
    again = parse(written)
    assert again.headers() == message.headers()
    assert again.body == message.body
    if isinstance(message, Request):
        answer = parse(bytes(reply_to(message, 200, tag="ours")))
        assert isinstance(answer, Response)
        assert answer.to.tag == (message.to.tag or "ours")
        register((), message, now=1.0, source=PHONE)
        subscribe(message)
        try:
            offer.read(message.body)
        except (offer.BadSession, offer.NoCommonCodec):
            pass


@FUZZ
@given(damaged())
def test_damaged_messages(data: bytes) -> None:
    use(data)


@FUZZ
@given(st.binary(max_size=400))
def test_noise(data: bytes) -> None:
    use(data)
    use(SEEDS[0][: len(data)] + data)


@FUZZ
@given(st.text(max_size=120))
def test_values_raise_nothing_but_value_error(text: str) -> None:
    for read in (
        NameAddr.parse, Via.parse, Replaces.parse, ReferTo.parse, Reason.parse, Event.parse,
        SessionExpires.parse, RAck.parse, SubscriptionState.parse, uris.parse, digest.read,
    ):  # fmt: skip
        try:
            read(text)
        except ValueError:
            pass
    split_list(text)


@FUZZ
@given(st.binary(max_size=300), st.integers(0, 12))
def test_sessions_raise_nothing_else(noise: bytes, at: int) -> None:
    lines = offer.write_offer(offer.Local("192.0.2.1", 20000, 1), ("PCMA", "G722")).split(b"\r\n")
    for sdp in (noise, b"\r\n".join([*lines[:at], noise, *lines[at:]])):
        try:
            offer.read(sdp)
        except (offer.BadSession, offer.NoCommonCodec):
            pass


@FUZZ
@given(display=printable, user=st.text(min_size=1, max_size=20), tag=st.text(max_size=20))
def test_addresses_come_back_as_they_went(display: str, user: str, tag: str) -> None:
    user = user.encode("utf-8", "replace").decode()
    wrote = NameAddr(uris.sip(user, "pbx.example.com"), display, {"tag": "t" + tag.strip()})
    read = NameAddr.parse(str(wrote))
    assert read.user == user
    assert read.display == display
    if tag.isprintable() and tag == tag.strip():
        assert read.tag == "t" + tag


@FUZZ
@given(value=st.text(max_size=60), name=st.sampled_from(["Subject", "Reason", "X-Thing", "To"]))
def test_no_value_can_begin_a_line_of_its_own(value: str, name: str) -> None:
    message = Request("OPTIONS", f"sip:{value}@example.com", [(name, value)])
    message.set("User-Agent", value)
    message.add("User-Agent", value)
    head, _, body = bytes(message).partition(b"\r\n\r\n")
    assert body == b""
    assert head.count(b"\r\n") == 4 and head.count(b"\n") == 4 and head.count(b"\r") == 4
    assert b"\0" not in head


HOSTILE = {
    "spaces": b"To: " + b" " * 60000 + b"x\r\n",
    "quotes": b'To: "' + b'\\"' * 30000 + b"\r\n",
    "brackets": b"Contact: " + b"<," * 30000 + b"\r\n",
    "open quotes": b"Contact: " + b'",' * 30001 + b"\r\n",
    "parameters": b"Via: SIP/2.0/UDP h" + b";a" * 30000 + b"\r\n",
    "folds": b"Subject: x" + b"\r\n " * 20000 + b"\r\n",
    "commas": b"Via: " + b"," * 60000 + b"\r\n",
    "bare returns": b"Subject: " + b"\r" * 60000 + b"\r\n",
    "digits": b"CSeq: " + b"9" * 60000 + b" OPTIONS\r\n",
    "headers": b"a: b\r\n" * 10000,
    "digest": b"Authorization: Digest " + b"a" * 60000 + b"\r\n",
    "blank": b"Via: SIP" + b" /" * 30000 + b"\r\n",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_lines_cost_no_more_than_their_length(kind: str) -> None:
    data = b"OPTIONS sip:a@b SIP/2.0\r\n" + HOSTILE[kind]
    data += b"Via: SIP/2.0/UDP h\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: 1\r\n"
    data += b"CSeq: 1 OPTIONS\r\n\r\n"
    began = time.process_time()
    use(data)
    assert time.process_time() - began < 0.5


def test_too_large_is_513_and_can_be_answered() -> None:
    head = b"OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP h\r\nFrom: <sip:a@b>;tag=1\r\n"
    head += b"To: <sip:a@b>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\n"
    for data in (head + b"\r\n" + b"x" * MAX_SIZE, head + b"a: b\r\n" * 300 + b"\r\n"):
        with pytest.raises(BadMessage) as caught:
            parse(data)
        assert caught.value.status == 513
        assert caught.value.request is not None
        assert caught.value.request.call_id == "1"
