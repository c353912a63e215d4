"""Sites by name, as lines know them (`Line.site`): which there are, and how they are spelled.

A name is the same in capitals or not. What administrators do with sites is in
administration/sites.py; this is what making and importing lines needs.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import Session, select

from pbx.tables import Site


def spellings(session: Session) -> dict[str, str]:
    """Each site's name, by its casefolded form."""
    return {name.casefold(): name for name in session.exec(select(Site.name))}


def unknown(session: Session, names: Iterable[str]) -> tuple[str, ...]:
    """Those of these names that no site has, each once, in the order given."""
    known = spellings(session)
    fresh = {name.casefold(): name for name in reversed(list(names)) if name.strip()}
    return tuple(name for key, name in reversed(fresh.items()) if key not in known)


def ensure(session: Session, names: Iterable[str]) -> dict[str, str]:
    """Make the sites that are missing; answers the spelling of each, by casefolded name."""
    for name in unknown(session, names):
        session.add(Site(name=name))
    session.flush()
    return spellings(session)
