"""Messages: what phones really send, and what we write."""

from __future__ import annotations

import pytest

from pbx.sip import uri as uris
from pbx.sip.headers import NameAddr, Via
from pbx.sip.message import BadMessage, Request, Response, reply_to
from pbx.sip.parser import parse

HEAD = (
    "INVITE sip:202@192.0.2.1 SIP/2.0\r\n"
    "Via: SIP/2.0/UDP 10.0.0.7:5060;branch=z9hG4bK-1;rport\r\n"
    'From: "Anna" <sip:201@192.0.2.1>;tag=a1\r\n'
    "To: <sip:202@192.0.2.1>\r\n"
    "Call-ID: one@10.0.0.7\r\n"
    "CSeq: 1 INVITE\r\n"
)


def request(text: str = "", *, body: bytes = b"", head: str = HEAD) -> Request:
    message = parse((head + text + "\r\n").encode() + body)
    assert isinstance(message, Request)
    return message


def refusal(data: bytes) -> BadMessage:
    with pytest.raises(BadMessage) as caught:
        parse(data)
    return caught.value


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r\n\r\n\r\n"])
def test_line_ends_as_phones_have_them(end: str) -> None:
    if len(end) > 2:
        data = (end + HEAD + "\r\n").encode()  # keep-alive before the message, RFC 3261 s.7.5
    else:
        data = (HEAD + "\r\n").replace("\r\n", end).encode()
    message = parse(data)
    assert message.call_id == "one@10.0.0.7" and message.cseq == (1, "INVITE")
    assert message.body == b""


def test_the_first_empty_line_ends_the_head_whatever_it_is_made_of() -> None:
    data = (HEAD + "\r\n").replace("\r\n", "\n").encode() + b"a: b\r\n\r\nc"
    message = parse(data)
    assert message.body == b"a: b\r\n\r\nc" and not message.has("a")


def test_folded_lines() -> None:
    message = request("Subject: one\r\n two\r\n\t three: four\r\nContact:\r\n <sip:a@b>\r\n")
    assert message.get("Subject") == "one two three: four"
    assert message.contact == NameAddr("sip:a@b")
    assert refusal(HEAD.replace("\r\n", "\r\n folded\r\n", 1).encode()).status == 400


def test_head_without_its_empty_line() -> None:
    assert parse(HEAD.encode()).cseq == (1, "INVITE")
    cut = refusal((HEAD + "Content-Length: 20\r\n").encode())
    assert cut.status == 400


@pytest.mark.parametrize("data", [b"", b"\r\n\r\n", b"\r\n", b"\n", b"\0\0\0\0", b"GET / HTTP/1.1"])
def test_what_is_no_sip_is_dropped(data: bytes) -> None:
    assert refusal(data).status == 0


def test_compact_forms_and_any_case() -> None:
    message = request(
        "m: <sip:a@b>\r\nK: timer\r\ns: hello\r\nX: 90;refresher=uac\r\nO: dialog\r\n"
        "r: <sip:x@y>\r\n"
        "CONTENT-type: text/plain\r\nuser-AGENT : Phone  \r\nx-own: 1\r\nX-OWN: 2\r\n"
    )
    assert message.get("Contact") == message.get("m") == "<sip:a@b>"
    assert message.get("supported") == "timer"
    assert message.get("Session-Expires") == "90;refresher=uac"
    assert message.get("Event") == "dialog" and message.get("refer-to") == "<sip:x@y>"
    assert message.get("Content-Type") == "text/plain"
    assert message.get("User-Agent") == "Phone"
    assert message.get_all("x-OWN") == ["1", "2"]
    assert message.get("Nothing", "default") == "default"
    assert message.has("s") and not message.has("Route")


def test_lists_are_split_and_others_are_not() -> None:
    message = request(
        'Contact: "Rossi, Anna" <sip:a@b;x=1,2>;q=1, <sip:c@d>\r\nm: <sip:e@f>\r\n'
        "Supported: replaces , timer,,100rel\r\nSubject: one, two\r\n"
        'WWW-Authenticate: Digest realm="a", nonce="b"\r\n'
    )
    assert message.get_all("Contact") == [
        '"Rossi, Anna" <sip:a@b;x=1,2>;q=1',
        "<sip:c@d>",
        "<sip:e@f>",
    ]
    assert message.get("Contact") == '"Rossi, Anna" <sip:a@b;x=1,2>;q=1'
    assert message.get_all("Supported") == ["replaces", "timer", "100rel"]
    assert message.mentions("Supported", "TIMER") and not message.mentions("Supported", "path")
    assert message.get_all("Subject") == ["one, two"]
    assert message.get_all("WWW-Authenticate") == ['Digest realm="a", nonce="b"']


def test_latin_1_and_utf_8() -> None:
    plain = HEAD.replace("Anna", "Niccolò")
    for encoding in ("utf-8", "latin-1"):
        message = parse((plain + "\r\n").encode(encoding))
        assert message.from_.display == "Niccolò"
        assert 'From: "Niccolò"'.encode() in bytes(message)


