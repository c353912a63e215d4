"""Registrations and call records: written soon, in order, through any trouble."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, select

from pbx.calls.story import CallStory, Tried
from pbx.events.kinds import End, Party
from pbx.routing.office import Office, Person
from pbx.routing.plan import Because
from pbx.store import behind, history, records, session
from pbx.store.behind import Behind
from pbx.store.records import EndedCall, RecordKeeper, record_of
from pbx.store.registrations import Registrations, StoredRegistration, load_all, next_phone
from pbx.store.session import Database
from pbx.tables import CallRecord, Line, OfficeSetting, SipAccount, VoiceMessage

NOW = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
AddLine = Callable[..., int]


def phone(number: int, account: int = 1, *, binding: str = "", cseq: int = 1) -> StoredRegistration:
    return StoredRegistration(
        phone=number,
        account_id=account,
        binding=binding or f"sip:{number}@192.0.2.1",
        contact=f"sip:{number}@192.0.2.1:5060",
        transport="udp",
        source_host="192.0.2.1",
        source_port=5060,
        call_id="c1",
        cseq=cseq,
        registered_at=NOW,
        seen_at=NOW,
        expires_at=NOW + timedelta(seconds=3600),
        user_agent="baresip",
    )


def stored(database: Database) -> tuple[StoredRegistration, ...]:
    with database.reading() as rows:
        return load_all(rows)


def test_registrations_come_back_as_they_were(database: Database, add_line: AddLine) -> None:
    add_line("201")

    async def story() -> None:
        registrations = Registrations(database)
        for number in (1, 2, 3):
            registrations.keep(phone(number))
        registrations.keep(phone(2, cseq=9))
        registrations.drop(1, phone(3).binding)
        await registrations.flush()

    asyncio.run(story())
    assert stored(database) == (phone(1), phone(2, cseq=9))
    assert next_phone(stored(database)) == 3
    assert next_phone(()) == 1


def test_the_last_word_about_a_phone_counts(database: Database, add_line: AddLine) -> None:
    add_line("201")

    async def story() -> None:
        registrations = Registrations(database)
        registrations.keep(phone(1))
        await registrations.flush()
        registrations.drop(1, phone(1).binding)
        registrations.keep(phone(1, cseq=5))
        await registrations.flush()
        registrations.keep(phone(1, cseq=6))
        registrations.drop(1, phone(1).binding)
        registrations.keep(phone(7, binding="urn:uuid:1"))
        await registrations.flush()
        # The registrar gave the same phone a new number: the old row goes.
        registrations.keep(phone(8, binding="urn:uuid:1"))
        await registrations.flush()

    asyncio.run(story())
    assert stored(database) == (phone(8, binding="urn:uuid:1"),)


def test_a_deleted_account_takes_only_its_own_phones(database: Database, add_line: AddLine) -> None:
    add_line("201")
    add_line("202")

    async def story() -> None:
        registrations = Registrations(database)
        registrations.keep(phone(1, account=1))
        registrations.keep(phone(2, account=2))
        await registrations.flush()
        with database.session() as rows:
            rows.delete(rows.get(SipAccount, 1))
        registrations.keep(phone(1, account=1, cseq=2))
        registrations.keep(phone(2, account=2, cseq=2))
        await registrations.flush()

    asyncio.run(story())
    assert stored(database) == (phone(2, account=2, cseq=2),)


def names(rows: Session) -> list[str]:
    return list(rows.exec(select(OfficeSetting.value).order_by(OfficeSetting.name)))


def put_down(rows: Session, batch: Sequence[str]) -> None:
    for name in batch:
        rows.add(OfficeSetting(name=name, value=name))


def test_what_waits_for_a_locked_database_is_written_in_order(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "WAIT", 0.0)
    monkeypatch.setattr(behind, "PAUSE", (0.01, 0.01))
    done: list[str] = []

    async def story() -> None:
        other = sqlite3.connect(database.engine.url.database or "", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        refused = asyncio.Event()
        run = database.run

        async def watched(work: Callable[[Session], object]) -> object:
            try:
                return await run(work)
            except BaseException:
                refused.set()
                raise

        database.run = watched  # type: ignore[method-assign, assignment]
        keeper = Behind(database, put_down, written=done.append, gather=0.0)
        keeper.put("a")
        await refused.wait()
        keeper.put("b")
        keeper.put("c")
        assert done == [] and len(keeper) == 3
        other.execute("ROLLBACK")
        other.close()
        await keeper.flush()
        assert len(keeper) == 0

    asyncio.run(story())
    assert done == ["a", "b", "c"]
    with database.reading() as rows:
        assert names(rows) == ["a", "b", "c"]


def test_a_stuck_database_does_not_stop_the_end_of_the_process(database: Database) -> None:
    async def story() -> None:
        other = sqlite3.connect(database.engine.url.database or "", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        keeper = Behind(database, put_down, gather=0.0)
        keeper.put("a")
        await keeper.stop(0.05)
        other.close()

    asyncio.run(story())


def test_one_wrong_row_does_not_cost_the_others_of_its_batch(database: Database) -> None:
    done: list[str] = []

    def write(rows: Session, batch: Sequence[str]) -> None:
        put_down(rows, batch)
        if "bug" in batch:
            raise TypeError("a fault of ours")

    async def story() -> None:
        keeper = Behind(database, write, written=done.append, gather=0.0)
        for name in ("a", "b", "a", "bug", "c"):
            keeper.put(name)
        await keeper.flush()
        keeper.put("d")
        await keeper.flush()

    asyncio.run(story())
    assert done == ["a", "b", "c", "d"]
    with database.reading() as rows:
        assert names(rows) == ["a", "b", "c", "d"]


def ended(call: str, minute: int = 0, **more: object) -> EndedCall:
    at = NOW + timedelta(minutes=minute)
    base = EndedCall(call_id=call, started_at=at, ended_at=at + timedelta(seconds=40))
    return replace(base, **more)  # type: ignore[arg-type]


def keep(database: Database, *calls: EndedCall) -> list[str]:
    told: list[str] = []

    async def story() -> None:
        keeper = RecordKeeper(database)
        for call in calls:
            keeper.keep(call, then=lambda call=call: told.append(call.call_id))  # type: ignore[misc]
        await keeper.flush()

    asyncio.run(story())
    return told


def test_the_three_tabs(database: Database, add_line: AddLine) -> None:
    anna, bruno = add_line("201"), add_line("202")
    to_anna = {"from_line_id": bruno, "to_line_id": anna, "caller_number": "202", "dialled": "201"}
    picked_up = NOW + timedelta(minutes=1, seconds=10)
    told = keep(
        database,
        ended("talked", 1, answered_by="person", answered_at=picked_up, **to_anna),
        ended("cancelled", 2, why="cancelled", **to_anna),
        ended("message", 3, answered_by="mailbox", message_left=True, **to_anna),
        ended("outside", 4, to_line_id=anna, caller_number="", because=({"feature": "x"},)),
        ended("echo", 5, from_line_id=anna, dialled="*600", answered_by="service",
              answered_at=NOW + timedelta(minutes=5)),
        ended("own", 6, from_line_id=anna, to_line_id=anna, dialled="201"),
    )  # fmt: skip
    assert told == ["talked", "cancelled", "message", "outside", "echo", "own"]
    with database.session() as rows:
        rows.add(VoiceMessage(line_id=anna, call_id="message", left_at=NOW, seconds=9, file="x"))
    with database.reading() as rows:
        missed = history.missed(rows, anna)
        assert [row.call_id for row in missed] == ["outside", "message", "cancelled"]
        assert [row.number for row in missed] == ["", "202", "202"]
        assert [row.message_left for row in missed] == [False, True, False]
        assert [row.message_id for row in missed] == [None, 1, None]
        assert missed[0].because == ({"feature": "x"},)
        assert missed[2].at == NOW + timedelta(minutes=2)
        received = history.received(rows, anna)
        assert [(row.call_id, row.seconds) for row in received] == [("talked", 30.0)]
        dialled = history.dialled(rows, anna)
        assert [(row.call_id, row.number, row.seconds) for row in dialled] == [
            ("own", "201", 0.0),
            ("echo", "*600", 40.0),
        ]
        assert [row.call_id for row in history.dialled(rows, bruno)] == [
            "message",
            "cancelled",
            "talked",
        ]
        assert history.missed(rows, bruno) == ()


def test_a_refused_call_is_rejected_and_not_missed(database: Database, add_line: AddLine) -> None:
    anna, bruno = add_line("201"), add_line("202")
    reasons = ({"feature": "line"}, {"feature": "selective_reject"})
    to_anna = {"from_line_id": bruno, "to_line_id": anna, "because": reasons}
    keep(
        database,
        ended("refused", 1, why="rejected", **to_anna),
        ended("declined", 2, why="declined", **to_anna),
    )
    with database.reading() as rows:
        assert [row.call_id for row in history.rejected(rows, anna)] == ["refused"]
        assert [row.call_id for row in history.missed(rows, anna)] == ["declined"]
        assert history.rejected(rows, bruno) == ()
        # Whose list it was is told to its owner only.
        assert history.rejected(rows, anna)[0].because == reasons
        assert history.dialled(rows, bruno)[1].because == reasons[:1]


def test_a_colleague_who_answers_has_received_it(database: Database, add_line: AddLine) -> None:
    anna, bruno = add_line("201"), add_line("202")
    keep(database, ended("a", to_line_id=anna, answered_by="person", answered_line_id=bruno))
    with database.reading() as rows:
        assert history.missed(rows, anna) == () == history.received(rows, anna)
        assert [row.call_id for row in history.received(rows, bruno)] == ["a"]


def test_who_forwards_a_call_has_received_it_and_knows_who_answered(
    database: Database, add_line: AddLine
) -> None:
    anna, bruno = add_line("201"), add_line("202")
    sent_on = {"to_line_id": anna, "answered_by": "person", "callee_name": "Bruno Conti"}
    keep(
        database,
        ended(
            "inside",
            1,
            answered_line_id=bruno,
            forwarded=True,
            dialled="201",
            phones=({"line": "201", "status": 486}, {"line": "202", "status": 200}),
            **sent_on,
        ),
        ended("picked", 2, answered_line_id=bruno, **sent_on),
    )
    with database.reading() as rows:
        assert history.missed(rows, anna) == ()
        (row,) = history.received(rows, anna)
        assert (row.call_id, row.onward, row.onward_name) == ("inside", "202", "Bruno Conti")
        assert [(row.call_id, row.onward) for row in history.received(rows, bruno)] == [
            ("picked", ""),
            ("inside", ""),
        ]


def test_a_tab_is_read_a_page_at_a_time(database: Database, add_line: AddLine) -> None:
    anna = add_line("201")
    # Two began in the same instant: neither is lost between two pages.
    keep(database, *(ended(str(n), max(n, 2), to_line_id=anna) for n in range(5)))
    with database.reading() as rows:
        first = history.listed(rows, anna, "missed", limit=3)
        rest = history.listed(rows, anna, "missed", limit=3, beyond=first[-1])
    assert [row.call_id for row in (*first, *rest)] == ["4", "3", "2", "1", "0"]


def test_a_list_is_read_by_its_other_sides(database: Database, add_line: AddLine) -> None:
    anna, bruno = add_line("201"), add_line("202")
    keep(
        database,
        ended("a", 1, to_line_id=anna, caller_number="+39061", caller_name="Uno"),
        ended("b", 2, to_line_id=anna, caller_number="+39061", caller_name="Due"),
        ended("c", 3, to_line_id=anna, caller_number="+39061", caller_name="Uno"),
        ended("d", 4, from_line_id=anna, to_line_id=bruno, dialled="202", callee_name="Bruno"),
    )
    with database.reading() as rows:
        assert sorted(history.sides(rows, anna, "missed")) == [("+39061", "Due"), ("+39061", "Uno")]
        assert history.sides(rows, anna, "dialled") == [("202", "Bruno")]
        found = history.listed(rows, anna, "missed", sides=[("+39061", "Uno"), ("202", "Bruno")])
        assert [row.call_id for row in found] == ["c", "a"]
        assert history.listed(rows, anna, "missed", sides=[]) == ()


def test_a_record_is_kept_once_and_survives_its_line(database: Database, add_line: AddLine) -> None:
    anna = add_line("201")
    keep(database, ended("a", to_line_id=anna))
    keep(database, ended("a", to_line_id=anna), ended("b", to_line_id=anna, from_line_id=99))
    with database.session() as rows:
        rows.delete(rows.get(Line, anna))
    with database.reading() as rows:
        kept = rows.exec(select(CallRecord).order_by(CallRecord.call_id)).all()
        assert [(each.call_id, each.from_line_id, each.to_line_id) for each in kept] == [
            ("a", None, None),
            ("b", None, None),
        ]


def test_the_record_of_a_story() -> None:
    office = Office(lines={"201": Person(7, "201", "Anna"), "202": Person(8, "202", "Bruno")})
    story = CallStory(
        id="c7f2",
        caller=Party("202", "Bruno", "202"),
        callee=Party("201", "Anna", "201"),
        dialled="201",
        started_at=NOW,
        from_line="202",
        to_line="201",
        ended_at=NOW + timedelta(seconds=9),
        end=End.BUSY,
        status=486,
        ended_by="office",
        tried=[Tried("201", "sip:201@192.0.2.1", 486, "Busy Here", 0.4)],
        because=[Because("line_phones", it="a", en="b")],
    )
    got = record_of(story, office)
    assert (got.call_id, got.from_line_id, got.to_line_id, got.answered_line_id) == (
        "c7f2", 8, 7, None,
    )  # fmt: skip
    assert (got.caller_number, got.caller_name, got.callee_name) == ("202", "Bruno", "Anna")
    assert (got.status, got.why, got.ended_by) == (486, "busy", "office")
    assert got.phones == (
        {"line": "201", "phone": "sip:201@192.0.2.1", "status": 486, "reason": "Busy Here",
         "seconds": 0.4},
    )  # fmt: skip
    assert got.because == ({"feature": "line_phones", "it": "a", "en": "b"},)
