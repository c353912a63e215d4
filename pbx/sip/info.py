"""Keys that older phones send in SIP INFO: application/dtmf-relay and application/dtmf.

No RFC names these bodies (RFC 6086 frames INFO only); they are what phones have sent for decades:
`Signal=5` lines with an optional `Duration=160`, or the bare key.
"""

from __future__ import annotations

import re

from pbx.sip.message import Request

_SIGNAL = re.compile(r"^\s*Signal\s*=\s*([0-9A-D*#]+)\s*$", re.IGNORECASE | re.MULTILINE)
_BARE = re.compile(r"^\s*([0-9A-D*#]|1[01])\s*$", re.IGNORECASE)
_BY_NUMBER = {"10": "*", "11": "#"}


def digit_in_info(request: Request) -> str:
    """The key of an INFO, or "" when it carries none (a keep-alive, something else)."""
    kind = request.get("Content-Type").partition(";")[0].strip().lower()
    if kind not in ("application/dtmf-relay", "application/dtmf"):
        return ""
    text = request.body[:200].decode("latin-1")
    found = _SIGNAL.search(text) or _BARE.match(text)
    if not found:
        return ""
    key = found.group(1).upper()
    key = _BY_NUMBER.get(key, key)
    return key if len(key) == 1 else ""
