"""Settings of the office as a whole."""

from __future__ import annotations

from sqlmodel import Field

from pbx.tables.base import OfficeTable


class Revision(OfficeTable, table=True):
    """One row; moves in the same transaction as any change to a settings table."""

    id: int = Field(default=1, primary_key=True)
    value: int = 0


class ServiceNumber(OfficeTable, table=True):
    """What a star code reaches: data, so an administrator may change it."""

    code: str = Field(primary_key=True, max_length=8)
    "Such as *86."
    app: str = Field(max_length=40)
    "Name of the application in pbx/apps, such as 'voicemail_menu'."
    with_extension: bool = False
    "The code is followed by an extension, as in *87201."
    enabled: bool = True


class OfficeSetting(OfficeTable, table=True):
    """A named value for the whole office."""

    name: str = Field(primary_key=True, max_length=60)
    value: str = ""
