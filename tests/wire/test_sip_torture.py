"""RFC 4475's messages, read or refused as that RFC says (section beside each)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pbx.sip import digest, offer
from pbx.sip import uri as uris
from pbx.sip.flow import Flow
from pbx.sip.headers import NameAddr, Via
from pbx.sip.message import BadMessage, Request, Response, reply_to
from pbx.sip.parser import parse
from pbx.sip.registrar import Refused, Registered, register

CORPUS = Path(__file__).parent / "torture"
PHONE = Flow("udp", "192.0.2.1", 5060)


def raw(name: str) -> bytes:
    return (CORPUS / f"{name}.dat").read_bytes()


def request(name: str) -> Request:
    message = parse(raw(name))
    assert isinstance(message, Request)
    return message


def response(name: str) -> Response:
    message = parse(raw(name))
    assert isinstance(message, Response)
    return message


def registered(name: str) -> Registered | Refused:
    return register((), request(name), now=1_000_000.0, source=PHONE)


# --- messages that must be read ---


def wsinv(m: Request) -> None:
    assert m.call_id == "wsinv.ndaksdj@192.0.2.1"
    assert m.cseq == (9, "INVITE")
    assert m.max_forwards == 68
    assert m.to.uri == "sip:vivekg@chair-dnrc.example.com" and m.to.tag == "1918181833n"
    assert m.from_.display == 'J Rosenberg \\"' and m.from_.tag == "98asjd8"
    hops = [Via.parse(text) for text in m.get_all("Via")]
    assert [(hop.transport, hop.host, hop.branch) for hop in hops] == [
        ("UDP", "192.0.2.2", "390skdjuw"),
        ("TCP", "spindle.example.com", "z9hG4bK9ikj8"),
        ("UDP", "192.168.255.111", "z9hG4bK30239"),
    ]
    assert m.get("Subject", "none") == ""
    assert m.get("newfangledheader").split() == ["newfangled", "value", "continued"] + [
        "newfangled",
        "value",
    ]
    assert m.get("UnknownHeaderWithUnusualValue") == ";;,,;;,;"
    assert m.contact is not None
    assert m.contact.display == 'Quoted string ""'
    assert m.contact.params == {"newparam": "newvalue", "secondparam": "", "q": "0.33"}
    route = NameAddr.parse(m.get("Route")).parsed()
    assert route.params == {"lr": "", "unknownwith": "value", "unknown-no-value": ""}
    assert offer.read(m.body).codings[0].name == "PCMU"


def intmeth(m: Request) -> None:
    assert m.method == "!interesting-Method0123456789_*+`.%indeed'~"
    assert m.cseq == (139122385, m.method)
    assert m.to.display == "BEL:\x07 NUL:\x00 DEL:\x7f"
    assert m.from_.display == "token1~` token2'+_ token3*%!.-"
    assert m.from_.tag == "_token~1'+`*%!-."
    assert m.from_.params["fromparam''~+*_!.-%"] == "работающий"
    assert m.call_id == "intmeth.word%ZK-!.*_+'@word`~)(><:\\/\"][?}{"
    assert m.get("extensionHeader-!.%*+_`'~") == "\ufeff大停電"
    target = uris.parse(m.uri)
    assert target.user == "1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*"
    assert target.password == "&it+has=1,weird!*pas$wo~d_too.(doesn't-it)"
    assert target.host == "example.com"


def esc01(m: Request) -> None:
    assert uris.parse(m.uri).user == "sips:user@example.com"
    assert uris.parse(m.uri).host == "example.net"
    assert m.to.user == "user"
    assert m.from_.user == "I have spaces"
    assert m.contact is not None
    contact = m.contact.parsed()
    assert contact.user == "caller"
    assert contact.params == {"lr": "", "name": "value%41"}


def escnull(m: Request) -> None:
    assert m.to.user == "null-\0-null"
    users = [NameAddr.parse(text).user for text in m.get_all("Contact")]
    assert users == ["\0", "\0\0"], "they are two different contacts"
    answer = registered("escnull")
    assert isinstance(answer, Registered) and len(answer.bindings) == 2


def esc02(m: Request) -> None:
    assert m.method == "RE%47IST%45R", "an escaped method is not REGISTER"
    assert m.to.display == "%Z%45"
    assert m.get_all("Contact") == [
        "<sip:alias1@host1.example.com>",
        "<sip:alias3@host3.example.com>",
    ], "an escaped header name is not Contact"


def lwsdisp(m: Request) -> None:
    assert m.from_.display == "caller" and m.from_.tag == "323"


def longreq(m: Request) -> None:
    assert len(m.get_all("Via")) == 33
    assert m.via.host == "sip33.example.com"
    assert m.to.display.endswith("proportion")
    assert len(m.from_.tag) == 2 + 6 * 45
    assert m.to.parsed().port == 6000


def dblreq(m: Request) -> None:
    assert m.method == "REGISTER" and m.body == b"", "what follows is not part of it"


def semiuri(m: Request) -> None:
    assert uris.parse(m.uri).user == "user;par=u@example.net"
    assert len(m.get_all("Accept")) == 6


def transports(m: Request) -> None:
    hops = [Via.parse(text).transport for text in m.get_all("Via")]
    assert hops == ["UDP", "SCTP", "TLS", "UNKNOWN", "TCP"]


def mpart01(m: Request) -> None:
    assert m.body.endswith(b"--7a9cbec02ceef655--\r\n") and b"\0" in m.body
    assert bytes(m).endswith(m.body)


def baddate(m: Request) -> None:
    assert m.get("Date") == "Fri, 01 Jan 2010 16:00:00 EST"


def badaspec(m: Request) -> None:
    assert m.to.uri == "sip:t.watson@example.org", "3.1.2.14: being liberal is allowed"


def baddn(m: Request) -> None:
    assert m.from_.display == "Bell, Alexander" and m.from_.tag == "43"
    assert str(m.from_) == '"Bell, Alexander" <sip:a.g.bell@example.com>;tag=43'


def badbranch(m: Request) -> None:
    assert m.via.branch == "z9hG4bK", "the cookie and nothing more: 3.2.1"


def unkscm(m: Request) -> None:
    with pytest.raises(ValueError):
        uris.parse(m.uri)  # 416 is the answer


def bext01(m: Request) -> None:
    assert m.get_all("Require") == ["nothingSupportsThis", "nothingSupportsThisEither"]
    assert len(m.get_all("Proxy-Require")) == 2


def invut(m: Request) -> None:
    assert m.get("Content-Type") == "application/unknownformat"
    with pytest.raises(offer.BadSession):
        offer.read(m.body)


def regaut01(m: Request) -> None:
    with pytest.raises(ValueError):
        digest.read(m.get("Authorization"))


def zeromf(m: Request) -> None:
    assert m.max_forwards == 0


def sdp01(m: Request) -> None:
    assert m.get_all("Accept") == ["text/nobodyKnowsThis"]


def inv2543(m: Request) -> None:
    assert m.via.branch == "" and m.from_.tag == "" and m.max_forwards is None
    assert m.to.uri == "sip:+16505552222@ss1.example.net"
    assert m.to.params == {"user": "phone"}
    assert offer.read(m.body).port == 49217, "no Content-Length: the body is the rest"


READ: dict[str, Callable[[Request], None]] = {
    "wsinv": wsinv,  # 3.1.1.1
    "intmeth": intmeth,  # 3.1.1.2
    "esc01": esc01,  # 3.1.1.3
    "escnull": escnull,  # 3.1.1.4
    "esc02": esc02,  # 3.1.1.5
    "lwsdisp": lwsdisp,  # 3.1.1.6
    "longreq": longreq,  # 3.1.1.7
    "dblreq": dblreq,  # 3.1.1.8
    "semiuri": semiuri,  # 3.1.1.9
    "transports": transports,  # 3.1.1.10
    "mpart01": mpart01,  # 3.1.1.11
    "baddate": baddate,  # 3.1.2.12
    "badaspec": badaspec,  # 3.1.2.14
    "baddn": baddn,  # 3.1.2.15
    "badbranch": badbranch,  # 3.2.1
    "unkscm": unkscm,  # 3.3.2
    "novelsc": unkscm,  # 3.3.3
    "bext01": bext01,  # 3.3.5
    "invut": invut,  # 3.3.6
    "regaut01": regaut01,  # 3.3.7
    "zeromf": zeromf,  # 3.3.11
    "sdp01": sdp01,  # 3.3.15
    "inv2543": inv2543,  # 3.4.1
}

REFUSED = {
    "badinv01": 400,  # 3.1.2.1
    "clerr": 400,  # 3.1.2.2
    "ncl": 400,  # 3.1.2.3
    "scalar02": 400,  # 3.1.2.4
    "quotbal": 400,  # 3.1.2.6
    "ltgtruri": 400,  # 3.1.2.7
    "lwsruri": 400,  # 3.1.2.8
    "lwsstart": 400,  # 3.1.2.9
    "trws": 400,  # 3.1.2.10
    "escruri": 400,  # 3.1.2.11
    "badvers": 505,  # 3.1.2.16
    "mismatch01": 400,  # 3.1.2.17
    "mismatch02": 400,  # 3.1.2.18
    "insuf": 400,  # 3.3.1
    "multi01": 400,  # 3.3.8
    "mcl01": 400,  # 3.3.9
}

DROPPED = ("scalarlg", "bigcode")  # 3.1.2.5, 3.1.2.19: responses nobody can use

RESPONSES = {
    "unreason": "= 2**3 * 5**2 но сто девяносто девять - простое",  # 3.1.1.12
    "noreason": "",  # 3.1.1.13
    "bcast": "OK",  # 3.3.10
}

REGISTERS = {
    "regbadct": None,  # 3.1.2.13: an address with headers, not in brackets
    "unksm2": None,  # 3.3.4: nobody can be called there
    "cparam01": "sip:+19725552222@gw1.example.net",  # 3.3.12: the parameter is the header's
    "cparam02": "sip:+19725552222@gw1.example.net;unknownparam",  # 3.3.13: the URI's
    "regescrt": "sip:user@example.com?Route=%3Csip:sip.example.com%3E",  # 3.3.14
}


def test_every_message_of_the_corpus_has_its_verdict() -> None:
    verdicts = [*READ, *REFUSED, *DROPPED, *RESPONSES, *REGISTERS]
    assert len(verdicts) == len(set(verdicts)) == 49
    assert {path.stem for path in CORPUS.glob("*.dat")} == set(verdicts)


@pytest.mark.parametrize("name", READ)
def test_read(name: str) -> None:
    READ[name](request(name))


@pytest.mark.parametrize(("name", "status"), REFUSED.items())
def test_refused_and_answerable(name: str, status: int) -> None:
    with pytest.raises(BadMessage) as caught:
        parse(raw(name))
    assert caught.value.status == status
    broken = caught.value.request
    assert broken is not None, "there is enough of it to answer"
    answer = bytes(reply_to(broken, status, caught.value.reason, tag="ours"))
    assert answer.startswith(b"SIP/2.0 %d " % status)
    assert b"\r\nVia: SIP/" in answer
    assert b"\r\nCSeq: " in answer


@pytest.mark.parametrize("name", DROPPED)
def test_dropped(name: str) -> None:
    with pytest.raises(BadMessage) as caught:
        parse(raw(name))
    assert caught.value.status == 0


@pytest.mark.parametrize(("name", "reason"), RESPONSES.items())
def test_responses(name: str, reason: str) -> None:
    assert response(name).reason == reason


@pytest.mark.parametrize(("name", "contact"), REGISTERS.items())
def test_registers(name: str, contact: str | None) -> None:
    answer = registered(name)
    if contact is None:
        assert isinstance(answer, Refused) and answer.status == 400
    else:
        assert isinstance(answer, Registered)
        assert [one.contact for one in answer.bindings] == [contact]
        assert answer.headers[0] == ("Contact", f"<{contact}>;expires=3600")


@pytest.mark.parametrize("name", sorted([*READ, *RESPONSES, *REGISTERS]))
def test_what_was_read_is_written_and_read_again_the_same(name: str) -> None:
    once = parse(raw(name))
    again = parse(bytes(once))
    assert again.headers() == once.headers()
    assert again.body == once.body
    assert (again.from_, again.to, again.via) == (once.from_, once.to, once.via)
