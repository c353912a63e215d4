"""A strict stranger (`sipmessage`) reads all that we write."""

from __future__ import annotations

import sipmessage
from hypothesis import given, settings
from hypothesis import strategies as st
from pyVoIP.VoIP import VoIP as pyvoip

from pbx.calls.shown import display_name, name_addr
from pbx.events.kinds import Party
from pbx.sip import digest, offer, subscription
from pbx.sip import uri as uris
from pbx.sip.flow import Flow
from pbx.sip.headers import NameAddr, Via
from pbx.sip.message import Request, Response, reply_to
from pbx.sip.parser import parse
from pbx.sip.registrar import Registered, register

INVITE = b"""INVITE sip:202@192.0.2.1 SIP/2.0\r
v: SIP/2.0/UDP 10.0.0.7:5060;branch=z9hG4bK-1;rport\r
Via: SIP/2.0/TCP proxy.example.com;branch=z9hG4bK-0\r
f: "Anna" <sip:201@192.0.2.1>;tag=a1\r
t: <sip:202@192.0.2.1>\r
i: one@10.0.0.7\r
CSeq: 1 INVITE\r
Record-Route: <sip:proxy.example.com;lr>\r
Timestamp: 54\r
Contact: <sip:201@10.0.0.7:5060>\r
\r
"""
REGISTER = b"""REGISTER sip:192.0.2.1 SIP/2.0\r
Via: SIP/2.0/UDP 10.0.0.7:5060;branch=z9hG4bK-2\r
From: <sip:201@192.0.2.1>;tag=a2\r
To: <sip:201@192.0.2.1>\r
Call-ID: two@10.0.0.7\r
CSeq: 7 REGISTER\r
Contact: <sip:201@10.0.0.7:5060>;+sip.instance="<urn:uuid:00000000-0000-1000-8000-AABBCCDDEEFF>"\r
Content-Length: 0\r
\r
"""
PHONE = Flow("udp", "192.0.2.9", 5062)
# pyVoIP.SIP cannot be imported by itself (it and pyVoIP.VoIP import each other).
read_by_pyvoip = pyvoip.SIP.SIPMessage  # type: ignore[attr-defined]


def judge(data: bytes) -> sipmessage.Request | sipmessage.Response:
    """Every header that it knows, taken apart by it."""
    message = sipmessage.Message.parse(data)
    assert isinstance(message, sipmessage.Request | sipmessage.Response)
    assert message.via and message.from_address and message.to_address
    assert message.cseq.method and message.call_id
    assert message.content_length == len(message.body)
    for name in ("contact", "record_route", "route", "supported", "require"):
        getattr(message, name)
    return message


def test_a_request_of_ours() -> None:
    ours = Request("INVITE", uris.sip("#31#061234", "trunk.example.com", 5060, transport="udp"))
    ours.add("Via", str(Via("UDP", "192.0.2.1", 5060, {"branch": "z9hG4bKabc", "rport": ""})))
    ours.add("From", str(NameAddr("sip:201@pbx.example.com", 'Già "Anna", B.').with_tag("a1")))
    ours.add("To", str(NameAddr("sip:202@pbx.example.com")))
    ours.add("Call-ID", "x@y")
    ours.add("CSeq", "1 INVITE")
    ours.add("Contact", f"<{uris.sip('201', '2001:db8::1', 5060)}>;expires=60")
    ours.add("Supported", "replaces, timer, 100rel")
    ours.body = b"v=0\r\n"
    read = judge(bytes(ours))
    assert isinstance(read, sipmessage.Request)
    assert read.uri.user == "#31#061234"
    assert read.from_address.name == 'Già "Anna", B.'
    assert read.contact[0].uri.host == "[2001:db8::1]"
    assert read.via[0].parameters["branch"] == "z9hG4bKabc"


@given(st.text(max_size=300), st.sampled_from(["201", "+390163555021", "*86", ""]))
@settings(max_examples=300, deadline=None)
def test_any_name_on_a_display(name: str, number: str) -> None:
    """Whatever somebody called a contact: the number beside it is the caller's, and no header
    more is said."""
    invite = parse(INVITE)
    assert isinstance(invite, Request)
    plain = bytes(invite)
    shown = name_addr(Party(number, name), "192.0.2.1")
    invite.set("From", f"{shown};tag=a1")
    invite.set("P-Asserted-Identity", shown)
    wire = bytes(invite)
    read = judge(wire)
    user = number or "anonymous"
    assert read.from_address.uri.user == user and read.from_address.parameters["tag"] == "a1"
    assert (read.from_address.name or "") == (display_name(name) if number else "Anonymous")
    again = parse(wire)
    assert isinstance(again, Request)
    assert again.from_.user == user and again.from_.tag == "a1"
    assert wire == bytes(again) and wire.count(b"\r\n") == plain.count(b"\r\n") + 1
    assert len(shown.encode()) < 4 * 64 + 100


