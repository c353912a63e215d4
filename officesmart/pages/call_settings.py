"""Impostazioni di chiamata (guide 4.1): the panels Generale and Inoltro di Chiamata."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

import reflex as rx
from sqlmodel import Session

from officesmart import line
from officesmart.administration.clash import named, told
from officesmart.administration.form_pieces import clash_note
from officesmart.administration.pieces import switch
from officesmart.call_manager import settings as store
from officesmart.call_manager.settings import CallSettings, Clash, Transfer
from officesmart.components.telephone_links import telephone_links
from officesmart.components.unsaved import confirm_bar
from officesmart.desk import desk
from officesmart.i18n import say, t
from officesmart.page import Page, Portal, handler_of, mine
from officesmart.phone import LinkDown
from officesmart.theme import icon, note, text_of

ROUTE = "/impostazioni/chiamate"


@dataclass(frozen=True)
class PhoneChoice:
    """A phone of mine that may be the only one to ring, for the browser."""

    key: str
    name: str


def flags(values: CallSettings) -> dict[str, bool]:
    """What is on or off."""
    return {name: value for name, value in asdict(values).items() if isinstance(value, bool)}


class CallSettingsPage(Portal):
    """The settings of a line's own calls."""

    values: dict[str, bool] = flags(CallSettings())
    phone: str = ""
    "The only phone that rings for my calls from the portal, by its key; empty: all."
    choices: list[PhoneChoice] = []
    stamp: int = 0
    clash: str = ""
    moved: bool = False
    "They have changed elsewhere while this form holds changes."
    transfer_number: str = ""
    transfer_name: str = ""
    transfer_why: str = ""
    "Why a call would not get there now."
    _base: CallSettings = CallSettings()
    _theirs: CallSettings = CallSettings()
    _mine: CallSettings = CallSettings()
    _touched: bool = False

    @mine(acts=False, reads=True)
    async def enter(self) -> None:
        """The page opens, or its connection is back."""
        assert self._person is not None
        await self._enter(self._person, handler_of(CallSettingsPage.news))
        await self._read()

    @mine(acts=False, reads=True)
    async def news(self, topics: list[str]) -> None:
        """Pushed: something of this line moved, a star code perhaps."""
        assert self._person is not None
        await self._look(self._person, tuple(topics))
        if {"settings", "office", "language", "link"} & set(topics):
            await self._read()
        if {"phones", "language"} & set(topics):
            self._choose_from()

    async def _read(self) -> None:
        """As they are now; what is being changed stays, and is told of it."""
        assert self._person is not None
        here, who = desk(), self._person

        def read(session: Session) -> tuple[CallSettings, Transfer]:
            office = here.offices.read(session)
            return store.read(session, who.line_id), store.transfer(office, who.extension)

        now, onward = await here.database.read(read)
        self.transfer_number, self.transfer_name = onward.number, onward.name
        self.transfer_why = say(self._language, it=onward.it, en=onward.en) if onward.it else ""
        if not self.stamp or (now != self._base and not self._touched):
            self._show(now)
        else:
            self.moved = now != self._base and not self.clash

    def _show(self, values: CallSettings) -> None:
        self._base, self._touched = values, False
        self.values, self.phone = flags(values), values.phone
        self._choose_from()
        self.clash, self.moved = "", False
        self.stamp += 1

    @mine
    async def touch(self) -> None:
        """Something is being changed."""
        self._touched = True

    @mine
    async def undo(self) -> None:
        """Annulla: as they are now."""
        self._touched, self.stamp = False, self.stamp + 1
        await self._read()
        self._show(self._base)

    @mine
    async def save(self, form: dict[str, Any]) -> None:
        """Conferma."""
        self._choose_from()
        wanted = store.judge(form)
        if wanted.phone not in {each.key for each in self.choices}:
            wanted = replace(wanted, phone=self._base.phone)
        await self._save(self._base, wanted)

    def _choose_from(self) -> None:
        """My phones that are connected, and the one that is chosen."""
        assert self._person is not None
        phones = desk().phone.board().phones_of(self._person.extension)
        named = {
            each.key: line.device(each.user_agent) or each.source for each in phones if each.key
        }
        kept = self._base.phone
        if kept and kept not in named:
            named[kept] = say(
                self._language,
                it="Il telefono scelto (ora non è collegato)",
                en="The phone that was chosen (not connected now)",
            )
        everyone = say(self._language, it="Tutti i miei telefoni", en="All my phones")
        self.choices = [
            PhoneChoice("", everyone),
            *(PhoneChoice(key, name) for key, name in named.items()),
        ]

    async def _save(self, base: CallSettings, values: CallSettings) -> None:
        assert self._person is not None
        here, who = desk(), self._person
        try:
            await here.database.run(lambda s: store.save(s, who.line_id, base=base, values=values))
        except Clash as other:
            self._theirs, self._mine = other.theirs, values
            self.clash, self.moved = self._clashed(other), False
            return
        self._show(values)
        self._toast("available", it="Impostazioni salvate", en="Settings saved")
        try:
            await here.phone.settings_changed()
        except LinkDown:
            pass  # read at the next call all the same
        here.live.owe([who.extension], "settings")

    @mine
    async def keep_theirs(self) -> None:
        """Tieni le altre."""
        if self.clash:
            self._show(self._theirs)

    @mine
    async def keep_mine(self) -> None:
        """Tieni le mie: what I changed goes over it."""
        if self.clash:
            self.clash = ""
            await self._save(self._theirs, store.merged(self._base, self._mine, self._theirs))

    def _clashed(self, other: Clash) -> str:
        here, language = desk(), self._language
        if other.who:
            return told(other, store.NAMES, language, now=here.now(), zone=here.zone)
        fields = named(other, store.NAMES, language)
        return say(
            language,
            it=f"Da un'altra pagina o da un telefono è cambiato: {fields}",
            en=f"Changed on another page or by a phone: {fields}",
        )


