"""Header names in all their spellings, which headers are lists, and the words of status codes."""

from __future__ import annotations

from functools import lru_cache
from http import HTTPStatus

from pbx.sip.grammar import is_token

_COMPACT = {
    "a": "Accept-Contact", "b": "Referred-By", "c": "Content-Type", "d": "Request-Disposition",
    "e": "Content-Encoding", "f": "From", "i": "Call-ID", "j": "Reject-Contact",
    "k": "Supported", "l": "Content-Length", "m": "Contact", "n": "Identity-Info",
    "o": "Event", "r": "Refer-To", "s": "Subject", "t": "To", "u": "Allow-Events", "v": "Via",
    "x": "Session-Expires", "y": "Identity",
}  # fmt: skip

# Headers that may hold several values on one line (RFC 3261 table 2 and the RFCs that add to it).
# Subject, Date and the authentication headers have commas of their own and are not here.
LISTS = frozenset({
    "Accept", "Accept-Contact", "Accept-Encoding", "Accept-Language", "Alert-Info", "Allow",
    "Allow-Events", "Call-Info", "Contact", "Content-Encoding", "Content-Language", "Diversion",
    "Error-Info", "History-Info", "In-Reply-To", "P-Asserted-Identity", "P-Preferred-Identity",
    "Path", "Proxy-Require", "Reason", "Record-Route", "Reject-Contact", "Request-Disposition",
    "Require", "Route", "Service-Route", "Supported", "Unsupported", "Via", "Warning",
})  # fmt: skip

# Two different values of one of these make the message ambiguous, so it is refused (RFC 4475
# s.3.3.8). Two equal ones are a phone's slip.
SINGLE = (
    "From", "To", "Call-ID", "CSeq", "Max-Forwards", "Content-Length", "Content-Type", "Expires",
)  # fmt: skip

_IRREGULAR = (
    "Call-ID", "CSeq", "WWW-Authenticate", "RAck", "RSeq", "MIME-Version", "SIP-ETag",
    "SIP-If-Match", "P-Early-Media", "User-to-User", "Min-SE", "Refer-To", "Content-Length",
    "P-Called-Party-ID",
)  # fmt: skip
_SPELLING = {name.lower(): name for name in (*LISTS, *SINGLE, *_IRREGULAR)} | _COMPACT

# Every spelling we expect, to the name under which the value is kept.
NAMES: dict[str, str] = {}
for _lower, _name in _SPELLING.items():
    NAMES |= {_lower: _name, _name: _name, _name.lower(): _name, _name.upper(): _name}
    NAMES |= {_lower.upper(): _name, _name.title(): _name}
for _name in (
    "Authorization", "Date", "Event", "Min-Expires", "Organization", "P-Access-Network-Info",
    "Privacy", "Proxy-Authenticate", "Proxy-Authorization", "Referred-By", "Replaces", "Replaced",
    "Retry-After", "Server", "Session-Expires", "Subject", "Subscription-State", "Timestamp",
    "User-Agent", "Remote-Party-ID", "Refer-Sub", "Content-Disposition", "Accept", "X-Real-IP",
):  # fmt: skip
    NAMES |= {_name: _name, _name.lower(): _name, _name.upper(): _name}
    _SPELLING.setdefault(_name.lower(), _name)


def header_name(name: str) -> str:
    """The one spelling under which a header is kept: `v`, `VIA` and `Via ` are all `Via`.

    Raises ValueError when it is not a token.
    """
    return NAMES.get(name) or unusual_name(name)


@lru_cache(maxsize=512)
def unusual_name(name: str) -> str:
    """As `header_name`, for spellings that are not in `NAMES`."""
    lower = name.strip(" \t").lower()
    known = _SPELLING.get(lower)
    if known:
        return known
    if not is_token(lower):
        raise ValueError(f"not a header name: {name[:40]!r}")
    return lower.title()


_PHRASES = {
    100: "Trying", 180: "Ringing", 181: "Call Is Being Forwarded", 182: "Queued",
    183: "Session Progress", 199: "Early Dialog Terminated", 202: "Accepted",
    204: "No Notification", 300: "Multiple Choices", 301: "Moved Permanently",
    302: "Moved Temporarily", 305: "Use Proxy", 380: "Alternative Service",
    407: "Proxy Authentication Required", 408: "Request Timeout", 413: "Request Entity Too Large",
    414: "Request-URI Too Long", 416: "Unsupported URI Scheme", 420: "Bad Extension",
    421: "Extension Required", 422: "Session Interval Too Small", 423: "Interval Too Brief",
    429: "Provide Referrer Identity", 433: "Anonymity Disallowed",
    480: "Temporarily Unavailable", 481: "Call/Transaction Does Not Exist", 482: "Loop Detected",
    483: "Too Many Hops", 484: "Address Incomplete", 485: "Ambiguous", 486: "Busy Here",
    487: "Request Terminated", 488: "Not Acceptable Here", 489: "Bad Event",
    491: "Request Pending", 493: "Undecipherable", 500: "Server Internal Error",
    504: "Server Time-out", 505: "Version Not Supported", 513: "Message Too Large",
    580: "Precondition Failure", 600: "Busy Everywhere", 603: "Decline",
    604: "Does Not Exist Anywhere", 606: "Not Acceptable",
}  # fmt: skip


def phrase(status: int) -> str:
    """The usual words for a status code."""
    words = _PHRASES.get(status)
    if words is None:
        try:
            words = HTTPStatus(status).phrase
        except ValueError:
            words = "Unknown"
    return words
