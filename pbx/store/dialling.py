"""The part of the snapshot that says what digits mean: codes, numbers, hours, rules, settings.

Core statements over one connection, like snapshot.py, which calls it.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, TypedDict

from sqlalchemy import Connection, select

from pbx.routing.dialplan import orbits_of
from pbx.routing.hours import Closing, week_faults
from pbx.routing.office import DirectNumber, Hours, ShortCode
from pbx.routing.rights import Rule
from pbx.store import settings
from pbx.tables import (
    ClosingDay,
    DialRule,
    OfficeSetting,
    OpeningHours,
    Site,
)
from pbx.tables import DirectNumber as DirectNumberRow
from pbx.tables import ShortCode as ShortCodeRow

log = logging.getLogger(__name__)


class Dialling(TypedDict):
    """Fields of `Office`."""

    short_codes: dict[str, ShortCode]
    direct_numbers: dict[str, DirectNumber]
    hours: dict[int, Hours]
    rules: dict[str, Rule]
    outside_prefix: str
    dnd_first: bool
    hold_music: str
    pickup_all: bool
    orbits: tuple[str, ...]
    park_recall: int
    park_operator: str


def read(rows: Connection) -> Dialling:
    """Everything of an office that digits depend on."""
    set_ = {name: value for name, value in _rows(rows, OfficeSetting, "name", "value")}
    said = {**settings.DEFAULTS, **set_}
    return Dialling(
        short_codes={
            code: ShortCode(code, number, name, for_everybody)
            for code, number, name, for_everybody in _rows(
                rows, ShortCodeRow, "code", "number", "name", "for_everybody"
            )
        },
        direct_numbers=_direct_numbers(rows),
        hours=_hours(rows),
        rules={
            prefix: Rule(prefix, kind, trunk or 0, barred, label)
            for prefix, kind, trunk, barred, label in _rows(
                rows, DialRule, "prefix", "kind", "trunk_id", "barred", "label"
            )
        },
        outside_prefix=said[settings.OUTSIDE_PREFIX],
        dnd_first=said[settings.SERVICES_ORDER] == "dnd_first",
        hold_music=said[settings.HOLD_MUSIC],
        pickup_all=said[settings.PICKUP_ALL] == "yes",
        orbits=_orbits(said[settings.PARK_RANGE]),
        park_recall=_seconds(said[settings.PARK_RECALL]),
        park_operator=said[settings.PARK_OPERATOR],
    )


def _orbits(text: str) -> tuple[str, ...]:
    try:
        return orbits_of(text)
    except ValueError:
        log.warning("park numbers %s cannot be read: nothing is parked", text)
        return ()


def _seconds(text: str) -> int:
    plain = int(settings.DEFAULTS[settings.PARK_RECALL])
    return int(text) if text.isascii() and text.isdecimal() and int(text) > 0 else plain


def site_numbers(rows: Connection) -> dict[str, str]:
    """Name of a site to the number that its lines show."""
    return {name: number for name, number in _rows(rows, Site, "name", "number") if number}


def _direct_numbers(rows: Connection) -> dict[str, DirectNumber]:
    names = ("number", "kind", "target", "hours_id", "closed_kind", "closed_target", "label")
    return {
        number: DirectNumber(number, kind, target, hours or 0, closed_kind, closed_target, label)
        for number, kind, target, hours, closed_kind, closed_target, label in _rows(
            rows, DirectNumberRow, *names
        )
    }


def _hours(rows: Connection) -> dict[int, Hours]:
    closings: defaultdict[int | None, list[Closing]] = defaultdict(list)
    for of, first, last, yearly, name in _rows(
        rows, ClosingDay, "hours_id", "first", "last", "yearly", "name"
    ):
        closings[of].append(Closing(first, last, yearly, name))
    found = {}
    for number, name, week in _rows(rows, OpeningHours, "id", "name", "week"):
        if week_faults(week):
            log.warning("opening hours %s cannot be read: closed all week", name)
            week = ()
        found[number] = Hours(name, week, (*closings[number], *closings[None]))
    return found


def _rows(rows: Connection, table: type, *names: str) -> Iterable[Any]:
    columns = table.__table__.c  # type: ignore[attr-defined]
    return rows.execute(select(*(columns[name] for name in names)))
