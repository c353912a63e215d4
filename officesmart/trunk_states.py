"""How each trunk stands now, as the PBX's board says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pbx.link import Board


@dataclass(frozen=True, slots=True)
class Standing:
    """One trunk, now."""

    state: str = ""
    "'up', 'down', 'trying' or 'off'; '' while the PBX has said nothing."
    why_it: str = ""
    why_en: str = ""
    since: datetime | None = None
    calls: int = 0


def standings(board: Board) -> dict[int, Standing]:
    """Every trunk the PBX has spoken of, by its row's id. Why is said of what does not work."""
    return {
        number: Standing(
            state=known.state,
            why_it=known.why.it if known.state == "down" else "",
            why_en=known.why.en if known.state == "down" else "",
            since=known.since,
            calls=known.calls,
        )
        for number, known in board.trunks.items()
    }
