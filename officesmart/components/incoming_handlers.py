"""What the panels of the call manager do: every click changes the draft, Conferma saves it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from officesmart.call_manager import incoming, judging
from officesmart.call_manager.incoming import MODES
from officesmart.components.incoming_state import Draft, fits
from officesmart.i18n import say
from officesmart.page import mine

PURPOSES = ("forward", "busy", "no_answer", "plan")
"For what a number is picked here."


class Incoming(Draft):
    """Availability, what rings, forwards."""

    @mine
    async def choose_status(self, status: str) -> None:
        """Disponibile or Non Disturbare; counts after Conferma."""
        if status in ("available", "dnd"):
            await self._edit(replace(self._now, do_not_disturb=status == "dnd"))

    @mine
    async def choose_mode(self, mode: str) -> None:
        """Le chiamate in ingresso saranno per …"""
        if mode not in MODES:
            return
        if mode == "forward":
            await self._edit(replace(self._now, forward=True))
            return
        now = replace(self._now, forward=False, mode=mode)
        await self._edit(now if mode == "own" else incoming.begun(now))

    @mine
    async def tell_me(self, on: bool) -> None:
        """Whether a short ring tells of a forwarded call."""
        await self._edit(replace(self._now, forward_notify=on))

    @mine
    async def forward_busy(self, on: bool) -> None:
        """The forward when the line is busy."""
        await self._edit(replace(self._now, busy=on))

    @mine
    async def forward_unanswered(self, on: bool) -> None:
        """The forward when nobody answers."""
        await self._edit(replace(self._now, no_answer=on))

    @mine
    async def type_no_answer(self, text: str) -> None:
        """Seconds before the forward, as typed so far."""
        await self._edit(self._type("no_answer_seconds", text))

    @mine
    async def type_mailbox(self, text: str) -> None:
        """Seconds before voicemail, as typed so far."""
        await self._edit(self._type("mailbox_seconds", text))

    @mine
    async def lengthen(self) -> None:
        """Porta a N s: the wait outlasts the sequence."""
        seconds = judging.long_enough(self._now)
        if seconds:
            self._typed = {**self._typed, "no_answer_seconds": str(seconds)}
            self.stamp += 1
            await self._edit(replace(self._now, no_answer_seconds=seconds))

    @mine
    async def heed(self, index: int, words: str) -> None:
        """What a remark offers."""
        if 0 <= index < len(self._remedies) and self.remarks[index].words == words:
            now = self._remedies[index]
            self._typed = {}
            self.stamp += 1
            await self._edit(now)

    async def _take_number(self, purpose: str, number: str, name: str) -> None:
        """A number was picked for one of the forwards or the plan; another purpose is not ours."""
        number, name = number[:32], name.strip()[:80]
        if not number or purpose not in PURPOSES:
            return
        if name:
            self._saved_names = {**self._saved_names, number: name}
        if purpose == "plan":
            await self._add(number, name)
        elif purpose == "forward":
            await self._edit(replace(self._now, forward=True, forward_number=number))
        elif purpose == "busy":
            await self._edit(replace(self._now, busy=True, busy_number=number))
        elif purpose == "no_answer":
            await self._edit(replace(self._now, no_answer=True, no_answer_number=number))

    # -- the ring plan --------------------------------------------------------------------------

    @mine
    async def resize(self, period: int, text: str) -> None:
        """A period's seconds, dragged or typed."""
        text = text.strip()
        seconds = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
        try:
            now = incoming.with_length(self._now, period, seconds)
        except ValueError:
            self.stamp += 1  # the box shows again what holds
            self._toast(
                "info",
                it="Un periodo dura da 1 a 60 secondi",
                en="A period takes 1 to 60 seconds",
            )
            return
        if now != self._now:
            await self._edit(now, announced=self._total(now))

    @mine
    async def step_period(self, period: int, by: int) -> None:
        """One second more or less."""
        if by in (-1, 1) and 0 <= period < len(self._now.periods):
            seconds = self._now.periods[period] + by
            if 1 <= seconds <= incoming.PERIOD_SECONDS:
                now = incoming.with_length(self._now, period, seconds)
                await self._edit(now, announced=self._total(now))

    @mine
    async def add_period(self) -> None:
        """One period more, after the last."""
        now = incoming.with_period(self._now)
        await self._edit(now, announced=self._total(now))

    @mine
    async def drop_period(self, period: int, of: int) -> None:
        """Without a period, when there are as many as the page showed: the click came once."""
        if of != len(self._now.periods):
            return
        now = incoming.without_period(self._now, period)
        await self._edit(now, announced=self._total(now))

    @mine
    async def toggle(self, number: str, period: int, on: bool) -> None:
        """Whether a phone rings in a period."""
        await self._try(lambda: incoming.with_switch(self._now, number, period, on))

    @mine
    async def press_one(self, number: str, on: bool) -> None:
        """Premi 1 per accettare, for one phone."""
        await self._try(lambda: incoming.with_confirm(self._now, number, on))

    @mine
    async def drop_phone(self, number: str) -> None:
        """Without a phone."""
        await self._try(lambda: incoming.without_phone(self._now, number))

    @mine
    async def own_back(self) -> None:
        """The line's own phones ring too."""
        await self._add("", "")

    # -- saving ---------------------------------------------------------------------------------

    @mine
    async def confirm(self, form: dict[str, Any]) -> None:
        """Conferma."""
        if not self.draft:
            return
        if any(not fits(name, text) for name, text in self._typed.items()):
            self.failed += 1  # the field with its fault gets the focus
            return
        await self._keep(self._base, self._now)

    @mine
    async def undo(self) -> None:
        """Annulla: as it is saved."""
        self._typed = {}
        self.stamp += 1
        self.settled += 1
        if self.clash:
            await self._resolve(mine=False)
            return
        await self._edit(self._base)

    @mine
    async def keep_theirs(self) -> None:
        """Tieni le sue."""
        await self._resolve(mine=False)

    @mine
    async def keep_mine(self) -> None:
        """Tieni le mie."""
        await self._resolve(mine=True)

    async def _add(self, number: str, name: str) -> None:
        now = self._now if self._now.phones else incoming.begun(self._now)
        try:
            await self._edit(incoming.with_phone(now, number, name))
        except ValueError:
            self._toast(
                "info",
                it="Quel numero c'è già, o i telefoni sono già dieci",
                en="That number is there already, or there are ten phones already",
            )

    async def _try(self, change: Any) -> None:
        try:
            now = change()
        except ValueError:
            return  # another window took it away; what is there is on the page
        await self._edit(now)

    def _total(self, now: incoming.Incoming) -> str:
        return say(
            self._language,
            it=f"In tutto {sum(now.periods)} secondi",
            en=f"{sum(now.periods)} seconds in all",
        )
