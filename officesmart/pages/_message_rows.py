"""The rows of voice messages, with their player and what can be done with each."""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.components.days import by_day
from officesmart.components.menu import item, link_item, separator
from officesmart.components.player import play_button, player
from officesmart.components.row_menu import (
    more_menu,
    name_menu,
    new_dot,
)
from officesmart.i18n import t
from officesmart.page import BEHIND
from officesmart.pages._messages_state import Messages
from officesmart.theme import empty, hidden, icon, number_of, text_of


def messages() -> rx.Component:
    """The messages of the shown tab, or what it says while there are none."""
    return rx.cond(
        number_of(Messages.message_days) > 0,
        by_day(Messages.message_days, _message),
        rx.cond(
            Messages.tab == "messaggi",
            empty(
                "voicemail",
                t(it="Nessun messaggio", en="No messages"),
                t(
                    it="Quando qualcuno lascia un messaggio lo trovi qui, subito, e la spia del "
                    "telefono si accende.",
                    en="When somebody leaves a message it is here at once, and your phone's lamp "
                    "lights.",
                ),
            ),
            empty(
                "trash-2",
                t(it="Nessun messaggio eliminato", en="No deleted messages"),
                t(
                    it="I messaggi che elimini restano qui finché non li cancelli per sempre; "
                    "intanto occupano posto nella casella.",
                    en="Messages you delete stay here until you delete them for good; meanwhile "
                    "they take room in the mailbox.",
                ),
            ),
        ),
    )


def _message(row: Any) -> rx.Component:
    is_open = Messages.opened == row.id
    return rx.el.li(
        rx.el.div(
            new_dot(row, t(it="Nuovo", en="New")),
            play_button(row, Messages.opened, Messages.open(row.id)),
            rx.el.div(
                rx.el.div(
                    name_menu(row, *_message_menu(row)),
                    rx.cond(row.fresh, hidden(t(it=", nuovo", en=", new"))),
                    rx.cond(
                        row.urgent,
                        rx.el.span(
                            icon("triangle-alert"),
                            rx.el.span(t(it="Urgente", en="Urgent")),
                            class_name="chip p-dnd",
                        ),
                    ),
                    class_name="row",
                ),
                rx.el.span(row.detail, class_name="small t2 num cut sub"),
                class_name="grow",
            ),
            rx.el.span(
                row.lasts, hidden(" (", row.spoken_length, ")"), class_name="num t2 durr hide-s"
            ),
            rx.el.time(row.at, date_time=row.iso, class_name="t2 at"),
            rx.el.span(
                rx.cond(
                    Messages.tab == "messaggi",
                    rx.el.button(
                        icon("trash-2"),
                        type="button",
                        class_name="ib hide-s",
                        title=t(it="Elimina", en="Delete"),
                        aria_label=t(it="Elimina il messaggio di ", en="Delete the message from ")
                        + row.name,
                        on_click=Messages.delete(row.id),
                    ),
                    rx.el.button(
                        icon("undo-2"),
                        type="button",
                        class_name="ib hide-s",
                        title=t(it="Ripristina", en="Restore"),
                        aria_label=t(
                            it="Ripristina il messaggio di ", en="Restore the message from "
                        )
                        + row.name,
                        on_click=Messages.restore(row.id),
                    ),
                ),
                more_menu(row, *_message_menu(row)),
                class_name="acts",
            ),
            class_name="msg" + rx.cond(row.fresh, " new", "") + rx.cond(is_open, " open", ""),
        ),
        rx.cond(
            is_open,
            player(
                row,
                heard=Messages.heard(row.id),
                close=Messages.close,
                actions=[
                    rx.cond(
                        Messages.tab == "messaggi",
                        rx.el.button(
                            icon("trash-2", "s"),
                            t(it="Elimina", en="Delete"),
                            type="button",
                            class_name="btn quiet sm dtext",
                            on_click=Messages.delete(row.id),
                        ),
                        rx.el.button(
                            icon("undo-2", "s"),
                            t(it="Ripristina", en="Restore"),
                            type="button",
                            class_name="btn quiet sm",
                            on_click=Messages.restore(row.id),
                        ),
                    ),
                    rx.el.a(
                        icon("download", "s"),
                        t(it="Salva sul disco", en="Save to disk"),
                        href=f"{BEHIND}/sound/" + text_of(row.id) + "?download",
                        download=True,
                        reload_document=True,
                        class_name="btn quiet sm hide-s",
                    ),
                ],
            ),
        ),
        key=text_of(row.id),
    )


def _message_menu(row: Any) -> list[rx.Component]:
    save = link_item(
        rx.el.a(
            icon("download"),
            t(it="Salva sul disco", en="Save to disk"),
            href=f"{BEHIND}/sound/" + text_of(row.id) + "?download",
            download=True,
            reload_document=True,  # or the router would take it for a page
        )
    )
    return [
        separator(),
        rx.cond(
            Messages.tab == "messaggi",
            rx.fragment(
                rx.cond(
                    row.fresh,
                    item(
                        "check",
                        t(it="Contrassegna come Ascoltato", en="Mark as heard"),
                        Messages.mark_heard(row.id),
                    ),
                    item(
                        "mail",
                        t(it="Contrassegna come nuovo", en="Mark as new"),
                        Messages.mark_new(row.id),
                    ),
                ),
                save,
                separator(),
                item(
                    "trash-2",
                    t(it="Elimina", en="Delete"),
                    Messages.delete(row.id),
                    color_scheme="red",
                ),
            ),
            rx.fragment(
                item("undo-2", t(it="Ripristina", en="Restore"), Messages.restore(row.id)),
                save,
                separator(),
                item(
                    "trash-2",
                    t(it="Elimina definitivamente", en="Delete for good"),
                    Messages.doom(row.id),
                    color_scheme="red",
                ),
            ),
        ),
    ]
