"""Who calls and who is called, as providers write it: every header that we send or believe."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx.calls.identity import (
    CallerSeen,
    Diverted,
    Shown,
    address,
    caller_of,
    dialled_by,
    diversion_headers,
    from_header,
    identity_headers,
)
from pbx.calls.refusal import verdict
from pbx.numbers import from_network, written
from pbx.routing.office import TrunkFacts
from pbx.sip.message import Request
from pbx.sip.parser import parse

TRUNK = TrunkFacts(1, "Primo", host="sip.p.example", username="acct7", main_number="+390255501000")


def invite(
    *,
    uri: str = "sip:acct7@192.0.2.1",
    to: str = "<sip:acct7@192.0.2.1>",
    from_: str = "<sip:+393331234567@p>",
    headers: str = "",
) -> Request:
    lines = [
        f"INVITE {uri} SIP/2.0",
        "Via: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK-1",
        f"From: {from_};tag=a",
        f"To: {to}",
        "Call-ID: c",
        "CSeq: 1 INVITE",
        "Contact: <sip:p@192.0.2.9>",
        *headers.splitlines(),
    ]
    found = parse("\r\n".join([*lines, "", ""]).encode())
    assert isinstance(found, Request)
    return found


@pytest.mark.parametrize(
    ("number", "form", "said"),
    [
        ("+390612345678", "e164", "+390612345678"),
        ("+390612345678", "plain", "390612345678"),
        ("+390612345678", "national", "0612345678"),
        ("+393331234567", "national", "3331234567"),
        ("+442079460000", "national", "00442079460000"),
        ("+442079460000", "plain", "442079460000"),
        ("112", "national", "112"),
        ("187", "e164", "187"),
        ("800123456", "plain", "800123456"),
    ],
)
def test_numbers_as_a_provider_writes_them(number: str, form: str, said: str) -> None:
    assert written(number, form) == said
    if number.startswith("+"):
        assert from_network(said, form) == number


@pytest.mark.parametrize(
    ("said", "form", "number"),
    [
        ("390612345678", "e164", "+390612345678"),
        ("00390612345678", "e164", "+390612345678"),
        ("0612345678", "plain", "+390612345678"),
        ("3331234567", "plain", "+393331234567"),
        ("393331234567", "national", "+393331234567"),
        ("+39 06 1234-5678;npdi", "e164", "+390612345678"),
        ("201", "e164", ""),
        ("", "plain", ""),
        ("*86", "e164", ""),
        ("9" * 40, "plain", ""),
        ("anonymous", "e164", ""),
    ],
)
def test_numbers_as_a_provider_says_them(said: str, form: str, number: str) -> None:
    assert from_network(said, form) == number


@given(st.text(max_size=60), st.sampled_from(["e164", "plain", "national"]))
def test_whatever_a_network_says_is_a_number_or_none(said: str, form: str) -> None:
    number = from_network(said, form)
    assert number == "" or (number[0] == "+" and number[1:].isdigit())


def test_the_address_of_a_number() -> None:
    assert address("+3906123", TRUNK) == "sip:+3906123@sip.p.example"
    other = TrunkFacts(1, "x", host="2001:db8::1", port=5080)
    assert address("112", other) == "sip:112@[2001:db8::1]:5080"
    behind = TrunkFacts(1, "x", host="p.example", port=5080, proxy="edge.p.example:5070")
    assert address("112", behind) == "sip:112@p.example"


def test_our_name_and_number() -> None:
    shown = Shown("+390255501201", 'Anna "la capa"\r\nX: y')
    assert from_header(shown, TRUNK) == (
        '"Anna \\"la capa\\"X: y" <sip:+390255501201@sip.p.example>'
    )
    assert from_header(Shown(""), TRUNK) == "<sip:+390255501000@sip.p.example>"
    nameless = TrunkFacts(1, "x", host="p", username="acct7")
    assert from_header(Shown(""), nameless) == "<sip:acct7@p>"
    (header,) = identity_headers(shown, TRUNK)
    assert header[0] == "P-Asserted-Identity"


def test_three_diverters_and_one_without_a_number() -> None:
    trunk = TrunkFacts(1, "x", host="p", main_number="+3900", diversion="both")
    diverted = [Diverted("+391", 302), Diverted("", 486), Diverted("+393", 408)]
    headers = diversion_headers(diverted, "+394", trunk, withheld=True)
    assert headers == [
        ("Diversion", "<sip:+393@p>;reason=no-answer;privacy=full"),
        ("Diversion", "<sip:+3900@p>;reason=user-busy;privacy=full"),
        ("Diversion", "<sip:+391@p>;reason=unconditional;privacy=full"),
        (
            "History-Info",
            "<sip:+391@p>;index=1, <sip:+3900@p;cause=302>;index=1.1;mp=1, "
            "<sip:+393@p;cause=486>;index=1.1.1;mp=1.1, "
            "<sip:+394@p;cause=408>;index=1.1.1.1;mp=1.1.1",
        ),
    ]
    numberless = TrunkFacts(1, "x", host="p", diversion="both")
    assert diversion_headers([Diverted("")], "+394", numberless) == []


@pytest.mark.parametrize(
    ("request_", "seen"),
    [
        (invite(from_='"Mario Rossi" <sip:+393331234567@p>'), ("+393331234567", "Mario Rossi")),
        (invite(from_='"3331234567" <sip:+393331234567@p>'), ("+393331234567", "")),
        (invite(from_="<tel:+393331234567>"), ("+393331234567", "")),
        (invite(from_='"Ufficio" <sip:201@p>'), ("", "Ufficio")),
        (invite(headers="P-Asserted-Identity: <tel:+390612345678>"), ("+390612345678", "")),
        (invite(headers='P-Asserted-Identity: "broken'), ("+393331234567", "")),
        (invite(headers="Remote-Party-ID: <sip:06 1234@p>"), ("+393331234567", "")),
    ],
)
def test_who_calls(request_: Request, seen: tuple[str, str]) -> None:
    assert caller_of(request_, TRUNK) == CallerSeen(*seen)


@pytest.mark.parametrize(
    "request_",
    [
        invite(from_='"Anonymous" <sip:anonymous@anonymous.invalid>'),
        invite(from_="<sip:c8oqz84zk7z@anonymous.invalid>"),
        invite(headers="Privacy: user;critical"),
        invite(headers="Privacy: id, header"),
    ],
)
def test_who_does_not_want_to_be_known(request_: Request) -> None:
    assert caller_of(request_, TRUNK) == CallerSeen(withheld=True)


@pytest.mark.parametrize(
    ("request_", "number"),
    [
        (invite(to="<sip:+390255501202@192.0.2.1>"), "+390255501202"),
        (invite(uri="sip:0255501202@192.0.2.1"), "+390255501202"),
        (invite(uri="tel:+390255501202"), "+390255501202"),
        # Forwarded to us by the network: To is whom they dialled first.
        (
            invite(uri="sip:+390255501202@192.0.2.1", to="<sip:+390699999999@p>"),
            "+390255501202",
        ),
        # A contact that was changed on the way: the number of ours counts, wherever it stands.
        (invite(uri="sip:x-17@192.0.2.1", to="<sip:+390255501202@p>"), "+390255501202"),
        (
            invite(headers="P-Called-Party-ID: <sip:+390255501202@p>;cpc=ordinary"),
            "+390255501202",
        ),
        (invite(), "+390255501000"),
        (invite(uri="sip:*86@192.0.2.1", to="<sip:*86@p>"), ""),
        (invite(uri="sip:%2386@192.0.2.1"), ""),
        (invite(uri="sip:201@192.0.2.1"), "201"),
        (invite(uri="sip:+390699999999@192.0.2.1"), "+390699999999"),
        (invite(uri="sip:192.0.2.1", to="<sip:192.0.2.1>"), "+390255501000"),
    ],
)
def test_which_number_is_meant(request_: Request, number: str) -> None:
    known = {"+390255501202"}
    assert dialled_by(request_, TRUNK, known.__contains__) == number


@given(st.text(alphabet="0123456789*#+;=@-.aé", max_size=40))
def test_no_code_is_ever_dialled_from_outside(user: str) -> None:
    request = invite()
    request.uri = f"sip:{user}@192.0.2.1"
    dialled = dialled_by(request, TRUNK, lambda number: False)
    assert dialled == "" or dialled.removeprefix("+").isdigit()


def test_every_refusal_means_something() -> None:
    for status in range(400, 700):
        rung = verdict(status)
        assert rung.why in (
            *("busy", "declined", "no_such_number", "barred", "next", "unavailable"),
        )
        assert rung.why != "next" or status in (401, 402, 407, 408, 488, 606) or status // 100 == 5
        if rung.why != "next":
            assert rung.status in (486, 603, 404, 403, 480)
