"""One change to many lines: foreseen, done, and told line by line."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import Session, select

from officesmart.administration import lines, listing, many
from pbx.calls import switch
from pbx.store.session import Database
from pbx.store.snapshot import build
from pbx.tables import AuditEntry, Line
from tests.unit.administration.conftest import SARA
from tests.unit.administration.test_lines import change, line_id


def ids(session: Session, *extensions: str) -> list[int]:
    return [line_id(session, each) for each in extensions]


def kinds(found: list[many.Outcome]) -> dict[str, str]:
    return {each.extension: each.kind for each in found}


def foresees(database: Database, *extensions: str, **change: Any) -> dict[str, str]:
    with database.reading() as session:
        return kinds(many.foresee(session, SARA, ids(session, *extensions), change))


def does(database: Database, *extensions: str, **change: Any) -> dict[str, str]:
    with database.session() as session:
        return kinds(many.change_each(session, SARA, ids(session, *extensions), change))


def test_what_is_foreseen_is_what_happens(database: Database) -> None:
    asked = {"site": "Lodi"}
    assert foresees(database, "201", "202", **asked) == {"201": "will", "202": "same"}
    with database.reading() as session:
        assert "Lodi" not in session.exec(select(Line.site).where(Line.extension == "201")).all()
    assert does(database, "201", "202", **asked) == {"201": "done", "202": "same"}
    with database.reading() as session:
        assert listing.sites(session) == ["Lodi"]
        assert [each.line for each in session.exec(select(AuditEntry))] == ["201"]


def test_one_that_may_not_be_changed_holds_nobody_up(database: Database) -> None:
    asked = {"active": False}
    assert foresees(database, "203", "201", **asked) == {"201": "will", "203": "refused"}
    assert does(database, "203", "201", **asked) == {"201": "done", "203": "refused"}
    with database.reading() as session:
        assert "201" not in build(session).accounts and "203" in build(session).accounts


def test_the_last_two_administrators_are_not_switched_off_together(database: Database) -> None:
    change(database, "202", role="admin")
    found = foresees(database, "202", "203", active=False)
    assert found == {"202": "will", "203": "refused"}
    assert does(database, "202", "203", active=False) == {"202": "done", "203": "refused"}


def test_rights_language_and_mailbox(database: Database) -> None:
    assert does(database, "201", "202", rights="internal") == {"201": "done", "202": "done"}
    assert does(database, "201", language="en", mailbox=False) == {"201": "done"}
    with database.reading() as session:
        office = build(session)
        assert office.lines["201"].rights == {"internal"}
        assert not office.lines["201"].has_mailbox and office.lines["201"].language == "en"


def test_a_line_that_is_gone_is_told(database: Database) -> None:
    with database.session() as session:
        (outcome,) = many.change_each(session, SARA, [99], {"active": False})
        assert outcome.kind == "gone"
        assert many.foresee(session, SARA, [99], {"active": False}) == []


@pytest.mark.parametrize("strange", [{}, {"extension": "999"}, {"role": "admin"}])
def test_only_some_fields_may_be_set_for_many(database: Database, strange: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="not to be set"), database.session() as session:
        many.change_each(session, SARA, ids(session, "201"), strange)


def test_a_right_is_lost_and_said(database: Database) -> None:
    change(database, "201", rights="internal premium")
    with database.reading() as session:
        (entry,) = session.exec(select(AuditEntry))
        assert entry.before == {"rights": "internal national mobile"}
        assert lines.values_of(session, line_id(session, "201")).rights == "internal premium"


def test_codecs_on_the_page_are_those_of_the_pbx() -> None:
    from officesmart.administration.accounts import CODECS

    assert CODECS == switch.OURS
