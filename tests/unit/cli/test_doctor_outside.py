"""The doctor looks at what the world sees: the certificate, the portal's address, the trunks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from officesmart import doctor
from officesmart.doctor import State
from pbx import vault
from pbx.config import Config
from pbx.store import settings
from pbx.store.session import Database
from pbx.tables import Trunk
from tests.unit.portal.certificates import make

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)


def looked(config: Config, now: datetime = NOW) -> list[tuple[State, str]]:
    return [(each.state, each.said) for each in doctor.certificate(config, now)]


def test_a_portal_without_tls_has_no_certificate_to_judge(tmp_path: Path) -> None:
    assert looked(Config(data=tmp_path)) == []


@pytest.mark.parametrize(
    ("days", "state", "words"),
    [
        (90, State.GOOD, "good until 2027-02-19"),
        (30, State.GOOD, "29 days"),
        (15, State.BAD, "renew it"),
        (0.5, State.BAD, "ended on"),
    ],
)
def test_a_certificate_that_ends_soon_is_a_fault(
    tmp_path: Path, days: float, state: State, words: str
) -> None:
    cert, key = make(tmp_path, "a", begins=NOW - timedelta(days=1), days=days)
    ((said, text),) = looked(Config(data=tmp_path, tls_cert=cert, tls_key=key))
    assert said is state
    assert words in text


def test_a_key_of_another_certificate_is_a_fault(tmp_path: Path) -> None:
    cert, _ = make(tmp_path, "a", begins=NOW)
    _, other = make(tmp_path, "b", begins=NOW)
    ((said, text),) = looked(Config(data=tmp_path, tls_cert=cert, tls_key=other))
    assert said is State.BAD
    assert "is not that of" in text


def test_an_address_that_is_not_set_and_trunks_without_password(office: Database) -> None:
    config = Config(data=office.data, database_url=office.url)

    def said() -> list[tuple[State, str, str]]:
        return [(each.state, each.what, each.said) for each in doctor.outside(config, office)]

    ((state, what, words),) = said()
    assert (state, what) == (State.NOTE, "portal address") and "Impostazioni" in words
    sealed = vault.seal(office.data, "parola")
    with office.session() as session:
        settings.write(session, settings.PORTAL_ADDRESS, "https://telefono.azienda.it")
        session.add_all(
            [
                Trunk(name="Senza", host="a.example", registers=True),
                Trunk(name="Con", host="b.example", registers=True, sealed_password=sealed),
                Trunk(name="Spenta", host="c.example", registers=True, enabled=False),
                Trunk(name="Fidata", host="d.example", registers=False),
            ]
        )
    good, bad = said()
    assert good == (State.GOOD, "portal address", "https://telefono.azienda.it")
    assert bad[:2] == (State.BAD, "trunk") and bad[2].startswith("Senza ")
