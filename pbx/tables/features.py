"""Options of call features, as JSON, so that adding one needs no migration."""

from __future__ import annotations

from typing import Any

from sqlmodel import JSON, Field, UniqueConstraint

from pbx.tables.base import OfficeTable


class FeatureOption(OfficeTable, table=True):
    """One feature's options, for one line or (line_id empty) for the whole office."""

    __table_args__ = (UniqueConstraint("line_id", "feature"),)

    id: int | None = Field(default=None, primary_key=True)
    line_id: int | None = Field(default=None, foreign_key="line.id", index=True, ondelete="CASCADE")
    feature: str = Field(max_length=40)
    options: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
