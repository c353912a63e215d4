"""Lines as administrators change them: who wins, what is refused, what the log says."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

from officesmart import enrol
from officesmart.administration import accounts, audit, lines, listing
from officesmart.administration.clash import Clash, merged
from officesmart.administration.lines import Gone, Refused
from officesmart.administration.rules import LineValues
from officesmart.tables import WebSession
from pbx import credentials
from pbx.numbers import to_e164
from pbx.store import revision
from pbx.store.session import Database
from pbx.store.snapshot import build
from pbx.tables import AuditEntry, Line, Mailbox, Registration, ShortCode, SipAccount, VoiceMessage
from tests.unit.administration.conftest import NOW, SARA

ELSE = audit.Author("202", "Davide Conti", NOW + timedelta(minutes=1))


def line_id(session: Session, extension: str) -> int:
    found = session.exec(select(Line.id).where(Line.extension == extension)).one()
    assert found is not None
    return found


def change(database: Database, of: str, author: audit.Author = SARA, /, **fields: Any) -> None:
    with database.session() as session:
        line = line_id(session, of)
        base = lines.values_of(session, line)
        lines.save(session, author, line, base=base, values=replace(base, **fields))


def make(database: Database, values: LineValues) -> tuple[int, enrol.Enrolment]:
    new = lines.enrolment_of(values)
    digests = enrol.digests_of([new])[0]
    with database.session() as session:
        return lines.create(session, SARA, values, new, digests), new


def entries(database: Database) -> list[AuditEntry]:
    with database.reading() as session:
        return list(session.exec(select(AuditEntry).order_by(AuditEntry.id)))  # type: ignore[arg-type]


def browser_of(database: Database, extension: str, **more: Any) -> int:
    """Somebody is signed in."""
    with database.session() as session:
        row = WebSession(
            token_hash=extension,
            line_id=line_id(session, extension),
            created_at=NOW,
            last_activity_at=NOW,
            **more,
        )
        session.add(row)
        session.flush()
        assert row.id is not None
        return row.id


def test_a_line_switched_off_and_on_again_has_no_browser_signed_in(database: Database) -> None:
    browser_of(database, "201")
    change(database, "201", active=False)
    change(database, "201", active=True)
    with database.reading() as session:
        assert session.exec(select(WebSession)).all() == []


def test_a_role_given_back_is_taken_on_anew(database: Database) -> None:
    """Whoever was in the administrator's role when it was taken away proves himself again."""
    change(database, "202", role="admin")
    row = browser_of(database, "202", admin_since=NOW, proved_at=NOW)
    with database.session() as session:
        session.get_one(WebSession, row).views_line_id = line_id(session, "201")
    change(database, "202", role="user")
    change(database, "202", role="admin")
    with database.reading() as session:
        now = session.get_one(WebSession, row)
        assert (now.admin_since, now.views_line_id, now.proved_at) == (None, None, None)


def test_a_role_given_back_by_a_file_is_taken_on_anew(database: Database) -> None:
    change(database, "202", role="admin")
    row = browser_of(database, "202", admin_since=NOW, proved_at=NOW)
    for role in ("user", "admin"):
        with database.session() as session:
            each = enrol.Enrolment("202", role=role)
            enrol.write(session, [each], [enrol.Digests("", "", "", "")], at=NOW)
    with database.reading() as session:
        assert session.get_one(WebSession, row).admin_since is None


def test_a_change_counts_from_the_next_call_on(database: Database) -> None:
    with database.reading() as session:
        before = revision.current(session)
    change(database, "201", number="+390255501299", ring_seconds=40, mailbox_seconds=12)
    with database.reading() as session:
        assert revision.current(session) > before
        office = build(session)
    assert office.numbers["+390255501299"] == "201"
    assert office.lines["201"].options["ring_plan"]["longest_seconds"] == 40
    assert office.lines["201"].options["mailbox"]["seconds"] == 12