def view() -> rx.Component:
    """The guide's two panels, and Conferma for both."""
    page = CallSettingsPage
    return rx.el.div(
        rx.el.div(
            rx.el.h1(t(it="Impostazioni di chiamata", en="Call settings")), class_name="head"
        ),
        rx.el.form(
            clash_note(page.clash, theirs=page.keep_theirs, mine=page.keep_mine),
            rx.cond(
                page.moved,
                note(
                    t(
                        it="Intanto sono cambiate, da un telefono o da un'altra pagina: Annulla "
                        "mostra come sono adesso.",
                        en="They have changed meanwhile, by a phone or on another page: Cancel "
                        "shows them as they are now.",
                    ),
                    kind="info",
                    glyph="info",
                ),
            ),
            rx.el.div(
                rx.el.section(
                    rx.el.header(rx.el.h2(t(it="Generale", en="General"))),
                    rx.el.div(_transfer(), *_general(), class_name="pad stack sheet"),
                    class_name="panel",
                ),
                rx.el.section(
                    rx.el.header(rx.el.h2(t(it="Inoltro di Chiamata", en="Call forwarding"))),
                    rx.el.div(*_codes(), class_name="pad stack sheet"),
                    class_name="panel",
                ),
                rx.el.section(
                    rx.el.header(
                        rx.el.h2(t(it="Chiamate dal portale", en="Calls from the portal"))
                    ),
                    rx.el.div(*_portal(), class_name="pad stack sheet"),
                    class_name="panel",
                    id="dal-portale",
                ),
                class_name="two-panels",
            ),
            confirm_bar(undo=page.undo),
            on_submit=page.save,
            key="calls" + text_of(page.stamp),
            no_validate=True,
            class_name="edit-form-flat edit-form",
            custom_attrs={"data-watch": ""},
        ),
        class_name="stack",
    )


def _transfer() -> rx.Component:
    page = CallSettingsPage
    return rx.el.div(
        rx.el.h3(t(it="Numero di trasferimento chiamata", en="Call transfer number")),
        rx.cond(
            page.transfer_number != "",
            rx.fragment(
                rx.el.p(
                    rx.el.span(page.transfer_number, class_name="num b"),
                    " ",
                    rx.el.span(page.transfer_name, class_name="t2"),
                ),
                rx.el.p(
                    t(
                        it="Chi è nella tua casella vocale lo raggiunge premendo 0, durante il "
                        "saluto, la registrazione e il menu. Se dopo 25 secondi nessuno risponde "
                        "torna al saluto. Una chiamata esterna è a tuo carico.",
                        en="Whoever is in your mailbox reaches it by pressing 0, during the "
                        "greeting, the recording and the menu. When nobody answers in 25 seconds "
                        "they are back at the greeting. An outside call is charged to you.",
                    ),
                    class_name="hint",
                ),
                rx.cond(
                    page.transfer_why != "",
                    note(page.transfer_why, kind="warning", glyph="triangle-alert"),
                ),
            ),
            rx.el.p(
                t(
                    it="Nessuno: premere 0 nella tua casella vocale non ha effetto.",
                    en="None: pressing 0 in your mailbox does nothing.",
                ),
                class_name="t2",
            ),
        ),
        rx.el.p(
            icon("lock", "xs"),
            rx.el.span(
                t(
                    it="Lo imposta l'amministratore del tuo centralino.",
                    en="It is set by the administrator of your PBX.",
                )
            ),
            class_name="hint row",
        ),
        class_name="stack tight",
    )


