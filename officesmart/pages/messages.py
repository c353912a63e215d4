"""Messaggi e Chiamate (guide chapter 5): five tabs, the player, and what can be done with a row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import reflex as rx
from sqlalchemy import func
from sqlmodel import Session, select

from officesmart.components.dialler import Dialler
from officesmart.components.player import play_button, player
from officesmart.components.shell import count
from officesmart.counts import to_call_back
from officesmart.desk import desk
from officesmart.i18n import t
from officesmart.lists import (
    NEARLY,
    CallDay,
    Fill,
    MessageDay,
    Reader,
    call_days,
    fill,
    message_days,
)
from officesmart.page import BEHIND, Page, Portal, handler_of, mine
from officesmart.theme import empty, hidden, icon, note, number_of, panel, text_of
from pbx.store import messages as store
from pbx.store import records
from pbx.tables import Mailbox, VoiceMessage

TABS = ("perse", "effettuate", "ricevute", "messaggi", "eliminati")
ALL = -1  # as the message that is about to be deleted for good: every deleted one
SHOWN = 300  # messages; three mailboxes full


class Messages(Portal):
    """The tab that is shown, and its rows."""

    tab: str = "messaggi"
    message_days: list[MessageDay] = []
    call_days: list[CallDay] = []
    opened: int = 0
    "The message whose player is open; 0 for none."
    doomed: int = 0
    "The message that is about to be deleted for good, ALL, or 0."
    used: int = 0
    most: int = 0
    used_share: int = 0
    minutes: int = 0
    most_minutes: int = 0
    minute_share: int = 0
    loaded: bool = False

    @mine(acts=False)
    async def enter(self) -> None:
        """The page opens (on the tab its address names), or its connection is back."""
        assert self._person is not None
        await self._enter(self._person, handler_of(Messages.news))
        asked = self.router.url.query_parameters.get("scheda", "")
        if asked in TABS:
            self.tab = asked
        await self._read()

    @mine(acts=False)
    async def news(self, topics: list[str]) -> None:
        """Pushed: something of this line moved."""
        assert self._person is not None
        await self._look(self._person, tuple(topics))
        if {"messages", "records", "language"} & set(topics):
            await self._read()

    @mine
    async def show(self, tab: str) -> None:
        """Another tab."""
        if tab in TABS:
            self.tab, self.opened, self.doomed = tab, 0, 0
            await self._read()

    @mine
    async def open(self, message: int) -> None:
        """The play button: open this message's player."""
        self.opened = message

    @mine
    async def listen(self, message: int) -> None:
        """From a missed call to the message it left."""
        self.tab, self.opened = "messaggi", message
        await self._read()

    @mine
    async def close(self) -> None:
        """Chiudi: put the player away."""
        self.opened = 0

    @mine
    async def heard(self, message: int) -> None:
        """The player: five seconds were heard, or all of it."""
        await self._change(lambda s, line: store.mark_heard(s, line, message))

    @mine
    async def mark_heard(self, message: int) -> None:
        """Contrassegna come Ascoltato."""
        await self._change(lambda s, line: store.mark_heard(s, line, message))

    @mine
    async def mark_new(self, message: int) -> None:
        """Contrassegna come nuovo."""
        await self._change(lambda s, line: store.mark_new(s, line, message))

    @mine
    async def delete(self, message: int) -> None:
        """Elimina: to the deleted ones, from where it can come back."""
        now = desk().now()
        if await self._change(lambda s, line: store.delete(s, line, message, at=now)):
            self._toast("available", it="Messaggio eliminato", en="Message deleted", undo=message)

    @mine
    async def restore(self, message: int) -> None:
        """Ripristina: back as it was."""
        if await self._change(lambda s, line: store.restore(s, line, message)):
            self.toasts = [toast for toast in self.toasts if toast.undo != message]
            self._toast("available", it="Messaggio ripristinato", en="Message restored")

    @mine
    async def doom(self, message: int) -> None:
        """Elimina definitivamente: ask first, it cannot be undone."""
        self.doomed = message

    @mine
    async def spare(self) -> None:
        """Annulla."""
        self.doomed = 0

    @mine
    async def purge(self) -> None:
        """Delete for good what was asked about."""
        doomed, data = self.doomed, desk().database.data
        self.doomed = 0
        if doomed == ALL:
            done = await self._change(lambda s, line: store.purge_all(s, data, line) > 0)
        else:
            done = await self._change(lambda s, line: store.purge(s, data, line, doomed))
        if done:
            self._toast("available", it="Eliminato definitivamente", en="Deleted for good")

    # -- the database ---------------------------------------------------------------------------

    async def _change(self, deed: Callable[[Session, int], bool]) -> bool:
        """Do something to my own messages; tell lamps and other pages when it changed anything."""
        assert self._person is not None
        who, here = self._person, desk()
        changed = await here.database.run(lambda session: deed(session, who.line_id))
        if changed:
            here.live.owe([who.extension], "messages")
            await here.phone.mailbox_changed(who.extension)
        await self._look(who, ("messages",))
        await self._read()
        return changed

    async def _read(self) -> None:
        """The rows of the shown tab, and how full the mailbox is."""
        assert self._person is not None
        here, line = desk(), self._person.line_id
        reader = Reader(self._language, here.zone, here.now())
        tab = self.tab

        def read(session: Session) -> tuple[list[MessageDay], list[CallDay], Fill]:
            number, seconds = session.execute(
                select(func.count(), func.coalesce(func.sum(VoiceMessage.seconds), 0.0)).where(
                    VoiceMessage.line_id == line
                )
            ).one()
            full = fill(session.get(Mailbox, line), number, seconds)
            if tab in ("messaggi", "eliminati"):
                found = store.listing(session, line, deleted=tab == "eliminati", limit=SHOWN)
                return message_days(found, reader), [], full
            if tab == "effettuate":
                return [], call_days(records.dialled(session, line), reader), full
            if tab == "ricevute":
                return [], call_days(records.received(session, line), reader), full
            missed = records.missed(session, line)
            since = [*records.dialled(session, line), *records.received(session, line)]
            fresh = to_call_back(missed, since, reader.now)
            return [], call_days(missed, reader, fresh=fresh), full

        self.message_days, self.call_days, full = await here.database.read(read)
        self.used, self.most, self.used_share = full.messages, full.most, full.message_share
        self.minutes, self.most_minutes = full.minutes, full.most_minutes
        self.minute_share = full.minute_share
        if not any(row.id == self.opened for day in self.message_days for row in day.rows):
            self.opened = 0
        self.loaded = True


