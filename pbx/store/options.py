"""Options of call features as rows: pages and star codes write them through one function."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlmodel import Session, select

from pbx.routing.feature import FeatureOptions, read_options
from pbx.tables import FeatureOption

OptionsT = TypeVar("OptionsT", bound=FeatureOptions)


def read(session: Session, kind: type[OptionsT], feature: str, line_id: int) -> OptionsT:
    """A line's options of a feature: the defaults, over them the office's, over them its own."""
    stored: dict[str, Any] = {}
    for owner in (None, line_id):
        row = _row(session, owner, feature)
        stored |= row.options if row is not None and isinstance(row.options, dict) else {}
    return read_options(kind, stored)


def change(session: Session, feature: str, line_id: int | None, **values: Any) -> None:
    """Set some options of a line, or (None) of the office; others stay as they are.

    In the session's transaction; the revision moves with it.
    """
    row = _row(session, line_id, feature) or FeatureOption(line_id=line_id, feature=feature)
    row.options = {**(row.options if isinstance(row.options, dict) else {}), **values}
    session.add(row)


def _row(session: Session, line_id: int | None, feature: str) -> FeatureOption | None:
    return session.exec(
        select(FeatureOption).where(
            FeatureOption.line_id == line_id, FeatureOption.feature == feature
        )
    ).first()
