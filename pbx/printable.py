"""What a name may be written with: whatever can be seen, and what holds its signs together."""

from __future__ import annotations

JOINERS = "\u200c\u200d"
"Hold letters or parts of an emoji together, or apart: families, Persian and Hindi need them."


def printable(text: str) -> bool:
    """Whether nothing in it is invisible, but joiners beside what can be seen."""
    if text.isprintable():
        return True
    return not all(sign in JOINERS or sign.isspace() for sign in text) and all(
        sign.isprintable() or sign in JOINERS for sign in text
    )