# -- pieces -------------------------------------------------------------------------------------


def view() -> rx.Component:
    """The lists, and beside them how full the mailbox is."""
    return rx.fragment(
        rx.el.div(
            rx.el.h1(t(it="Messaggi e Chiamate", en="Messages and Calls")),
            rx.cond(
                (Messages.tab == "eliminati") & (number_of(Messages.message_days) > 0),
                rx.el.button(
                    icon("trash-2"),
                    t(it="Elimina tutti definitivamente", en="Delete all for good"),
                    type="button",
                    class_name="btn dtext end",
                    on_click=Messages.doom(ALL),
                ),
            ),
            class_name="head",
        ),
        rx.el.div(
            rx.el.section(
                _tabs(),
                rx.el.div(
                    rx.cond(
                        (Messages.tab == "messaggi") | (Messages.tab == "eliminati"),
                        _messages(),
                        _calls(),
                    ),
                    role="tabpanel",
                    id="elenco",
                    aria_labelledby=f"scheda-{Messages.tab}",
                    class_name="list",
                ),
                class_name="panel",
                custom_attrs={"data-tab": Messages.tab},
            ),
            rx.el.aside(
                _mailbox(), class_name="stack", aria_label=t(it="La tua casella", en="Your mailbox")
            ),
            class_name="mg",
        ),
        _question(),
    )


