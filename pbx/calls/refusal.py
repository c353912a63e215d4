"""What a provider's refusal means: is it about the number, or about us and the provider?

A refusal about the number (busy, declined, no such number) goes to the caller. One about the trunk
has the next one tried: it may do better.
"""

from __future__ import annotations

from pbx.calls.rung import Rung

BUSY = frozenset({486, 600})
DECLINED = frozenset({603, 607, 608})
NO_SUCH = frozenset({404, 410, 484, 485, 604})
NEXT = frozenset({401, 402, 407, 408, 488, 606})
"Refusals that are about us and this provider, not about the number: the next trunk may do better."
Q850 = {1: 404, 17: 486, 21: 603, 28: 484}
"Causes of the telephone network (Q.850 in a Reason, RFC 3326) that a gateway's 5xx may hide."


def verdict(status: int, cause: int = 0) -> Rung:
    """What a refusal means for the caller; 'next' when it says more of the trunk than of whom it
    was to reach. The status is the one that the caller gets.

    cause: the telephone network's own (Q.850, RFC 3326), which a gateway's 5xx hides; 0: none.
    """
    if status >= 500:
        status = Q850.get(cause, status)
    if status in BUSY:
        return Rung("busy", status=486)
    if status in DECLINED:
        return Rung("declined", status=603)
    if status in NO_SUCH:
        return Rung("no_such_number", status=404)
    if status == 403:
        return Rung("barred", status=403)
    if status in NEXT or 500 <= status < 600:
        return Rung("next", status=status)
    return Rung("unavailable", status=480)
