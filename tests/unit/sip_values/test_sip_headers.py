"""URIs and typed headers, by table."""

from __future__ import annotations

import pytest

from pbx.sip import uri as uris
from pbx.sip.grammar import parse_params, quote, split_list, unquote, write_params
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
    seconds,
)
from pbx.sip.uri import Uri


@pytest.mark.parametrize(
    ("text", "uri"),
    [
        ("sip:201@pbx1", Uri("sip", "201", "pbx1")),
        ("SIP:201@10.0.0.1:5062", Uri("sip", "201", "10.0.0.1", 5062)),
        ("sips:[2001:db8::1]:5061", Uri("sips", "", "[2001:db8::1]", 5061)),
        ("sip:*86@o", Uri("sip", "*86", "o")),
        ("sip:%2A86@o", Uri("sip", "*86", "o")),
        ("sip:%2331%23333@o", Uri("sip", "#31#333", "o")),
        ("sip:#31#333@o", Uri("sip", "#31#333", "o")),
        ("sip:a:b%40c@o", Uri("sip", "a", "o", password="b@c")),
        (
            "sip:u@o;Transport=TCP;lr;x=%41",
            Uri("sip", "u", "o", params={"transport": "TCP", "lr": "", "x": "A"}),
        ),
        (
            "sip:u@o?Replaces=a%40b%3Bto-tag%3D1%3Bfrom-tag%3D2&Subject=x",
            Uri(
                "sip",
                "u",
                "o",
                headers=(("Replaces", "a@b;to-tag=1;from-tag=2"), ("Subject", "x")),
            ),
        ),
        ("tel:+39-06-123", Uri("tel", "+39-06-123")),
        ("tel:112;phone-context=+39", Uri("tel", "112", params={"phone-context": "+39"})),
    ],
)
def test_uris_read(text: str, uri: Uri) -> None:
    assert uris.parse(text) == uri
    assert uris.parse(str(uri)) == uri


@pytest.mark.parametrize(
    "text",
    ["", "sip", "sip:", "sip:@o", "sip:a@", "sip:a b@o", "sip:a@o:x", "sip:a@o:99999", "http://o",
     "sip:a@[::1", "sip:a@[zz]", "sip:a@[::1]x", "tel:", "tel:abc xyz", "<sip:a@o>", "sip:a\r\n@o",
     "sip:a@o" + ";a" * 200, "sip:" + "a" * 5000 + "@o"],
)  # fmt: skip
def test_uris_refused(text: str) -> None:
    with pytest.raises(ValueError):
        uris.parse(text)


def test_writing_uris() -> None:
    assert uris.sip("*86", "pbx.example.com", transport="tcp") == (
        "sip:*86@pbx.example.com;transport=tcp"
    )
    assert uris.sip("#31#", "::1", 5060) == "sip:%2331%23@[::1]:5060"
    assert uris.escape_user("già@x") == "gi%C3%A0%40x"
    referred = Uri("sip", "203", "o", headers=(("Replaces", "a@b;to-tag=1;from-tag=2"),))
    assert str(referred) == "sip:203@o?Replaces=a%40b%3Bto-tag%3D1%3Bfrom-tag%3D2"
    assert str(Uri("sip", "u", "o", params={"method": "BYE"}, headers=(("A", "b"),)).target()) == (
        "sip:u@o"
    )


