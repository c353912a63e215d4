"""The Conferma bar of the call manager: what is not saved, in words, and whose changes stay."""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.administration.form_pieces import clash_note, fault_note
from officesmart.components.incoming_handlers import Incoming
from officesmart.i18n import t
from officesmart.theme import number_of


def bar(*, shown: Any) -> rx.Component:
    """There while the draft differs from what is saved. One bar saves all of it."""
    many = number_of(Incoming.changes)
    return rx.fragment(
        # What the script that asks before leaving counts (unsaved.js).
        rx.el.input(
            type="hidden",
            name="draft",
            value=rx.cond(shown, Incoming.draft, ""),
            custom_attrs={"data-was": ""},
        ),
        rx.cond(
            shown,
            rx.el.div(
                clash_note(Incoming.clash, theirs=Incoming.keep_theirs, mine=Incoming.keep_mine),
                fault_note(Incoming.faults[""]),
                rx.cond(
                    Incoming.clash == "",
                    rx.el.div(
                        rx.el.p(
                            rx.el.b(
                                rx.cond(
                                    many == 1,
                                    t(it="1 modifica non salvata", en="1 change not saved"),
                                    t(
                                        it=f"{many} modifiche non salvate",
                                        en=f"{many} changes not saved",
                                    ),
                                )
                            ),
                            rx.el.span(Incoming.changes_said, class_name="t2"),
                            role="status",
                        ),
                        rx.el.button(
                            t(it="Annulla", en="Cancel"),
                            type="button",
                            class_name="btn quiet",
                            on_click=Incoming.undo,
                        ),
                        rx.el.button(
                            t(it="Conferma", en="Confirm"), type="submit", class_name="btn pri"
                        ),
                        class_name="confirm-row",
                    ),
                ),
                class_name="confirm whole",
            ),
        ),
    )
