"""What was typed and not saved: forms that notice, the bar that says so, the question before going.

A form that is to be watched gets `watched()`; assets/unsaved.js does the rest on every page:
following a link, signing out, going back, closing the tab, and everything marked `LEAVES` asks.
What a form holds stays through a change of language and through a server that goes away.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.i18n import t

LEAVES = {"data-leaves": ""}
"For a control that is no link and leaves the form all the same (it opens another row, say)."


def watched(fault: Any = None, *, every: bool = False) -> dict[str, Any]:
    """The custom_attrs of a form whose edits are not to be lost.

    Its fields say with `data-was` what they held; with `every`, each named field is watched and
    held what it did when the first was entered: give such a form another `key` once it is saved.
    fault: a text that changes with each refusal by the server; the
    first field with `aria-invalid` is then focused. Ctrl+Enter submits, a reset button undoes.
    """
    told: dict[str, Any] = {"data-watch": "every" if every else ""}
    return told if fault is None else told | {"data-fault": fault}


def changes(form: str = "") -> rx.Component:
    """How many fields of the form were changed; `form` is its id when this stands outside of it."""
    return rx.el.b(
        custom_attrs={
            "data-count": form,
            "data-one": t(it="1 modifica non salvata", en="1 change not saved"),
            "data-many": t(it="{n} modifiche non salvate", en="{n} changes not saved"),
        }
    )


def confirm_bar(
    *,
    undo: Any = None,
    is_new: Any = None,
    words: Any = "",
    form: str = "",
    hidden: Any = False,
) -> rx.Component:
    """How many changes are not saved, Annulla, Conferma: there once something was edited.

    undo: what Annulla does besides putting the fields back. is_new: nothing is counted then, and
    `words` stand there instead. form: its id when the bar stands outside of it.
    """
    outside = {"form": form} if form else {}
    does = {"on_click": undo} if undo is not None else {}
    counted = changes(form)
    return rx.el.div(
        rx.el.p(
            counted
            if is_new is None
            else rx.cond(is_new, rx.el.span(words, class_name="small"), counted),
            role="status",
        ),
        rx.el.button(
            t(it="Annulla", en="Cancel"),
            type="reset",
            class_name="btn quiet",
            **does,
            **outside,
        ),
        rx.el.button(
            t(it="Conferma", en="Confirm"), type="submit", class_name="btn pri", **outside
        ),
        hidden=hidden,
        class_name="confirm",
    )


def leaving() -> rx.Component:
    """Uscire senza salvare? On every page; unsaved.js opens it."""
    return rx.el.dialog(
        rx.el.div(
            rx.el.h2(t(it="Uscire senza salvare?", en="Leave without saving?"), id="leave-title"),
            rx.el.p(
                t(
                    it="Le modifiche che non hai confermato vanno perse.",
                    en="The changes you have not confirmed will be lost.",
                ),
                class_name="t2",
            ),
            class_name="dialog-body stack tight",
        ),
        rx.el.footer(
            rx.el.button(
                t(it="Esci senza salvare", en="Leave without saving"),
                type="button",
                class_name="btn quiet dtext",
                custom_attrs={"data-go": ""},
            ),
            rx.el.button(
                t(it="Resta", en="Stay"),
                type="button",
                class_name="btn pri",
                custom_attrs={"data-stay": ""},
            ),
        ),
        class_name="dialog",
        role="alertdialog",
        aria_labelledby="leave-title",
        custom_attrs={"data-leave": ""},
    )
