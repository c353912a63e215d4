"""What a star code does to the rows, and how it is said."""

from __future__ import annotations

import pytest
from sqlmodel import Session, select

from pbx.apps.star_code import spoken
from pbx.routing.features.do_not_disturb import quiet
from pbx.store import options, services
from pbx.store.services import State
from pbx.store.session import Database
from pbx.store.snapshot import build
from pbx.tables import FeatureOption, Line
from tests.unit.apps.conftest import House


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (State("forward_all", False, "202"), ("star.forward_all", "star.off")),
        (
            State("forward_busy", True, "202"),
            (
                *("star.forward_busy", "star.on", "pause.short", "star.to_extension"),
                *("digit.2", "digit.0", "digit.2"),
            ),
        ),
        (State("do_not_disturb", True), ("star.do_not_disturb", "star.on")),
        (State("hide_id", True), ("star.number_hidden",)),
        (State("hide_id", False), ("star.number_shown",)),
    ],
)
def test_what_is_said(state: State, said: tuple[str, ...]) -> None:
    assert spoken(state, "it") == said


def test_a_number_outside_is_said_as_people_dial_it() -> None:
    said = spoken(State("forward_no_answer", True, "+393331234567", 20), "en")
    assert said[3] == "star.to_number"
    assert said[4:7] == ("digit.3", "digit.3", "digit.3")
    assert "star.after" in said


def line_id(session: Session, extension: str) -> int:
    found = session.exec(select(Line.id).where(Line.extension == extension)).one()
    assert found is not None
    return found


def test_deeds_keep_what_they_do_not_name(house: House) -> None:
    database: Database = house.database
    with database.session() as session:
        line = line_id(session, "201")
        services.do(session, line, "forward_no_answer.on", number="202", seconds=40)
        services.do(session, line, "forward_no_answer.off")
        state = services.do(session, line, "forward_no_answer.on")
        assert state == State("forward_no_answer", True, "202", 40)
        assert services.do(session, line, "forward_no_answer.ask") == state
        assert services.do(session, line, "forwards.off") == State("forwards", False)
        rows = session.exec(select(FeatureOption).where(FeatureOption.line_id == line)).all()
        assert len(rows) == 4
        assert not any(row.options["enabled"] for row in rows)
        with pytest.raises(KeyError):
            services.do(session, line, "call_waiting.on")


def test_who_is_quiet(house: House) -> None:
    with house.database.session() as session:
        line = line_id(session, "201")
        services.do(session, line, "do_not_disturb.on")
    with house.database.reading() as session:
        assert quiet(build(session)) == {"201"}
    with house.database.session() as session:
        options.change(session, "do_not_disturb", None, enabled=True)
        options.change(session, "do_not_disturb", line, enabled=False)
    with house.database.reading() as session:
        office = build(session)
        assert quiet(office) == set(office.lines) - {"201"}
