"""What a line is doing, as lamps of other phones are told: dialog-info (RFC 4235).

Pure: dialogs in, XML out. Who may know is the notifier's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from xml.sax.saxutils import escape, quoteattr

from pbx.sip.uri import escape_user


@dataclass(frozen=True, slots=True)
class DialogInfo:
    """One call of the watched line."""

    id: str
    state: str
    "'proceeding', 'early', 'confirmed' or 'terminated' (RFC 4235 s.3.7.1)."
    incoming: bool = False
    remote: str = ""
    "The other side's number; empty: not told."
    name: str = ""
    call_id: str = ""
    "What a key sends back in Replaces to answer it; empty: it cannot."


def changed(before: Iterable[DialogInfo], now: Iterable[DialogInfo]) -> list[DialogInfo]:
    """What to tell who knows `before`: what is new or otherwise, and what is over."""
    known = {each.id: each for each in before}
    there = {each.id: each for each in now}
    moved = [each for each in there.values() if known.get(each.id) != each]
    over = [replace(each, state="terminated") for of, each in known.items() if of not in there]
    return [*over, *moved]


def body(
    entity: str, host: str, dialogs: Iterable[DialogInfo], *, version: int, full: bool
) -> bytes:
    """The document for one NOTIFY (RFC 4235 s.4). entity: the extension or orbit watched."""
    uri = _uri(entity, host)
    state = "full" if full else "partial"
    parts = [
        '<?xml version="1.0"?>',
        '<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" '
        f'version="{version}" state="{state}" entity={quoteattr(uri)}>',
    ]
    for each in dialogs:
        tags = (
            f" call-id={quoteattr(each.call_id)} local-tag={quoteattr(entity)}"
            f" remote-tag={quoteattr(each.id)}"
            if each.call_id
            else ""
        )
        way = "recipient" if each.incoming else "initiator"
        parts.append(f'<dialog id={quoteattr(each.id)}{tags} direction="{way}">')
        parts.append(f"<state>{each.state}</state>")
        parts.append(
            f"<local><identity>{escape(uri)}</identity><target uri={quoteattr(uri)}/></local>"
        )
        if each.remote:
            other = _uri(each.remote, host)
            shown = f" display={quoteattr(_plain(each.name))}" if each.name else ""
            parts.append(
                f"<remote><identity{shown}>{escape(other)}</identity>"
                f"<target uri={quoteattr(other)}/></remote>"
            )
        parts.append("</dialog>")
    parts.append("</dialog-info>")
    return "\r\n".join([*parts, ""]).encode()


def _uri(user: str, host: str) -> str:
    return f"sip:{escape_user(user)}@{f'[{host}]' if ':' in host else host}"


def _plain(text: str) -> str:
    """Without what XML cannot carry."""
    return "".join(letter for letter in text if letter.isprintable())
