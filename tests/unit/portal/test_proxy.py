"""Whom a request comes from: a trusted proxy's word counts, and nobody else's."""

from __future__ import annotations

import ipaddress

import pytest

from officesmart.proxy import seen_by

TRUSTED = tuple(ipaddress.ip_network(each) for each in ("127.0.0.1/32", "10.0.0.0/8", "::1/128"))


def seen(peer: str, *forwarded: str, proto: str = "", kind: str = "http") -> tuple[str, str]:
    headers = [(b"x-forwarded-for", each.encode()) for each in forwarded]
    if proto:
        headers.append((b"x-forwarded-proto", proto.encode()))
    scheme = "ws" if kind == "websocket" else "http"
    scope = seen_by(
        {"type": kind, "scheme": scheme, "client": (peer, 5), "headers": headers}, TRUSTED
    )
    return scope["client"][0], scope["scheme"]


@pytest.mark.parametrize(
    ("peer", "forwarded", "is_from"),
    [
        ("127.0.0.1", ("203.0.113.9",), "203.0.113.9"),
        ("127.0.0.1", ("203.0.113.9, 10.1.2.3",), "203.0.113.9"),
        ("127.0.0.1", ("6.6.6.6, 203.0.113.9",), "203.0.113.9"),  # what it claimed itself
        ("127.0.0.1", ("6.6.6.6", "203.0.113.9"), "203.0.113.9"),
        ("127.0.0.1", ("203.0.113.9, nonsense",), "127.0.0.1"),
        ("127.0.0.1", ("",), "127.0.0.1"),
        ("127.0.0.1", (), "127.0.0.1"),
        ("127.0.0.1", ("10.0.0.7",), "10.0.0.7"),
        ("::1", ("2001:db8::7",), "2001:db8::7"),
        ("::1", ("[2001:db8::7]:4711",), "2001:db8::7"),
        ("127.0.0.1", ("203.0.113.9:4711",), "203.0.113.9"),
        ("::ffff:127.0.0.1", ("203.0.113.9",), "203.0.113.9"),
        ("192.0.2.5", ("127.0.0.1",), "192.0.2.5"),
        ("192.0.2.5", ("203.0.113.9",), "192.0.2.5"),
        ("testclient", ("203.0.113.9",), "testclient"),
    ],
)
def test_the_address_is_the_last_that_a_proxy_of_ours_saw(
    peer: str, forwarded: tuple[str, ...], is_from: str
) -> None:
    assert seen(peer, *forwarded)[0] == is_from


def test_the_scheme_is_the_proxys_word() -> None:
    assert seen("127.0.0.1", proto="https")[1] == "https"
    assert seen("127.0.0.1", proto="http, https")[1] == "https"
    assert seen("127.0.0.1", proto="https", kind="websocket")[1] == "wss"
    assert seen("127.0.0.1", proto="gopher")[1] == "http"
    assert seen("192.0.2.5", proto="https")[1] == "http"


def test_without_trust_nothing_changes() -> None:
    scope = {"type": "http", "scheme": "http", "client": ("127.0.0.1", 1), "headers": []}
    assert seen_by(scope, ()) is scope