def test_answers_to_a_stamped_request() -> None:
    theirs = parse(INVITE)
    assert isinstance(theirs, Request)
    theirs.stamp("192.0.2.77", 5071)
    for status in (100, 180, 200, 302, 404, 486, 503, 603):
        read = judge(bytes(reply_to(theirs, status, tag="ours")))
        assert isinstance(read, sipmessage.Response)
        assert read.code == status
        assert read.via[0].parameters["received"] == "192.0.2.77"


def test_challenge_and_registration() -> None:
    register_request = parse(REGISTER)
    assert isinstance(register_request, Request)
    refusal = reply_to(register_request, 401, tag="t")
    for value in digest.Authenticator().challenges(1.0):
        refusal.add("WWW-Authenticate", value)
    read = judge(bytes(refusal))
    assert isinstance(read, sipmessage.Response)
    challenge = read.www_authenticate
    assert challenge is not None and challenge.parameters["algorithm"] == "MD5"

    done = register((), register_request, now=1_000_000_000.0, source=PHONE)
    assert isinstance(done, Registered)
    answer = reply_to(register_request, 200, tag="t")
    for name, value in done.headers:
        answer.add(name, value)
    read = judge(bytes(answer))
    assert read.contact[0].parameters["expires"] == "3600"
    assert read.date is not None and read.date.year == 2001


def test_our_credentials() -> None:
    value = digest.answer(
        digest.Authenticator().challenges(1.0),
        user="trunk",
        password='a"b\\c',
        method="REGISTER",
        uri="sip:trunk.example.com",
    )
    read = sipmessage.AuthCredentials.parse(value)
    assert read.parameters is not None
    assert read.parameters["algorithm"] == "SHA-256" and read.parameters["qop"] == "auth"


def test_notify() -> None:
    notify = Request(
        "NOTIFY",
        "sip:201@192.0.2.9:5062",
        [
            ("Via", "SIP/2.0/TCP 192.0.2.1;branch=z9hG4bKx"),
            ("From", "<sip:201@pbx.example.com>;tag=1"),
            ("To", "<sip:201@pbx.example.com>;tag=2"),
            ("Call-ID", "c"),
            ("CSeq", "2 NOTIFY"),
            *subscription.notify_headers(subscription.MESSAGE_SUMMARY, seconds=1800),
            ("Content-Type", subscription.MESSAGE_SUMMARY.content_type),
        ],
        subscription.message_summary(2, 1, account_uri="sip:*86@pbx.example.com"),
    )
    read = judge(bytes(notify))
    assert read.content_type is not None
    assert read.content_type.mime_type == "application/simple-message-summary"


words = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=30)


@settings(max_examples=150, deadline=None)
@given(display=words, user=words, text=words)
def test_whatever_words_are_put_in(display: str, user: str, text: str) -> None:
    message = Response(
        480,
        text,
        [
            ("Via", "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKx"),
            ("From", str(NameAddr(uris.sip(user, "pbx.example.com"), display, {"tag": "1"}))),
            ("To", str(NameAddr(uris.sip("201", "pbx.example.com"), display).with_tag("2"))),
            ("Call-ID", "c"),
            ("CSeq", "2 INVITE"),
            ("Subject", text),
        ],
    )
    judge(bytes(message))


def test_pyvoip_reads_what_we_send_its_phones() -> None:
    """pyVoIP 1.6.8 as it stands, the least forgiving reader that must still understand us."""
    asked = parse(REGISTER)
    assert isinstance(asked, Request)
    refusal = reply_to(asked, 401, tag="t")
    for value in digest.Authenticator().challenges(1.0):
        refusal.add("WWW-Authenticate", value)
    read = read_by_pyvoip(bytes(refusal))
    assert read.authentication["realm"] == "officesmart"
    assert read.authentication["algorithm"] == "MD5"
    assert read.authentication["nonce"] == digest.params(refusal.get("WWW-Authenticate"))["nonce"]

    ringing = Request(
        "INVITE",
        "sip:201@192.0.2.9:5062;transport=UDP",
        [
            ("Via", str(Via("UDP", "192.0.2.1", 5060, {"branch": "z9hG4bKabc", "rport": ""}))),
            ("From", str(NameAddr("sip:*86@pbx.example.com", "Anna Rossi").with_tag("a1"))),
            ("To", "<sip:201@pbx.example.com>"),
            ("Call-ID", "c"),
            ("CSeq", "1 INVITE"),
            ("Contact", "<sip:*86@192.0.2.1:5060>"),
            ("Allow", "INVITE, ACK, BYE"),
            ("Supported", "replaces, timer"),
            ("Content-Type", "application/sdp"),
        ],
        offer.write_offer(offer.Local("192.0.2.1", 20000, 1), ("PCMA", "PCMU", "G722")),
    )
    read = read_by_pyvoip(bytes(ringing))
    assert read.headers["From"]["number"] == "*86" and read.headers["From"]["tag"] == "a1"
    assert read.headers["Via"][0]["branch"] == "z9hG4bKabc"
    assert read.body["m"][0]["methods"] == ["8", "0", "9", "101"]
    assert read.body["m"][0]["attributes"]["8"]["rtpmap"]["name"] == "PCMA"
    assert read.body["c"][0]["address"] == "192.0.2.1"
