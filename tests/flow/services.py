"""An office whose settings are rows: a star code changes them, the next call sees it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from pbx.apps.app import Context, bound
from pbx.events.kinds import SettingsChanged
from pbx.media import recorder
from pbx.routing.office import Office, ServiceCode
from pbx.routing.star_codes import ITALIAN
from pbx.store import options
from pbx.store.snapshot import build
from pbx.tables import ServiceNumber
from tests.flow.loop import run
from tests.flow.mailboxes import DatabaseAtOnce, MailOffice, furnished


class StarOffice(MailOffice):
    """Lines, accounts and trunks as the story says, options from the database."""

    def __init__(self, database: DatabaseAtOnce) -> None:
        super().__init__(database)
        with database.session() as rows:
            for code, app in {**ITALIAN, "*86": "voicemail_menu", "*600": "echo"}.items():
                rows.add(ServiceNumber(code=code, app=app))
        self.snapshot.current = self._current  # type: ignore[method-assign]
        self.switch.office = self._current
        self.context = Context(
            self._current,
            database,
            self.bus,
            self.clock,
            mend=recorder.mend,
            calls_kept=self.records.flush,
        )
        self.apps.clear()
        self.apps.update(bound(self.context))
        self.snapshot.last = replace(
            self.snapshot.last,
            services={
                **self.snapshot.last.services,
                **{code: ServiceCode(code, app) for code, app in ITALIAN.items()},
            },
        )

    async def _current(self) -> Office:
        with self.database.reading() as rows:
            read = build(rows)
        if read.revision != self.snapshot.last.revision:
            lines = {
                line: replace(
                    person,
                    options=read.lines[line].options,
                    callers=read.lines[line].callers,
                    speed_dials=read.lines[line].speed_dials,
                )
                for line, person in self.snapshot.last.lines.items()
            }
            self.snapshot.last = replace(
                self.snapshot.last, revision=read.revision, lines=lines, options=read.options
            )
            self.bus.publish(SettingsChanged(read.revision))
        return self.snapshot.last

    def set_option(self, line: str, feature: str, **values: Any) -> None:
        """As a page would."""
        with self.database.session() as rows:
            options.change(rows, feature, int(line), **values)

    def options(self, line: str) -> dict[str, Any]:
        """What is stored for a line."""
        with self.database.reading() as rows:
            return {name: dict(each) for name, each in build(rows).lines[line].options.items()}


def star_story(told: Callable[[StarOffice], Awaitable[None]]) -> Callable[[Path], None]:
    """A test from a coroutine that is given such an office; it must leave nothing behind."""

    def test(tmp_path: Path) -> None:
        database = furnished(tmp_path)

        async def whole() -> None:
            office = StarOffice(database)
            await told(office)
            await office.at_rest()
            await office.context.settle()
            await office.records.flush()

        try:
            run(whole())
        finally:
            database.close()

    test.__name__ = told.__name__
    test.__doc__ = told.__doc__
    test.__module__ = told.__module__
    return test
