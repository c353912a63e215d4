"""How a phone is asked to ring: Alert-Info (RFC 3261 s.20.4).

Two values, in this order: `<http://www.notused.com>;info=WORD`, which Yealink, Snom, Grandstream
and Fanvil phones match against the ringing tones of their settings (nothing is fetched), and the
URN of RFC 7462 for phones that know it. A phone that knows neither rings as ever.
"""

from __future__ import annotations

ALERTS = {
    "priority": ("priority", "urn:alert:priority:high"),
    "splash": ("ring-splash", "urn:alert:duration:short"),
    "recall": ("recall", "urn:alert:service:recall:hold"),
}
"`plan.Ring.alert` to what phones are told."
ANSWER = [
    ("Alert-Info", "<http://www.notused.com>;info=alert-autoanswer;delay=0"),
    ("Call-Info", "<http://www.notused.com>;answer-after=0"),
    ("Answer-Mode", "Auto"),
]
"""To answer by itself: the words that desk phones look for in Alert-Info and Call-Info (Yealink,
Snom, Grandstream, Fanvil; baresip), and RFC 5373 for those that know it."""


def alert_headers(alert: str) -> list[tuple[str, str]]:
    """Headers of an INVITE for a way of ringing; none for the usual one."""
    if alert == "answer":
        return list(ANSWER)
    if alert not in ALERTS:
        return []
    word, urn = ALERTS[alert]
    return [("Alert-Info", f"<http://www.notused.com>;info={word}"), ("Alert-Info", f"<{urn}>")]
