"""Passkeys (WebAuthn Level 2): made on the profile page, shown at sign-in.

A challenge is kept here, in memory, under the session that asked for it (and what for), for five
minutes and one answer; a restart voids those on their way, which costs a second click. The
authenticator must have verified its owner (fingerprint, face, PIN): a stolen key alone is nothing.
"""

from __future__ import annotations

import ipaddress
import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import webauthn
from sqlmodel import Session, col, select
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, options_to_json_dict
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from officesmart.identity import factors, recovery
from officesmart.identity.told import By, note, warn
from officesmart.tables import Passkey
from pbx.tables import Line, OfficeSetting

GOOD = timedelta(minutes=5)
ASKED_AT_ONCE = 2_000  # challenges kept; the oldest give way
MOST = 10  # passkeys of one line
LONGEST_NAME = 60
ADDRESS = "portal.address"
NONSENSE = (WebAuthnException, ValueError, KeyError, TypeError, AttributeError)
"What an answer that no browser gives leads to."


@dataclass(frozen=True, slots=True)
class Site:
    """Where the portal is: passkeys are made for it and for no other."""

    rp_id: str
    origin: str


@dataclass(frozen=True, slots=True)
class NoSite:
    """Passkeys do not work here, and why."""

    it: str
    en: str


def site_of(session: Session, origin: str) -> Site | NoSite:
    """The site of a request. origin: its Origin header, which routes.Guard has checked.

    With the setting `portal.address` passkeys belong to that address only: made elsewhere, they
    would not be found there.
    """
    kept = session.get(OfficeSetting, ADDRESS)
    here = _origin(origin)
    if kept is not None and kept.value:
        portal = _origin(kept.value)
        if portal and portal != here:
            return NoSite(
                it=f"Le passkey si usano da {portal}: apri il portale da lì",
                en=f"Passkeys are used at {portal}: open the portal there",
            )
    host = urlsplit(here).hostname or ""
    if not here or _is_ip(host):
        return NoSite(
            it="Le passkey chiedono un nome: apri il portale con il suo nome, non con un numero IP",
            en="Passkeys need a name: open the portal by its name, not by an IP number",
        )
    if not here.startswith("https://") and host != "localhost":
        return NoSite(
            it="Le passkey chiedono una connessione protetta (https)",
            en="Passkeys need a secure connection (https)",
        )
    return Site(host, here)


# -- challenges ---------------------------------------------------------------------------------


class Challenges:
    """What was asked of whom; an answer finds its question once."""

    def __init__(self) -> None:
        self._asked: OrderedDict[tuple[str, str], tuple[bytes, datetime]] = OrderedDict()
        self._lock = threading.Lock()  # asked in the reader's lane, answered in the writer's

    def put(self, purpose: str, key: str, challenge: bytes, now: datetime) -> None:
        """Remember a question; the one before it, of the same session and purpose, is void."""
        with self._lock:
            self._asked.pop((purpose, key), None)
            self._asked[purpose, key] = (challenge, now)
            while len(self._asked) > ASKED_AT_ONCE:
                self._asked.popitem(last=False)

    def take(self, purpose: str, key: str, now: datetime) -> bytes:
        """The question, and it is gone; b"" when there is none or it is too old."""
        with self._lock:
            challenge, at = self._asked.pop((purpose, key), (b"", now))
        return challenge if now - at < GOOD else b""


_challenges = Challenges()


# -- making one ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Added:
    """A passkey was made."""

    name: str
    codes: tuple[str, ...] = ()
    "The recovery codes, when these are the first: to be shown once."


def of_line(session: Session, line_id: int) -> list[Passkey]:
    """The line's passkeys, oldest first."""
    return list(
        session.exec(select(Passkey).where(Passkey.line_id == line_id).order_by(col(Passkey.id)))
    )


def begin_registration(
    session: Session, line: Line, *, site: Site, key: str, now: datetime
) -> dict[str, Any]:
    """Options for `navigator.credentials.create`. key: the session's hash.

    Raises ValueError when the line has as many as it may.
    """
    present = of_line(session, line.id or 0)
    if len(present) >= MOST:
        raise ValueError("enough")
    options = webauthn.generate_registration_options(
        rp_id=site.rp_id,
        rp_name="Office Smart",
        user_id=f"officesmart-line-{line.id}".encode(),
        user_name=line.number or line.extension,
        user_display_name=line.name,
        exclude_credentials=_named(present),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        timeout=_ms(GOOD),
    )
    _challenges.put("make", key, options.challenge, now)
    return options_to_json_dict(options)


