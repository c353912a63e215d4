"""The test of the line, drawn: the path of one call, each stop marked as the test reaches it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.components.route import point
from officesmart.i18n import t
from officesmart.page import Portal
from officesmart.theme import icon, number_of, panel

STEP_WORDS = {
    "register": dict(it="Si registra", en="Registers"),
    "call": dict(it="Chiama l'eco", en="Calls the echo"),
    "hear": dict(it="Sente il proprio tono", en="Hears its own tone"),
    "keys": dict(it="Preme i tasti", en="Presses keys"),
    "hangup": dict(it="Chiude", en="Hangs up"),
    "deregister": dict(it="Si scollega", en="Signs out"),
    "start": dict(it="Parte", en="Starts"),
    "end": dict(it="Finisce", en="Ends"),
}


def line_test(steps: Any, *, verdict: Any, testing: Any, start: Any) -> rx.Component:
    """The test of the line: its steps (StepRow) as they happen, what came of it, its button."""
    return panel(
        t(it="Prova la linea", en="Test the line"),
        rx.el.div(
            rx.el.p(
                t(
                    it="Un telefono di prova si registra, chiama l'eco, sente il proprio tono e "
                    "preme dei tasti, come farebbe un telefono vero.",
                    en="A test phone registers, calls the echo, hears its own tone and presses "
                    "keys, as a real phone would.",
                ),
                class_name="t2",
            ),
            rx.cond(
                number_of(steps) > 0,
                rx.el.ol(rx.foreach(steps, _step), class_name="route v", aria_live="polite"),
            ),
            rx.match(
                verdict,
                (
                    "passed",
                    rx.el.p(
                        icon("circle-check"),
                        t(it="La linea funziona.", en="The line works."),
                        class_name="note p-available",
                        role="status",
                    ),
                ),
                (
                    "failed",
                    rx.el.p(
                        icon("circle-x"),
                        t(
                            it="La linea non funziona: guarda il passo segnato in rosso.",
                            en="The line does not work: see the step marked in red.",
                        ),
                        class_name="note p-dnd",
                        role="status",
                    ),
                ),
                rx.fragment(),
            ),
            rx.el.button(
                rx.cond(testing, icon("loader", "spin"), icon("activity")),
                rx.cond(
                    testing,
                    t(it="Prova in corso", en="Testing"),
                    t(it="Prova adesso", en="Test now"),
                ),
                type="button",
                class_name="btn wide",
                disabled=testing | ~Portal.pbx_up,
                on_click=start,
            ),
            class_name="pad stack",
        ),
    )


def _step(step: Any) -> rx.Component:
    title = rx.match(
        step.name, *((name, t(**words)) for name, words in STEP_WORDS.items()), step.name
    )
    return rx.el.li(
        rx.match(
            step.state,
            ("passed", point("check")),
            ("failed", point("x", kind="dnd")),
            ("running", rx.el.span(icon("loader", "spin"), class_name="pt")),
            point("minus"),
        ),
        rx.el.b(title),
        rx.cond(
            step.text != "",
            rx.el.span(
                step.text, " ", rx.el.span(step.time, class_name="num mut"), class_name="small"
            ),
        ),
        key=step.name,
        class_name=rx.match(step.state, ("passed", "stop go"), ("skipped", "stop skip"), "stop"),
    )