def test_body_follows_content_length() -> None:
    assert request("Content-Length: 3\r\n", body=b"abcdef").body == b"abc"
    assert request("l: 0\r\n", body=b"abcdef").body == b""
    assert request(body=b"abc\r\n\r\ndef").body == b"abc\r\n\r\ndef"
    assert request("Content-Length: 3\r\nl:  3\r\n", body=b"abc").body == b"abc"
    longer = refusal((HEAD + "Content-Length: 7\r\n\r\n").encode() + b"abc")
    assert longer.status == 400 and longer.request is not None
    for bad in ("-1", "x", "1e3", "", "9" * 30, "٣"):
        assert refusal((HEAD + f"Content-Length: {bad}\r\n\r\n").encode()).status == 400


@pytest.mark.parametrize("name", ["Via", "From", "To", "Call-ID", "CSeq"])
def test_each_mandatory_header_is_missed(name: str) -> None:
    lines = [line for line in HEAD.split("\r\n") if not line.startswith(name)]
    error = refusal("\r\n".join([*lines, ""]).encode())
    assert error.status == 400 and name in error.reason
    assert error.request is not None
    assert not error.request.has(name)
    assert bytes(reply_to(error.request, 400, tag="x")).startswith(b"SIP/2.0 400 ")
    reply = HEAD.replace("INVITE sip:202@192.0.2.1 SIP/2.0", "SIP/2.0 200 OK").split("\r\n")
    data = "\r\n".join(line for line in reply if not line.startswith(name)).encode() + b"\r\n"
    assert refusal(data).status == 0, "a response is dropped, never answered"


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("From: <sip:201@192.0.2.1>;tag=other", 400),
        ("To: <sip:203@192.0.2.1>", 400),
        ("CSeq: 2 INVITE", 400),
        ("Call-ID: other", 400),
        ("no colon here", 400),
        (": no name", 400),
        ("two words: x", 400),
        ("Max-Forwards: many", 400),
        ("Max-Forwards: 256", 400),
    ],
)
def test_lines_that_make_it_unusable(line: str, status: int) -> None:
    assert refusal(f"{HEAD}{line}\r\n\r\n".encode()).status == status


def test_a_header_said_twice_the_same_is_forgiven() -> None:
    assert request("CSeq: 1 INVITE\r\nTo: <sip:202@192.0.2.1>\r\n").cseq == (1, "INVITE")


def test_a_bad_ack_is_dropped() -> None:
    data = HEAD.replace("INVITE", "ACK").replace("CSeq: 1 ACK", "CSeq: x ACK") + "\r\n"
    assert refusal(data.encode()).status == 0


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("INVITE sip:a@b SIP/3.0", 505),
        ("INVITE sip:a@b sip/2.0", 0),  # read: the version compares without case
        ("INVITE sip:a@b", -1),
        ("INVITE", -1),
        ("INV ITE sip:a@b SIP/2.0", 400),
        ("INV<ITE sip:a@b SIP/2.0", 400),
        ("INVITE  SIP/2.0", 400),
        ('INVITE sip:"a"@b SIP/2.0', 400),
        ("INVITE sip:a\0@b SIP/2.0", 400),
    ],
)
def test_start_lines(line: str, status: int) -> None:
    data = (HEAD.replace("INVITE sip:202@192.0.2.1 SIP/2.0", line) + "\r\n").encode()
    if status == 0:
        assert parse(data).cseq == (1, "INVITE")
    else:
        assert refusal(data).status == max(status, 0)


def test_ipv6_everywhere() -> None:
    head = HEAD.replace("10.0.0.7:5060", "[2001:db8::7]:5060").replace("192.0.2.1", "[2001:db8::1]")
    message = request("Contact: <sip:201@[2001:db8::7]:5060>\r\n", head=head)
    assert (message.via.host, message.via.port) == ("[2001:db8::7]", 5060)
    assert message.contact is not None
    assert message.contact.parsed().address == "2001:db8::7"
    message.stamp("2001:db8::99", 5070)
    again = parse(bytes(message))
    assert (again.via.received, again.via.rport) == ("2001:db8::99", 5070)


@pytest.mark.parametrize(
    ("host", "address", "port"),
    [
        ("[2001:db8::10]", "2001:db8::10", None),  # RFC 5118 s.4.1
        ("[2001:db8::10]:5070", "2001:db8::10", 5070),  # s.4.3
        ("[2001:db8::10:5070]", "2001:db8::10:5070", None),  # s.4.3: that is no port
        ("[::ffff:192.0.2.2]", "::ffff:192.0.2.2", None),  # s.4.10
    ],
)
def test_rfc_5118_hosts(host: str, address: str, port: int | None) -> None:
    message = request(head=HEAD.replace("10.0.0.7:5060", host).replace("192.0.2.1", host))
    assert (message.via.host.strip("[]"), message.via.port) == (address, port)
    for uri in (uris.parse(message.uri), message.to.parsed(), message.from_.parsed()):
        assert (uri.address, uri.port) == (address, port)