def test_saving_what_is_there_changes_and_notes_nothing(database: Database) -> None:
    change(database, "201")
    assert entries(database) == []


def test_the_log_says_what_was_there_before(database: Database) -> None:
    change(database, "201", name="Giulia F.", mailbox=False)
    (entry,) = entries(database)
    assert (entry.who, entry.line, entry.what) == ("203", "201", "line_changed")
    assert entry.before == {"name": "Giulia Ferrante", "mailbox": True}
    assert entry.after == {"name": "Giulia F.", "mailbox": False}


def test_the_second_to_save_is_told_who_changed_what(database: Database) -> None:
    with database.reading() as session:
        line = line_id(session, "201")
        opened = lines.values_of(session, line)
    change(database, "201", ELSE, name="Giulia Verdi", site="Lodi")
    mine = replace(opened, name="G. Ferrante", email="g@x.it")
    with pytest.raises(Clash) as caught, database.session() as session:
        lines.save(session, SARA, line, base=opened, values=mine)
    conflict = caught.value
    assert set(conflict.fields) == {"name", "site"}
    assert (conflict.who, conflict.at) == ("Davide Conti", ELSE.at)
    # Keeping mine keeps what they changed and I did not.
    both = merged(opened, mine, conflict.theirs)
    assert (both.name, both.email, both.site) == ("G. Ferrante", "g@x.it", "Lodi")
    with database.session() as session:
        lines.save(session, SARA, line, base=conflict.theirs, values=both)
    with database.reading() as session:
        assert lines.values_of(session, line) == both


def test_a_change_from_outside_the_page_is_a_conflict_too(database: Database) -> None:
    with database.session() as session:
        line = line_id(session, "201")
        opened = lines.values_of(session, line)
    with database.session() as session:
        row = session.get(Line, line)
        assert row is not None
        row.language = "en"
    with pytest.raises(Clash) as caught, database.session() as session:
        lines.save(session, SARA, line, base=opened, values=replace(opened, name="X"))
    assert caught.value.fields == ("language",)
    assert caught.value.who == ""


def test_a_deleted_line_cannot_be_saved(database: Database, tmp_path: Path) -> None:
    with database.session() as session:
        line = line_id(session, "202")
        opened = lines.values_of(session, line)
        lines.remove(session, SARA, [line], tmp_path)
    with pytest.raises(Gone), database.session() as session:
        lines.save(session, SARA, line, base=opened, values=opened)


@pytest.mark.parametrize(
    ("fields", "field", "named"),
    [
        (dict(extension="202"), "extension", "Davide Conti"),
        (dict(extension="600"), "extension", "600"),
        (dict(number="02 5550 1203"), "number", "Sara Lombardi"),
    ],
)
def test_a_collision_names_the_other(
    database: Database, fields: dict[str, str], field: str, named: str
) -> None:
    if "number" in fields:
        fields = {"number": to_e164(fields["number"])}
    with pytest.raises(Refused) as caught:
        change(database, "201", **fields)
    assert set(caught.value.faults) == {field}
    assert named in caught.value.faults[field].it and named in caught.value.faults[field].en
    assert entries(database) == []


def test_an_extension_that_phones_still_sign_in_with_is_taken(database: Database) -> None:
    change(database, "201", extension="301")
    # 201 is nobody's line now, but Giulia's phone signs in as 201 until its account is removed.
    with pytest.raises(Refused) as caught:
        make(database, LineValues(extension="201", name="Nuovo"))
    assert "Giulia Ferrante" in caught.value.faults["extension"].it
    with database.reading() as session:
        assert build(session).accounts["201"].extension == "301"


@pytest.mark.parametrize("fields", [dict(role="user"), dict(active=False)])
def test_the_last_administrator_stays(database: Database, fields: dict[str, Any]) -> None:
    with pytest.raises(Refused) as caught:
        change(database, "203", **fields)
    assert "amministratore" in next(iter(caught.value.faults.values())).it


