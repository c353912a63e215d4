"""Numbers that reach the office, and numbers that people of the office dial."""

from __future__ import annotations

from sqlmodel import Field

from pbx.tables.base import OfficeTable


class DirectNumber(OfficeTable, table=True):
    """A telephone number of the office (DID) and what it reaches.

    The number of a single line may stand in `Line.number` alone; a row here says more: what
    happens outside the opening hours, or a target that is no line.
    """

    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(unique=True, index=True, max_length=16)
    "E.164."
    label: str = Field(default="", max_length=80)
    trunk_id: int | None = Field(
        default=None, foreign_key="trunk.id", index=True, ondelete="SET NULL"
    )
    "Whose number it is, for people to read; a call is matched by its digits alone."
    kind: str = Field(default="line", max_length=16)
    "A name of pbx.routing.targets: 'line', 'mailbox', 'service', 'announcement', 'number'."
    target: str = Field(default="", max_length=64)
    "An extension, an application, a prompt or an outside number, as `kind` says."
    hours_id: int | None = Field(
        default=None, foreign_key="openinghours.id", index=True, ondelete="SET NULL"
    )
    closed_kind: str = Field(default="", max_length=16)
    "What it reaches outside those hours; empty: the same."
    closed_target: str = Field(default="", max_length=64)


class ShortCode(OfficeTable, table=True):
    """A number of one to seven digits that the whole office may dial for a longer one."""

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True, index=True, max_length=7)
    name: str = Field(max_length=80)
    number: str = Field(max_length=32)
    "What is dialled instead: an extension, or E.164."
    for_everybody: bool = False
    "Reached even by lines whose rights would not allow the number (behaviour.md s.9)."


class DialRule(OfficeTable, table=True):
    """What calls to numbers that begin so are: their class, and by which trunk they go."""

    id: int | None = Field(default=None, primary_key=True)
    prefix: str = Field(unique=True, index=True, max_length=16)
    "E.164 with its +, or the digits of a national service number (892, 199, 800)."
    label: str = Field(default="", max_length=80)
    kind: str = Field(max_length=16)
    "A class of pbx.routing.rights: 'national', 'mobile', 'international', 'premium', 'free', ..."
    trunk_id: int | None = Field(
        default=None, foreign_key="trunk.id", index=True, ondelete="SET NULL"
    )
    "The trunk tried first; empty: the usual order."
    barred: bool = False
    "Nobody may call it."
