"""The warning on a service that another one overrides: what wins, and the remedies as buttons."""

from __future__ import annotations

from typing import Any

import reflex as rx
from sqlmodel import Session

from officesmart.call_manager import fixes
from officesmart.desk import desk
from officesmart.i18n import t
from officesmart.page import Portal, mine
from officesmart.theme import icon
from pbx.routing.conflicts import Fix


class Remedies(Portal):
    """What is done with a warning."""

    @mine
    async def mend(self, remedy: str) -> None:
        """The remedy was chosen; which there are is judged anew."""
        assert self._person is not None
        here, extension = desk(), self._person.extension

        def deed(session: Session) -> Fix | None:
            return fixes.do(session, here.offices.read(session), extension, remedy)

        done = await here.database.run(deed)
        if done is None:
            self._toast(
                "info",
                it="Non c'era più niente da sistemare",
                en="There was nothing left to mend",
            )
        else:
            self._toast("available", it=f"Fatto: {done.it}", en=f"Done: {done.en}")
        here.live.owe([extension], "settings")


def conflict_badge(warned: Any, on: Any, *, about: Any, choose: Any = None) -> rx.Component:
    """The warning on a service or an entry; nothing while all is well.

    warned: a var of `call_manager.fixes.warned`. on: a name of a service or list, or 'list:id'.
    about: what it is on, for screen readers. choose: the event for a remedy that needs another
    number first, called with the service's name; such remedies are left out without it.
    """
    here = warned[on]
    return rx.cond(warned.contains(on), _badge(here, about, choose))


def _badge(here: Any, about: Any, choose: Any) -> rx.Component:
    return rx.popover.root(
        rx.popover.trigger(
            rx.el.button(
                rx.match(
                    here.severity,
                    ("ignored", icon("circle-x")),
                    ("partly", icon("triangle-alert")),
                    icon("info"),
                ),
                type="button",
                class_name=rx.match(
                    here.severity,
                    ("ignored", "badge red"),
                    ("partly", "badge"),
                    "badge plain",
                ),
                aria_label=rx.match(
                    here.severity,
                    ("ignored", t(it="Avviso grave: ", en="Serious warning: ") + about),
                    ("partly", t(it="Avviso: ", en="Warning: ") + about),
                    t(it="Nota: ", en="Note: ") + about,
                ),
            )
        ),
        rx.popover.content(
            rx.foreach(here.rows, lambda row: _told(row, choose)),
            rx.popover.close(
                rx.el.button(
                    t(it="Lascia così", en="Leave it so"),
                    type="button",
                    class_name="btn quiet leave-it",
                )
            ),
            class_name="pop-content",
            aria_label=t(it="Avviso: ", en="Warning: ") + about,
        ),
    )


def _told(row: Any, choose: Any) -> rx.Component:
    def remedy(fix: Any, n: Any) -> rx.Component:
        kind = rx.cond(n == 0, "btn pri", "btn")
        mends = rx.popover.close(
            rx.el.button(fix.words, type="button", class_name=kind, on_click=Remedies.mend(fix.id))
        )
        chooses = (
            rx.popover.close(
                rx.el.button(
                    fix.words, type="button", class_name=kind, on_click=choose(fix.feature)
                )
            )
            if choose is not None
            else rx.fragment()
        )
        return rx.cond(fix.chooses, chooses, mends)

    return rx.el.div(
        rx.el.p(
            rx.match(
                row.severity,
                ("ignored", rx.el.b(t(it="Ignorato del tutto", en="Ignored completely"))),
                ("partly", rx.el.b(t(it="In parte ignorato", en="Ignored in part"))),
                rx.el.b(t(it="Buono a sapersi", en="Good to know")),
            ),
        ),
        rx.el.p(row.words, class_name="small t2"),
        rx.el.div(rx.foreach(row.fixes, remedy), class_name="stack tight"),
        class_name="told",
    )
