"""Finding the SDP in a message's body, also as one part of several (RFC 5621)."""

from __future__ import annotations

import re

from pbx.sip.message import Message

_BOUNDARY = re.compile(r';\s*boundary\s*=\s*(?:"([^"\r\n]{1,70})"|([^\s;",]{1,70}))', re.IGNORECASE)
_SDP_PART = re.compile(rb"^content-type[ \t]*:[ \t]*application/sdp[ \t]*(;|$)", re.I | re.M)


def media_type(message: Message) -> str:
    """The Content-Type without its parameters, in lower case; '' without one."""
    return message.get("Content-Type").partition(";")[0].strip().lower()


def sdp_of(message: Message) -> bytes:
    """The SDP in a message, or b''. A body without a Content-Type is taken for SDP."""
    body = message.body
    if not body:
        return b""
    kind = media_type(message)
    if kind in ("application/sdp", ""):
        return body
    if not kind.startswith("multipart/"):
        return b""
    found = _BOUNDARY.search(message.get("Content-Type"))
    if found is None:
        return b""
    boundary = b"--" + (found.group(1) or found.group(2)).encode("utf-8", "replace")
    for part in body.split(boundary)[1:32]:
        head, empty, content = part.replace(b"\r\n", b"\n").partition(b"\n\n")
        if empty and _SDP_PART.search(head):
            return content.rstrip(b"\n").replace(b"\n", b"\r\n") + b"\r\n"
    return b""


def unreadable_body(message: Message) -> bool:
    """Whether a request with an offer is to be refused with 415 (RFC 3261 s.8.2.3)."""
    if not message.body:
        return False
    encoding = message.get("Content-Encoding").strip().lower()
    if encoding not in ("", "identity"):
        return True
    if "handling=optional" in message.get("Content-Disposition").replace(" ", "").lower():
        return False
    return not sdp_of(message)