# RFC 3261 s.19.1.4
SAME = [
    ("sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp"),
    ("sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5"),
    ("sip:carol@chicago.com;newparam=5", "sip:carol@chicago.com;security=on"),
    (
        "sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
        "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com",
    ),
    (
        "sip:alice@atlanta.com?subject=project%20x&priority=urgent",
        "sip:alice@atlanta.com?priority=urgent&subject=project%20x",
    ),
    ("sip:a@[2001:db8::1]", "sip:a@[2001:DB8:0::1]"),
    ("tel:+39-06-12", "tel:+3906.12"),
]
DIFFERENT = [
    ("SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP"),
    ("sip:bob@biloxi.com", "sip:bob@biloxi.com:5060"),
    ("sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp"),
    ("sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp"),
    ("sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting"),
    ("sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4"),
    ("sip:a@b;security=on", "sip:a@b;security=off"),
    ("sip:a@b", "sips:a@b"),
    ("tel:112", "tel:113"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_same(one: str, other: str) -> None:
    assert uris.same(uris.parse(one), uris.parse(other))
    assert uris.same(uris.parse(other), uris.parse(one))


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different(one: str, other: str) -> None:
    assert not uris.same(uris.parse(one), uris.parse(other))
    assert not uris.same(uris.parse(other), uris.parse(one))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("<sip:a@b>", NameAddr("sip:a@b")),
        ("sip:a@b;tag=1", NameAddr("sip:a@b", "", {"tag": "1"})),
        ("Anna Rossi <sip:a@b;lr>;tag=1", NameAddr("sip:a@b;lr", "Anna Rossi", {"tag": "1"})),
        ('"A \\"b\\" \\\\" <sip:a@b>', NameAddr("sip:a@b", 'A "b" \\')),
        ('"" <sip:a@b>', NameAddr("sip:a@b")),
        ('"<sip:x@y>;tag=n" <sip:a@b>;tag=1', NameAddr(
            "sip:a@b", "<sip:x@y>;tag=n", {"tag": "1"})),
        ("Perché no, certo <sip:a@b>", NameAddr("sip:a@b", "Perché no, certo")),
        ('<sip:a@b>;+sip.instance="<urn:uuid:1;2>";q=0.5;', NameAddr(
            "sip:a@b", "", {"+sip.instance": "<urn:uuid:1;2>", "q": "0.5"})),
        ("<sip:a@b> ; TAG = 1 ; x", NameAddr("sip:a@b", "", {"tag": "1", "x": ""})),
    ],
)  # fmt: skip
def test_addresses(text: str, value: NameAddr) -> None:
    assert NameAddr.parse(text) == value
    assert NameAddr.parse(str(value)) == value


@pytest.mark.parametrize(
    "text",
    ["", "<>", "a", '"x <sip:a@b>', "<sip:a@b", '"x"', '"x" y <sip:a@b>', "<sip:a@b>;;tag=1",
     "<sip:a@b>tag=1", '<sip:a@b>;x="open', "sip:a@b?x=y", "sip:a@b, sip:c@d", "<nothing>"],
)  # fmt: skip
def test_addresses_refused(text: str) -> None:
    with pytest.raises(ValueError):
        NameAddr.parse(text)


def test_address_helpers() -> None:
    anna = NameAddr.parse('"Anna" <sip:%2A86@b>;tag=1;x=2')
    assert anna.user == "*86" and anna.tag == "1"
    assert str(anna.with_tag("9")) == '"Anna" <sip:%2A86@b>;tag=9;x=2'
    assert str(anna.without_params()) == '"Anna" <sip:%2A86@b>'
    assert NameAddr("isbn:1").user == ""


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("SIP/2.0/UDP h;branch=z", Via("UDP", "h", None, {"branch": "z"})),
        ("sip/2.0/tcp 10.0.0.1:5", Via("TCP", "10.0.0.1", 5)),
        ("SIP / 2.0 / TLS  [::1] : 7 ; rport", Via("TLS", "[::1]", 7, {"rport": ""})),
        ("SIP/2.0/WS df7jal23ls0d.invalid;branch=z", Via(
            "WS", "df7jal23ls0d.invalid", None, {"branch": "z"})),
        ("SIP/2.0/UDP my_pc:5060", Via("UDP", "my_pc", 5060)),
    ],
)  # fmt: skip
def test_hops(text: str, value: Via) -> None:
    assert Via.parse(text) == value
    assert Via.parse(str(value)) == value


@pytest.mark.parametrize(
    "text", ["", "SIP/2.0/UDP", "SIP/3.0/UDP h", "UDP h", "SIP/2.0/UDP h:x", "SIP/2.0/UDP h:70000"]
)
def test_hops_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Via.parse(text)


def test_rport_that_is_no_port() -> None:
    assert Via.parse("SIP/2.0/UDP h;rport=x").rport is None
    assert Via.parse("SIP/2.0/UDP h;rport=5070;received=1.2.3.4").rport == 5070


