"""The pieces of Posta; its State is in admin_mail.py, which hands itself in."""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.administration.pieces import administration
from officesmart.components.mail_links import mail_links
from officesmart.i18n import t
from officesmart.theme import chip, empty, icon, note, number_of, panel, text_of

ROUTE = "/admin/posta"
EXAMPLE = "smtp+starttls://utente:password@mail.example.it:587"


def view(posta: Any) -> rx.Component:
    """What was not sent first, then what waits; the server and the test beside it."""
    return administration(
        ROUTE,
        rx.el.div(
            rx.el.div(
                rx.el.h1(t(it="Posta", en="Mail")),
                rx.el.p(
                    posta.all_waiting,
                    t(it=" in attesa, ", en=" waiting, "),
                    posta.all_lost,
                    rx.cond(
                        posta.all_lost == 1,
                        t(it=" non spedita", en=" not sent"),
                        t(it=" non spedite", en=" not sent"),
                    ),
                    class_name="t2 small num",
                    role="status",
                ),
                class_name="head",
            ),
            rx.el.div(
                rx.el.div(
                    rx.cond(number_of(posta.lost) > 0, _lost(posta)),
                    _waiting(posta),
                    rx.cond(number_of(posta.sent) > 0, _sent(posta)),
                    class_name="stack",
                ),
                rx.el.aside(
                    _server(posta),
                    mail_links(posta.links, posta.links_state),
                    _trial(posta),
                    class_name="stack",
                ),
                class_name="mg wide compact",
            ),
            class_name="adm-main compact",
        ),
    )


def _lost(posta: Any) -> rx.Component:
    return panel(
        t(it="Non spedite", en="Not sent"),
        rx.el.ul(
            rx.foreach(
                posta.lost,
                lambda each: _item(
                    each,
                    chip(t(it="non spedita", en="not sent"), kind="dnd", glyph="circle-x"),
                    rx.cond(
                        each.again,
                        _try_again(posta, each),
                    ),
                    _do(
                        "trash-2",
                        t(it="Togli dall'elenco", en="Take off the list"),
                        each,
                        posta.remove(each.id),
                    ),
                ),
            ),
            class_name="rows",
        ),
        aside=_shown(posta.all_lost, number_of(posta.lost)),
    )


def _try_again(posta: Any, each: Any) -> rx.Component:
    again = t(it="Riprova adesso", en="Try again now")
    return _do("refresh-cw", again, each, posta.retry(each.id))


def _waiting(posta: Any) -> rx.Component:
    return panel(
        t(it="In attesa", en="Waiting"),
        rx.cond(
            number_of(posta.waiting) > 0,
            rx.el.ul(
                rx.foreach(
                    posta.waiting,
                    lambda each: _item(
                        each,
                        rx.cond(
                            each.state == "sending",
                            chip(t(it="parte", en="going out"), kind="ringing", glyph="send"),
                            chip(t(it="in attesa", en="waiting"), kind="warning", glyph="clock"),
                        ),
                        rx.cond(
                            each.again,
                            rx.fragment(
                                _try_again(posta, each),
                                _do(
                                    "ban",
                                    t(it="Rinuncia", en="Give up"),
                                    each,
                                    posta.give_up(each.id),
                                ),
                            ),
                        ),
                    ),
                ),
                class_name="rows",
            ),
            empty(
                "mail-check",
                t(it="Nessuna mail in attesa", en="No mail is waiting"),
                t(
                    it="Gli avvisi di nuovi messaggi e le altre mail dell'ufficio passano di qui "
                    "e restano finché il server di posta non le accetta.",
                    en="Notices of new messages and the office's other mail pass through here and "
                    "stay until the mail server has taken them.",
                ),
            ),
        ),
        aside=rx.cond(
            number_of(posta.waiting) > 0,
            rx.el.span(
                _shown(posta.all_waiting, number_of(posta.waiting)),
                rx.el.button(
                    icon("refresh-cw", "s"),
                    t(it="Riprova tutte", en="Try all again"),
                    type="button",
                    class_name="btn sm",
                    disabled=posta.server_state != "set",
                    on_click=posta.retry_all,
                ),
                class_name="row end",
            ),
        ),
    )


def _sent(posta: Any) -> rx.Component:
    return panel(
        t(it="Ultime spedite", en="Sent lately"),
        rx.el.ul(
            rx.foreach(
                posta.sent,
                lambda each: _item(
                    each, chip(t(it="spedita", en="sent"), kind="available", glyph="check")
                ),
            ),
            class_name="rows",
        ),
    )


def _shown(every: Any, here: Any) -> rx.Component:
    """How many there are; with how many are shown, where that is fewer."""
    return rx.el.span(
        rx.cond(every > here, rx.fragment(here, t(it=" di ", en=" of "))),
        every,
        class_name="count",
    )


def _item(each: Any, state: rx.Component, *actions: rx.Component) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            rx.el.b(each.address, class_name="cut"),
            rx.el.span(each.kind, " · ", each.at, class_name="small t2"),
            class_name="two",
            style={"flex": "1 1 200px"},
        ),
        rx.el.span(
            rx.el.span(state),
            rx.cond(each.why != "", rx.el.span(each.why, class_name="small")),
            rx.cond(
                (each.tries > 1) | (each.why != ""),
                rx.el.span(
                    rx.cond(
                        each.tries == 1,
                        t(it="1 tentativo", en="1 try"),
                        rx.fragment(each.tries, t(it=" tentativi", en=" tries")),
                    ),
                    rx.cond(
                        each.next != "",
                        rx.fragment(t(it=", il prossimo ", en=", the next "), each.next),
                    ),
                    class_name="small t2 num",
                ),
            ),
            class_name="two",
            style={"flex": "2 1 240px", "overflow_wrap": "anywhere"},
        ),
        rx.el.span(*actions, class_name="row end") if actions else rx.fragment(),
        key=text_of(each.id),
        class_name="wrap",
        custom_attrs={"data-mail": each.state},
    )


