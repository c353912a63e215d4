"""Why a call or a branch of it ended, as messages say it (Reason, RFC 3326)."""

from __future__ import annotations

from pbx.sip.headers import Reason
from pbx.sip.message import Response

ELSEWHERE = ("Reason", 'SIP;cause=200;text="Call completed elsewhere"')
"For the phones that rang beside the one that answered: not a call that they missed."


def because(status: int, text: str) -> tuple[str, str]:
    """The header for an end of our own: a SIP status and our words for it."""
    return "Reason", f'SIP;cause={status};text="{text}"'


def q850(response: Response) -> int:
    """The cause of the telephone network in an answer's Reason headers; 0 without one."""
    for text in response.get_all("Reason"):
        try:
            reason = Reason.parse(text)
        except ValueError:
            continue
        if reason.protocol.upper() == "Q.850":
            return reason.cause or 0
    return 0
