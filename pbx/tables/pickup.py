"""Groups whose members answer each other's calls (Gruppi di Pick-Up, guide 8)."""

from __future__ import annotations

from sqlmodel import Field

from pbx.tables.base import OfficeTable


class PickupGroup(OfficeTable, table=True):
    """One group."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True, index=True, max_length=80)
    site: str = Field(default="", max_length=80)
    "Name of a Site; empty: none."
    hunt_calls: bool = False
    "Calls of a hunt group may be picked up too (behaviour.md s.8)."


class PickupMember(OfficeTable, table=True):
    """A line in a group; a line may be in several."""

    group_id: int = Field(primary_key=True, foreign_key="pickupgroup.id", ondelete="CASCADE")
    line_id: int = Field(primary_key=True, foreign_key="line.id", index=True, ondelete="CASCADE")
