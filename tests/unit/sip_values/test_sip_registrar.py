"""REGISTER, step by step of RFC 3261 s.10.3."""

from __future__ import annotations

import pytest

from pbx.sip.flow import Flow
from pbx.sip.message import Request
from pbx.sip.registrar import (
    Binding,
    Limits,
    Refused,
    Registered,
    contact_key,
    register,
)

NOW = 1_000_000.0
PHONE = Flow("udp", "10.0.0.7", 5060)
OTHER = Flow("tcp", "10.0.0.8", 40000, connection=3)
DESK = '<sip:201@10.0.0.7:5060>;+sip.instance="<urn:uuid:1>"'


def request(
    *contacts: str, expires: str | None = None, call_id: str = "a", cseq: int = 1
) -> Request:
    message = Request(
        "REGISTER",
        "sip:pbx",
        [
            ("Via", "SIP/2.0/UDP 10.0.0.7"),
            ("From", "<sip:201@pbx>;tag=1"),
            ("To", "<sip:201@pbx>"),
            ("Call-ID", call_id),
            ("CSeq", f"{cseq} REGISTER"),
            ("User-Agent", "Phone 1"),
        ],
    )
    for contact in contacts:
        message.add("Contact", contact)
    if expires is not None:
        message.set("Expires", expires)
    return message


def done(
    bindings: tuple[Binding, ...],
    message: Request,
    *,
    now: float = NOW,
    source: Flow = PHONE,
    limits: Limits = Limits(),  # noqa: B008
) -> Registered:
    answer = register(bindings, message, now=now, source=source, limits=limits)
    assert isinstance(answer, Registered), answer
    return answer


def refused(bindings: tuple[Binding, ...], message: Request, *, now: float = NOW) -> Refused:
    answer = register(bindings, message, now=now, source=PHONE)
    assert isinstance(answer, Refused), answer
    return answer


def contacts(answer: Registered) -> list[str]:
    return [value for name, value in answer.headers if name == "Contact"]


def test_first_registration() -> None:
    answer = done((), request(DESK, expires="600"))
    assert answer.bindings == (
        Binding(
            key="<urn:uuid:1>",
            contact="sip:201@10.0.0.7:5060",
            call_id="a",
            cseq=1,
            expires_at=NOW + 600,
            flow=PHONE,
            user_agent="Phone 1",
            registered_at=NOW,
            seen_at=NOW,
            params=(("+sip.instance", "<urn:uuid:1>"),),
        ),
    )
    assert answer.added == answer.bindings and not answer.refreshed and not answer.removed
    assert contacts(answer) == [f"{DESK};expires=600"]
    assert ("Date", "Mon, 12 Jan 1970 13:46:40 GMT") in answer.headers


def test_refresh_keeps_the_binding_and_its_first_date() -> None:
    first = done((), request(DESK, expires="600"))
    answer = done(first.bindings, request(DESK, cseq=2), now=NOW + 300, source=OTHER)
    (one,) = answer.bindings
    assert answer.refreshed == (one,) and not answer.added and not answer.removed
    assert (one.registered_at, one.seen_at) == (NOW, NOW + 300)
    assert (one.flow, one.cseq, one.expires_at) == (OTHER, 2, NOW + 3900)


def test_question_without_contact_changes_nothing() -> None:
    first = done((), request(DESK, "<sip:201@10.0.0.9>;q=0.5", expires="600"))
    answer = done(first.bindings, request(call_id="q"), now=NOW + 100.5)
    assert answer.bindings == first.bindings
    assert contacts(answer) == [f"{DESK};expires=500", "<sip:201@10.0.0.9>;q=0.5;expires=500"]


def test_what_ran_out_is_gone() -> None:
    first = done((), request(DESK, "<sip:201@10.0.0.9>;expires=90", expires="600"))
    answer = done(first.bindings, request(call_id="q"), now=NOW + 90)
    assert [one.contact for one in answer.bindings] == ["sip:201@10.0.0.7:5060"]
    assert [one.contact for one in answer.removed] == ["sip:201@10.0.0.9"]


def test_taking_one_out() -> None:
    first = done((), request(DESK, "<sip:201@10.0.0.9>"))
    gone = done(first.bindings, request("<sip:201@10.0.0.9>;expires=0", call_id="b"))
    assert [one.key for one in gone.bindings] == ["<urn:uuid:1>"]
    assert [one.contact for one in gone.removed] == ["sip:201@10.0.0.9"]
    nothing = done(gone.bindings, request("<sip:201@10.0.0.99>", expires="0", call_id="b", cseq=2))
    assert nothing.bindings == gone.bindings and not nothing.removed


def test_taking_all_out() -> None:
    first = done((), request(DESK, "<sip:201@10.0.0.9>"))
    answer = done(first.bindings, request("*", expires="0", cseq=2))
    assert answer.bindings == () and answer.removed == first.bindings and contacts(answer) == []
    assert refused(first.bindings, request("*", expires="0", cseq=1)).status == 500


@pytest.mark.parametrize(
    ("given", "expires"), [(("*",), None), (("*",), "60"), (("*", DESK), "0"), (("*",), "x")]
)
def test_star_needs_expires_0_alone(given: tuple[str, ...], expires: str | None) -> None:
    assert refused((), request(*given, expires=expires)).status == 400


@pytest.mark.parametrize(
    ("param", "header", "seconds"),
    [
        ("", None, 3600),
        ("", "600", 600),
        (";expires=120", "600", 120),
        (";expires=60", None, 60),
        (";expires=86400", None, 3600),
        ("", "99999999999999999999", 3600),
        (";expires=99999999999999999999999", None, 3600),
        (";expires=soon", "120", 3600),
        (";expires=", None, 3600),
        ("", "soon", 3600),
    ],
)
def test_how_long(param: str, header: str | None, seconds: int) -> None:
    answer = done((), request(f"<sip:201@10.0.0.7>{param}", expires=header))
    assert answer.bindings[0].expires_at == NOW + seconds
    assert contacts(answer) == [f"<sip:201@10.0.0.7>;expires={seconds}"]


