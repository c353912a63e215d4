"""Lines (interni), the SIP accounts that their phones sign in with, and who is registered now."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, UniqueConstraint

from pbx.tables.base import Moment, OfficeTable


class Line(OfficeTable, table=True):
    """One person's (or one room's) place in the office."""

    id: int | None = Field(default=None, primary_key=True)
    extension: str = Field(unique=True, index=True, max_length=6)
    name: str = Field(max_length=120)
    email: str = Field(default="", max_length=254)
    number: str = Field(default="", index=True, max_length=16)
    "Directory number in E.164 (+39...); empty when the line has none of its own."
    site: str = Field(default="", max_length=80)
    role: str = Field(default="user", max_length=16)
    "'user' or 'admin'."
    language: str = Field(default="it", max_length=2)
    password_hash: str = ""
    "Argon2id of the portal password; empty lets nobody in."
    security_email: str = Field(default="", max_length=254)
    "Where reset links and security notices go (guide 10.3.3); only its owner changes it."
    welcomed_at: datetime | None = Field(default=None, sa_type=Moment)
    "When the first sign-in was done: own password and security e-mail set. Empty: still to do."
    rights: str = Field(default="internal national mobile", max_length=120)
    "Classes of numbers it may call, separated by spaces: see pbx.routing.rights."
    active: bool = True
    created_at: datetime = Field(sa_type=Moment)


class SipAccount(OfficeTable, table=True):
    """Credentials a phone signs in with; several phones may share one, a line may have several.

    Only digests are kept (RFC 7616 s.3.4.2, H(user:realm:password)), never the password.
    """

    id: int | None = Field(default=None, primary_key=True)
    line_id: int = Field(foreign_key="line.id", index=True, ondelete="CASCADE")
    username: str = Field(unique=True, index=True, max_length=64)
    ha1_md5: str = ""
    ha1_sha256: str = ""
    label: str = ""
    direct_audio: bool = False
    "Audio may go straight between the phones when nothing needs it here."
    transport: str = Field(default="", max_length=4)
    "The only transport its phones may use ('udp', 'tcp'); empty: any."
    codecs: str = Field(default="", max_length=80)
    "Codecs for its phones in order of liking, separated by spaces; empty: ours."


class Registration(OfficeTable, table=True):
    """One phone's present contact (RFC 3261 s.10); survives a restart."""

    __table_args__ = (UniqueConstraint("account_id", "binding"),)

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="sipaccount.id", ondelete="CASCADE")
    binding: str
    "What tells this phone from the account's others: +sip.instance when given, else the contact."
    contact: str
    "The contact URI as the phone gave it."
    transport: str
    source_host: str
    "Where its request really came from (RFC 3581); requests go there."
    source_port: int
    call_id: str
    cseq: int
    user_agent: str = ""
    registered_at: datetime = Field(sa_type=Moment)
    seen_at: datetime = Field(sa_type=Moment)
    expires_at: datetime = Field(sa_type=Moment)
