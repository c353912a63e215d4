"""The group that the list is held to: its icon and name, the pencil, the bin (guide 6.1.6)."""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.components.contact_group_state import ContactGroupForm
from officesmart.components.dialogs import danger, question
from officesmart.i18n import t
from officesmart.theme import icon, text_of


def group_strip(group: Any, glyph: rx.Component) -> rx.Component:
    """What can be done with the group whose members stand below."""
    return rx.el.div(
        glyph,
        rx.el.b(group.name, class_name="grow any"),
        rx.el.span(
            rx.cond(
                group.members == 1,
                t(it="1 contatto", en="1 contact"),
                text_of(group.members) + t(it=" contatti", en=" contacts"),
            ),
            class_name="t2 nw hide-s",
        ),
        rx.el.button(
            icon("pencil"),
            type="button",
            class_name="ib",
            title=t(it="Modifica il gruppo", en="Edit the group"),
            aria_label=t(it="Modifica il gruppo ", en="Edit the group ") + group.name,
            on_click=ContactGroupForm.edit(group.id),
        ),
        rx.el.button(
            icon("trash-2"),
            type="button",
            class_name="ib",
            title=t(it="Elimina il gruppo", en="Delete the group"),
            aria_label=t(it="Elimina il gruppo ", en="Delete the group ") + group.name,
            on_click=ContactGroupForm.doom_group(group.id),
        ),
        class_name="strip",
        role="group",
        aria_label=t(it="Gruppo ", en="Group ") + group.name,
    )


def group_question() -> rx.Component:
    """Eliminare il gruppo?"""
    state = ContactGroupForm
    return question(
        "ask-group",
        t(it=f"Eliminare il gruppo {state.doomed_name}?", en=f"Delete group {state.doomed_name}?"),
        rx.el.p(
            t(
                it="I suoi contatti restano nella rubrica.",
                en="Its contacts stay in the address book.",
            ),
            class_name="t2",
        ),
        is_open=state.doomed != 0,
        does=danger(t(it="Elimina gruppo", en="Delete group"), state.delete_group),
        spares=state.spare_group,
    )
