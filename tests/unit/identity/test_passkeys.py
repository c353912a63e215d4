"""Passkeys: made once for one site, shown once for each question, copies refused."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import select

from officesmart.identity import Factors, factors, passkeys, recovery
from officesmart.identity.passkeys import Added, NoSite, Site
from officesmart.tables import Passkey
from pbx.tables import OfficeSetting
from tests.unit.identity.authenticator import Authenticator
from tests.unit.identity.conftest import GIULIA, Office

HERE = Site("portale.example.it", "https://portale.example.it")


def begin(office: Office, *, key: str = "here", site: Site = HERE) -> dict[str, Any]:
    with office.database.reading() as session:
        line = office.line(session)
        return passkeys.begin_registration(session, line, site=site, key=key, now=office.now)


def finish(office: Office, answer: Any, name: str = "Telefono", key: str = "here") -> Added | None:
    with office.database.session() as session:
        return passkeys.finish_registration(
            session,
            office.line(session),
            answer,
            name,
            site=HERE,
            key=key,
            now=office.now,
            by=GIULIA,
        )


def asked(office: Office, extension: str = "201", key: str = "door") -> dict[str, Any]:
    with office.database.reading() as session:
        line_id = office.line(session, extension).id or 0 if extension else 0
        return passkeys.begin_assertion(session, line_id, site=HERE, key=key, now=office.now)


def shown(office: Office, answer: Any, extension: str = "201", key: str = "door") -> str:
    """The extension that is proved; '' for none."""
    with office.database.session() as session:
        line_id = office.line(session, extension).id or 0 if extension else 0
        found = passkeys.finish_assertion(
            session, line_id, answer, site=HERE, key=key, now=office.now
        )
        mine = office.line(session).id
    return "" if not found else "201" if found == mine else "another"


def has(office: Office) -> Factors:
    with office.database.reading() as session:
        return factors(session, office.line(session).id or 0)


@pytest.fixture
def made(office: Office) -> Authenticator:
    """A passkey of Giulia's."""
    mine = Authenticator()
    added = finish(office, mine.make(begin(office)))
    assert added is not None and len(added.codes) == 10
    return mine


def test_a_passkey_is_made_and_told(office: Office, made: Authenticator) -> None:
    assert has(office) == Factors(passkeys=1, recovery_left=10)
    assert office.mails() == [("security_notice", "201@example.it", "passkey_added")]
    assert office.deeds() == [("201", "passkey_added", "201")]
    assert begin(office)["excludeCredentials"] != []
    second = finish(office, Authenticator().make(begin(office)), "<b>Chiave</b> " + "x" * 10_000)
    assert second is not None and second.codes == () and len(second.name) <= 60


def test_it_proves_its_line_and_is_counted(office: Office, made: Authenticator) -> None:
    assert shown(office, made.show(asked(office))) == "201"
    assert shown(office, made.show(asked(office, "")), "") == "201"
    assert shown(office, made.show(asked(office)), "203") == ""
    with office.database.reading() as session:
        row = session.exec(select(Passkey)).one()
        assert (row.sign_count, row.used_at) == (2, office.now)


def test_an_answer_counts_once_and_for_its_session_only(
    office: Office, made: Authenticator
) -> None:
    options = asked(office)
    answer = made.show(options)
    assert shown(office, answer, key="another browser") == ""
    assert shown(office, answer) == "201"
    assert shown(office, answer) == ""


def test_a_question_is_good_for_five_minutes(office: Office, made: Authenticator) -> None:
    answer = made.show(asked(office))
    office.forward(minutes=5)
    assert shown(office, answer) == ""
    new = Authenticator()
    made_late = new.make(begin(office))
    office.forward(minutes=5)
    assert finish(office, made_late) is None


def test_a_copy_is_refused(office: Office, made: Authenticator) -> None:
    assert shown(office, made.show(asked(office))) == "201"
    made.count = 0
    assert shown(office, made.show(asked(office))) == ""


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "https://altrove.example"},
        {"rp_id": "altrove.example"},
        {"verified": False},
    ],
)
def test_another_site_or_an_unproved_owner_is_refused(
    office: Office, made: Authenticator, wrong: dict[str, Any]
) -> None:
    assert finish(office, Authenticator(**wrong).make(begin(office))) is None
    for name, value in wrong.items():
        setattr(made, name, value)
    assert shown(office, made.show(asked(office))) == ""


@pytest.mark.parametrize(
    "answer",
    [
        None,
        "",
        [],
        {},
        {"id": "x"},
        {"id": 7, "rawId": {}, "response": []},
        {"id": "à", "rawId": "à", "type": "public-key", "response": {"clientDataJSON": "%%"}},
        {"id": "x" * 10_000, "rawId": "x", "type": "public-key", "response": {}},
    ],
)
def test_nothing_odd_is_a_passkey(office: Office, made: Authenticator, answer: Any) -> None:
    begin(office)
    assert finish(office, answer) is None
    asked(office)
    assert shown(office, answer) == ""


@pytest.mark.parametrize("part", ["clientDataJSON", "attestationObject"])
def test_bytes_that_make_no_sense_are_refused(office: Office, part: str) -> None:
    for junk in ("AAAA", "_w", "oWNmbXRkbm9uZQ", "eyJhIjoxfQ"):
        answer = Authenticator().make(begin(office))
        answer["response"][part] = junk
        assert finish(office, answer) is None


@pytest.mark.parametrize("part", ["clientDataJSON", "authenticatorData", "signature"])
def test_a_showing_that_makes_no_sense_is_refused(
    office: Office, made: Authenticator, part: str
) -> None:
    for junk in ("AAAA", "_w", "oWNmbXRkbm9uZQ", "eyJhIjoxfQ"):
        answer = made.show(asked(office))
        answer["response"][part] = junk
        assert shown(office, answer) == ""


def test_the_last_factor_takes_the_paper_codes_along(office: Office, made: Authenticator) -> None:
    with office.database.session() as session:
        which = session.exec(select(Passkey)).one().id or 0
        told: dict[str, Any] = {"now": office.now, "by": GIULIA}
        assert not passkeys.remove(session, office.line(session, "203"), which, **told)
        assert passkeys.remove(session, office.line(session), which, **told)
        assert not passkeys.remove(session, office.line(session), which, **told)
    assert has(office) == Factors()
    assert shown(office, made.show(asked(office))) == ""
    with office.database.session() as session:
        assert not recovery.use_recovery(session, office.line(session).id or 0, "x", office.now)


@pytest.mark.parametrize(
    ("setting", "origin", "site"),
    [
        ("", "https://portale.example.it", HERE),
        ("https://portale.example.it/", "https://Portale.example.it:443", HERE),
        ("", "http://localhost:8080", Site("localhost", "http://localhost:8080")),
        ("https://portale.example.it", "https://altro.example.it", None),
        ("", "https://192.0.2.1", None),
        ("", "https://[2001:db8::1]:8443", None),
        ("", "http://portale.example.it", None),
        ("", "null", None),
        ("", "", None),
        ("", "https://x:99999", None),
    ],
)
def test_the_site_is_the_address_that_people_use(
    office: Office, setting: str, origin: str, site: Site | None
) -> None:
    with office.database.session() as session:
        if setting:
            session.add(OfficeSetting(name="portal.address", value=setting))
        session.flush()
        found = passkeys.site_of(session, origin)
    assert found == site if site is not None else isinstance(found, NoSite)
