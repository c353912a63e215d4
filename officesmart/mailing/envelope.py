"""Addresses, and the bytes of a letter as RFC 5322 and MIME want them.

Names come from callers and people: whatever could break a header, or hide a text's direction, is
taken out before it gets near one. An address that is none is refused, never repaired.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from email import headerregistry
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime

from officesmart.mailing.look import Letter, as_html, as_text

LONGEST = 254  # characters of an address, RFC 5321 s.4.5.3.1.3
LONGEST_LOCAL = 64  # octets, s.4.5.3.1.1
# A dot-atom (RFC 5322 s.3.2.3), letters of any alphabet included (RFC 6531 s.3.3). Quoted local
# parts are legal and unknown in offices.
LOCAL = re.compile(r"[^\s@<>()\[\]\\,;:\".\x00-\x20\x7f]+(\.[^\s@<>()\[\]\\,;:\".\x00-\x20\x7f]+)*")
LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
OURS = "Office Smart"


class BadAddress(ValueError):
    """This is no e-mail address."""


@dataclass(frozen=True, slots=True)
class Address:
    """An e-mail address; the domain as it goes over the wire (IDNA)."""

    local: str
    domain: str

    def __str__(self) -> str:
        return f"{self.local}@{self.domain}"

    @property
    def needs_utf8(self) -> bool:
        """Whether only a server with SMTPUTF8 (RFC 6531) can take it."""
        return not self.local.isascii()


def read_address(text: str) -> Address:
    """An address as a person typed it. Raises BadAddress."""
    typed = text.strip()
    local, at, domain = typed.rpartition("@")
    if not at or len(typed) > LONGEST or not LOCAL.fullmatch(local):
        raise BadAddress(words(typed, most=80))
    if any(unicodedata.category(sign) in UNSEEN for sign in local):
        raise BadAddress("an address with signs that cannot be seen")
    if len(local.encode()) > LONGEST_LOCAL:
        raise BadAddress(words(typed, most=80))
    try:
        wire = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise BadAddress(words(typed, most=80)) from None
    if not wire or not all(LABEL.fullmatch(label) for label in wire.split(".")):
        raise BadAddress(words(typed, most=80))
    return Address(local, wire)


def words(text: str, *, most: int = 200) -> str:
    """A text on one line, without signs that steer instead of being read."""
    seen = "".join(" " if unicodedata.category(sign) in UNSEEN else sign for sign in text[:2000])
    plain = " ".join(seen.split())
    return plain if len(plain) <= most else plain[: most - 1].rstrip() + "…"


def message_id(row: int, created_at: datetime, sender: Address) -> str:
    """The same for each try of one row, so that a server can drop a repeat."""
    told = hashlib.sha256(f"{row} {created_at.isoformat()}".encode()).hexdigest()[:24]
    return f"<{row}.{told}@{sender.domain}>"


@dataclass(frozen=True, slots=True)
class Parcel:
    """A letter ready for the server."""

    row: int
    kind: str
    sender: Address
    to: Address
    data: bytes

    @property
    def needs_utf8(self) -> bool:
        """Whether only a server with SMTPUTF8 can take it."""
        return self.sender.needs_utf8 or self.to.needs_utf8


def pack(
    letter: Letter,
    *,
    row: int,
    kind: str,
    sender: Address,
    to: Address,
    name: str,
    language: str,
    written_at: datetime,
    created_at: datetime,
    office: str = "",
) -> Parcel:
    """The whole message, text and HTML.

    office: its name, which letters come from; empty: ours.
    written_at: for the Date header, in the zone it is to show; the same at each try.
    """
    utf8 = sender.needs_utf8 or to.needs_utf8
    # With 7 bits everywhere no server along the way has a reason to change a byte.
    policy = SMTPUTF8 if utf8 else SMTP.clone(cte_type="7bit")
    message = EmailMessage(policy=policy)
    message["From"] = _mailbox(_literal(office, most=80) or OURS, sender)
    message["To"] = _mailbox(_literal(name, most=80), to)
    message["Subject"] = _literal(letter.subject, most=160)
    message["Date"] = format_datetime(written_at)
    message["Message-ID"] = message_id(row, created_at, sender)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834 s.5: no holiday answers to us
    message["X-Auto-Response-Suppress"] = "All"  # the same, for Exchange
    message.set_content(_sound(as_text(letter, language)), cte="quoted-printable")
    message.add_alternative(
        _sound(as_html(letter, language, words(office) or OURS)),
        subtype="html",
        cte="quoted-printable",
    )
    # Last: what goes before the parts are made would go with the first of them.
    message["Content-Language"] = language
    return Parcel(row=row, kind=kind, sender=sender, to=to, data=message.as_bytes())


def _sound(text: str) -> str:
    """A text that can be written as UTF-8: half a surrogate pair cannot."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _literal(text: str, *, most: int) -> str:
    """Words for a header that come out as they went in: what looks encoded (RFC 2047) is not."""
    return words(text.replace("=?", "= ?"), most=most)


def _mailbox(name: str, address: Address) -> headerregistry.Address:
    return headerregistry.Address(name, address.local, address.domain)
