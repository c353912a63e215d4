"""One memory of compiled statements for all the databases of a run.

Nearly every test opens a database of its own, and SQLAlchemy compiles each statement once for each
of them: it keeps what it compiled by engine, and by the engine's dialect. All of ours speak the
same SQLite, so they may share both; what is asked and what is answered stay each test's own.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, create_engine

from pbx.store import session

MANY = 5000  # statements; the tests ask some hundreds


def share_statements() -> None:
    """From now on, in this process."""
    first = create_engine("sqlite://", query_cache_size=MANY)
    with first.connect():
        pass  # the dialect learns at its first connection which SQLite it speaks to
    first.dispose()

    def create(url: Any, **how: Any) -> Engine:
        engine = create_engine(url, **how)
        if engine.dialect.name == first.dialect.name:
            engine.dialect = engine.pool._dialect = first.dialect
            engine._compiled_cache = first._compiled_cache
        return engine

    session.create_engine = create