def _do(glyph: str, words: Any, each: Any, deed: Any) -> rx.Component:
    return rx.el.button(
        icon(glyph, "s"),
        type="button",
        class_name="ib",
        title=words,
        aria_label=words + ": " + each.kind + ", " + each.address,
        on_click=deed,
    )


def _fact(name: Any, value: Any) -> rx.Component:
    return rx.el.div(rx.el.dt(name), rx.el.dd(value), class_name="fact")


def _server(posta: Any) -> rx.Component:
    return panel(
        t(it="Server di posta", en="Mail server"),
        rx.el.div(
            rx.match(
                posta.server_state,
                (
                    "set",
                    rx.fragment(
                        rx.el.dl(
                            _fact(t(it="Indirizzo", en="Address"), posta.server),
                            _fact(t(it="Collegamento", en="Connection"), posta.server_how),
                            _fact(
                                t(it="Accesso", en="Sign-in"),
                                rx.cond(
                                    posta.signs_in,
                                    t(it="con utente e password", en="with user and password"),
                                    t(it="senza", en="none"),
                                ),
                            ),
                            _fact(t(it="Mittente", en="Sender"), posta.sender),
                            class_name="facts",
                        ),
                        rx.cond(
                            posta.in_the_open,
                            note(
                                t(
                                    it="La password viaggia senza cifratura: usa "
                                    "smtp+starttls:// o smtps://.",
                                    en="The password travels without encryption: use "
                                    "smtp+starttls:// or smtps://.",
                                ),
                                kind="warning",
                                glyph="triangle-alert",
                            ),
                        ),
                    ),
                ),
                (
                    "bad",
                    note(
                        t(
                            it="L'impostazione non si può usare: ",
                            en="The setting cannot be used: ",
                        ),
                        posta.server_fault,
                        kind="dnd",
                        glyph="circle-x",
                    ),
                ),
                rx.fragment(
                    note(
                        t(
                            it="Nessun server di posta: le mail restano qui in attesa.",
                            en="No mail server: mail stays here, waiting.",
                        ),
                        kind="warning",
                        glyph="triangle-alert",
                    ),
                    rx.el.p(
                        t(
                            it="Imposta OFFICESMART_SMTP_URL e riavvia il portale. Per esempio:",
                            en="Set OFFICESMART_SMTP_URL and restart the portal. For example:",
                        ),
                        class_name="small t2",
                    ),
                    rx.el.code(EXAMPLE, class_name="small", style={"overflow_wrap": "anywhere"}),
                ),
            ),
            class_name="pad stack tight",
        ),
    )


def _trial(posta: Any) -> rx.Component:
    return panel(
        t(it="Mail di prova", en="Test mail"),
        rx.el.form(
            rx.el.div(
                rx.el.label(t(it="A quale indirizzo", en="To which address"), html_for="f-address"),
                rx.el.input(
                    id="f-address",
                    name="address",
                    type="email",
                    default_value=posta.own,
                    auto_complete="email",
                    max_length=254,
                    aria_invalid=posta.fault == "address",
                    aria_describedby="e-address",
                    class_name=rx.cond(posta.fault == "address", "in bad", "in"),
                ),
                rx.el.div(_fault(posta), id="e-address", role="alert"),
                class_name="field",
            ),
            rx.el.button(
                icon("send"),
                t(it="Manda la prova", en="Send the test"),
                type="submit",
                class_name="btn wide",
                disabled=posta.server_state != "set",
            ),
            rx.el.div(_verdict(posta), role="status"),
            on_submit=posta.send_test,
            no_validate=True,
            class_name="pad stack",
        ),
    )


def _fault(posta: Any) -> rx.Component:
    def said(words: Any) -> rx.Component:
        return rx.el.p(icon("circle-alert", "xs"), words, class_name="err")

    return rx.match(
        posta.fault,
        (
            "address",
            said(
                t(
                    it="Scrivi un indirizzo e-mail, come nome@esempio.it.",
                    en="Type an e-mail address, such as name@example.org.",
                )
            ),
        ),
        ("server", said(t(it="Prima imposta il server.", en="Set the server first."))),
        rx.fragment(),
    )


def _verdict(posta: Any) -> rx.Component:
    return rx.match(
        posta.trial,
        (
            "done",
            note(
                t(
                    it="Il server di posta l'ha accettata per ",
                    en="The mail server has accepted it for ",
                ),
                posta.trial_to,
                ".",
                kind="available",
                glyph="circle-check",
            ),
        ),
        ("given_up", note(posta.trial_why, kind="dnd", glyph="circle-x")),
        (
            "waiting",
            rx.cond(
                posta.trial_why != "",
                note(posta.trial_why, kind="warning", glyph="triangle-alert"),
                note(t(it="In partenza…", en="Going out…"), glyph="loader"),
            ),
        ),
        rx.fragment(),
    )