def test_nobody_takes_his_own_role_or_line_away(database: Database, tmp_path: Path) -> None:
    change(database, "202", role="admin")
    with pytest.raises(Refused) as caught:
        change(database, "203", role="user")
    assert "sei entrato" in caught.value.faults["role"].it
    with pytest.raises(Refused), database.session() as session:
        lines.remove(session, SARA, [line_id(session, "203")], tmp_path)
    with pytest.raises(Refused), database.session() as session:
        sara = line_id(session, "203")
        now = lines.values_of(session, sara)
        lines.save(session, SARA, sara, base=now, values=replace(now, active=False))
    change(database, "203", ELSE, role="user")  # another administrator may


def test_the_last_administrator_is_not_deleted_by_others(
    database: Database, tmp_path: Path
) -> None:
    with pytest.raises(Refused) as caught, database.session() as session:
        lines.remove(session, ELSE, [line_id(session, "203"), line_id(session, "201")], tmp_path)
    assert "amministratore" in caught.value.faults[""].it
    with database.reading() as session:
        assert line_id(session, "201")


def test_a_new_line_signs_in_everywhere(database: Database) -> None:
    values = LineValues(
        extension="204", name="Marta Riva", number="+390255501204", site="Torino", mailbox_seconds=9
    )
    line, new = make(database, values)
    with database.reading() as session:
        assert lines.values_of(session, line) == values
        row, box = session.get(Line, line), session.get(Mailbox, line)
        account = session.exec(select(SipAccount).where(SipAccount.line_id == line)).one()
    assert row is not None and box is not None
    assert credentials.verify(row.password_hash, new.secrets.password)
    assert credentials.verify(box.pin_hash, new.secrets.pin)
    assert account.ha1_md5 == credentials.ha1_md5("204", new.secrets.sip_password)
    (entry,) = entries(database)
    told = f"{entry.before}{entry.after}"
    for secret in (new.secrets.password, new.secrets.sip_password, new.secrets.pin):
        assert secret not in told


def test_deleting_takes_everything_with_it(database: Database, tmp_path: Path) -> None:
    sound = tmp_path / "messages" / "201" / "x.wav"
    sound.parent.mkdir(parents=True)
    sound.write_bytes(b"RIFF")
    with database.session() as session:
        line = line_id(session, "201")
        session.add(
            VoiceMessage(
                line_id=line, call_id="x", left_at=NOW, seconds=4, file="messages/201/x.wav"
            )
        )
    with database.reading() as session:
        gone = lines.going(session, [line])
    assert (gone.names, gone.accounts, gone.messages) == (("201 Giulia Ferrante",), 1, 1)
    with database.session() as session:
        assert lines.remove(session, SARA, [line], tmp_path) == ("201",)
    assert not sound.exists()
    with database.reading() as session:
        assert session.get(Mailbox, line) is None
        assert session.exec(select(SipAccount).where(SipAccount.line_id == line)).all() == []
    assert entries(database)[-1].what == "line_deleted"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", 3),
        ("giu", 1),
        ("5550 1201", 1),
        ("0255501201", 1),
        ("20", 3),
        ("CONTI lodi", 1),
        ("giulia lodi", 0),
        ("🦆", 0),
        ("%", 0),
        ("x" * 10_000, 0),
    ],
)
def test_searching_reads_everything_that_is_shown(
    database: Database, text: str, found: int
) -> None:
    with database.reading() as session:
        assert sum(listing.matches(each, text) for each in listing.listed(session)) == found


