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


def expected(sentence: Any, stops: Any, because: Any) -> rx.Component:
    """The answer first, then how, then why."""
    return panel(
        t(it="Cosa succede se mi chiamano adesso", en="What happens if I am called now"),
        rx.el.div(
            rx.el.p(sentence, class_name="say", role="status"),
            rx.el.ol(
                rx.foreach(
                    stops,
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
                number_of(because) > 0,
                rx.el.ul(
                    rx.foreach(
                        because, lambda why: rx.el.li(icon("info", "s"), rx.el.span(why), key=why)
                    ),
                    class_name="because small t2",
                ),
            ),
            class_name="pad quiet",
        ),
    )


def nothing_now() -> rx.Component:
    """No call in progress."""
    return rx.el.p(
        icon("coffee"),
        t(it="Nessuna chiamata in corso.", en="No call in progress."),
        class_name="pad t2 row idle",
    )
