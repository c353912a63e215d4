"""Prova una chiamata: suppose who calls, when, and what phones do; see what would become of it.

`trial_button()` opens the dialog that `trial()` is. Nothing is dialled and nothing is changed.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.call_manager import supposing, telling
from officesmart.components.dialogs import cross, opens
from officesmart.components.route import stop
from officesmart.components.trial_state import Trial
from officesmart.i18n import t
from officesmart.theme import icon, number_of

GLYPHS = {
    "rings": "bell",
    "forward": "phone-forwarded",
    "mailbox": "voicemail",
    "service": "audio-lines",
    "answered": "phone",
    "ends": "phone-off",
}
KINDS = {"answered": "available", "mailbox": "info", "service": "info", "ends": "dnd"}
"The colour of the outcome."


def trial_button() -> rx.Component:
    """Opens the dialog."""
    return rx.el.button(
        icon("route", "s"),
        t(it="Prova una chiamata", en="Try a call"),
        type="button",
        class_name="btn",
        on_click=Trial.open_trial,
    )


def trial(unsaved: Any = False) -> rx.Component:
    """The dialog; once on a page. unsaved: whether the page behind it has edits that are not in
    force yet: a trial does not count them."""
    return rx.el.dialog(
        rx.el.header(
            rx.el.div(
                rx.el.h2(t(it="Prova una chiamata", en="Try a call"), id="trial-title"),
                rx.el.p(
                    t(
                        it="Dice che cosa succederebbe. Non squilla nessun telefono.",
                        en="Says what would happen. No telephone rings.",
                    ),
                    class_name="small t2",
                ),
                class_name="grow",
            ),
            cross(Trial.close_trial, kind="ib end"),
        ),
        rx.cond(
            Trial.trying,
            rx.el.div(
                rx.cond(unsaved, _as_saved()),
                _form(),
                rx.el.div(
                    rx.cond(Trial.outcome.outcome != "", _result()),
                    role="status",
                    class_name="stack",
                ),
                class_name="dialog-body stack",
            ),
        ),
        class_name="dialog trial",
        aria_labelledby="trial-title",
        custom_attrs=opens(Trial.trying),
    )


def _as_saved() -> rx.Component:
    return rx.el.div(
        icon("info"),
        rx.el.p(
            t(
                it="Vale ciò che è in vigore: le modifiche non ancora confermate non contano.",
                en="This goes by what is in force: changes not yet confirmed do not count.",
            )
        ),
        class_name="note p-info",
    )


def _form() -> rx.Component:
    return rx.el.form(
        _select(
            "who",
            t(it="Chi chiama", en="Who calls"),
            Trial.who,
            rx.fragment(
                rx.cond(
                    number_of(Trial.colleague_choices) > 0,
                    rx.el.option(t(it="Un collega", en="A colleague"), value="colleague"),
                ),
                rx.el.option(t(it="Un numero esterno", en="An outside number"), value="number"),
                rx.el.option(t(it="Un anonimo", en="Somebody anonymous"), value="anonymous"),
                rx.cond(
                    number_of(Trial.listed_choices) > 0,
                    rx.el.option(
                        t(it="Qualcuno delle mie liste", en="Somebody on my lists"),
                        value="listed",
                    ),
                ),
            ),
        ),
        rx.match(
            Trial.who,
            (
                "colleague",
                _select(
                    "colleague",
                    t(it="Quale collega", en="Which colleague"),
                    Trial.colleague,
                    _options(Trial.colleague_choices),
                ),
            ),
            ("number", _typed()),
            (
                "listed",
                _select(
                    "listed", t(it="Chi", en="Who"), Trial.listed, _options(Trial.listed_choices)
                ),
            ),
            rx.fragment(),
        ),
        rx.cond(
            (Trial.who != "colleague") & (number_of(Trial.number_choices) > 1),
            _select(
                "reached",
                t(it="Quale tuo numero", en="Which number of yours"),
                Trial.reached,
                _options(Trial.number_choices),
            ),
        ),
        _when(),
        on_submit=Trial.try_form,
        no_validate=True,
        class_name="supposed",
    )


def _options(choices: Any) -> rx.Component:
    return rx.foreach(choices, lambda each: rx.el.option(each.words, value=each.value))


def _select(name: str, label: Any, value: Any, options: rx.Component) -> rx.Component:
    return rx.el.div(
        rx.el.label(label, html_for=f"trial-{name}"),
        rx.el.select(
            options,
            id=f"trial-{name}",
            name=name,
            value=value,
            on_change=lambda chosen: Trial.suppose(name, chosen),
            aria_describedby=f"trial-{name}-wrong",
            class_name="in sel",
        ),
        _wrong(name),
        class_name="field",
    )


def _typed() -> rx.Component:
    return rx.el.div(
        rx.el.label(
            t(it="Numero di chi chiama", en="The caller's number"), html_for="trial-number"
        ),
        rx.el.input(
            id="trial-number",
            name="number",
            type="tel",
            auto_complete="off",
            max_length=supposing.LONGEST,
            default_value=Trial.typed,
            placeholder="02 5550 0000",
            on_blur=lambda typed: Trial.suppose("number", typed),
            aria_invalid=_is_wrong("number"),
            aria_describedby="trial-number-wrong",
            class_name=rx.cond(_is_wrong("number"), "in num bad", "in num"),
        ),
        _wrong("number"),
        class_name="field",
    )


def _when() -> rx.Component:
    return rx.el.div(
        rx.el.label(t(it="Quando", en="When"), html_for="trial-when"),
        rx.el.select(
            rx.el.option(t(it="Adesso", en="Now"), value="now"),
            rx.el.option(t(it="In un altro momento", en="At another time"), value="then"),
            id="trial-when",
            name="when",
            value=rx.cond(Trial.at == "", "now", "then"),
            on_change=Trial.another_time,
            class_name="in sel",
        ),
        rx.cond(
            Trial.at != "",
            rx.el.input(
                id="trial-at",
                name="at",
                type="datetime-local",
                default_value=Trial.at,
                on_blur=lambda moment: Trial.suppose("at", moment),
                aria_label=t(it="Data e ora", en="Date and time"),
                aria_describedby="trial-at-wrong",
                class_name="in num",
            ),
        ),
        _wrong("at"),
        class_name="field",
    )


def _is_wrong(name: str) -> Any:
    wrong: Any = Trial.wrong
    return wrong.contains(name)


def _wrong(name: str) -> rx.Component:
    return rx.cond(
        _is_wrong(name),
        rx.el.span(
            icon("circle-alert", "xs"),
            rx.el.span(Trial.wrong[name]),
            class_name="err",
            id=f"trial-{name}-wrong",
            role="alert",
        ),
    )


def _result() -> rx.Component:
    return rx.fragment(
        rx.el.div(
            rx.el.p(Trial.outcome.outcome, class_name="say"),
            rx.cond(
                Trial.outcome.why != "",
                rx.el.p(
                    t(it="Lo decide: ", en="Decided by: "), Trial.outcome.why, class_name="small t2"
                ),
            ),
            class_name=rx.match(
                Trial.outcome.kind,
                *((kind, f"outcome p-{colour}") for kind, colour in KINDS.items()),
                "outcome p-info",
            ),
        ),
        rx.foreach(Trial.outcome.legs, _leg),
        rx.cond(number_of(Trial.outcome.phones) > 0, _phones()),
    )


def _leg(leg: Any) -> rx.Component:
    return rx.el.section(
        rx.cond(leg.heading != "", rx.el.h3(leg.heading)),
        rx.el.ol(rx.foreach(leg.moments, _moment), class_name="route v"),
        rx.cond(
            number_of(leg.stages) > 0,
            rx.el.details(
                rx.el.summary(t(it="Perché, regola per regola", en="Why, rule by rule")),
                rx.el.ol(rx.foreach(leg.stages, _stage), class_name="route v stages"),
            ),
        ),
        class_name="stack tight",
    )


def _moment(moment: Any) -> rx.Component:
    return stop(
        rx.el.span(
            rx.match(
                moment.kind,
                *((kind, icon(glyph)) for kind, glyph in GLYPHS.items()),
                icon("circle"),
            ),
            class_name=rx.match(
                moment.kind,
                *((kind, f"pt fill p-{colour}") for kind, colour in KINDS.items()),
                "pt",
            ),
        ),
        moment.title,
        rx.fragment(
            moment.detail,
            rx.cond(
                moment.feature != "",
                rx.el.span(" ", _setting(moment.feature, moment.why)),
            ),
        ),
        when=moment.when,
        gone=moment.goes_on,
    )


def _stage(stage: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            rx.match(
                stage.state,
                ("passed", icon("check")),
                ("not_reached", icon("minus")),
                ("noted", icon("info")),
                icon("corner-down-right"),
            ),
            class_name=rx.cond(stage.state == "decided", "pt fill p-info", "pt"),
        ),
        rx.el.b(rx.cond(stage.name != "", stage.name, stage.words)),
        rx.cond(stage.name != "", rx.el.span(stage.words, class_name="small")),
        class_name=rx.match(
            stage.state,
            ("not_reached", "stop skip"),
            ("passed", "stop go past"),
            "stop go",
        ),
    )


def _setting(feature: Any, name: Any) -> rx.Component:
    """Goes to the setting on the page behind the dialog (assets/explain.js)."""
    return rx.el.button(
        name,
        type="button",
        class_name="inline-link",
        title=t(it="Vai all'impostazione", en="Go to the setting"),
        custom_attrs={"data-shows": feature},
    )


def _phones() -> rx.Component:
    def one(phone: Any) -> rx.Component:
        return rx.el.li(
            rx.el.span(phone.name, class_name="grow"),
            rx.el.select(
                *(
                    rx.el.option(t(it=it, en=en), value=does)
                    for does, (it, en) in telling.BEHAVIOURS.items()
                ),
                value=phone.behaves,
                on_change=lambda does: Trial.behave(phone.number, does),
                aria_label=phone.name,
                class_name="in sel",
            ),
            key=phone.number,
        )

    return rx.el.section(
        rx.el.h3(t(it="E se i telefoni fossero…", en="And if the phones were…")),
        rx.el.ul(rx.foreach(Trial.outcome.phones, one), class_name="supposed-phones"),
        class_name="stack tight",
    )