def _general() -> tuple[rx.Component, ...]:
    values = CallSettingsPage.values
    return (
        switch(
            "hide",
            t(
                it="Nascondi identificativo di chiamata quando effettui la chiamata",
                en="Hide your caller ID when you call",
            ),
            t(
                it="A ogni chiamata esterna. I codici prima del numero valgono per una chiamata "
                "sola, anche al contrario. Colleghi ed emergenze lo vedono sempre.",
                en="On every outside call. Codes before the number hold for one call, the other "
                "way round too. Colleagues and emergency services always see it.",
            ),
            values["hide"],
            on_change=CallSettingsPage.touch,
        ),
        switch(
            "passes_caller",
            t(
                it="Mostra identificativo di chiamata per chiamate in entrata",
                en="Show caller ID for incoming calls",
            ),
            t(
                it="Chi riceve una chiamata che inoltri o trasferisci fuori vede chi sta "
                "chiamando: il numero, o almeno il nome se il fornitore non lo permette. "
                "Spento, vede solo il tuo numero.",
                en="Whoever takes a call that you forward or transfer outside sees who is calling: "
                "the number, or at least the name where the provider does not allow it. When off, "
                "they see only your number.",
            ),
            values["passes_caller"],
            on_change=CallSettingsPage.touch,
        ),
        switch(
            "shows_caller",
            t(it="Mostra chi chiama sui tuoi telefoni", en="Show who calls on your phones"),
            t(
                it="Spento, i telefoni squillano senza numero né nome.",
                en="When off, phones ring without number or name.",
            ),
            values["shows_caller"],
            on_change=CallSettingsPage.touch,
        ),
    )


def _codes() -> tuple[rx.Component, ...]:
    values = CallSettingsPage.values

    def one(name: str, it: str, en: str) -> rx.Component:
        return switch(
            name,
            t(it=it, en=en),
            t(it="Richiedi un numero di destinazione.", en="Ask for a destination number."),
            values[name],
            on_change=CallSettingsPage.touch,
        )

    return (
        rx.el.p(
            t(
                it="Vale quando attivi l'inoltro con i codici dal tuo telefono, non da qui. Se non "
                "richiedi il numero, il codice da solo riprende l'ultimo configurato.",
                en="Holds when you switch a forward on by codes on your phone, not from here. When "
                "no number is asked for, the code alone takes the last one that was set.",
            ),
            class_name="t2",
        ),
        one("needs_all", "Inoltro immediato", "Immediate forward"),
        one("needs_busy", "Inoltro in caso di linea occupata", "Forward when the line is busy"),
        one("needs_no_answer", "Inoltro di chiamata per mancata risposta", "Forward on no answer"),
    )


def _portal() -> tuple[rx.Component, ...]:
    page = CallSettingsPage
    return (
        rx.el.div(
            rx.el.label(t(it="Quale telefono squilla", en="Which phone rings"), html_for="f-phone"),
            rx.el.select(
                rx.foreach(page.choices, lambda each: rx.el.option(each.name, value=each.key)),
                id="f-phone",
                name="phone",
                default_value=page.phone,
                class_name="in",
                aria_describedby="e-phone",
                on_change=lambda _: page.touch(),
                custom_attrs={"data-was": page.phone},
            ),
            rx.el.p(
                t(
                    it="Quando chiami da qui. Se quel telefono non è collegato, la chiamata non "
                    "parte.",
                    en="When you call from here. If that phone is not connected, no call is made.",
                ),
                id="e-phone",
                class_name="hint",
            ),
            class_name="field",
        ),
        switch(
            "answers",
            t(it="Il mio telefono risponde da solo", en="My phone answers by itself"),
            t(
                it="In viva voce, appena premi Componi. Vale per i telefoni che lo permettono, e "
                "mai mentre sei già in una chiamata.",
                en="On its loudspeaker, as soon as you press Dial. Holds for phones that allow it, "
                "and never while you are in a call.",
            ),
            page.values["answers"],
            on_change=page.touch,
        ),
        telephone_links(),
    )


PAGE = Page(
    route=ROUTE,
    view=view,
    on_load=CallSettingsPage.enter,
    it="Impostazioni di chiamata",
    en="Call settings",
    shape="form",
)
