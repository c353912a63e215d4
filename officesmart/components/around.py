"""What can be done from around every page, whichever it is."""

from __future__ import annotations

from typing import Any

from officesmart.desk import desk
from officesmart.i18n import known
from officesmart.page import Portal, mine
from pbx.store import messages
from pbx.tables import Line


class Around(Portal):
    """What can be done from around every page."""

    @mine
    async def choose_language(self, language: str) -> None:
        """Italiano or English, for this person, wherever they sign in."""
        assert self._person is not None
        chosen, line_id = known(language), self._person.line_id

        def keep(session: Any) -> None:
            row = session.get(Line, line_id)
            if row is not None:
                row.language = chosen

        await desk().database.run(keep)
        self._speak(chosen)
        desk().live.owe([self._person.extension], "language")

    @mine(reads=True)
    async def stay(self) -> None:
        """Resta collegato: the guard has counted it as being there."""

    @mine(acts=False, reads=True)
    async def drop_toast(self, toast: str) -> None:
        """A remark has been read, or its time is up."""
        self.toasts = [each for each in self.toasts if each.id != toast]

    @mine
    async def undo(self, message: int) -> None:
        """Ripristina, on the remark that a message was deleted."""
        assert self._person is not None
        who, here = self._person, desk()
        if await here.database.run(lambda s: messages.restore(s, who.line_id, message)):
            here.live.owe([who.extension], "messages")
            await here.phone.mailbox_changed(who.extension)
        self.toasts = [each for each in self.toasts if each.undo != message]

    @mine(acts=False, reads=True)
    async def warn(self) -> None:
        """Pushed two minutes before the session ends by itself; when it has, the guard acts."""
        assert self._person is not None
        self._warn(self._person, desk().now())
