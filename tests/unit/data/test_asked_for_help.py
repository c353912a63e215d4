"""Who called for help is known after a restart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from pbx.calls.help import Help
from pbx.store.asked_for_help import asked_for_help
from pbx.store.session import Database
from pbx.tables import CallRecord

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def _call(number: str, ended: timedelta, *phones: object) -> CallRecord:
    return CallRecord(
        call_id=number, started_at=NOW - ended - timedelta(minutes=5), ended_at=NOW - ended,
        phones=list(phones),  # type: ignore[arg-type]
    )  # fmt: skip


def _help(line: str) -> dict[str, object]:
    return {"line": "", "phone": "Primo 112", "status": 200, "payer": line, "kind": "emergency"}


def test_the_calls_of_the_last_hour_are_remembered(database: Database) -> None:
    with database.session() as rows:
        rows.add(_call("1", timedelta(minutes=59), _help("201")))
        rows.add(_call("2", timedelta(minutes=61), _help("202")))
        rows.add(_call("3", timedelta(minutes=1), {"payer": "203", "kind": "premium"}, "nonsense"))
        rows.add(_call("4", timedelta(minutes=1)))
    with database.reading() as rows:
        found = asked_for_help(rows, NOW)
    assert found == (("201", NOW - timedelta(minutes=59)),)
    help_ = Help()
    help_.remember(found)
    assert help_.lately(NOW) == {"201"}
    assert not help_.lately(NOW + timedelta(minutes=2))
