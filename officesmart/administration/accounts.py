"""What a line's phones and its owner sign in with: SIP accounts, portal password, mailbox PIN.

Secrets are made up here, answered once and kept only as digests. Making the digests takes time:
`made` is for a thread, the rest for the writer's lane.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlmodel import Session, col, select

from officesmart import auth, enrol
from officesmart.administration import audit
from officesmart.administration.audit import Author
from officesmart.administration.lines import Gone, Refused
from officesmart.administration.rules import Fault, label_fault
from officesmart.identity import lost, secrets
from officesmart.identity.told import By
from pbx import credentials
from pbx.tables import Line, Mailbox, SipAccount

MOST = 20  # accounts of one line
TEST_ACCOUNT = "prova-"
"How the accounts of the line test begin (pages/admin.py); they live for seconds."


@dataclass(frozen=True, slots=True)
class Fresh:
    """One new secret, in clear: to be shown once."""

    kind: str
    "'portal', 'sip' or 'pin'."
    user: str
    "What it is used with: the extension, or the SIP user."
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Made:
    """A secret with its digests, before it is written."""

    fresh: Fresh
    digests: enrol.Digests


def made(kind: str, *, extension: str, name: str, number: str, user: str = "") -> Made:
    """A new secret of this kind for a line; takes some 20 ms of processor."""
    random = enrol.made_up(extension, name=name, number=number)
    if kind == "portal":
        fresh = Fresh(kind, extension, random.password)
        return Made(fresh, enrol.Digests(password=credentials.hash_password(random.password)))
    if kind == "pin":
        return Made(
            Fresh(kind, extension, random.pin), enrol.Digests(pin=credentials.hash_pin(random.pin))
        )
    secret = random.sip_password
    digests = enrol.Digests(
        ha1_md5=credentials.ha1_md5(user, secret), ha1_sha256=credentials.ha1_sha256(user, secret)
    )
    return Made(Fresh("sip", user, secret), digests)


def of_line(session: Session, line_id: int) -> list[SipAccount]:
    """The line's accounts, oldest first; those of a test running now are left out."""
    return list(
        session.exec(
            select(SipAccount)
            .where(
                SipAccount.line_id == line_id,
                col(SipAccount.username).not_like(f"{TEST_ACCOUNT}%"),
            )
            .order_by(col(SipAccount.id))
        )
    )


def free_user(session: Session, extension: str) -> str:
    """The SIP user of a line's next account: the extension, else 204-2, 204-3 and so on."""
    taken = set(
        session.exec(
            select(SipAccount.username).where(col(SipAccount.username).like(f"{extension}%"))
        )
    )
    # The bare extension of another line is that line's to have.
    for user in (extension, *(f"{extension}-{n}" for n in range(2, len(taken) + 3))):
        if user not in taken:
            return user
    raise AssertionError("there is always a free one")


def add(session: Session, author: Author, line_id: int, label: str, new: Made) -> int:
    """One more account for the line; answers its id. Raises Refused, Gone."""
    line = _line(session, line_id)
    fault = label_fault(label)
    if fault is not None:
        raise Refused({"label": fault})
    if len(of_line(session, line_id)) >= MOST:
        raise Refused(
            {
                "label": Fault(
                    f"Una linea ha al massimo {MOST} account: togline uno",
                    f"A line has at most {MOST} accounts: remove one",
                )
            }
        )
    user = new.fresh.user
    if session.exec(select(SipAccount.id).where(SipAccount.username == user)).first() is not None:
        raise Refused(
            {
                "label": Fault(
                    f"L'utente {user} è appena stato creato: riprova",
                    f"User {user} has just been made: try again",
                )
            }
        )
    account = SipAccount(
        line_id=line_id,
        username=user,
        ha1_md5=new.digests.ha1_md5,
        ha1_sha256=new.digests.ha1_sha256,
        label=label,
    )
    session.add(account)
    session.flush()
    _note(session, author, line, "account_added", after={"user": user, "label": label})
    return account.id or 0


def rename(session: Session, author: Author, account_id: int, label: str) -> bool:
    """Another label; whether it was another. Raises Refused, Gone."""
    fault = label_fault(label)
    if fault is not None:
        raise Refused({"label": fault})
    account, line = _account(session, account_id)
    if account.label == label:
        return False
    before = {"user": account.username, "label": account.label}
    account.label = label
    session.add(account)
    after = {"user": account.username, "label": label}
    _note(session, author, line, "account_changed", before=before, after=after)
    return True