@pytest.mark.parametrize("text", ["[2001:db8::9:255]", "2001:db8::9:255"])
def test_rfc_5118_received_with_and_without_brackets(text: str) -> None:
    """RFC 5118 s.4.5."""
    message = request(head=HEAD.replace(";rport", f";received={text}"))
    assert message.via.received == text
    assert parse(bytes(message)).via == message.via


def test_rfc_5118_a_request_uri_without_brackets_is_refused_when_used() -> None:
    message = request(head=HEAD.replace("sip:202@192.0.2.1 ", "sip:2001:db8::10 "))
    with pytest.raises(ValueError):  # s.4.2: 400
        uris.parse(message.uri)


def test_stamping_the_top_hop() -> None:
    """RFC 3261 s.18.2.1 and RFC 3581 s.4."""
    two = "Via: SIP/2.0/TCP p.example.com;branch=z9hG4bK-0\r\n"
    message = request(two)
    message.stamp("10.0.0.7", 5061)
    assert (message.via.received, message.via.rport) == ("10.0.0.7", 5061)
    assert [Via.parse(text).host for text in message.get_all("Via")] == [
        "10.0.0.7",
        "p.example.com",
    ]
    plain = request(head=HEAD.replace(";rport", ""))
    plain.stamp("10.0.0.7", 5061)
    assert plain.via.params == {"branch": "z9hG4bK-1"}
    plain.stamp("10.0.0.8", 5061)
    assert (plain.via.received, plain.via.rport) == ("10.0.0.8", None)


def test_changing_a_header_forgets_what_was_read_of_it() -> None:
    message = request("Contact: <sip:a@b>\r\nMax-Forwards: 3\r\n")
    assert message.contact == NameAddr("sip:a@b") and message.to.tag == ""
    message.set("t", "<sip:202@192.0.2.1>;tag=z")
    message.set("m", "<sip:c@d>")
    assert message.to.tag == "z" and message.contact == NameAddr("sip:c@d")
    message.remove("Contact")
    assert not message.has("Contact") and str(message.contact) == "None"
    message.set("CSeq", "2 INVITE")
    assert message.cseq == (2, "INVITE")
    message.remove("Max-Forwards")
    assert message.max_forwards is None
    with pytest.raises(ValueError):
        message.set("bad name", "x")


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("0", 0), ("3600", 3600), ("", None), ("-5", None), ("soon", None), ("9" * 40, 2**32 - 1)],
)
def test_expires(value: str, seconds: int | None) -> None:
    assert request(f"Expires: {value}\r\n").expires == seconds


@pytest.mark.parametrize("value", ["*", "garbage", '"open <sip:a@b>', "<>"])
def test_contact_that_is_no_address(value: str) -> None:
    assert request(f"Contact: {value}\r\n").contact is None


def test_content_length_is_always_what_the_body_is() -> None:
    message = Request("MESSAGE", "sip:a@b", [("Content-Length", "999"), ("l", "5")], "è".encode())
    assert bytes(message) == "MESSAGE sip:a@b SIP/2.0\r\nContent-Length: 2\r\n\r\nè".encode()
    message.set("Content-Length", "7")
    message.body = b""
    assert message.get("Content-Length") == "0"
    assert bytes(message).endswith(b"Content-Length: 0\r\n\r\n")


def test_responses_copy_what_they_must() -> None:
    """RFC 3261 s.8.2.6.2 and s.12.1.1."""
    message = request(
        "Record-Route: <sip:p2;lr>\r\nRecord-Route: <sip:p1;lr>\r\nTimestamp: 54\r\n"
        "Via: SIP/2.0/UDP p\r\nContact: <sip:a@b>\r\n"
    )
    ok = reply_to(message, 200, tag="us")
    assert ok.reason == "OK" and ok.to.tag == "us" and ok.from_ == message.from_
    assert ok.get_all("Via") == message.get_all("Via") and ok.cseq == message.cseq
    assert ok.get_all("Record-Route") == ["<sip:p2;lr>", "<sip:p1;lr>"]
    assert not ok.has("Contact") and not ok.has("Timestamp")
    assert reply_to(message, 100).get("Timestamp") == "54"
    assert not reply_to(message, 486, tag="us").has("Record-Route")
    assert reply_to(message, 486, "Engaged").reason == "Engaged"
    message.set("To", "<sip:202@192.0.2.1>;tag=theirs")
    assert reply_to(message, 200, tag="us").to.tag == "theirs"
    message.set("To", "sip:202@192.0.2.1;")
    assert reply_to(message, 200, tag="us").to == NameAddr("sip:202@192.0.2.1", "", {"tag": "us"})
    ok.set("To", "<sip:x@y>")
    assert message.to.uri == "sip:202@192.0.2.1", "an answer is a copy"


@pytest.mark.parametrize(
    ("status", "words"),
    [(180, "Ringing"), (407, "Proxy Authentication Required"), (487, "Request Terminated"),
     (404, "Not Found"), (299, "Unknown")],
)  # fmt: skip
def test_words_of_a_status(status: int, words: str) -> None:
    assert Response(status).reason == words
