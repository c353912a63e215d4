"""Tables that only the portal needs: who is signed in, and how people prove who they are."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field

from pbx.tables.base import Moment, OfficeTable


class WebSession(OfficeTable, table=True):
    """One browser signed in; ends after 30 minutes of idleness (guide 2)."""

    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(unique=True, index=True, max_length=64)
    "SHA-256 of the cookie's token: reading this table signs nobody in."
    line_id: int = Field(foreign_key="line.id", index=True, ondelete="CASCADE")
    created_at: datetime = Field(sa_type=Moment)
    last_activity_at: datetime = Field(sa_type=Moment, index=True)
    ip: str = Field(default="", max_length=45)
    user_agent: str = Field(default="", max_length=200)
    proved_at: datetime | None = Field(default=None, sa_type=Moment)
    "When the person last proved who they are with all that is asked of them."
    waits_for: str = Field(default="", max_length=12)
    "'factor' until the second factor is given, 'welcome' until the first sign-in is done; else ''."
    admin_since: datetime | None = Field(default=None, sa_type=Moment)
    "In the administrator's role since then; empty: in the person's own."
    views_line_id: int | None = Field(default=None, foreign_key="line.id", ondelete="SET NULL")
    "An administrator sees the portal as this line does, and may change nothing."


class RememberedBrowser(OfficeTable, table=True):
    """A browser that ticked *Ricordami*: fills the number in and needs no second factor."""

    id: int | None = Field(default=None, primary_key=True)
    line_id: int = Field(foreign_key="line.id", index=True, ondelete="CASCADE")
    token_hash: str = Field(unique=True, index=True, max_length=64)
    "SHA-256 of the cookie's token, which changes at each use."
    last_hash: str = Field(default="", index=True, max_length=64)
    "The token before this one: used much later, it is a copy, and the browser is forgotten."
    created_at: datetime = Field(sa_type=Moment)
    used_at: datetime = Field(sa_type=Moment)
    ip: str = Field(default="", max_length=45)
    user_agent: str = Field(default="", max_length=200)


class PasswordReset(OfficeTable, table=True):
    """A link that was mailed; good for 30 minutes and one use."""

    id: int | None = Field(default=None, primary_key=True)
    line_id: int = Field(foreign_key="line.id", index=True, ondelete="CASCADE")
    token_hash: str = Field(unique=True, index=True, max_length=64)
    asked_at: datetime = Field(sa_type=Moment, index=True)
    "A link that was used is deleted, with every other of its line."


class SignInFailure(OfficeTable, table=True):
    """How often an account was tried in vain from one address; outlives a restart."""

    account: str = Field(primary_key=True, max_length=40)
    "An extension or E.164 as typed; '' counts all accounts together."
    address: str = Field(primary_key=True, max_length=45)
    count: int = 0
    last_at: datetime = Field(sa_type=Moment, index=True)
    shut_until: datetime | None = Field(default=None, sa_type=Moment)


class Totp(OfficeTable, table=True):
    """A line's authenticator application (RFC 6238)."""

    line_id: int = Field(primary_key=True, foreign_key="line.id", ondelete="CASCADE")
    sealed_secret: str = Field(max_length=400)
    "Sealed by pbx.vault."
    confirmed_at: datetime | None = Field(default=None, sa_type=Moment)
    "Empty until the first code was right: only then it is asked for."
    last_step: int = 0
    "The time step of the last code accepted; a code is good once (RFC 6238 s.5.2)."


class RecoveryCode(OfficeTable, table=True):
    """A code on paper that stands for the second factor, once."""

    id: int | None = Field(default=None, primary_key=True)
    line_id: int = Field(foreign_key="line.id", index=True, ondelete="CASCADE")
    code_hash: str = Field(max_length=64)
    used_at: datetime | None = Field(default=None, sa_type=Moment)


class Passkey(OfficeTable, table=True):
    """A WebAuthn credential of a line."""

    id: int | None = Field(default=None, primary_key=True)
    line_id: int = Field(foreign_key="line.id", index=True, ondelete="CASCADE")
    credential_id: str = Field(unique=True, index=True, max_length=1400)
    "Base64url."
    public_key: str = Field(max_length=2000)
    "COSE key, base64url."
    sign_count: int = 0
    name: str = Field(default="", max_length=60)
    created_at: datetime = Field(sa_type=Moment)
    used_at: datetime | None = Field(default=None, sa_type=Moment)


class PastSecret(OfficeTable, table=True):
    """A password or PIN that is not to be used again so soon."""

    id: int | None = Field(default=None, primary_key=True)
    line_id: int = Field(foreign_key="line.id", index=True, ondelete="CASCADE")
    kind: str = Field(max_length=10)
    "'password' or 'pin'."
    secret_hash: str = Field(max_length=200)
    until: datetime = Field(sa_type=Moment)
    "When it was replaced."


class EmailProof(OfficeTable, table=True):
    """A new security e-mail that does not count yet: its owner must give the code mailed there."""

    line_id: int = Field(primary_key=True, foreign_key="line.id", ondelete="CASCADE")
    address: str = Field(max_length=254)
    code_hash: str = Field(max_length=64)
    asked_at: datetime = Field(sa_type=Moment)
    tries: int = 0
    "Wrong codes so far."
