"""What a person decides about callers: where calls may go on to, and whose calls are special."""

from __future__ import annotations

from sqlmodel import Field, UniqueConstraint

from pbx.tables.base import OfficeTable


class ForwardNumber(OfficeTable, table=True):
    """A forwarding number of a line: one list that all its forwards choose from (guide 3.4.1)."""

    __table_args__ = (UniqueConstraint("line_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    line_id: int = Field(foreign_key="line.id", index=True, ondelete="CASCADE")
    name: str = Field(max_length=80)
    number: str = Field(max_length=32)
    "An extension, a short code or E.164, as a forward keeps it."


class CallerEntry(OfficeTable, table=True):
    """One entry of a line's caller list (guide 3.4.2); each service has a list of its own."""

    id: int | None = Field(default=None, primary_key=True)
    line_id: int = Field(foreign_key="line.id", index=True, ondelete="CASCADE")
    service: str = Field(max_length=24)
    "Whose list: a name of pbx.routing.callers.LISTS, such as 'selective_reject'."
    kind: str = Field(max_length=12)
    "'number', 'prefix', 'extension', 'anonymous', 'contact' or 'group'."
    value: str = Field(default="", max_length=40)
    "E.164; the beginning of one, without the star; or an extension. Empty for the other kinds."
    name: str = Field(default="", max_length=120)
    "Who that is, as known when it was added."
    contact_id: int | None = Field(
        default=None, foreign_key="contact.id", index=True, ondelete="CASCADE"
    )
    "For 'contact': whose numbers are meant, also those that come later."
    group_id: int | None = Field(
        default=None, foreign_key="contactgroup.id", index=True, ondelete="CASCADE"
    )
    "For 'group': whose members' numbers are meant."