def finish_registration(
    session: Session,
    line: Line,
    answer: Any,
    name: str,
    *,
    site: Site,
    key: str,
    now: datetime,
    by: By,
) -> Added | None:
    """Keep the passkey that the browser made; None when it does not answer our question."""
    assert line.id is not None
    challenge = _challenges.take("make", key, now)
    if not challenge or len(of_line(session, line.id)) >= MOST:
        return None
    try:
        made = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.rp_id,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except NONSENSE:
        return None
    credential_id = bytes_to_base64url(made.credential_id)
    public_key = bytes_to_base64url(made.credential_public_key)
    if len(credential_id) > 1400 or len(public_key) > 2000 or _find(session, credential_id):
        return None
    called = " ".join(name.split())[:LONGEST_NAME] or "Passkey"
    codes = () if factors(session, line.id).any else recovery.first_codes(session, line)
    session.add(
        Passkey(
            line_id=line.id,
            credential_id=credential_id,
            public_key=public_key,
            sign_count=made.sign_count,
            name=called,
            created_at=now,
        )
    )
    session.flush()
    note(session, line, "passkey_added", by=by, now=now, after={"passkey": called})
    warn(session, line, "passkey_added", by=by, now=now)
    return Added(called, codes)


def remove(session: Session, line: Line, which: int, *, now: datetime, by: By) -> bool:
    """Take one of the line's passkeys away; recovery codes go with the last factor."""
    row = session.get(Passkey, which)
    if row is None or row.line_id != line.id:
        return False
    session.delete(row)
    session.flush()
    if not factors(session, line.id or 0).any:
        recovery.drop(session, line.id or 0)
    note(session, line, "passkey_removed", by=by, now=now, before={"passkey": row.name})
    warn(session, line, "passkey_removed", by=by, now=now)
    return True


# -- showing one --------------------------------------------------------------------------------


def begin_assertion(
    session: Session, line_id: int, *, site: Site, key: str, now: datetime
) -> dict[str, Any]:
    """Options for `navigator.credentials.get`. line_id 0: whoever the passkey says (no password).

    key: the session's hash, or another secret of this browser.
    """
    options = webauthn.generate_authentication_options(
        rp_id=site.rp_id,
        allow_credentials=_named(of_line(session, line_id)) if line_id else None,
        user_verification=UserVerificationRequirement.REQUIRED,
        timeout=_ms(GOOD),
    )
    _challenges.put("show", key, options.challenge, now)
    return options_to_json_dict(options)


def finish_assertion(
    session: Session, line_id: int, answer: Any, *, site: Site, key: str, now: datetime
) -> int:
    """The line that the passkey proves; 0 when it does not. line_id 0: any line's.

    A signature count that did not grow is a copied key (WebAuthn s.6.1.1): refused.
    """
    challenge = _challenges.take("show", key, now)
    if not challenge or not isinstance(answer, dict):
        return 0
    row = _find(session, str(answer.get("id", ""))[:1400])
    if row is None or (line_id and row.line_id != line_id):
        return 0
    try:
        shown = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.rp_id,
            expected_origin=site.origin,
            credential_public_key=base64url_to_bytes(row.public_key),
            credential_current_sign_count=row.sign_count,
            require_user_verification=True,
        )
    except NONSENSE:
        return 0
    row.sign_count, row.used_at = shown.new_sign_count, now
    session.add(row)
    return row.line_id


# -- pieces -------------------------------------------------------------------------------------


def _find(session: Session, credential_id: str) -> Passkey | None:
    return session.exec(select(Passkey).where(Passkey.credential_id == credential_id)).first()


def _named(rows: list[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(base64url_to_bytes(row.credential_id)) for row in rows]


def _ms(length: timedelta) -> int:
    return int(length.total_seconds() * 1000)


def _origin(address: str) -> str:
    """Scheme, host and port as a browser's Origin header writes them; '' when it is none."""
    try:
        split = urlsplit(address.strip().lower())
        port = split.port
    except ValueError:
        return ""
    if split.scheme not in ("http", "https") or not split.hostname:
        return ""
    host = f"[{split.hostname}]" if ":" in split.hostname else split.hostname
    usual = port is None or port == {"http": 80, "https": 443}[split.scheme]
    return f"{split.scheme}://{host}" + ("" if usual else f":{port}")


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
