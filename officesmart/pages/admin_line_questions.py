"""The windows that the page of lines opens: what goes when a line or an account does.

Pieces only; the State (`_lines_*.py`) is handed in by admin_lines.py.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.components.dialogs import danger, question
from officesmart.i18n import t
from officesmart.pages.admin_line_bulk import many
from officesmart.pages.admin_line_keys import credentials
from officesmart.theme import number_of


def dialogs(lines: Any) -> rx.Component:
    """Every window that this page may open."""
    return rx.fragment(
        _delete(lines),
        question(
            "ask-account",
            t(it="Rimuovere l'account?", en="Remove the account?"),
            rx.el.p(
                t(
                    it=f"I telefoni che entrano come {lines.ask_user} si scollegano subito.",
                    en=f"Phones that sign in as {lines.ask_user} are signed out at once.",
                ),
                class_name="t2",
            ),
            is_open=lines.asking == "account",
            does=danger(t(it="Rimuovi", en="Remove"), lines.remove_account),
            spares=lines.cancel,
        ),
        many(lines),
        credentials(lines),
    )


def _delete(lines: Any) -> rx.Component:
    count = number_of(lines.ask_names) + lines.ask_more
    return question(
        "ask-delete",
        rx.cond(
            count == 1,
            t(it="Eliminare la linea?", en="Delete the line?"),
            t(it=f"Eliminare {count} linee?", en=f"Delete {count} lines?"),
        ),
        rx.el.ul(
            rx.foreach(lines.ask_names, lambda name: rx.el.li(name, key=name)),
            rx.cond(
                lines.ask_more > 0,
                rx.el.li(t(it=f"e altre {lines.ask_more}", en=f"and {lines.ask_more} more")),
            ),
            class_name="names",
        ),
        rx.el.p(
            t(
                it="Spariscono anche le caselle vocali, gli account SIP "
                f"({lines.ask_accounts}) e i messaggi vocali ({lines.ask_messages}). I telefoni "
                "si scollegano. La cronologia delle chiamate resta. Non si può annullare.",
                en="The mailboxes go too, with the SIP accounts "
                f"({lines.ask_accounts}) and the voice messages ({lines.ask_messages}). Phones "
                "are signed out. The call history stays. This cannot be undone.",
            ),
            class_name="t2",
        ),
        is_open=lines.asking == "delete",
        does=danger(t(it="Elimina", en="Delete"), lines.delete),
        spares=lines.cancel,
    )
