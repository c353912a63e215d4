"""Warnings as a page shows them, and their remedies: judged again by the server."""

from __future__ import annotations

from typing import Any

import pytest

from officesmart.call_manager import fixes
from officesmart.components.conflict import Remedies
from officesmart.desk import Desk
from pbx.routing.conflicts import conflicts
from pbx.routing.features import do_not_disturb, forward_busy
from pbx.store import options
from pbx.tables import CallerEntry
from tests.unit.administration.conftest import NASTY
from tests.unit.call_manager.conftest import Piece, line_of


def sets(here: Desk, feature: str, **values: Any) -> None:
    with here.database.session() as session:
        options.change(session, feature, line_of(here), **values)


def shown(here: Desk, language: str = "it") -> dict[str, fixes.Warned]:
    with here.database.reading() as session:
        return fixes.warned(conflicts("201", here.offices.read(session)), language)


@pytest.fixture
def quiet_and_forwarding(here: Desk) -> None:
    sets(here, "do_not_disturb", enabled=True)
    sets(here, "forward_busy", enabled=True, number="203")


@pytest.mark.usefixtures("quiet_and_forwarding")
def test_the_remedy_of_do_not_disturb_with_a_busy_forward(here: Desk) -> None:
    warned = shown(here)["do_not_disturb"]
    assert warned.severity == "partly"
    (row,) = warned.rows
    (fix,) = row.fixes
    assert fix.words == "Spegni «Inoltro su occupato»" and not fix.chooses
    assert shown(here, "en")["do_not_disturb"].rows[0].fixes[0].id == fix.id
    tab = Piece(here, Remedies, "201")
    tab.does("mend", fix.id)
    assert "Inoltro su occupato" in tab.said
    with here.database.reading() as session:
        busy = options.read(session, forward_busy.Options, "forward_busy", line_of(here))
        quiet = options.read(session, do_not_disturb.Options, "do_not_disturb", line_of(here))
    assert (busy.enabled, busy.number) == (False, "203"), "the number is kept"
    assert quiet.enabled
    assert shown(here) == {}
    tab.does("mend", fix.id)
    assert "niente da sistemare" in tab.said


@pytest.mark.usefixtures("quiet_and_forwarding")
@pytest.mark.parametrize("nasty", [*NASTY, "0" * 16])
def test_a_forged_remedy_does_nothing(here: Desk, nasty: str) -> None:
    before = shown(here)
    tab = Piece(here, Remedies, "201")
    tab.does("mend", nasty)
    assert shown(here) == before


@pytest.mark.usefixtures("quiet_and_forwarding")
def test_nobody_mends_somebody_elses_line(here: Desk) -> None:
    fix = shown(here)["do_not_disturb"].rows[0].fixes[0]
    tab = Piece(here, Remedies, "203")
    tab.does("mend", fix.id)
    assert shown(here)


def test_a_caller_on_two_lists_is_taken_off_one(here: Desk) -> None:
    with here.database.session() as session:
        for service in ("selective_reject", "priority_callers"):
            options.change(session, service, line_of(here), enabled=True)
            session.add(
                CallerEntry(
                    line_id=line_of(here), service=service, kind="number", value="+390255507741"
                )
            )
    warned = shown(here)
    entry = next(on for on in warned if on.startswith("priority_callers:"))
    assert warned[entry].severity == "ignored"
    assert warned["priority_callers"].severity == "partly", "one entry is not the whole list"
    assert [fix.words for fix in warned[entry].rows[0].fixes] == [
        "Togli dalla lista di rifiuto",
        "Togli dai chiamanti prioritari",
    ]
    Piece(here, Remedies, "201").does("mend", warned[entry].rows[0].fixes[0].id)
    with here.database.reading() as session:
        left = here.offices.read(session).lines["201"].callers
    assert left.get("selective_reject", ()) == () and len(left["priority_callers"]) == 1
    assert shown(here) == {}


def test_a_number_to_choose_is_not_done_by_itself(here: Desk) -> None:
    sets(here, "forward_all", enabled=True, number="201")
    change, off = shown(here)["forward_all"].rows[0].fixes
    assert change.chooses and not off.chooses
    tab = Piece(here, Remedies, "201")
    tab.does("mend", change.id)
    assert shown(here)
