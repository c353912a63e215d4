"""The ports of the tests themselves: an office and its phones never take each other's."""

from __future__ import annotations

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