def set_direct_audio(session: Session, author: Author, account_id: int, on: bool) -> bool:
    """Whether sound may go straight between the phones. Raises Gone."""
    account, line = _account(session, account_id)
    if account.direct_audio == on:
        return False
    before = {"direct_audio": account.direct_audio}
    account.direct_audio = on
    session.add(account)
    after = {"user": account.username, "direct_audio": on}
    _note(session, author, line, "account_changed", before=before, after=after)
    return True


TRANSPORTS = ("", "udp", "tcp")
CODECS = ("PCMA", "PCMU", "G722")
"What the PBX speaks; a test holds this to pbx.calls.switch.OURS."


def set_transport(session: Session, author: Author, account_id: int, transport: str) -> bool:
    """The only transport its phones may register over; '' for any. Raises Gone, ValueError."""
    if transport not in TRANSPORTS:
        raise ValueError(f"no such transport: {transport[:20]!r}")
    return _set(session, author, account_id, "transport", transport)


def set_codec(session: Session, author: Author, account_id: int, place: int, codec: str) -> bool:
    """The codec in this place of the order (0 first); '' ends the list there.

    One that stood elsewhere moves. Raises Gone, ValueError.
    """
    if codec and codec not in CODECS or not 0 <= place < len(CODECS):
        raise ValueError(f"no such codec: {codec[:20]!r} in place {place}")
    account, _ = _account(session, account_id)
    now = account.codecs.split()
    if codec:
        before = now[place] if place < len(now) else ""
        # Two that change places: nobody has to take one out first.
        order = [before if each == codec and before else each for each in now]
        order[place : place + 1] = [codec]
    else:
        order = now[:place]
    return _set(session, author, account_id, "codecs", " ".join(dict.fromkeys(order)))


def _set(session: Session, author: Author, account_id: int, name: str, value: str) -> bool:
    account, line = _account(session, account_id)
    before = {name: getattr(account, name)}
    if before[name] == value:
        return False
    setattr(account, name, value)
    session.add(account)
    after = {"user": account.username, name: value}
    _note(session, author, line, "account_changed", before=before, after=after)
    return True


def remove(session: Session, author: Author, account_id: int) -> str:
    """Remove an account: its phones are signed out. Answers its user. Raises Gone."""
    account, line = _account(session, account_id)
    user = account.username
    _note(
        session,
        author,
        line,
        "account_removed",
        before={"user": user, "label": account.label},
    )
    session.delete(account)
    session.flush()
    return user


def reset_sip(session: Session, author: Author, account_id: int, new: Made) -> bool:
    """A new SIP password for one account. Raises Gone."""
    account, line = _account(session, account_id)
    account.ha1_md5, account.ha1_sha256 = new.digests.ha1_md5, new.digests.ha1_sha256
    session.add(account)
    _note(session, author, line, "sip_reset", after={"user": account.username})
    return True


def reset_portal(session: Session, author: Author, line_id: int, new: Made) -> bool:
    """A new portal password; the line's browsers are signed out. Raises Gone.

    Whoever gives it knows it, so the next sign-in asks for one that only its owner knows.
    """
    line = _line(session, line_id)
    by = By(author.extension, author.name)
    secrets.replaced(session, line, "password", line.password_hash, now=author.at, by=by)
    line.password_hash, line.welcomed_at = new.digests.password, None
    session.add(line)
    auth.end_all(session, line_id)
    _note(session, author, line, "portal_reset")
    return True


def reset_pin(session: Session, author: Author, line_id: int, new: Made) -> bool:
    """A new mailbox PIN. Raises Gone."""
    line = _line(session, line_id)
    box = session.get(Mailbox, line_id) or Mailbox(line_id=line_id, enabled=False)
    by = By(author.extension, author.name)
    secrets.replaced(session, line, "pin", box.pin_hash, now=author.at, by=by)
    box.pin_hash = new.digests.pin
    session.add(box)
    _note(session, author, line, "pin_reset")
    return True


def drop_factors(session: Session, author: Author, line_id: int) -> bool:
    """Codes and passkeys of the line's owner go; whether there were any. Raises Gone."""
    by = By(author.extension, author.name)
    return lost.drop_factors(session, _line(session, line_id), by=by, now=author.at)


def _account(session: Session, account_id: int) -> tuple[SipAccount, Line]:
    account = session.get(SipAccount, account_id)
    if account is None:
        raise Gone
    return account, _line(session, account.line_id)


def _line(session: Session, line_id: int) -> Line:
    line = session.get(Line, line_id)
    if line is None:
        raise Gone
    return line


def _note(
    session: Session,
    author: Author,
    line: Line,
    what: str,
    *,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    audit.note(
        session,
        author,
        what,
        line=line.extension,
        line_name=line.name,
        before=before,
        after=after,
    )