def test_replaces() -> None:
    text = "98asjd8@x;to-tag=12345;from-tag=54321;early-only"
    assert Replaces.parse(text) == Replaces("98asjd8@x", "12345", "54321", True)
    assert str(Replaces.parse(text)) == text
    for bad in ("", "x", "x;to-tag=1", "x;from-tag=1", ";to-tag=1;from-tag=2"):
        with pytest.raises(ValueError):
            Replaces.parse(bad)


def test_refer_to() -> None:
    blind = ReferTo.parse('"Bob" <sip:203@o;method=INVITE>')
    assert blind == ReferTo(Uri("sip", "203", "o"))
    attended = ReferTo.parse("<sip:203@o?replaces=a%40b%3Bto-tag%3D1%3Bfrom-tag%3D2&X=y>")
    assert attended.target == Uri("sip", "203", "o")
    assert attended.replaces == Replaces("a@b", "1", "2")
    assert ReferTo.parse("<sip:203@o;method=bye>").method == "BYE"
    for bad in ("<sip:203@o?Replaces=x>", "<http://x>", "x"):
        with pytest.raises(ValueError):
            ReferTo.parse(bad)


def test_reason() -> None:
    elsewhere = Reason("SIP", 200, "Call completed elsewhere")
    assert str(elsewhere) == 'SIP;cause=200;text="Call completed elsewhere"'
    assert Reason.parse(str(elsewhere)) == elsewhere
    assert Reason.parse("Q.850 ;cause=16") == Reason("Q.850", 16)
    for bad in ("", ";cause=1", "SIP;cause=x"):
        with pytest.raises(ValueError):
            Reason.parse(bad)


def test_session_expires() -> None:
    assert SessionExpires.parse("1800 ; refresher=UAS") == SessionExpires(1800, "uas")
    assert SessionExpires.parse("90") == SessionExpires(90)
    assert SessionExpires.parse("90;refresher=me") == SessionExpires(90)
    assert str(SessionExpires(1800, "uac")) == "1800;refresher=uac"
    with pytest.raises(ValueError):
        SessionExpires.parse("long")


def test_rack() -> None:
    assert RAck.parse("776656 1 INVITE") == RAck(776656, 1, "INVITE")
    assert str(RAck(1, 2, "INVITE")) == "1 2 INVITE"
    for bad in ("", "1 2", "1 x INVITE", "1 2 IN VITE", "1 2 <>"):
        with pytest.raises(ValueError):
            RAck.parse(bad)


def test_events() -> None:
    assert Event.parse("Message-Summary") == Event("message-summary")
    assert Event.parse("dialog; id=7;x") == Event("dialog", "7")
    assert str(Event("dialog", "7")) == "dialog;id=7"
    state = SubscriptionState("terminated", reason="timeout", retry_after=5)
    assert str(state) == "terminated;reason=timeout;retry-after=5"
    assert SubscriptionState.parse(str(state)) == state
    assert SubscriptionState.parse("Active;expires=60") == SubscriptionState("active", 60)
    for bad in ("", ";id=1", "a b"):
        with pytest.raises(ValueError):
            Event.parse(bad)


def test_seconds() -> None:
    assert seconds("18000;duration=3600") == 18000
    assert seconds(" 120 (I'm in a meeting)") == 120
    with pytest.raises(ValueError):
        seconds("later")


def test_lists_and_parameters() -> None:
    assert split_list('a, "b, c" <x,y>, ,d') == ["a", '"b, c" <x,y>', "d"]
    assert split_list('a, "open, b') == ["a", '"open, b']
    assert split_list(" , ") == []
    assert parse_params(';a=1;A=2;b; c = "x;y\\"z" ;') == {"a": "1", "b": "", "c": 'x;y"z'}
    assert write_params({"a": "1", "b": "", "c": "x y", "received": "2001:db8::1"}) == (
        ';a=1;b;c="x y";received=2001:db8::1'
    )
    for bad in ("a=1", ";;a", ';a="x', "; ;a"):
        with pytest.raises(ValueError):
            parse_params(bad)
    assert unquote(quote('a"b\\c')) == 'a"b\\c'
