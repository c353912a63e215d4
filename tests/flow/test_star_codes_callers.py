"""Star codes that concern who calls, and those of speed dials: dialled, said, and obeyed."""

from __future__ import annotations

import pytest
from sqlmodel import select

from pbx.events.kinds import SettingsChanged
from pbx.store import services, speed_dials
from pbx.store.last_caller import LIST
from pbx.tables import AuditEntry, CallerEntry
from tests.flow.phone import Phone
from tests.flow.provider import Provider
from tests.flow.services import StarOffice, star_story
from tests.flow.test_star_codes import dials_code, with_provider

ANNA = "+390255501201"
MOBILE = "+393331234567"
OF_202 = ["digit.2", "digit.0", "digit.2"]


async def has_called(office: StarOffice, who: Provider | Phone, number: str, **more: str) -> None:
    """A call that nobody takes, until its record is kept."""
    await (who.calls_in(number, **more) if isinstance(who, Provider) else who.dials(number))
    await who.hangs_up()
    await office.clock.forward(1)
    await office.records.flush()


def listed(office: StarOffice) -> list[tuple[str, str]]:
    with office.database.reading() as rows:
        return [(each.kind, each.value) for each in rows.exec(select(CallerEntry))]


@star_story
async def test_call_waiting(office: StarOffice) -> None:
    bruno = await office.phone("202")
    assert await dials_code(office, bruno, "*#43#") == ["star.call_waiting.is_on"]
    assert await dials_code(office, bruno, "#43#") == ["star.call_waiting.off"]
    assert office.options("202") == {"call_waiting": {"enabled": False}}
    assert await dials_code(office, bruno, "*#43#") == ["star.call_waiting.is_off"]
    assert await dials_code(office, bruno, "*43#") == ["star.call_waiting.on"]
    assert office.options("202") == {"call_waiting": {"enabled": True}}


@star_story
async def test_anonymous_callers_are_refused_from_the_next_call_on(office: StarOffice) -> None:
    provider = await with_provider(office)
    anna = await office.phone("201")
    await provider.calls_in(ANNA, "anonymous")
    assert anna.rings
    await provider.hangs_up()
    assert await dials_code(office, anna, "*99#") == ["star.anonymous_reject.on"]
    assert any(isinstance(fact, SettingsChanged) for fact in office.facts)
    ringing = len(anna.dialogs)
    await provider.calls_in(ANNA, "anonymous")
    await office.clock.forward(15)
    assert len(anna.dialogs) == ringing
    assert provider.statuses[-1] == 433
    await provider.calls_in(ANNA)
    assert anna.rings
    await provider.hangs_up()
    assert await dials_code(office, anna, "*#99#") == ["star.anonymous_reject.is_on"]
    assert await dials_code(office, anna, "#99#") == ["star.anonymous_reject.off"]
    await provider.calls_in(ANNA, "anonymous")
    assert anna.rings
    await provider.hangs_up()


@star_story
async def test_the_last_caller_is_rejected_and_forgiven(office: StarOffice) -> None:
    provider = await with_provider(office)
    anna = await office.phone("201")
    assert await dials_code(office, anna, "*60#") == ["star.last_call.none"]
    await has_called(office, provider, ANNA)
    heard = await dials_code(office, anna, "*60#")
    assert heard[:2] == ["star.reject_last.on", "message.from"]
    assert listed(office) == [("number", MOBILE)]
    ringing = len(anna.dialogs)
    await provider.calls_in(ANNA)
    await office.clock.forward(15)
    assert len(anna.dialogs) == ringing
    assert provider.statuses[-1] >= 400
    await provider.calls_in(ANNA, "+393337654321")
    assert anna.rings
    await provider.hangs_up()
    heard = await dials_code(office, anna, "#60#")
    assert heard[0] == "star.reject_last.off" and heard[-1] == "star.selective_reject.off"
    assert listed(office) == []
    await provider.calls_in(ANNA)
    assert anna.rings
    await provider.hangs_up()
    assert await dials_code(office, anna, "#60#") == ["star.reject_last.none"]


@star_story
async def test_a_withheld_last_caller_cannot_be_listed_or_called_back(office: StarOffice) -> None:
    provider = await with_provider(office)
    anna = await office.phone("201")
    await has_called(office, provider, ANNA, caller="anonymous")
    assert await dials_code(office, anna, "*60#") == [
        *("star.last_call.withheld", "star.reject_last.withheld"),
    ]
    assert await dials_code(office, anna, "*69#") == ["star.last_call.withheld"]
    assert listed(office) == []


@star_story
async def test_the_last_call_from_outside_is_returned(office: StarOffice) -> None:
    provider = await with_provider(office)
    anna = await office.phone("201")
    await has_called(office, provider, ANNA)
    await anna.dials("*69#")
    stream = anna.media.by_port[anna.offers[anna.dialog].port]
    await office.clock.forward(30)
    assert stream.heard[:2] == ["star.last_call.came", "message.from"]
    assert provider.rings and MOBILE in provider.invite.uri
    await provider.answers()
    assert anna.talks
    await anna.hangs_up()


