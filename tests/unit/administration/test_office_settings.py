"""Office settings: judged, kept, followed; what is old goes by night, and nothing else."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, select

from officesmart import enrol
from officesmart.administration import hold_music, lines, office_settings
from officesmart.administration.clash import Clash
from officesmart.administration.lines import Refused
from officesmart.administration.office_settings import OfficeValues, judge
from officesmart.administration.rules import LineValues
from officesmart.desk import Desk, close_desk, open_desk
from officesmart.jobs import retention
from officesmart.phone import Phone
from officesmart.web_manifest import named
from pbx.config import Config
from pbx.media import prompts
from pbx.store import settings
from pbx.store.dialplan import read_dial_plan
from pbx.store.music import OURS, music
from pbx.store.session import Database
from pbx.store.snapshot import build
from pbx.tables import AuditEntry, CallRecord, Line, Mailbox, VoiceMessage
from tests.unit.administration.conftest import NOW, SARA

BASE = OfficeValues()


def save(session: Session, base: OfficeValues = BASE, **fields: object) -> OfficeValues:
    values = replace(base, **fields)  # type: ignore[arg-type]
    return office_settings.save(session, SARA, base=base, values=values)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("max_messages", "0"),
        ("max_minutes", "many"),
        ("history_months", "121"),
        ("deleted_days", "0"),
        ("park_range", "820-801"),
        ("park_range", "80-820"),
        ("park_range", "x" * 10_000),
        ("park_seconds", "9"),
        ("park_seconds", "molti"),
        ("park_operator", "il centralino"),
        ("park_operator", "1" * 10_000),
        ("portal_address", "telefono.azienda.it"),
        ("portal_address", "https://a.it/pagina"),
        ("portal_address", "https://utente:segreto@a.it"),
        ("portal_address", "javascript:alert(1)"),
        ("portal_address", "https://" + "x" * 10_000),
        ("portal_address", "https://[::"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(field: str, typed: str) -> None:
    assert field in judge({field: typed})[1]


def test_settings_are_followed_at_once(database: Database) -> None:
    with database.session() as session:
        save(session, services_order="dnd_first", park_range="*901-*909", max_messages=20,
             max_minutes=30)  # fmt: skip
        session.flush()
        assert build(session).dnd_first
        assert read_dial_plan(session).orbits[0] == "*901"
        new = LineValues(extension="209", name="Nuova Linea")
        enrolment = lines.enrolment_of(new)
        lines.create(session, SARA, new, enrolment, enrol.digests_of([enrolment])[0])
        box = session.exec(select(Mailbox).join(Line).where(Line.extension == "209")).one()
        assert (box.max_messages, box.max_seconds) == (20, 1800)
        assert office_settings.other_mailboxes(session) == 3
        assert office_settings.set_mailboxes(session, SARA) == 3
        assert office_settings.set_mailboxes(session, SARA) == 0


def test_a_park_range_that_takes_an_extension_names_its_person(database: Database) -> None:
    with database.session() as session:
        with pytest.raises(Refused) as refused:
            save(session, park_range="195-205")
        assert "Giulia Ferrante" in refused.value.faults["park_range"].it
        save(session, park_range="805-830")  # over its own present range: no collision


def test_the_second_editor_is_told(database: Database) -> None:
    with database.session() as session:
        save(session, history_months=6)
        session.flush()
        with pytest.raises(Clash) as clash:
            save(session, deleted_days=10)
        assert (clash.value.who, clash.value.fields) == ("Sara Lombardi", ("history_months",))


# -- what is old goes ---------------------------------------------------------------------------


class HandClock:
    """A clock that the test moves."""

    zone = ZoneInfo("Europe/Rome")

    def __init__(self) -> None:
        self.moment = datetime(2026, 3, 31, 2, 20, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def here(database: Database, clock: HandClock) -> Iterator[Desk]:
    yield open_desk(Config(data=database.data, database_url=database.url), clock=clock,
                    with_phone=Phone())  # fmt: skip
    close_desk()


def call(at: datetime, number: int) -> CallRecord:
    return CallRecord(call_id=f"c{number}", started_at=at, ended_at=at)


def message(data: Path, line: Line, number: int, state: str, at: datetime | None) -> VoiceMessage:
    file = f"messages/{line.extension}/20260101T000000Z-m{number}.wav"
    (data / file).parent.mkdir(parents=True, exist_ok=True)
    (data / file).write_bytes(b"RIFF")
    return VoiceMessage(
        line_id=line.id or 0, call_id=f"m{number}", left_at=NOW, seconds=1, file=file,
        state=state, deleted_at=at,
    )  # fmt: skip


def test_what_is_older_than_the_office_keeps_goes_for_good(here: Desk, clock: HandClock) -> None:
    now, data = clock.now(), here.database.data
    with here.database.session() as session:
        line = session.exec(select(Line).where(Line.extension == "201")).one()
        # In small steps: more than two of them.
        session.add_all(call(now - timedelta(days=400), n) for n in range(retention.STEP * 2 + 5))
        session.add(call(now - timedelta(days=300), 10_000))
        session.add_all(
            [
                message(data, line, 1, "deleted", now - timedelta(days=31)),
                message(data, line, 2, "deleted", now - timedelta(days=29)),
                message(data, line, 3, "heard", None),
                message(data, line, 4, "new", None),
            ]
        )
    asyncio.run(retention.work(here))
    with here.database.reading() as session:
        assert session.exec(select(CallRecord.call_id)).all() == ["c10000"]
        assert set(session.exec(select(VoiceMessage.call_id))) == {"m2", "m3", "m4"}
        (entry,) = session.exec(select(AuditEntry).where(AuditEntry.what == "purged")).all()
        assert (entry.who_name, entry.after) == (
            "Office Smart", {"records": retention.STEP * 2 + 5, "messages": 1},
        )  # fmt: skip
    assert sorted(path.stem[-2:] for path in data.rglob("*.wav")) == ["m2", "m3", "m4"]
    clock.moment += timedelta(days=2)
    with here.database.session() as session:
        office_settings.save(session, SARA, base=BASE, values=replace(BASE, history_months=6))
    asyncio.run(retention.work(here))
    with here.database.reading() as session:
        assert session.exec(select(CallRecord.call_id)).all() == []
        assert set(session.exec(select(VoiceMessage.call_id))) == {"m3", "m4"}
    asyncio.run(retention.work(here))  # nothing due: nothing noted
    with here.database.reading() as session:
        assert len(session.exec(select(AuditEntry).where(AuditEntry.what == "purged")).all()) == 2


def test_an_office_that_is_switched_off_at_night_forgets_in_the_morning(
    here: Desk, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    worked: list[str] = []

    async def work(_: Desk) -> None:
        worked.append(f"{clock.now().astimezone(here.zone):%d %H:%M}")
        if len(worked) == 2:
            raise OSError("no disk")

    def looks(job: retention.Nightly, moment: datetime) -> None:
        clock.moment = moment.replace(tzinfo=here.zone)
        with suppress(OSError):
            asyncio.run(job.work(here))

    monkeypatch.setattr(retention, "work", work)
    job = retention.Nightly()
    for hour, minute in ((8, 30), (8, 40), (18, 0), (23, 59)):
        looks(job, datetime(2026, 3, 30, hour, minute))
    assert worked == ["30 08:30"], "once, when the machine is on again"
    for hour, minute in ((0, 5), (3, 19), (3, 25), (3, 35), (3, 45), (12, 0)):
        looks(job, datetime(2026, 3, 31, hour, minute))
    assert worked[1:] == ["31 03:25", "31 03:35"], "in its hour, and again after a failure"


def test_a_month_before_the_31st_is_the_last_of_a_short_month(here: Desk, clock: HandClock) -> None:
    with here.database.session() as session:
        office_settings.save(session, SARA, base=BASE, values=replace(BASE, history_months=1))
        assert retention.limits(session, clock.now()).calls.date().isoformat() == "2026-02-28"


# -- music --------------------------------------------------------------------------------------


def test_the_office_hears_its_own_music_or_ours(database: Database) -> None:
    assert OURS == prompts.HOLD_MUSIC and OURS.is_file()
    name = "20260101T000000Z-0badcafe.wav"
    folder = database.data / "music"
    folder.mkdir()
    (folder / name).write_bytes(b"RIFF")
    with database.session() as session:
        hold_music.use(session, SARA, database.data, file=name, name="estate.mp3")
    with database.reading() as session:
        office = build(session)
        assert hold_music.current(session) == hold_music.Music("estate.mp3", name)
    assert music(database.data, office.hold_music) == folder / name
    with database.session() as session:
        hold_music.use(session, SARA, database.data, file="", name="")
    assert not (folder / name).exists()
    # A file that is gone, or a name that leads elsewhere: ours is better than silence.
    assert music(database.data, name) == OURS
    assert music(database.data, "../../etc/passwd") == OURS
    with database.session() as session:
        settings.write(session, settings.HOLD_MUSIC, "../officesmart.db")
        assert hold_music.current(session) == hold_music.Music()


@pytest.mark.parametrize("bad", ["x" * 81, "a\nb", "x" * 10_000, "\u202eabc", "\0"])
def test_a_name_of_the_office_that_cannot_be_shown_is_refused(bad: str) -> None:
    values, faults = judge({"office_name": bad})
    assert values.office_name == "" and [*faults] == ["office_name"]


def test_the_name_of_the_office_is_kept_and_noted(database: Database) -> None:
    values, faults = judge({"office_name": "  Lanfranchi & figli <b>🦆</b> "})
    assert (values.office_name, faults) == ("Lanfranchi & figli <b>🦆</b>", {})
    with database.session() as session:
        assert office_settings.values_of(session).office_name == ""
        save(session, office_name="Lanfranchi")
    with database.reading() as session:
        assert settings.read(session, settings.OFFICE_NAME) == "Lanfranchi"
        entry = session.exec(select(AuditEntry)).one()
    assert (entry.what, entry.after) == ("office_changed", {"office_name": "Lanfranchi"})


def test_the_installed_app_carries_the_name() -> None:
    ours = (Path(__file__).parents[3] / "assets" / "manifest.webmanifest").read_text()
    assert named(ours, "") == ours
    said = json.loads(named(ours, "Lanfranchi"))
    assert (said["name"], said["short_name"]) == ("Lanfranchi", "Lanfranchi")
    long = json.loads(named(ours, 'Lanfranchi "& figli" 🦆'))
    assert (long["name"], long["short_name"]) == ('Lanfranchi "& figli" 🦆', "Office Smart")
    assert long["icons"] == json.loads(ours)["icons"]


def test_parking_and_pickup_act_on_the_next_call(database: Database) -> None:
    with database.session() as session:
        save(session, park_seconds=60, park_operator="203", pickup_all=True)
        session.flush()
        office = build(session)
        assert (office.park_recall, office.park_operator, office.pickup_all) == (60, "203", True)


def test_an_operator_that_nobody_is(database: Database) -> None:
    with database.session() as session, pytest.raises(Refused) as refused:
        save(session, park_operator="299")
    assert "park_operator" in refused.value.faults
