"""A text field with the list of what may be meant under it: the ARIA combobox with a list box.

assets/dialler.js moves through every one of them: arrows mark, Enter takes, Escape puts the list
away first. The field is left to the browser (it has no `value`): one that comes back from the
server would overwrite the keys that were pressed meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import reflex as rx

from officesmart.theme import icon, number_of, text_of


def combobox(
    field_id: str,
    label: Any,
    *,
    found: Any,
    option: Callable[[Any], tuple[list[rx.Component], dict[str, Any]]],
    list_name: Any,
    fault: rx.Component,
    wrong: Any,
    all_button: rx.Component | None = None,
    attrs: dict[str, Any] | None = None,
    **field: Any,
) -> list[rx.Component]:
    """Its label, its field, its list and what is wrong with it, for a `.field`.

    found: what is offered, a var; each has its `place` in the list. option: what an offer shows,
    and its `on_click` and `key`. list_name: the list's, for who does not see it. fault: shown below
    while `wrong`. all_button: beside the field, opens the list without typing. attrs and field: of
    the input, such as its `name`, `placeholder`, `on_change` and `key`.
    """
    listed = number_of(found) > 0

    def item(each: Any) -> rx.Component:
        shown, props = option(each)
        return rx.el.li(
            *shown,
            id=f"{field_id}-" + text_of(each.place),
            role="option",
            aria_selected=False,
            **props,
        )

    return [
        rx.el.label(label, html_for=field_id),
        rx.el.div(
            icon("search", "s mut"),
            rx.el.input(
                id=field_id,
                type="text",
                auto_complete="off",
                role="combobox",
                aria_autocomplete="list",
                aria_expanded=listed,
                aria_controls=f"{field_id}-list",
                aria_describedby=f"{field_id}-fault",
                aria_invalid=wrong,
                custom_attrs={"data-suggests": "", **(attrs or {})},
                **field,
            ),
            *([all_button] if all_button is not None else []),
            class_name=rx.cond(wrong, "in bad", "in"),
        ),
        rx.el.ul(
            rx.foreach(found, item),
            id=f"{field_id}-list",
            role="listbox",
            aria_label=list_name,
            class_name="suggests",
            hidden=~listed,
        ),
        rx.el.div(fault, id=f"{field_id}-fault", role="alert"),
    ]