def test_the_default_is_for_who_says_nothing_and_an_hour_for_who_says_nonsense() -> None:
    limits = Limits(default_seconds=1200, max_seconds=7200)
    for expires, seconds in ((None, 1200), ("soon", 3600), ("9999", 7200)):
        answer = done((), request("<sip:201@h>", expires=expires), limits=limits)
        assert answer.bindings[0].expires_at == NOW + seconds


@pytest.mark.parametrize("seconds", [1, 59])
def test_too_brief(seconds: int) -> None:
    first = done((), request(DESK))
    answer = refused(first.bindings, request("<sip:x@y>", f"<sip:a@b>;expires={seconds}", cseq=2))
    assert answer.status == 423 and answer.headers == (("Min-Expires", "60"),)


def test_order_within_a_call_id() -> None:
    first = done((), request(DESK, cseq=7))
    for cseq in (6, 7):
        assert refused(first.bindings, request(DESK, cseq=cseq)).status == 500
        assert refused(first.bindings, request(DESK, cseq=cseq, expires="0")).status == 500
        late = request("<sip:201@10.0.0.9>", DESK, cseq=cseq)
        assert refused(first.bindings, late).status == 500, "all or nothing"
    assert done(first.bindings, request(DESK, cseq=1, call_id="after a restart")).refreshed
    assert done(first.bindings, request(DESK, cseq=8)).refreshed


@pytest.mark.parametrize(
    "contact",
    ["<sip:>", "garbage", '"open <sip:a@b>', "<http://a>", "<tel:123>", "sip:a@b?x=y",
     "<sip:a@b>;expires=1;;x", "<sip:" + "a" * 2000 + "@b>"],
)  # fmt: skip
def test_contacts_that_cannot_be_used(contact: str) -> None:
    first = done((), request(DESK))
    assert refused(first.bindings, request("<sip:ok@h>", contact, cseq=2)).status == 400


def test_a_phone_with_a_new_instance_at_its_old_address_replaces_itself() -> None:
    first = done((), request(DESK))
    again = done(first.bindings, request(DESK.replace("uuid:1", "uuid:2"), call_id="b"))
    assert [one.key for one in again.bindings] == ["<urn:uuid:2>"]
    assert again.removed == first.bindings and len(again.added) == 1


def test_a_phone_with_a_new_address_replaces_itself() -> None:
    first = done((), request(DESK))
    moved = done(first.bindings, request(DESK.replace("10.0.0.7", "10.0.0.70"), call_id="b"))
    assert [one.contact for one in moved.bindings] == ["sip:201@10.0.0.70:5060"]
    assert moved.refreshed and not moved.removed


def test_contacts_compare_as_uris() -> None:
    first = done((), request("<sip:201@Host.example.com;transport=udp;x=1>"))
    # Without brackets the parameter is the header's, so this is another URI.
    other = done(first.bindings, request("sip:201@host.example.com;transport=udp", call_id="b"))
    assert len(other.bindings) == 2
    same = done(first.bindings, request("<sip:%3201@host.EXAMPLE.com;transport=UDP>", call_id="b"))
    assert len(same.bindings) == 1 and len(same.refreshed) == 1


def test_flows_of_one_phone() -> None:
    """RFC 5626: reg-id tells the flows of one instance apart."""
    flows = [f"{DESK};reg-id={n}" for n in (1, 2)]
    first = done((), request(flows[0]))
    both = done(first.bindings, request(flows[1], call_id="b"), source=OTHER)
    assert [one.key for one in both.bindings] == ["<urn:uuid:1>;reg-id=1", "<urn:uuid:1>;reg-id=2"]
    assert contacts(both)[1] == f"{DESK};reg-id=2;expires=3600"
    fresh = done(both.bindings, request(flows[1], call_id="c"))
    assert len(fresh.bindings) == 2 and len(fresh.refreshed) == 1


def test_two_contacts_of_one_phone_in_one_request() -> None:
    udp, tcp = DESK, DESK.replace(":5060>", ":5060;transport=tcp>")
    answer = done((), request(udp, tcp))
    assert len(answer.bindings) == 2
    again = done(answer.bindings, request(udp, tcp, cseq=2))
    assert len(again.bindings) == 2 and len(again.refreshed) == 2


def test_the_longest_silent_gives_way() -> None:
    bindings: tuple[Binding, ...] = ()
    for n in range(10):
        new = request(f"<sip:201@10.0.1.{n}>", call_id=f"c{n}")
        bindings = done(bindings, new, now=NOW + n).bindings
    refreshed = request("<sip:201@10.0.1.0>", call_id="c0", cseq=2)
    bindings = done(bindings, refreshed, now=NOW + 20).bindings
    answer = done(bindings, request("<sip:201@10.0.1.99>", call_id="new"), now=NOW + 21)
    assert len(answer.bindings) == 10
    assert [one.contact for one in answer.removed] == ["sip:201@10.0.1.1"]
    many = [f"<sip:201@10.0.2.{n}>" for n in range(11)]
    assert refused((), request(*many)).status == 403


def test_keys() -> None:
    assert contact_key("sip:A@Host.COM:5060;transport=TCP;x=1?y=z") == (
        "sip:A@host.com:5060;transport=tcp"
    )
    assert contact_key("sips:[::1]") == "sips:[::1]"
