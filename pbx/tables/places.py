"""Where the office is and when it is open: sites (sedi), opening hours, closing days."""

from __future__ import annotations

from datetime import date

from sqlmodel import JSON, Field

from pbx.tables.base import OfficeTable


class Site(OfficeTable, table=True):
    """A place where people of the office work. Lines name it by its name (`Line.site`)."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True, index=True, max_length=80)
    address: str = Field(default="", max_length=200)
    "What an emergency service needs to know."
    number: str = Field(default="", max_length=16)
    "E.164 shown to called parties by lines of this site that have no number of their own."
    area_code: str = Field(default="", max_length=6)
    "National prefix of the place, such as 02; only told, Italy dials it always."
    hours_id: int | None = Field(
        default=None, foreign_key="openinghours.id", index=True, ondelete="SET NULL"
    )


class OpeningHours(OfficeTable, table=True):
    """When somebody is there, week by week, in the office's time zone."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True, index=True, max_length=80)
    week: list[list[list[str]]] = Field(default_factory=list, sa_type=JSON)
    "Seven days from Monday, each a list of ['HH:MM', 'HH:MM'] without overlap; '24:00' ends a day."


class ClosingDay(OfficeTable, table=True):
    """A day or a stretch of days on which the office is closed, whatever the week says."""

    id: int | None = Field(default=None, primary_key=True)
    hours_id: int | None = Field(
        default=None, foreign_key="openinghours.id", index=True, ondelete="CASCADE"
    )
    "Empty: for all opening hours."
    name: str = Field(max_length=80)
    first: date = Field(index=True)
    last: date
    "The last closed day itself."
    yearly: bool = False
    "Again each year on the same days."