def _tabs() -> rx.Component:
    def tab(name: str, words: Any, *number: rx.Component) -> rx.Component:
        return rx.el.button(
            words,
            *number,
            type="button",
            role="tab",
            id=f"scheda-{name}",
            aria_selected=Messages.tab == name,
            aria_controls="elenco",
            tab_index=rx.cond(Messages.tab == name, 0, -1),
            on_click=Messages.show(name),
        )

    calls = hidden(t(it="Chiamate ", en="Calls "))
    return rx.el.div(
        tab(
            "perse",
            t(it="Chiamate Perse", en="Missed Calls"),
            count(Portal.missed, alert=True, words=t(it="da richiamare", en="to call back")),
        ),
        tab("effettuate", rx.el.span(calls, t(it="Effettuate", en="Dialled"))),
        tab("ricevute", rx.el.span(calls, t(it="Ricevute", en="Received"))),
        tab(
            "messaggi",
            t(it="Messaggi", en="Messages"),
            count(Portal.new_messages, alert=False, words=t(it="nuovi", en="new")),
        ),
        tab(
            "eliminati",
            rx.el.span(
                rx.el.span(t(it="Messaggi ", en=""), class_name="hide-s"),
                t(it="Eliminati", en="Deleted"),
            ),
        ),
        role="tablist",
        aria_label=t(it="Elenchi", en="Lists"),
        class_name="tabs",
    )