@star_story
async def test_a_returned_call_to_a_colleague(office: StarOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    await has_called(office, bruno, "201")
    await anna.dials("*69")
    stream = anna.media.by_port[anna.offers[anna.dialog].port]
    await office.clock.forward(20)
    assert [each for each in stream.heard if not each.startswith("pause.")] == [
        *("star.last_call.came", "message.from_extension", *OF_202, "tone:ringback"),
    ]
    assert bruno.rings
    await bruno.answers()
    assert anna.talks and bruno.talks
    await bruno.hangs_up()


@star_story
async def test_returning_a_call_asks_for_the_lines_rights(office: StarOffice) -> None:
    provider = await with_provider(office)
    anna = await office.phone("201")
    await has_called(office, provider, ANNA, caller="+442079460000")  # international: not allowed
    await anna.dials("*69#")
    stream = anna.media.by_port[anna.offers[anna.dialog].port]
    await office.clock.forward(40)
    assert not provider.rings
    assert "star.last_call.failed" in stream.heard
    assert not anna.talks


@star_story
async def test_a_speed_dial_is_set_dialled_and_cleared(office: StarOffice) -> None:
    provider = await with_provider(office)
    anna, bruno = await office.phone("201"), await office.phone("202")
    assert await dials_code(office, anna, "*75*5*202#") == [
        *("star.speed_dial", "number.5", "star.speed_dial.to_extension", *OF_202),
    ]
    await dials_code(office, anna, "*75*12*03331234567#")
    for keys in ("5", "5#"):
        await anna.dials(keys)
        assert bruno.rings
        await anna.hangs_up()
        assert (office.story.callee.number, office.story.callee.name) == ("202", "Bruno Conti")
    await anna.dials("12#")
    assert provider.rings and MOBILE in provider.invite.uri
    await anna.hangs_up()
    assert office.story.callee.number == MOBILE
    # Bruno has his own, which are empty.
    assert await dials_code(office, bruno, "5#") == ["announce.speed_dial_empty"]
    assert await dials_code(office, anna, "#75*5#") == [
        *("star.speed_dial", "number.5", "star.speed_dial.cleared"),
    ]
    assert await dials_code(office, anna, "5#") == ["announce.speed_dial_empty"]
    with office.database.reading() as rows:
        assert speed_dials.read(rows, 201, "5") is None
        assert speed_dials.read(rows, 201, "12") is not None


@star_story
async def test_a_speed_dial_may_do_what_the_line_may_do_now(office: StarOffice) -> None:
    """Kept with the 0 of an outside line; the line's rights are asked at each call."""
    provider = await with_provider(office)
    anna = await office.phone("201")
    await dials_code(office, anna, "*75*12*03331234567#")
    with office.database.reading() as rows:
        kept = speed_dials.read(rows, 201, "12")
        assert kept is not None
        assert kept.number == MOBILE, "without the 0: the page shows it with it again"
    for rights, rings in (({"national"}, False), ({"national", "mobile"}, True)):
        office.sets("201", rights=frozenset({"internal", *rights}))
        await anna.dials("12#")
        assert bool(provider.rings) is rings, rights
        await anna.hangs_up()


@star_story
async def test_what_was_set_by_code_is_in_the_log(office: StarOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    await has_called(office, bruno, "201")
    for code in ("*26#", "*21*203#", "*60#", "*#26#", "*26#"):
        await dials_code(office, anna, code)
    with office.database.reading() as rows:
        found = rows.exec(select(AuditEntry).order_by(AuditEntry.id)).all()  # type: ignore[arg-type]
        assert [(each.what, each.line, each.after["code"]) for each in found] == [
            (services.TRACE, "201", "*26"),
            (services.TRACE, "201", "*21"),
            (services.TRACE, "201", "*60"),
        ]
        assert rows.exec(select(CallerEntry)).one().service == LIST


@pytest.mark.parametrize(
    ("code", "prompt"),
    [
        ("*75*50*202#", "announce.code_bad_speed_dial"),
        ("*75*5*299#", "announce.code_bad_number"),
        ("*75*5*", "announce.code_incomplete"),
        ("*75#", "announce.code_incomplete"),
        ("*43*", "announce.code_incomplete"),
        ("*99*1#", "announce.code_incomplete"),
        ("*69*202#", "announce.code_incomplete"),
        ("9#", "announce.speed_dial_empty"),
        ("**202", "announce.unknown_code"),
    ],
)
def test_what_is_wrong_is_told_in_words(code: str, prompt: str, tmp_path: object) -> None:
    @star_story
    async def told(office: StarOffice) -> None:
        anna = await office.phone("201")
        assert await dials_code(office, anna, code) == [prompt]
        assert office.options("201") == {}
        assert office.story.because

    told(tmp_path)  # type: ignore[arg-type]


@star_story
async def test_the_call_that_is_over_just_now_is_the_last_one(office: StarOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    await bruno.dials("201")
    await bruno.hangs_up()
    await anna.dials("*69#")
    await office.clock.forward(10)
    assert bruno.rings
    await anna.hangs_up()
