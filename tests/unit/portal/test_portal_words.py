"""Words, dates and rows, in both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from officesmart import i18n, lists
from officesmart.counts import to_call_back
from officesmart.lists import BARS, Fill, Reader, wave
from pbx.store.history import CallRow
from pbx.tables import Mailbox, VoiceMessage

ROME = ZoneInfo("Europe/Rome")
NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
READER = Reader("it", ROME, NOW)
FIRST = ({"feature": "click_to_dial", "it": "squillano prima i tuoi telefoni", "en": ""},)


def call(number: str = "+390612345678", **more: Any) -> CallRow:
    given: dict[str, Any] = dict(
        id=1,
        call_id="c1",
        number=number,
        name="",
        at=NOW,
        seconds=0.0,
        answered_by="",
        why="no_answer",
        message_left=False,
        message_id=None,
        from_web=False,
        because=(),
    )
    return CallRow(**{**given, **more})


def message(**more: Any) -> VoiceMessage:
    given: dict[str, Any] = dict(id=7, line_id=1, call_id="c1", left_at=NOW, seconds=48, file="")
    return VoiceMessage(**{**given, **more})


def test_a_text_without_both_languages_is_an_error_at_once() -> None:
    with pytest.raises(TypeError):
        i18n.t(it="Segreteria")  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        i18n.say("it", en="Voicemail")  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("asked", "given"), [("en", "en"), ("it", "it"), ("de", "it"), ("", "it"), ("EN", "it")]
)
def test_an_unknown_language_is_italian(asked: str, given: str) -> None:
    assert i18n.known(asked) == given


@pytest.mark.parametrize(
    ("day", "it", "en"),
    [
        (date(2026, 11, 22), "Oggi, domenica 22 novembre", "Today, Sunday 22 November"),
        (date(2026, 11, 21), "Ieri, sabato 21 novembre", "Yesterday, Saturday 21 November"),
        (date(2026, 11, 20), "Venerdì 20 novembre", "Friday 20 November"),
        (date(2025, 12, 31), "Mercoledì 31 dicembre 2025", "Wednesday 31 December 2025"),
    ],
)
def test_days_have_names(day: date, it: str, en: str) -> None:
    today = date(2026, 11, 22)
    assert i18n.day_heading("it", day, today) == it
    assert i18n.day_heading("en", day, today) == en


@pytest.mark.parametrize(
    ("seconds", "written", "spoken"),
    [
        (0, "0 s", "0 secondi"),
        (0.2, "1 s", "0 secondi"),
        (1, "1 s", "1 secondo"),
        (48, "48 s", "48 secondi"),
        (60, "1 min", "1 minuto"),
        (65, "1 min 5 s", "1 minuto e 5 secondi"),
        (3600, "1 h", "60 minuti"),
        (7380, "2 h 3 min", "123 minuti"),
    ],
)
def test_durations(seconds: float, written: str, spoken: str) -> None:
    assert i18n.duration("it", seconds) == written
    assert i18n.spoken_duration("it", seconds) == spoken


def test_moments_are_told_on_the_offices_clock() -> None:
    assert i18n.clock(NOW, ROME) == "16:00"
    assert i18n.when("it", NOW, NOW, ROME) == "oggi alle 16:00"
    assert i18n.when("en", NOW - timedelta(days=1), NOW, ROME) == "yesterday at 16:00"
    # Half past midnight in Rome is still yesterday in UTC.
    late = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
    assert i18n.when("it", late, NOW, ROME) == "oggi alle 00:30"


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Giulia Ferrante", "GF"),
        ("Anna Maria De Rossi", "AR"),
        ("Ada", "A"),
        ("", "·"),
        ("--", "·"),
    ],
)
def test_initials(name: str, letters: str) -> None:
    assert i18n.initials(name) == letters


def test_messages_stand_under_their_day_in_the_order_given() -> None:
    found = [message(id=2), message(id=1, left_at=NOW - timedelta(days=1))]
    days = lists.message_days(found, READER)
    assert [day.heading for day in days] == [
        "Oggi, domenica 22 novembre",
        "Ieri, sabato 21 novembre",
    ]
    assert [[row.id for row in day.rows] for day in days] == [[2], [1]]


@pytest.mark.parametrize(
    ("number", "name", "title", "detail"),
    [
        ("+390612345678", "Teresa", "Teresa", "06 1234 5678"),
        ("+390612345678", "", "06 1234 5678", ""),
        ("202", "Davide Conti", "Davide Conti", "int. 202"),
        ("202", "", "202", "interno"),
        ("", "", "Anonimo", "numero non trasmesso"),
        ("", "Casa", "Casa", ""),
    ],
)
def test_who_called_is_named_as_well_as_can_be(
    number: str, name: str, title: str, detail: str
) -> None:
    (day,) = lists.message_days([message(caller_number=number, caller_name=name)], READER)
    assert (day.rows[0].name, day.rows[0].detail) == (title, detail)


def test_a_message_row_says_all_the_player_needs() -> None:
    (day,) = lists.message_days([message(state="new", urgent=True, seconds=65.4)], READER)
    row = day.rows[0]
    assert (row.at, row.lasts, row.total) == ("16:00", "1 min 5 s", "1:05")
    assert row.fresh and row.urgent and not row.heard


@pytest.mark.parametrize(
    ("told", "outcome"),
    [
        (dict(answered_by="person", why="completed"), "talked"),
        (dict(answered_by="mailbox", message_left=True), "message"),
        (dict(answered_by="mailbox", why="completed"), "mailbox"),
        (dict(answered_by="service", why="completed"), "service"),
        (dict(why="busy"), "busy"),
        (dict(why="no_answer", from_web=True, because=FIRST), "not_begun"),
        (dict(why="cancelled", from_web=True, because=FIRST), "cancelled"),
        (dict(why="no_answer", from_web=True, because=(*FIRST, {"feature": "line"})), "no_answer"),
        (dict(why="forbidden", from_web=True), "forbidden"),
    ],
)
def test_what_came_of_a_call(told: dict[str, Any], outcome: str) -> None:
    assert lists.outcome(call(**told)) == outcome


def test_the_wave_has_its_bars_whatever_the_peaks() -> None:
    for peaks in ("", "0,50,100", ",".join(["80"] * 150), ",".join(["9"] * 500), "x,-3,,1000"):
        assert wave(peaks).count("M") == BARS
    assert wave("100").startswith("M3 3.0V45.0"), "never out of the picture of 48"
    assert wave("0").startswith("M3 22.5V25.5"), "silence is seen"


def test_how_full_a_mailbox_is() -> None:
    mailbox = Mailbox(line_id=1)
    assert lists.fill(mailbox, 23, 98 * 60) == Fill(23, 100, 98, 120)
    assert lists.fill(mailbox, 23, 98 * 60).minute_share == 82
    assert lists.fill(mailbox, 300, 99999).message_share == 100
    assert lists.fill(None, 3, 10) == Fill()
    assert lists.fill(Mailbox(line_id=1, enabled=False), 3, 10) == Fill()


def test_who_waits_to_be_called_back() -> None:
    hour = timedelta(hours=1)
    missed = [
        call(id=1, at=NOW - hour),
        call("202", id=2, at=NOW - 2 * hour),
        call("", id=3, at=NOW - hour),
        call("+390699999999", id=4, at=NOW - 30 * hour),
        call("203", id=5, at=NOW - hour),
    ]
    talked = [call("0612345678", at=NOW - hour / 2), call("202", at=NOW - 3 * hour)]
    # 1 was called back, 3 withheld the number, 4 is older than a day.
    assert to_call_back(missed, talked, NOW) == {2, 5}


def test_a_number_dialled_through_the_outside_line_counts_as_called_back() -> None:
    missed = [call("+390612345678", id=1, at=NOW - timedelta(hours=1))]
    assert to_call_back(missed, [call("00612345678", at=NOW)], NOW) == frozenset()


def test_a_call_from_the_web_says_which_telephone_rang_first() -> None:
    def because(*said: str) -> tuple[dict[str, str], ...]:
        whole = "Chiamata chiesta dal portale: {}", "A call asked for on the portal: {}"
        return tuple(
            {"feature": "click_to_dial", "it": whole[0].format(each), "en": whole[1].format(each)}
            for each in said
        )

    other = call(from_web=True, because=because("squilla prima il 335 123 4567"))
    assert lists._first(other, "it") == "squilla prima il 335 123 4567"
    mine = because("squillano prima i telefoni dell'interno 201", "squillano prima i tuoi telefoni")
    assert lists._first(call(from_web=True, because=mine), "it") == ""
    assert lists._first(call(from_web=True), "en") == ""
    assert lists._first(call(because=other.because), "it") == ""
