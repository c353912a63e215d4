"""What a star code does to the rows, and how it is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from pbx.apps.star_code import spoken
from pbx.events.kinds import Party
from pbx.media.prompts import PROMPTS
from pbx.routing.features.do_not_disturb import quiet
from pbx.routing.star_codes import DEEDS
from pbx.store import last_caller, options, services, speed_dials
from pbx.store.services import State
from pbx.store.session import Database
from pbx.store.snapshot import build
from pbx.tables import AuditEntry, CallerEntry, CallRecord, FeatureOption, Line
from tests.unit.apps.conftest import NOON, House
from tests.unit.apps.fakecall import HANG_UP, FakeCall

FEATURES = (
    *("forward_all", "forward_busy", "forward_no_answer", "forward_unavailable"),
    *("do_not_disturb", "call_waiting", "anonymous_reject", "selective_reject"),
    "selective_forward",
)
DIGITS = ("digit.2", "digit.0", "digit.2")


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (State("forward_all", False, "202"), ("star.forward_all.off",)),
        (State("forward_all", False, "202", asked=True), ("star.forward_all.is_off",)),
        (
            State("forward_busy", True, "202"),
            ("star.forward_busy.on", "pause.short", "star.to_extension", *DIGITS),
        ),
        (State("do_not_disturb", True), ("star.do_not_disturb.on",)),
        (State("do_not_disturb", True, asked=True), ("star.do_not_disturb.is_on",)),
        (
            State("selective_reject", True, note="empty"),
            ("star.selective_reject.on", "pause.short", "star.list_empty"),
        ),
        (State("hide_id", True, asked=True), ("star.number_hidden",)),
        (State("hide_id", False, asked=True), ("star.number_shown",)),
        (
            State("reject_last", True, "202"),
            ("star.reject_last.on", "message.from_extension", *DIGITS),
        ),
        (
            State("reject_last", False, "202", note="emptied"),
            (
                *("star.reject_last.off", "message.from_extension", *DIGITS, "pause.short"),
                "star.selective_reject.off",
            ),
        ),
        (State("reject_last", False, note="nobody"), ("star.last_call.none",)),
        (State("reject_last", False, note="none"), ("star.reject_last.none",)),
        (
            State("reject_last", False, note="withheld"),
            ("star.last_call.withheld", "star.reject_last.withheld"),
        ),
        (State("reject_last", False, "202", note="full"), ("star.list_full",)),
        (
            State("speed_dial", True, "202", place="12"),
            (
                "star.speed_dial",
                "number.12",
                "pause.short",
                "star.speed_dial.to_extension",
                *DIGITS,
            ),
        ),
        (
            State("speed_dial", False, place="5"),
            ("star.speed_dial", "number.5", "star.speed_dial.cleared"),
        ),
        (
            State("speed_dial", False, place="5", note="empty"),
            ("star.speed_dial", "number.5", "star.speed_dial.was_empty"),
        ),
    ],
)
def test_what_is_said(state: State, said: tuple[str, ...]) -> None:
    assert spoken(state, "it") == said
    assert set(said) <= set(PROMPTS)


@pytest.mark.parametrize("feature", FEATURES)
@pytest.mark.parametrize("on", [True, False])
@pytest.mark.parametrize("asked", [True, False])
def test_each_service_has_a_sentence_for_each_state(feature: str, on: bool, asked: bool) -> None:
    said = spoken(State(feature, on, asked=asked), "en")
    assert said and set(said) <= set(PROMPTS)


def test_each_deed_of_a_profile_has_its_words() -> None:
    """Whatever a code of ours asks for can be done and said."""
    silent = {"hide_id.call", "show_id.call", "return_call.now"}
    features = {deed.partition(".")[0] for deed in set(DEEDS) - silent}
    assert features == {*FEATURES, "forwards", "reject_last", "speed_dial", "hide_id"}


def test_a_short_code_is_no_extension() -> None:
    said = spoken(State("forward_all", True, "700"), "it", {"700": None})
    assert said[2] == "star.to_number"


def test_a_number_outside_is_said_as_people_dial_it() -> None:
    said = spoken(State("forward_no_answer", True, "+393331234567", 20), "en")
    assert said[2] == "star.to_number"
    assert said[3:6] == ("digit.3", "digit.3", "digit.3")
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
        asked = services.do(session, line, "forward_no_answer.ask")
        assert asked == replace(state, asked=True)
        assert services.do(session, line, "forwards.off") == State("forwards", False)
        rows = session.exec(select(FeatureOption).where(FeatureOption.line_id == line)).all()
        assert len(rows) == 4
        assert not any(row.options["enabled"] for row in rows)
        with pytest.raises(KeyError):
            services.do(session, line, "auto_callback.on")
        with pytest.raises(KeyError):
            services.do(session, line, "caller_id.on")


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


def called(
    session: Session, by: str, *, to: str = "201", minutes: int = 0, inside: bool = False
) -> None:
    """A call that came to a line, so many minutes ago."""
    at = NOON - timedelta(minutes=minutes)
    session.add(
        CallRecord(
            call_id=f"{by}-{minutes}",
            from_line_id=line_id(session, by) if inside else None,
            to_line_id=line_id(session, to),
            caller_number=by,
            caller_name="Chi chiama",
            started_at=at,
            ended_at=at,
        )
    )
    session.flush()


def listed(session: Session, line: int) -> list[tuple[str, str]]:
    rows = session.exec(select(CallerEntry).where(CallerEntry.line_id == line))
    return [(each.kind, each.value) for each in rows]


def test_the_last_caller_is_turned_away_and_forgiven(house: House) -> None:
    with house.database.session() as session:
        line = line_id(session, "201")
        called(session, "+390255501200", minutes=3)
        called(session, "202", minutes=2, inside=True)
        called(session, "201", minutes=1, inside=True)  # his own mailbox
        called(session, "+390255501299", to="202")  # somebody else's
        assert services.do(session, line, "reject_last.on") == State("reject_last", True, "202")
        assert services.do(session, line, "reject_last.on") == State("reject_last", True, "202")
        assert listed(session, line) == [("extension", "202")]
        assert services.do(session, line, "selective_reject.ask").on
        called(session, "+390255501201")
        assert services.do(session, line, "reject_last.on").number == "+390255501201"
        state = services.do(session, line, "reject_last.off")
        assert state == State("reject_last", False, "+390255501201")
        assert services.do(session, line, "selective_reject.ask").on
        state = services.do(session, line, "reject_last.off")
        assert state == State("reject_last", False, "202", note="emptied")
        assert not services.do(session, line, "selective_reject.ask").on
        state = services.do(session, line, "reject_last.off")
        assert state == State("reject_last", False, note="none")


def test_prefixes_contacts_and_groups_are_not_taken_away_by_a_code(house: House) -> None:
    with house.database.session() as session:
        line = line_id(session, "201")
        called(session, "+390255501200")
        services.do(session, line, "reject_last.on")
        for kind in ("prefix", "anonymous"):
            session.add(CallerEntry(line_id=line, service=last_caller.LIST, kind=kind, value="+44"))
        session.flush()
        assert services.do(session, line, "reject_last.off").number == "+390255501200"
        assert services.do(session, line, "reject_last.off").note == "none"
        assert services.do(session, line, "selective_reject.ask").on


def test_nobody_a_withheld_number_and_a_full_list_are_told(house: House) -> None:
    with house.database.session() as session:
        line = line_id(session, "201")
        assert services.do(session, line, "reject_last.on").note == "nobody"
        called(session, "", minutes=5)
        assert services.do(session, line, "reject_last.on").note == "withheld"
        assert listed(session, line) == []
        for n in range(last_caller.MOST):
            session.add(
                CallerEntry(line_id=line, service=last_caller.LIST, kind="prefix", value=f"+{n}")
            )
        called(session, "+390255501200")
        assert services.do(session, line, "reject_last.on").note == "full"
        assert len(listed(session, line)) == last_caller.MOST
        assert not services.do(session, line, "selective_reject.ask").on


def test_a_list_service_that_has_nobody_says_so(house: House) -> None:
    with house.database.session() as session:
        line = line_id(session, "201")
        state = services.do(session, line, "selective_forward.on", number="202")
        assert state == State("selective_forward", True, "202", note="empty")
        assert services.do(session, line, "selective_forward.off").note == ""


def test_speed_dials_are_set_changed_and_cleared(house: House) -> None:
    with house.database.session() as session:
        line = line_id(session, "201")
        speed_dials.put(session, line, "5", "202", "Bruno")
        services.do(session, line, "speed_dial.on", number="+393331234567", place="5")
        row = speed_dials.read(session, line, "5")
        assert row is not None and (row.number, row.name) == ("+393331234567", "")
        assert speed_dials.read(session, line_id(session, "202"), "5") is None
        assert services.do(session, line, "speed_dial.off", place="5").note == ""
        assert services.do(session, line, "speed_dial.off", place="5").note == "empty"


def test_what_a_code_changed_is_in_the_log_and_what_it_left_is_not(house: House) -> None:
    def entries(session: Session) -> list[AuditEntry]:
        return list(session.exec(select(AuditEntry).order_by(AuditEntry.id)))  # type: ignore[arg-type]

    with house.database.session() as session:
        line = line_id(session, "201")
        called(session, "+390255501200")
        for deed, code in (
            ("do_not_disturb.on", "*26"),
            ("do_not_disturb.on", "*26"),
            ("do_not_disturb.ask", "*#26"),
            ("reject_last.on", "*60"),
        ):
            services.do(session, line, deed, code=code, at=NOON)
        services.do(session, line, "forward_busy.on", number="202", code="*67", at=NOON)
        services.do(session, line, "speed_dial.on", number="202", place="5", code="*75", at=NOON)
        session.flush()
        found = entries(session)
        assert [each.what for each in found] == [services.TRACE] * 4
        assert {(each.who, each.line, each.line_name) for each in found} == {
            ("201", "201", "Person 201")
        }
        quiet_, rejected, forward, dial = found
        assert quiet_.before == {"do_not_disturb": False}
        assert quiet_.after == {"do_not_disturb": True, "code": "*26"}
        assert rejected.after == {"selective_reject": True, "callers": 1, "code": "*60"}
        assert forward.after == {
            "forward_busy": True, "forward_busy_number": "202", "code": "*67",
        }  # fmt: skip
        assert dial.after == {"speed_dial": "5", "code": "*75"}
        assert "+390255501200" not in str([each.after for each in found])


# --- *69 -----------------------------------------------------------------------------------------


def calls_back(house: House, **more: object) -> FakeCall:
    call = FakeCall(caller=Party("201", "Person 201", "201"), **more)  # type: ignore[arg-type]
    return house.run("star_code", call, "return_call.now")


def test_the_last_call_is_returned_after_its_number_was_said(house: House) -> None:
    with house.database.session() as session:
        called(session, "+390255501200", minutes=2)
        called(session, "202", minutes=1, inside=True)
    call = calls_back(house)
    assert call.heard == [
        "star.last_call.came", "message.from_extension", *DIGITS, "star.last_call.failed",
    ]  # fmt: skip
    assert call.transferred == "202"  # this caller on paper always comes back


def test_who_hangs_up_while_the_number_is_said_calls_nobody(house: House) -> None:
    with house.database.session() as session:
        called(session, "+390255501200")
    call = calls_back(house, reactions={"message.from": [HANG_UP]})
    assert call.transferred == ""


def test_a_withheld_number_cannot_be_called_back_and_nobody_neither(house: House) -> None:
    assert calls_back(house).heard == ["star.last_call.none"]
    with house.database.session() as session:
        called(session, "")
    call = calls_back(house)
    assert call.heard == ["star.last_call.withheld"]
    assert call.transferred == ""
