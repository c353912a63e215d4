"""What would happen if somebody called now: a sentence, and the path that the call would take."""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.components.route import stop
from officesmart.i18n import t
from officesmart.theme import icon, number_of, panel

GLYPHS = {
    "arrives": "phone-incoming",
    "rings": "bell",
    "mailbox": "voicemail",
    "forward": "phone-forwarded",
    "service": "audio-lines",
    "ends": "phone-off",
}
"The drawing of each kind of stop (expected.py)."


def expected(now: Any, changed: Any, *actions: rx.Component) -> rx.Component:
    """The answer first, then how, then why.

    now: the `expected.Path` in force. changed: that with the edits that nobody has saved, an empty
    one while there are none; the person chooses between the two, in the browser. actions: buttons
    beside the title.
    """
    edited = changed.sentence != ""
    return panel(
        t(it="Cosa succede se mi chiamano adesso", en="What happens if I am called now"),
        rx.el.div(_path(now), class_name="pad quiet in-force"),
        rx.cond(edited, rx.el.div(_path(changed), class_name="pad quiet with-edits")),
        aside=rx.el.div(rx.cond(edited, _which()), *actions, class_name="row end wrap answer-do"),
        class_name="answer",
    )


def _which() -> rx.Component:
    """In vigore / Con le modifiche; the style sheet shows the one that is chosen."""

    def choice(value: str, words: Any, chosen: bool) -> rx.Component:
        return rx.el.label(
            rx.el.input(
                type="radio",
                name="answer",
                value=value,
                default_checked=chosen,
                class_name="vh",
            ),
            rx.el.span(words),
        )

    return rx.el.div(
        choice("now", t(it="In vigore", en="In force"), False),
        choice("edits", t(it="Con le modifiche", en="With the changes"), True),
        class_name="choices",
        role="radiogroup",
        aria_label=t(it="Quale risposta", en="Which answer"),
    )


def _path(path: Any) -> rx.Component:
    return rx.fragment(
        rx.el.p(path.sentence, class_name="say", role="status"),
        rx.el.ol(
            rx.foreach(
                path.stops,
                lambda each: stop(
                    rx.el.span(
                        rx.match(
                            each.kind,
                            *((kind, icon(glyph)) for kind, glyph in GLYPHS.items()),
                            icon("circle"),
                        ),
                        class_name="pt",
                    ),
                    each.title,
                    each.detail,
                    when=each.when,
                    gone=each.goes_on,
                ),
            ),
            class_name="route",
        ),
        rx.cond(
            number_of(path.because) > 0,
            rx.el.ul(
                rx.foreach(
                    path.because,
                    lambda why: rx.el.li(icon("info", "s"), rx.el.span(why), key=why),
                ),
                class_name="because small t2",
            ),
        ),
    )


def nothing_now() -> rx.Component:
    """No call in progress."""
    return rx.el.p(
        icon("coffee"),
        t(it="Nessuna chiamata in corso.", en="No call in progress."),
        class_name="pad t2 row idle",
    )
