"""Password, PIN and security e-mail: what is refused, what is kept, who is told."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlmodel import select

from officesmart import enrol
from officesmart.administration import accounts
from officesmart.administration.audit import Author
from officesmart.identity import secrets
from officesmart.tables import EmailProof, PastSecret, RememberedBrowser, WebSession
from pbx import credentials
from pbx.tables import Line, Mailbox, OutboxItem
from tests.unit.identity.conftest import GIULIA, PASSWORD, PIN, SARA, Office

GOOD = ("nuvola-lenta-58", "mele.e.pere.31", "tre gatti blu!", "vento&sale-77", "porto.chiaro.6")
NASTY = ("", " ", "x" * 10_000, "😀😀😀", "\u202eabc", "<b>ciao</b>", "' OR 1=1 --", "a\x00b")


def set_password(office: Office, new: str, *, keep: str = "here") -> list[str]:
    with office.database.session() as session:
        line = office.line(session)
        faults = secrets.set_password(session, line, new, now=office.now, by=GIULIA, keep=keep)
    return [fault.rule for fault in faults]


def set_pin(office: Office, new: str) -> list[str]:
    with office.database.session() as session:
        line = office.line(session)
        return [f.rule for f in secrets.set_pin(session, line, new, now=office.now, by=GIULIA)]


def ask_email(office: Office, address: str) -> list[str]:
    with office.database.session() as session:
        line = office.line(session)
        found = secrets.set_security_email(session, line, address, now=office.now, by=GIULIA)
        return [fault.rule for fault in found]


def confirm(office: Office, code: str) -> list[str]:
    with office.database.session() as session:
        line = office.line(session)
        found = secrets.confirm_security_email(session, line, code, now=office.now, by=GIULIA)
        assert all(fault.it and fault.en for fault in found)
        return [fault.rule for fault in found]


def code_mailed(office: Office) -> str:
    with office.database.reading() as session:
        rows = session.exec(select(OutboxItem).where(OutboxItem.kind == "email_code")).all()
    return str(rows[-1].payload["code"])


def security_email(office: Office) -> str:
    with office.database.reading() as session:
        return office.line(session).security_email


def test_a_new_password_counts_and_ends_the_other_browsers(office: Office) -> None:
    assert set_password(office, GOOD[0]) == []
    with office.database.reading() as session:
        line = office.line(session)
        assert credentials.verify(line.password_hash, GOOD[0])
        assert not credentials.verify(line.password_hash, PASSWORD)
        assert {row.token_hash for row in session.exec(select(WebSession))} == {"here", "sara"}
        assert [r.token_hash for r in session.exec(select(RememberedBrowser))] == ["kept 203"]
    assert office.mails() == [("security_notice", "201@example.it", "password")]
    assert office.deeds() == [("201", "password_changed", "201")]
    assert GOOD[0] not in office.everything()


@pytest.mark.parametrize(
    ("new", "rule"),
    [
        ("corta", "short"),
        ("giulia-e-basta", "contains"),
        ("interno-201-mio", "contains"),
        ("password123", "common"),
        ("aaaa-bella-cosa", "sequence"),
        ("x" * 10_000, "long"),
        (PASSWORD, "used"),
    ],
)
def test_a_password_that_breaks_a_rule_changes_nothing(office: Office, new: str, rule: str) -> None:
    assert rule in set_password(office, new)
    with office.database.reading() as session:
        assert credentials.verify(office.line(session).password_hash, PASSWORD)
        assert len(session.exec(select(WebSession)).all()) == 3
    assert (office.mails(), office.deeds()) == ([], [])


@pytest.mark.parametrize("new", NASTY)
def test_nothing_odd_gets_through_or_breaks(office: Office, new: str) -> None:
    set_password(office, new)
    assert set_pin(office, new) == ["digits"]
    assert ask_email(office, new) == ["address"]
    assert confirm(office, new) == ["over"]


def test_the_last_passwords_may_not_come_back(office: Office) -> None:
    for new in GOOD[:3]:
        office.forward(days=1)
        assert set_password(office, new) == []
    assert set_password(office, PASSWORD) == ["used"]
    assert set_password(office, GOOD[2]) == ["used"]
    assert set_password(office, GOOD[3]) == []
    assert set_password(office, PASSWORD) == []
    with office.database.reading() as session:
        assert len(session.exec(select(PastSecret)).all()) == secrets.KEPT["password"]


def test_the_last_five_pins_may_not_come_back(office: Office) -> None:
    pins = ("849261", "571938", "620483", "938475", "263849", "716305")
    for pin in pins[:5]:
        office.forward(days=1)
        assert set_pin(office, pin) == []
    assert set_pin(office, PIN) == ["used"]
    assert set_pin(office, pins[5]) == []
    assert set_pin(office, PIN) == []
    with office.database.reading() as session:
        box = session.get_one(Mailbox, office.line(session).id)
        assert credentials.verify(box.pin_hash, PIN)
    assert set(office.mails()) == {("security_notice", "201@example.it", "mailbox_pin")}


def test_what_somebody_else_gives_is_told_and_the_old_one_remembered(office: Office) -> None:
    with office.database.session() as session:
        author = Author("203", "Sara Lombardi", office.now)
        line_id = office.line(session).id or 0
        for kind, give in (("portal", accounts.reset_portal), ("pin", accounts.reset_pin)):
            new = accounts.made(kind, extension="201", name="Giulia", number="")
            assert give(session, author, line_id, new)
        imported = [enrol.Enrolment(extension="201", secrets=enrol.Secrets(password=GOOD[1]))]
        enrol.write(session, imported, enrol.digests_of(imported), at=office.now)
    told = [what for _, _, what in office.mails()]
    assert told == ["password", "mailbox_pin", "password"]
    assert set_password(office, PASSWORD) == ["used"]
    assert set_pin(office, PIN) == ["used"]


def test_somebody_elses_deed_says_whose_it_was(office: Office) -> None:
    with office.database.session() as session:
        line = office.line(session)
        assert not secrets.set_pin(session, line, "849261", now=office.now, by=SARA)
        notice = session.exec(select(OutboxItem)).one()
        assert (notice.payload["by"], notice.payload["address"]) == (SARA.name, SARA.address)
    assert office.deeds() == [("203", "pin_changed", "201")]


def test_without_a_security_address_nobody_else_is_told(office: Office) -> None:
    with office.database.session() as session:
        line = office.line(session)
        line.security_email, line.email = "", "ufficio@example.it"
        session.add(line)
    assert set_password(office, GOOD[0]) == []
    assert office.mails() == []


def test_a_new_address_counts_once_its_code_is_given(office: Office) -> None:
    assert ask_email(office, " nuova@example.it ") == []
    assert office.mails() == [("email_code", "nuova@example.it", "")]
    assert security_email(office) == "201@example.it"
    code = code_mailed(office)
    assert re.fullmatch(r"\d{8}", code)
    office.forward(hours=23)
    assert confirm(office, f" {code[:4]} {code[4:]} ") == []
    assert security_email(office) == "nuova@example.it"
    assert office.mails()[1:] == [
        ("security_notice", "201@example.it", "security_email"),
        ("security_notice", "nuova@example.it", "security_email"),
    ]
    assert [deed for _, deed, _ in office.deeds()] == [
        "security_email_asked",
        "security_email_changed",
    ]
    assert confirm(office, code) == ["over"]


def test_a_code_is_good_for_a_day_and_five_tries(office: Office) -> None:
    assert ask_email(office, "nuova@example.it") == []
    code = code_mailed(office)
    wrong = "00000000" if code != "00000000" else "11111111"
    for _ in range(secrets.CODE_TRIES):
        assert confirm(office, wrong) == ["code"]
    assert confirm(office, code) == ["over"]
    assert ask_email(office, "nuova@example.it") == []
    code = code_mailed(office)
    office.forward(hours=24)
    assert confirm(office, code) == ["over"]
    assert security_email(office) == "201@example.it"


def test_asking_again_voids_the_code_before(office: Office) -> None:
    assert ask_email(office, "nuova@example.it") == []
    first = code_mailed(office)
    assert ask_email(office, "altra@example.it") == []
    if first != code_mailed(office):
        assert confirm(office, first) == ["code"]
    assert confirm(office, code_mailed(office)) == []
    assert security_email(office) == "altra@example.it"


def test_the_present_address_is_not_asked_for_again(office: Office) -> None:
    assert ask_email(office, "201@EXAMPLE.it") == ["same"]
    assert office.mails() == []


def test_an_address_that_waits_can_be_let_go(office: Office) -> None:
    assert ask_email(office, "nuova@example.it") == []
    with office.database.session() as session:
        line_id = office.line(session).id or 0
        waits = secrets.waiting_email(session, line_id, office.now)
        assert waits is not None and waits.address == "nuova@example.it"
        assert secrets.cancel_security_email(session, line_id)
        assert not secrets.cancel_security_email(session, line_id)
        assert session.exec(select(EmailProof)).all() == []


def test_a_first_address_is_told_alone(office: Office) -> None:
    with office.database.session() as session:
        line = session.get_one(Line, office.line(session).id)
        line.security_email = ""
        session.add(line)
    assert ask_email(office, "nuova@example.it") == []
    assert confirm(office, code_mailed(office)) == []
    assert office.mails()[1:] == [("security_notice", "nuova@example.it", "security_email")]


def test_nobody_is_flooded_with_codes(office: Office) -> None:
    """Each code goes to an address that somebody typed: it may be anybody's."""
    for each in range(secrets.MOST_CODES_AN_HOUR):
        assert ask_email(office, f"vittima{each}@example.it") == []
    before = len(office.mails())
    assert ask_email(office, "altra@example.it") == ["many"]
    assert len(office.mails()) == before
    assert confirm(office, code_mailed(office)) == []  # the last that was sent still counts
    office.now += timedelta(hours=1)
    assert ask_email(office, "altra@example.it") == []
