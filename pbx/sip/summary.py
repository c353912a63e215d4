"""The body that lights a lamp: application/simple-message-summary (RFC 3842 s.5.2)."""

from __future__ import annotations

CONTENT_TYPE = "application/simple-message-summary"


def message_summary(
    new: int, old: int, urgent_new: int, urgent_old: int, account: str
) -> bytes:
    """Counts of voice messages; `account` is the mailbox's URI, which some phones show."""
    waiting = "yes" if new else "no"
    return (
        f"Messages-Waiting: {waiting}\r\n"
        f"Message-Account: {account}\r\n"
        f"Voice-Message: {new}/{old} ({urgent_new}/{urgent_old})\r\n"
    ).encode()
