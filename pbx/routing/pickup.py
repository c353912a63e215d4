"""Who may answer whose calls: the lines that share a pickup group (guide 8, behaviour.md s.8)."""

from __future__ import annotations

from pbx.routing.office import Office, PickupGroup


def groups_of(extension: str, office: Office) -> tuple[PickupGroup, ...]:
    """The groups this line is in, by name."""
    mine = (group for group in office.pickup.values() if extension in group.lines)
    return tuple(sorted(mine, key=lambda group: group.name))


def mates(extension: str, office: Office) -> tuple[frozenset[str], frozenset[str]]:
    """The other lines of its groups; and those of them whose hunt calls it may answer too."""
    groups = groups_of(extension, office)
    everybody = frozenset[str]().union(*(group.lines for group in groups))
    hunted = frozenset[str]().union(*(group.lines for group in groups if group.hunt_calls))
    return everybody - {extension}, hunted - {extension}


def may_answer(extension: str, other: str, office: Office) -> bool:
    """Whether a call that rings at `other` may be taken by name (**EXT, a lamp's key)."""
    if extension == other:
        return False
    return office.pickup_all or other in mates(extension, office)[0]
