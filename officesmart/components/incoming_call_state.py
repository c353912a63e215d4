"""What is done with a call while it rings: declined, sent to the mailbox, forwarded to a colleague.

Which calls ring, and what may be done with each, is the Portal's to know (ringing.py); the PBX
judges anew whatever a browser asks for.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from officesmart import ringing
from officesmart.desk import desk
from officesmart.i18n import say
from officesmart.page import Portal, mine
from officesmart.phone import LinkDown
from officesmart.ringing import LONGEST_SEARCH

MAILBOX = "mailbox"
DECLINE = "decline"
TWICE = timedelta(seconds=2)
"A second click on the same button within this is the first one's, and has nothing to add."


class IncomingCall(Portal):
    """The buttons of an incoming call."""

    forward_fault: str = ""
    forward_opened: int = 0
    "How often the field began anew: what is typed is the browser's, until then."

    _done: tuple[str, str] = ("", "")
    "The call that something was done with last, and what."
    _done_at: datetime | None = None

    @mine
    async def decline(self, call: str) -> None:
        """Rifiuta: my phones stop ringing."""
        if not self._just_done(call, DECLINE) and await self._hang_up(call):
            self._has_done(call, DECLINE)

    @mine
    async def to_mailbox(self, call: str) -> None:
        """In segreteria."""
        await self._divert(call, MAILBOX)

    @mine
    async def open_forward(self, call: str) -> None:
        """Inoltra a un collega: the field opens, or closes again."""
        assert self._person is not None
        if self.forwarding == call or all(each.id != call for each in self.incoming):
            self._close()
            return
        here = desk()
        self._everybody = await here.database.read(ringing.everybody)
        self._forward_text, self.forward_fault = "", ""
        self.forward_opened += 1
        self.forwarding = call
        here.live.curious(self.router.session.client_token, True)
        ringing.show_colleagues(self, self._person)

    @mine(reads=True)
    async def close_forward(self) -> None:
        """Annulla, or Escape in the field."""
        self._close()

    @mine
    async def search_colleague(self, text: str) -> None:
        """A key was pressed in the field."""
        self._type(text)

    @mine
    async def forward_to(self, extension: str) -> None:
        """One of the colleagues under the field."""
        if self.forwarding:
            await self._divert(self.forwarding, extension[:LONGEST_SEARCH])

    @mine
    async def forward_typed(self, form: dict[str, Any]) -> None:
        """Enter in the field: to who fits, when it is one person only."""
        typed = form.get("colleague")
        if not self.forwarding:
            return
        if isinstance(typed, str):  # what was typed last may not have arrived yet
            self._type(typed)
        exact = [each for each in self.colleagues if each.extension == self._forward_text.strip()]
        fits = exact or self.colleagues
        if len(fits) == 1:
            await self._divert(self.forwarding, fits[0].extension)
            return
        self.forward_fault = (
            say(
                self._language,
                it="Scegli un collega con le frecce, poi Invio",
                en="Choose a colleague with the arrows, then Enter",
            )
            if fits
            else say(
                self._language,
                it="Nessun collega si chiama così",
                en="No colleague is called that",
            )
        )

    @mine(reads=True)
    async def put_away(self, call: str) -> None:
        """The cross: the call rings on, and this page shows it no longer."""
        if any(each.id == call for each in self.incoming):
            self._put_away = [*self._put_away, call]
            self.incoming = [each for each in self.incoming if each.id != call]
            if self.forwarding == call:
                self._close()

    def _type(self, text: str) -> None:
        assert self._person is not None
        self._forward_text, self.forward_fault = text[:LONGEST_SEARCH], ""
        ringing.show_colleagues(self, self._person)

    def _close(self) -> None:
        self.forwarding, self.forward_fault, self.colleagues = "", "", []
        desk().live.curious(self.router.session.client_token, False)

    def _just_done(self, call: str, what: str) -> bool:
        at = self._done_at
        return at is not None and self._done == (call, what) and desk().now() - at < TWICE

    def _has_done(self, call: str, what: str) -> None:
        self._done, self._done_at = (call, what), desk().now()

    async def _divert(self, call: str, to: str) -> None:
        assert self._person is not None
        if self._just_done(call, to):
            return
        try:
            done = await desk().phone.divert(call, line=self._person.extension, to=to)
        except LinkDown:
            self._toast(
                "danger", it="Il centralino non risponde", en="The switchboard does not answer"
            )
            return
        self._toast("available" if done.done else "info", it=done.it, en=done.en)
        if done.done:
            self._has_done(call, to)
            self._close()
        await self._look(self._person, ("calls",))