def _messages() -> rx.Component:
    return rx.cond(
        number_of(Messages.message_days) > 0,
        rx.foreach(
            Messages.message_days,
            lambda day: rx.el.div(
                rx.el.h2(day.heading, class_name="day"),
                rx.el.ul(rx.foreach(day.rows, _message)),
                key=day.heading,
            ),
        ),
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
            rx.cond(
                row.fresh,
                rx.el.span(class_name="newdot", title=t(it="Nuovo", en="New")),
                rx.el.span(),
            ),
            play_button(row, Messages.opened, Messages.open(row.id)),
            rx.el.div(
                rx.el.div(
                    _menu(row.name, "who cut", _message_menu(row), rx.el.span(row.name)),
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
                _menu(
                    t(it="Azioni: ", en="Actions: ") + row.name,
                    "ib",
                    _message_menu(row),
                    icon("ellipsis"),
                ),
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


def _menu(name: Any, kind: str, items: list[rx.Component], *inside: rx.Component) -> rx.Component:
    return rx.dropdown_menu.root(
        rx.dropdown_menu.trigger(
            rx.el.button(*inside, type="button", class_name=kind, aria_label=name)
        ),
        rx.dropdown_menu.content(*items, class_name="menu-content"),
        modal=False,
    )


def _item(glyph: str, words: Any, does: Any, **props: Any) -> rx.Component:
    return rx.dropdown_menu.item(icon(glyph), words, on_select=does, **props)


def _call_item(row: Any) -> rx.Component:
    return rx.cond(
        row.number != "",
        _item(
            "phone",
            t(it="Componi dal proprio numero", en="Dial from my own number"),
            Dialler.call_back(row.number, row.name),
        ),
        rx.el.div(
            t(it="Il numero è nascosto", en="The number is hidden"), class_name="menu-who small mut"
        ),
    )


def _message_menu(row: Any) -> list[rx.Component]:
    save = rx.dropdown_menu.item(
        rx.el.a(
            icon("download"),
            t(it="Salva sul disco", en="Save to disk"),
            href=f"{BEHIND}/sound/" + text_of(row.id) + "?download",
            download=True,
            reload_document=True,  # or the router would take it for a page
        ),
        as_child=True,
    )
    return [
        _call_item(row),
        rx.dropdown_menu.separator(),
        rx.cond(
            Messages.tab == "messaggi",
            rx.fragment(
                rx.cond(
                    row.fresh,
                    _item(
                        "check",
                        t(it="Contrassegna come Ascoltato", en="Mark as heard"),
                        Messages.mark_heard(row.id),
                    ),
                    _item(
                        "mail",
                        t(it="Contrassegna come nuovo", en="Mark as new"),
                        Messages.mark_new(row.id),
                    ),
                ),
                save,
                rx.dropdown_menu.separator(),
                _item(
                    "trash-2",
                    t(it="Elimina", en="Delete"),
                    Messages.delete(row.id),
                    color_scheme="red",
                ),
            ),
            rx.fragment(
                _item("undo-2", t(it="Ripristina", en="Restore"), Messages.restore(row.id)),
                save,
                rx.dropdown_menu.separator(),
                _item(
                    "trash-2",
                    t(it="Elimina definitivamente", en="Delete for good"),
                    Messages.doom(row.id),
                    color_scheme="red",
                ),
            ),
        ),
    ]


def _calls() -> rx.Component:
    return rx.cond(
        number_of(Messages.call_days) > 0,
        rx.foreach(
            Messages.call_days,
            lambda day: rx.el.div(
                rx.el.h2(day.heading, class_name="day"),
                rx.el.ul(rx.foreach(day.rows, _call)),
                key=day.heading,
            ),
        ),
        rx.match(
            Messages.tab,
            (
                "perse",
                empty(
                    "phone-missed",
                    t(it="Nessuna chiamata persa", en="No missed calls"),
                    t(
                        it="Qui trovi chi ti ha cercato senza trovarti.",
                        en="Here is whoever called you without reaching you.",
                    ),
                ),
            ),
            (
                "effettuate",
                empty(
                    "phone-outgoing",
                    t(it="Nessuna chiamata effettuata", en="No dialled calls"),
                    t(
                        it="Le chiamate che fai, dal telefono o dal portale, appaiono qui.",
                        en="Calls you make, from the phone or the portal, appear here.",
                    ),
                    rx.el.button(
                        icon("phone"),
                        t(it="Chiamata", en="Call"),
                        type="button",
                        class_name="btn",
                        on_click=Dialler.open_dialler,
                    ),
                ),
            ),
            empty(
                "phone-incoming",
                t(it="Nessuna chiamata ricevuta", en="No received calls"),
                t(
                    it="Le chiamate a cui rispondi appaiono qui.",
                    en="Calls you answer appear here.",
                ),
            ),
        ),
    )


def _call(row: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.cond(
                row.fresh,
                rx.el.span(class_name="newdot", title=t(it="Da richiamare", en="To call back")),
                rx.el.span(),
            ),
            rx.el.span(_outcome_icon(row), class_name="how-icon"),
            rx.el.div(
                rx.el.div(
                    _menu(row.name, "who cut", _call_menu(row), rx.el.span(row.name)),
                    rx.cond(row.fresh, hidden(t(it=", da richiamare", en=", to call back"))),
                    class_name="row",
                ),
                rx.el.span(
                    rx.cond(row.detail != "", rx.fragment(row.detail, " · ")),
                    _outcome(row),
                    rx.cond(
                        row.from_web & (Messages.tab == "effettuate"),
                        t(it=", dal web", en=", from the web"),
                        "",
                    ),
                    class_name="small t2 num cut sub",
                ),
                class_name="grow",
            ),
            rx.el.span(row.lasts, class_name="num t2 durr hide-s"),
            rx.el.time(row.at, date_time=row.iso, class_name="t2 at"),
            rx.el.span(
                rx.cond(
                    row.message > 0,
                    rx.el.button(
                        icon("voicemail"),
                        type="button",
                        class_name="ib hide-s",
                        title=t(it="Ascolta il messaggio", en="Play the message"),
                        aria_label=t(it="Ascolta il messaggio di ", en="Play the message from ")
                        + row.name,
                        on_click=Messages.listen(row.message),
                    ),
                ),
                _menu(
                    t(it="Azioni: ", en="Actions: ") + row.name,
                    "ib",
                    _call_menu(row),
                    icon("ellipsis"),
                ),
                class_name="acts",
            ),
            class_name="msg" + rx.cond(row.fresh, " new", ""),
        ),
        key=text_of(row.id),
    )


def _call_menu(row: Any) -> list[rx.Component]:
    return [
        _call_item(row),
        rx.cond(
            row.message > 0,
            _item(
                "voicemail",
                t(it="Ascolta il messaggio", en="Play the message"),
                Messages.listen(row.message),
            ),
        ),
    ]


def _outcome_icon(row: Any) -> rx.Component:
    return rx.match(
        Messages.tab,
        ("perse", rx.cond(row.message > 0, icon("voicemail"), icon("phone-missed"))),
        ("ricevute", icon("phone-incoming")),
        icon("phone-outgoing"),
    )


def _outcome(row: Any) -> Any:
    return rx.match(
        row.outcome,
        ("talked", t(it="conversazione", en="conversation")),
        ("message", t(it="ha lasciato un messaggio", en="left a message")),
        ("mailbox", t(it="ha ascoltato la segreteria", en="reached voicemail")),
        ("service", t(it="servizio", en="service")),
        ("no_answer", t(it="nessuna risposta", en="no answer")),
        ("busy", t(it="occupato", en="busy")),
        ("declined", t(it="rifiutata", en="declined")),
        (
            "cancelled",
            rx.cond(
                Messages.tab == "perse",
                t(it="ha riagganciato", en="hung up before an answer"),
                t(it="annullata", en="cancelled"),
            ),
        ),
        ("unavailable", t(it="nessun telefono collegato", en="no phone connected")),
        ("not_found", t(it="numero inesistente", en="no such number")),
        ("forbidden", t(it="numero non consentito", en="number not allowed")),
        ("transferred", t(it="trasferita", en="transferred")),
        ("vanished", t(it="il telefono è sparito", en="the phone vanished")),
        ("completed", t(it="terminata", en="ended")),
        t(it="non riuscita", en="failed"),
    )


def _mailbox() -> rx.Component:
    def meter(name: Any, used: Any, most: Any, share: Any) -> rx.Component:
        return rx.el.div(
            rx.el.div(
                rx.el.span(name),
                rx.el.span(used, t(it=" di ", en=" of "), most, class_name="end num t2"),
                class_name="row small",
            ),
            rx.el.div(
                rx.el.i(style={"width": f"{share}%"}),
                class_name=rx.cond(share >= NEARLY, "meter p-warning", "meter"),
                aria_hidden=True,
            ),
        )

    return rx.cond(
        Messages.most > 0,
        panel(
            t(it="La tua casella", en="Your mailbox"),
            rx.el.div(
                meter(
                    t(it="Messaggi", en="Messages"),
                    Messages.used,
                    Messages.most,
                    Messages.used_share,
                ),
                meter(
                    t(it="Minuti registrati", en="Minutes recorded"),
                    Messages.minutes,
                    Messages.most_minutes,
                    Messages.minute_share,
                ),
                rx.cond(
                    (Messages.used_share >= NEARLY) | (Messages.minute_share >= NEARLY),
                    note(
                        t(
                            it="Quasi piena: contano anche i messaggi eliminati. ",
                            en="Nearly full: deleted messages count too. ",
                        ),
                        rx.cond(
                            Messages.tab != "eliminati",
                            rx.el.button(
                                t(it="Guarda gli eliminati", en="See the deleted ones"),
                                type="button",
                                class_name="as-link",
                                on_click=Messages.show("eliminati"),
                            ),
                        ),
                        kind="warning",
                        glyph="triangle-alert",
                    ),
                    rx.el.p(
                        t(
                            it="Contano anche i messaggi eliminati.",
                            en="Deleted messages count too.",
                        ),
                        class_name="hint",
                    ),
                ),
                class_name="pad stack tight",
            ),
        ),
    )


def _question() -> rx.Component:
    every = Messages.doomed == ALL
    return rx.el.dialog(
        rx.el.div(
            rx.el.h2(
                rx.cond(
                    every,
                    t(it="Eliminare tutti definitivamente?", en="Delete all for good?"),
                    t(it="Eliminare definitivamente?", en="Delete for good?"),
                ),
                id="question-title",
            ),
            rx.el.p(
                rx.cond(
                    every,
                    t(
                        it="Tutti i messaggi eliminati spariscono, con il loro suono. Non si può "
                        "annullare.",
                        en="All deleted messages disappear, with their sound. This cannot be "
                        "undone.",
                    ),
                    t(
                        it="Il messaggio sparisce, con il suo suono. Non si può annullare.",
                        en="The message disappears, with its sound. This cannot be undone.",
                    ),
                ),
                class_name="t2",
            ),
            class_name="dialog-body stack tight",
        ),
        rx.el.footer(
            rx.el.button(
                t(it="Annulla", en="Cancel"),
                type="button",
                class_name="btn",
                on_click=Messages.spare,
                custom_attrs={"data-dismiss": ""},
            ),
            rx.el.button(
                icon("trash-2"),
                t(it="Elimina definitivamente", en="Delete for good"),
                type="button",
                class_name="btn danger",
                on_click=Messages.purge,
            ),
        ),
        class_name="dialog",
        role="alertdialog",
        aria_labelledby="question-title",
        custom_attrs={"data-open": rx.cond(Messages.doomed != 0, "true", "false")},
    )


PAGE = Page(
    route="/messaggi",
    view=view,
    on_load=Messages.enter,
    it="Messaggi e Chiamate",
    en="Messages and Calls",
    short_it="Messaggi",
    short_en="Messages",
    icon="voicemail",
    nav=20,
)
