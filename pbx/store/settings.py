"""Settings of the office as a whole: their names, and what holds while nobody set them."""

from __future__ import annotations

from collections.abc import Mapping

from sqlmodel import Session, col, select

from pbx.tables import OfficeSetting

OUTSIDE_PREFIX = "outside.prefix"
PARK_RANGE = "park.range"
PARK_RECALL = "park.recall_seconds"
PARK_OPERATOR = "park.operator"
PICKUP_ALL = "pickup.all"
SERVICES_ORDER = "services.order"
RIGHTS = "rights.default"
MAX_MESSAGES = "mailbox.max_messages"
MAX_SECONDS = "mailbox.max_seconds"
HISTORY_MONTHS = "history.months"
DELETED_DAYS = "deleted.days"
HOLD_MUSIC = "hold.music"
HOLD_MUSIC_NAME = "hold.music_name"
PORTAL_ADDRESS = "portal.address"
OFFICE_NAME = "office.name"

DEFAULTS: Mapping[str, str] = {
    OUTSIDE_PREFIX: "0",
    PARK_RANGE: "801-820",
    PARK_RECALL: "120",
    PARK_OPERATOR: "",
    PICKUP_ALL: "no",
    MAX_MESSAGES: "100",
    MAX_SECONDS: "7200",
    "fax.max_pages": "500",
    HISTORY_MONTHS: "12",
    DELETED_DAYS: "30",
    HOLD_MUSIC: "",
    PORTAL_ADDRESS: "",
    OFFICE_NAME: "",
    SERVICES_ORDER: "forward_first",
    RIGHTS: "internal national mobile",
}
"By name. 'mailbox.max_seconds' counts every message of a box, deleted ones too."


def read(session: Session, name: str) -> str:
    """A setting's value; its default when there is no row."""
    row = session.exec(select(OfficeSetting.value).where(OfficeSetting.name == name)).first()
    return DEFAULTS.get(name, "") if row is None else row


def read_all(session: Session) -> dict[str, str]:
    """Every setting by name, those that nobody set at their default."""
    rows = session.exec(select(OfficeSetting).order_by(col(OfficeSetting.name))).all()
    return {**DEFAULTS, **{row.name: row.value for row in rows}}


def write(session: Session, name: str, value: str) -> None:
    """Set a setting, in the session's transaction."""
    row = session.get(OfficeSetting, name) or OfficeSetting(name=name)
    row.value = value
    session.add(row)
