"""Which address a far end is told."""

from __future__ import annotations

import pytest

from pbx.net.nat import Addresses, route_address


def told(host: str, *, advertise: str = "", bound: str = "") -> str:
    return Addresses(advertise=advertise, bound=bound, now=lambda: 0.0).towards(host)


def test_this_machine_is_told_what_it_can_see() -> None:
    assert told("127.0.0.1") == "127.0.0.1"
    assert told("127.0.0.1", advertise="203.0.113.9") == "127.0.0.1"
    assert told("127.0.0.1", bound="127.0.0.2") == "127.0.0.2"


def test_others_are_told_the_advertised_or_the_bound_address() -> None:
    assert told("192.0.2.5", advertise="203.0.113.9", bound="192.0.2.1") == "203.0.113.9"
    assert told("192.0.2.5", bound="192.0.2.1") == "192.0.2.1"
    assert told("2001:db8::5", advertise="[2001:db8::1]") == "2001:db8::1"


def test_the_lan_is_not_told_the_public_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pbx.net.nat.route_address", lambda host: "192.168.1.2")
    assert told("192.168.1.50", advertise="151.1.2.3") == "192.168.1.2"
    assert told("fd00::50", advertise="2a00:1450::3") == "192.168.1.2"
    assert told("93.40.1.1", advertise="151.1.2.3") == "151.1.2.3"  # the provider
    # A private one is the host's, seen from outside a container: everybody is told that.
    assert told("192.168.1.50", advertise="192.168.1.9") == "192.168.1.9"
    assert told("192.168.1.50", advertise="pbx.example.com") == "pbx.example.com"


def test_a_name_is_no_address() -> None:
    with pytest.raises(ValueError, match="phone.example.com"):
        told("phone.example.com")


def test_a_route_is_remembered_and_looked_up_again_after_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    def route(host: str) -> str:
        asked.append(host)
        return f"10.0.0.{len(asked)}"

    monkeypatch.setattr("pbx.net.nat.route_address", route)
    moment = 0.0
    addresses = Addresses(now=lambda: moment)
    assert addresses.towards("192.0.2.5") == addresses.towards("192.0.2.5") == "10.0.0.1"
    moment = 301.0
    assert addresses.towards("192.0.2.5") == "10.0.0.2"
    assert route_address("127.0.0.1") == "127.0.0.1"
