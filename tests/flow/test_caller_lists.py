"""Callers on a line's lists: rejected, always put through, or sent elsewhere."""

# A phone rings now and not a moment later: mypy takes the second assertion for unreachable.
# mypy: no-warn-unreachable
from __future__ import annotations

from pbx.events.kinds import End
from pbx.routing.callers import Caller
from tests.flow.office import FlowOffice, story
from tests.flow.test_ring_plan import option

ANNA = Caller("extension", "201", "Anna Conti", 1, frozenset(("201",)))


def listed(office: FlowOffice, line: str, service: str) -> None:
    """201 is on this list of a line, and the service is on."""
    callers = {**office.snapshot.last.lines[line].callers, service: (ANNA,)}
    office.sets(line, callers=callers)
    option(office, line, service, enabled=True, number="204")


@story
async def test_a_rejected_caller_is_listed_as_such_and_reaches_no_mailbox(
    office: FlowOffice,
) -> None:
    anna, bruno = [await office.phone(line) for line in ("201", "202")]
    listed(office, "202", "selective_reject")
    await anna.dials("202")
    await office.clock.forward(10)
    assert anna.statuses[-1] == 603 and not bruno.dialogs
    record = office.story
    assert (record.end, record.to_line, record.answered_by) == (End.REJECTED, "202", "")
    assert record.because[-1].it == "Anna Conti è nella lista di rifiuto dell'interno 202"


@story
async def test_who_forwarded_a_call_that_is_rejected_there_has_missed_it(
    office: FlowOffice,
) -> None:
    anna = await office.phone("201")
    option(office, "202", "forward_all", enabled=True, number="203")
    listed(office, "203", "selective_reject")
    await anna.dials("202")
    await office.clock.forward(10)
    assert anna.statuses[-1] == 603
    assert (office.story.end, office.story.to_line) == (End.DECLINED, "202")


@story
async def test_a_priority_caller_rings_in_spite_of_do_not_disturb(office: FlowOffice) -> None:
    anna, bruno, carla = [await office.phone(line) for line in ("201", "202", "203")]
    option(office, "202", "do_not_disturb", enabled=True)
    listed(office, "202", "priority_callers")
    await anna.dials("202")
    assert bruno.rings
    assert "info=priority" in bruno.dialog.invite.get_all("Alert-Info")[0]
    await anna.hangs_up()
    before = len(bruno.dialogs)
    await carla.dials("202")
    await office.clock.forward(1)
    assert len(bruno.dialogs) == before
    await carla.hangs_up()


@story
async def test_a_listed_caller_goes_elsewhere_and_nobody_else_does(office: FlowOffice) -> None:
    anna, bruno, carla, dario = [await office.phone(x) for x in ("201", "202", "203", "204")]
    listed(office, "202", "selective_forward")
    await anna.dials("202")
    assert dario.rings and not bruno.dialogs
    await anna.hangs_up()
    await carla.dials("202")
    assert bruno.rings
    await carla.hangs_up()
