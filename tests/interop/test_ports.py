"""The ports of the tests themselves: an office and its phones never take each other's."""

from __future__ import annotations

import socket
from pathlib import Path

from tests.interop import ports
from tests.interop.office import Office


def test_a_phone_has_its_ports_outside_every_office(tmp_path: Path) -> None:
    assert not set(ports.OFFICES) & set(ports.PHONES)
    for n in range(20):
        office = Office(tmp_path / str(n))
        taken = {office.port, *range(office.rtp[0], office.rtp[1] + 1)}
        assert taken <= set(ports.OFFICES)
        first = ports.row(26)
        assert set(range(first, first + 26)) <= set(ports.PHONES)


def test_nobody_is_given_what_another_was_given_and_has_not_bound_yet() -> None:
    rows = [ports.row(6) for _ in range(100)]
    given = [port for first in rows for port in range(first, first + 6)]
    assert len(set(given)) == len(given)


def test_a_port_of_the_provider_is_taken_too() -> None:
    first = ports.row(2)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as provider:
        provider.bind(("127.0.0.2", first))
        assert not ports.free(socket.SOCK_DGRAM, first)
