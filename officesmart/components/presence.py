"""Whether somebody can be reached now, in words."""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.i18n import t

PRESENCE = {
    "available": dict(it="disponibile", en="available"),
    "ringing": dict(it="squilla", en="ringing"),
    "busy": dict(it="in chiamata", en="in a call"),
    "dnd": dict(it="non disturbare", en="do not disturb"),
    "offline": dict(it="scollegato", en="offline"),
}


def presence_word(presence: Any, *, upper: bool = False) -> Any:
    """A presence in words."""

    def word(kind: str) -> Any:
        both = {k: v[0].upper() + v[1:] if upper else v for k, v in PRESENCE[kind].items()}
        return t(**both)

    return rx.match(presence, *((kind, word(kind)) for kind in PRESENCE), word("offline"))
