"""A person's address book, and the short codes that he fills for himself."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import JSON, Field, Index, UniqueConstraint

from pbx.tables.base import Moment, OfficeTable


class Contact(OfficeTable, table=True):
    """Somebody in a line's address book (guide 6.1)."""

    id: int | None = Field(default=None, primary_key=True)
    line_id: int = Field(foreign_key="line.id", index=True, ondelete="CASCADE")
    first_name: str = Field(default="", max_length=300)
    last_name: str = Field(default="", max_length=300)
    company: str = Field(default="", max_length=300)
    role: str = Field(default="", max_length=300)
    nickname: str = Field(default="", max_length=300)
    emails: list[str] = Field(default_factory=list, sa_type=JSON)
    "At most two."
    addresses: list[dict[str, str]] = Field(default_factory=list, sa_type=JSON)
    "At most two: {kind, street, city, zip, region, country}."
    birthday: date | None = None
    notes: str = Field(default="", max_length=4000)
    search: str = Field(default="", max_length=2000)
    "What searching looks at: words without accents or capitals, digits of the numbers."


class ContactNumber(OfficeTable, table=True):
    """A telephone number of a contact; at most six each."""

    # One step to whoever calls: an index of the tail alone, or of the line alone, has SQLite go
    # through all contacts of the line (measured: 10 ms instead of 0.2 at 5,000).
    __table_args__ = (Index("ix_contactnumber_line_tail", "line_id", "tail"),)

    id: int | None = Field(default=None, primary_key=True)
    contact_id: int = Field(foreign_key="contact.id", index=True, ondelete="CASCADE")
    line_id: int = Field(foreign_key="line.id", ondelete="CASCADE")
    "The contact's own, so that a caller is found in one step."
    kind: str = Field(default="work", max_length=8)
    "'work', 'home', 'mobile', 'fax', 'other' or 'sip'."
    number: str = Field(max_length=80)
    "E.164 where it is one, an extension, a national service number, or a SIP address."
    tail: str = Field(default="", max_length=9)
    "Its last nine digits: how a number without its country is matched (behaviour.md s.10)."
    position: int = 0


class ContactGroup(OfficeTable, table=True):
    """Contacts under one name (guide 6.1.6)."""

    __table_args__ = (UniqueConstraint("line_id", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    line_id: int = Field(foreign_key="line.id", index=True, ondelete="CASCADE")
    name: str = Field(max_length=80)
    icon: str = Field(default="users", max_length=40)


class ContactGroupMember(OfficeTable, table=True):
    """A contact in a group."""

    group_id: int = Field(primary_key=True, foreign_key="contactgroup.id", ondelete="CASCADE")
    contact_id: int = Field(
        primary_key=True, foreign_key="contact.id", index=True, ondelete="CASCADE"
    )


class ContactApart(OfficeTable, table=True):
    """Two contacts that look alike and are said not to be the same."""

    contact_id: int = Field(primary_key=True, foreign_key="contact.id", ondelete="CASCADE")
    "The one with the lower id."
    other_id: int = Field(
        primary_key=True, foreign_key="contact.id", index=True, ondelete="CASCADE"
    )


class SpeedDial(OfficeTable, table=True):
    """A code of one or two digits that a line fills for itself (guide 6.2)."""

    __table_args__ = (UniqueConstraint("line_id", "code"),)

    id: int | None = Field(default=None, primary_key=True)
    line_id: int = Field(foreign_key="line.id", index=True, ondelete="CASCADE")
    code: str = Field(max_length=2)
    "'5' to '9' or '10' to '49'."
    number: str = Field(max_length=32)
    "What is dialled instead: an extension, a short code or E.164."
    name: str = Field(default="", max_length=80)


class OtherNumber(OfficeTable, table=True):
    """Another telephone that a line has dialled from in the portal (guide 11, "altri numeri")."""

    __table_args__ = (UniqueConstraint("line_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    line_id: int = Field(foreign_key="line.id", index=True, ondelete="CASCADE")
    number: str = Field(max_length=32)
    "An extension or E.164."
    name: str = Field(default="", max_length=80)
    used_at: datetime = Field(sa_type=Moment)
    "When it was last dialled from, or put here by hand."
