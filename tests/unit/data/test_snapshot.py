"""The office as routing sees it: complete, seen at once by the next call, never waited for."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, select

from pbx.config import Config
from pbx.routing.office import Account, Office, ServiceCode, TrunkFacts
from pbx.routing.office import SpeedDial as SpeedDialFacts
from pbx.routing.star_codes import ITALIAN
from pbx.store import callers, revision
from pbx.store.session import Database
from pbx.store.snapshot import PATIENCE, Snapshots, build
from pbx.tables import (
    CallerEntry,
    ClosingDay,
    Contact,
    ContactGroup,
    ContactGroupMember,
    ContactNumber,
    DialRule,
    DirectNumber,
    FeatureOption,
    Line,
    OfficeSetting,
    OpeningHours,
    PickupGroup,
    PickupMember,
    ServiceNumber,
    ShortCode,
    SipAccount,
    Site,
    SpeedDial,
    Trunk,
)

AddLine = Callable[..., int]


def office(database: Database) -> Office:
    with database.reading() as rows:
        return build(rows, language="en", zone="Europe/London")


def test_everything_that_a_decision_may_depend_on(database: Database, add_line: AddLine) -> None:
    anna = add_line("201", name="Anna", number="+390612345678")
    bruno = add_line("202", mailbox=False)
    with database.session() as rows:
        rows.add(FeatureOption(line_id=anna, feature="no_answer", options={"seconds": 20}))
        rows.add(FeatureOption(feature="no_answer", options={"seconds": 30}))
        rows.add(ServiceNumber(code="*88", app="later"))
        rows.add(SipAccount(line_id=anna, username="anna.soft", direct_audio=True))
    got = office(database)
    with database.reading() as rows:
        assert got.revision == revision.current(rows) > 0
    assert (got.language, got.zone.key) == ("en", "Europe/London")
    assert sorted(got.lines) == ["201", "202"]
    person = got.lines["201"]
    assert (person.line_id, person.name, person.number) == (anna, "Anna", "+390612345678")
    assert person.has_mailbox and person.active
    assert person.options == {"no_answer": {"seconds": 20}}
    assert not got.lines["202"].has_mailbox
    assert got.lines["202"].line_id == bruno
    assert got.numbers == {"+390612345678": "201"}
    assert got.options == {"no_answer": {"seconds": 30}}
    assert got.services == {
        "*86": ServiceCode("*86", "voicemail_menu"),
        "*87": ServiceCode("*87", "voicemail_deposit", True),
        "*600": ServiceCode("*600", "echo"),
        "*88": ServiceCode("*88", "later"),
        "*8": ServiceCode("*8", "pickup"),
        "**": ServiceCode("**", "pickup_directed", True),
        "*85": ServiceCode("*85", "park"),
        **{code: ServiceCode(code, app) for code, app in ITALIAN.items()},
    }
    assert sorted(got.accounts) == ["201", "202", "anna.soft"]
    assert got.accounts["201"] == Account(1, "201", "201", "m", "")
    assert got.accounts["anna.soft"].direct_audio


def test_a_line_switched_off_is_known_but_signs_in_no_phone(
    database: Database, add_line: AddLine
) -> None:
    with database.session() as rows:
        line = rows.get(Line, add_line("201"))
        assert line is not None
        line.active = False
        rows.add(line)
    got = office(database)
    assert not got.lines["201"].active
    assert got.accounts == {}


def test_trunks_come_in_the_order_of_trying(database: Database) -> None:
    with database.session() as rows:
        rows.add(Trunk(name="Riserva", host="sip.b.example", position=2, enabled=False))
        rows.add(
            Trunk(
                name="Primo",
                host="sip.a.example",
                position=1,
                transport="tcp",
                username="0655",
                sealed_password="sealed",
                sources="192.0.2.7 198.51.100.0/24",
                codecs="G722 PCMA",
                capacity=4,
            )
        )
    got = office(database).trunks
    assert [trunk.name for trunk in got.values()] == ["Primo", "Riserva"]
    first = got[2]
    assert isinstance(first, TrunkFacts)
    assert first.sources == ("192.0.2.7", "198.51.100.0/24")
    assert first.codecs == ("G722", "PCMA")
    assert (first.transport, first.capacity, first.enabled) == ("tcp", 4, True)
    assert "sealed" not in repr(first)
    assert not got[1].enabled and got[1].sources == ()


def test_everything_that_digits_depend_on(database: Database, add_line: AddLine) -> None:
    add_line("201", number="+390255501201")
    add_line("202")
    with database.session() as rows:
        bruno = rows.exec(select(Line).where(Line.extension == "202")).one()
        bruno.site, bruno.rights = "Bari", "internal"
        day = [["09:00", "18:00"]]
        bridge = date(2026, 12, 7)
        rows.add(OpeningHours(id=1, name="Ufficio", week=[day] * 7))
        rows.add(OpeningHours(id=2, name="Rotte", week=[[["nine", "five"]]]))
        rows.flush()
        rows.add_all(
            (
                Site(name="Bari", number="+390805501000"),
                ClosingDay(name="Natale", first=date(2026, 12, 25), last=date(2026, 12, 26)),
                ClosingDay(hours_id=2, name="Ponte", first=bridge, last=bridge),
                ShortCode(code="700", name="Corriere", number="+393331234567", for_everybody=True),
                DirectNumber(number="+390255501200", kind="line", target="201", hours_id=1,
                             closed_kind="mailbox", closed_target="202"),
                DialRule(prefix="+44", kind="national", barred=True, label="Londra"),
                OfficeSetting(name="outside.prefix", value="9"),
                OfficeSetting(name="services.order", value="dnd_first"),
                ServiceNumber(code="*98", app="echo", enabled=False),
            )
        )  # fmt: skip
    got = office(database)
    assert (got.lines["201"].shown, got.lines["202"].shown) == ("+390255501201", "+390805501000")
    assert got.lines["202"].rights == {"internal"}
    assert "mobile" in got.lines["201"].rights
    assert got.short_codes["700"].for_everybody
    direct = got.direct_numbers["+390255501200"]
    assert (direct.kind, direct.target, direct.hours) == ("line", "201", 1)
    assert (direct.closed_kind, direct.closed_target) == ("mailbox", "202")
    assert got.hours[1].week[6] == [["09:00", "18:00"]]
    assert [each.name for each in got.hours[1].closings] == ["Natale"]
    assert [each.name for each in got.hours[2].closings] == ["Ponte", "Natale"]
    assert not any(got.hours[2].week)
    assert got.rules["+44"].barred
    assert got.rules["+44"].trunk == 0
    assert got.outside_prefix == "9"
    assert got.dnd_first
    assert "*98" not in got.services


def test_a_big_office_takes_as_few_questions_as_a_small_one(
    database: Database, add_line: AddLine
) -> None:
    for number in range(1001, 1041):
        add_line(str(number))
    asked: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *told: asked.append(str(told[2])))
    assert len(office(database).lines) == 40
    assert len([each for each in asked if each.startswith("SELECT")]) == 17


def test_the_next_call_sees_what_another_process_wrote(
    database: Database, tmp_path: Path, add_line: AddLine
) -> None:
    add_line("201")
    moved: list[int] = []
    other = Database(database.url, tmp_path)  # as the command line opens it

    async def story() -> None:
        snapshots = Snapshots(
            database, Config(data=tmp_path), on_moved=lambda new: moved.append(new.revision)
        )
        first = await snapshots.current()
        assert await snapshots.current() is first
        with other.session() as rows:
            rows.add(ServiceNumber(code="*761", app="echo"))
        second = await snapshots.current()
        assert "*761" in second.services
        assert snapshots.last is second
        assert "*761" not in first.services  # a call in progress keeps its own
        snapshots.close()

    asyncio.run(story())
    other.close()
    assert len(moved) == 1


def test_many_calls_share_one_reading(database: Database, tmp_path: Path) -> None:
    times = 0
    read = database.read

    async def counted(work: Callable[[Session], object], **limits: float) -> object:
        nonlocal times
        times += 1
        return await read(work, **limits)

    async def story() -> None:
        snapshots = Snapshots(database, Config(data=tmp_path))
        database.read = counted  # type: ignore[method-assign, assignment]
        await asyncio.gather(*(snapshots.current() for _ in range(50)))
        assert times == 1
        with database.session() as rows:
            rows.add(ServiceNumber(code="*761", app="echo"))
        offices = await asyncio.gather(*(snapshots.current() for _ in range(50)))
        assert times == 2
        assert all("*761" in each.services for each in offices)
        snapshots.close()

    asyncio.run(story())


def test_a_change_during_a_reading_is_seen_by_the_call_after_it(
    database: Database, tmp_path: Path
) -> None:
    async def story() -> None:
        snapshots = Snapshots(database, Config(data=tmp_path))
        await snapshots.current()
        with database.session() as rows:
            rows.add(ServiceNumber(code="*701", app="echo"))
        early = asyncio.create_task(snapshots.current())
        await asyncio.sleep(0)  # its reading is under way
        with database.session() as rows:
            rows.add(ServiceNumber(code="*702", app="echo"))
        late = await snapshots.current()
        assert "*702" in late.services
        assert "*701" in (await early).services
        snapshots.close()

    asyncio.run(story())


def test_calls_go_on_with_the_last_office_while_the_database_is_held(
    database: Database, tmp_path: Path, add_line: AddLine
) -> None:
    add_line("201")

    async def story() -> None:
        snapshots = Snapshots(database, Config(data=tmp_path))
        first = await snapshots.current()
        other = sqlite3.connect(database.engine.url.database or "", isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        other.execute("UPDATE revision SET value = 1000")
        began = time.monotonic()
        assert await snapshots.current() is first
        assert time.monotonic() - began < 20 * PATIENCE  # at once, on a quiet machine
        other.execute("COMMIT")
        other.close()
        assert (await snapshots.current()).revision == 1000
        snapshots.close()

    asyncio.run(story())


def test_a_reader_that_is_stuck_costs_a_call_a_quarter_of_a_second(
    database: Database, tmp_path: Path
) -> None:
    async def story() -> None:
        snapshots = Snapshots(database, Config(data=tmp_path))
        first = await snapshots.current()
        release = asyncio.Event()

        async def stuck(work: Callable[[Session], object], **limits: float) -> object:
            await release.wait()
            raise OperationalError("SELECT", {}, sqlite3.OperationalError("database is locked"))

        database.read = stuck  # type: ignore[method-assign, assignment]
        with database.session() as rows:
            rows.add(ServiceNumber(code="*761", app="echo"))
        began = time.monotonic()
        assert await snapshots.current() is first
        assert PATIENCE * 0.9 < time.monotonic() - began < 20 * PATIENCE
        release.set()
        assert await snapshots.current() is first
        snapshots.close()

    asyncio.run(story())


def test_other_databases_are_asked_on_the_readers_thread(
    database: Database, tmp_path: Path
) -> None:
    async def story() -> None:
        snapshots = Snapshots(database, Config(data=tmp_path))
        database.is_sqlite = False
        first = await snapshots.current()
        assert await snapshots.current() is first
        with database.session() as rows:
            rows.add(ServiceNumber(code="*761", app="echo"))
        assert "*761" in (await snapshots.current()).services

    asyncio.run(story())


def test_a_database_that_cannot_be_read_at_all_stops_the_start(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/empty.db", tmp_path)

    async def story() -> None:
        with pytest.raises(OperationalError, match="no such table"):
            await Snapshots(database, Config(data=tmp_path)).current()

    asyncio.run(story())
    database.close()


def test_caller_lists_follow_contacts_and_know_colleagues(
    database: Database, add_line: AddLine
) -> None:
    anna, bruno = add_line("201", number="+390612345678"), add_line("202")
    with database.session() as rows:
        rows.add(DirectNumber(number="+390612345699", kind="line", target="201"))
        maria = Contact(line_id=bruno, first_name="Maria")
        group = ContactGroup(line_id=bruno, name="Clienti")
        rows.add_all([maria, group])
        rows.flush()
        assert maria.id and group.id
        for number in ("+393331112222", "sip:maria@example.org", "187"):
            rows.add(ContactNumber(contact_id=maria.id, line_id=bruno, number=number))
        rows.add(ContactGroupMember(group_id=group.id, contact_id=maria.id))
        for kind, value, contact, of in (
            ("contact", "", maria.id, None),
            ("group", "", None, group.id),
            ("extension", "201", None, None),
            ("number", "+390612345678", None, None),
            ("prefix", "+39066", None, None),
            ("anonymous", "", None, None),
            ("riddle", "", None, None),
        ):
            rows.add(
                CallerEntry(
                    line_id=bruno,
                    service="selective_reject",
                    kind=kind,
                    value=value,
                    contact_id=contact,
                    group_id=of,
                )
            )
        rows.add(CallerEntry(line_id=bruno, service="no_such_list", kind="anonymous"))
        rows.add(SpeedDial(line_id=anna, code="12", number="202", name="Bruno"))
        pickup = PickupGroup(name="Ufficio")
        rows.add(pickup)
        rows.flush()
        assert pickup.id
        rows.add(PickupMember(group_id=pickup.id, line_id=anna))
    got = office(database).lines
    colleague = {"201", "+390612345678", "+390612345699"}
    assert [(each.kind, each.numbers) for each in got["202"].callers["selective_reject"]] == [
        ("contact", {"+393331112222", "187"}),
        ("group", {"+393331112222", "187"}),
        ("extension", colleague),
        ("number", colleague),
        ("prefix", frozenset()),
        ("anonymous", frozenset()),
    ]
    assert set(got["202"].callers) == {"selective_reject"}
    assert got["201"].speed_dials == {"12": SpeedDialFacts("202", "Bruno")}
    assert got["201"].pickup_groups == {pickup.id}
    assert (got["202"].speed_dials, got["202"].pickup_groups) == ({}, frozenset())
    with database.session() as rows:  # the contact has another number: the list follows
        rows.add(ContactNumber(contact_id=maria.id, line_id=bruno, number="+390655501234"))
    assert "+390655501234" in office(database).lines["202"].callers["selective_reject"][1].numbers


def test_whole_address_books_are_not_read_for_one_entry(
    database: Database, add_line: AddLine
) -> None:
    """One entry of one list must not bring in what four hundred people have collected."""
    bruno = add_line("202")
    with database.session() as rows:
        people = [Contact(line_id=bruno, first_name=f"P{n}") for n in range(50)]
        rows.add_all(people)
        group = ContactGroup(line_id=bruno, name="Clienti")
        rows.add(group)
        rows.flush()
        for n, person in enumerate(people):
            number = f"+3933311122{n:02}"
            rows.add(ContactNumber(contact_id=person.id or 0, line_id=bruno, number=number))
        rows.add(ContactGroupMember(group_id=group.id or 0, contact_id=people[1].id or 0))
        for contact, of in ((people[0].id, None), (None, group.id)):
            rows.add(
                CallerEntry(
                    line_id=bruno,
                    service="priority_callers",
                    kind="group" if of else "contact",
                    contact_id=contact,
                    group_id=of,
                )
            )
        rows.flush()
        read = callers._contact_numbers(rows.connection())
        assert read == {people[0].id: ["+393331112200"], people[1].id: ["+393331112201"]}
        entries = build(rows).lines["202"].callers["priority_callers"]
    assert [set(each.numbers) for each in entries] == [{"+393331112200"}, {"+393331112201"}]