def test_accounts_come_and_go(database: Database) -> None:
    with database.session() as session:
        line = line_id(session, "201")
        user = accounts.free_user(session, "201")
        new = accounts.made("sip", extension="201", name="", number="", user=user)
        account = accounts.add(session, SARA, line, "Cellulare", new)
        assert accounts.set_direct_audio(session, SARA, account, True)
        assert not accounts.set_direct_audio(session, SARA, account, True)
        assert accounts.rename(session, SARA, account, "Auto")
    with database.reading() as session:
        owned = accounts.of_line(session, line)
        assert [(each.username, each.label, each.direct_audio) for each in owned] == [
            ("201", "", False),
            ("201-2", "Auto", True),
        ]
        assert accounts.free_user(session, "201") == "201-3"
        kept = build(session).accounts["201-2"]
    assert kept.ha1_sha256 == credentials.ha1_sha256("201-2", new.fresh.secret)
    again = accounts.made("sip", extension="201", name="", number="", user="201-2")
    with database.session() as session:
        accounts.reset_sip(session, SARA, account, again)
        session.add(
            Registration(
                account_id=account, binding="b", contact="sip:x", transport="udp",
                source_host="192.0.2.1", source_port=5060, call_id="c", cseq=1,
                registered_at=NOW, seen_at=NOW, expires_at=NOW,
            )
        )  # fmt: skip
    with database.session() as session:
        assert len(listing.phones_of(session, line)) == 1
        assert accounts.remove(session, SARA, account) == "201-2"
    with database.reading() as session:
        assert listing.phones_of(session, line) == []
    told = " ".join(f"{each.what}{each.before}{each.after}" for each in entries(database))
    assert new.fresh.secret not in told and again.fresh.secret not in told
    assert [each.what for each in entries(database)] == [
        "account_added",
        "account_changed",
        "account_changed",
        "sip_reset",
        "account_removed",
    ]


def test_a_label_too_long_makes_no_account(database: Database) -> None:
    new = accounts.made("sip", extension="201", name="", number="", user="201-2")
    with pytest.raises(Refused) as caught, database.session() as session:
        accounts.add(session, SARA, line_id(session, "201"), "x" * 61, new)
    assert "label" in caught.value.faults


def test_a_new_portal_password_signs_the_browsers_out(database: Database) -> None:
    with database.session() as session:
        line = line_id(session, "201")
        session.add(WebSession(token_hash="t", line_id=line, created_at=NOW, last_activity_at=NOW))
    new = accounts.made("portal", extension="201", name="Giulia Ferrante", number="")
    pin = accounts.made("pin", extension="201", name="", number="")
    with database.session() as session:
        accounts.reset_portal(session, SARA, line, new)
        accounts.reset_pin(session, SARA, line, pin)
    with database.reading() as session:
        assert session.exec(select(WebSession)).all() == []
        row, box = session.get(Line, line), session.get(Mailbox, line)
        assert row is not None and credentials.verify(row.password_hash, new.fresh.secret)
        assert box is not None and credentials.verify(box.pin_hash, pin.fresh.secret)
    assert new.fresh.secret not in repr(new)


def test_the_log_is_searched_by_words(database: Database) -> None:
    change(database, "201", name="Giulia 100% Verdi")
    change(database, "202", site="Torino")
    with database.reading() as session:
        assert audit.search(session, "").total == 2
        assert audit.search(session, "torino sara").total == 1
        assert audit.search(session, "100%").total == 1
        assert audit.search(session, "_").total == audit.search(session, "line_").total == 2
        assert audit.search(session, "'; DROP TABLE line; --").total == 0
        newest = audit.search(session, "", limit=1).entries
    assert newest[0].line == "202"


@pytest.mark.parametrize(
    ("extension", "whose"),
    [
        ("112", "emergenza"),
        ("042", "linea esterna"),
        ("805", "posto di parcheggio"),
        ("700", "codice breve «Corriere»"),
    ],
)
def test_an_extension_takes_nobodys_digits(database: Database, extension: str, whose: str) -> None:
    with database.session() as session:
        session.add(ShortCode(code="700", name="Corriere", number="+393331234567"))
    with pytest.raises(Refused) as caught:
        change(database, "201", extension=extension)
    assert whose in caught.value.faults["extension"].it
