"""Servizi avanzati (guide 3.3): each service with how it stands; a click switches it.

A service that lacks its list or its number opens the dialog for it first and is switched on when
that was filled. State comes from the database: star codes and other windows are seen here too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import reflex as rx
from sqlmodel import Session

from officesmart.administration.dialled import shown
from officesmart.auth import Person
from officesmart.call_manager import numbers, services
from officesmart.call_manager.services import SERVICES, Standing
from officesmart.components.caller_list import caller_list
from officesmart.components.caller_list_state import CallerLists
from officesmart.components.conflict import conflict_badge
from officesmart.components.helping import about, help_button
from officesmart.components.number_picker_state import NumberPicker
from officesmart.desk import desk
from officesmart.i18n import say, t
from officesmart.page import Portal, mine
from officesmart.theme import icon, panel
from pbx.numbers import is_extension
from pbx.routing.callers import LISTS
from pbx.routing.names import name_of
from pbx.routing.office import Office


@dataclass(frozen=True)
class Tile:
    """A service, for the browser."""

    on: bool = False
    listed: int = 0
    "Entries of its list. (A var has an `entries` of its own.)"
    number: str = ""
    "As a person reads it: 'Davide Conti, int. 202', '0 335 555 0147'."


class Services(Portal):
    """The line's advanced services as they are now."""

    tiles: dict[str, Tile] = {name: Tile() for name in SERVICES}
    looked: bool = False
    "They have been read: what is off now is so."
    _wants: str = ""
    "The service that is to be on as soon as what it lacks is there."
    _numbers: dict[str, str] = {}

    async def _look_saved(self, who: Person) -> None:
        """The page opens, or a setting moved: how the services stand now."""
        here = desk()

        def read(session: Session) -> tuple[dict[str, Standing], Office, dict[str, str]]:
            office = here.offices.read(session)
            found = services.read(session, who.line_id)
            saved = numbers.names(session, who.line_id)
            return found, office, saved

        found, office, saved = await here.database.read(read)
        self._numbers = {service: each.number for service, each in found.items()}
        self.tiles = {
            service: Tile(each.on, each.entries, self._written(each.number, office, saved))
            for service, each in found.items()
        }
        self.looked = True

    @mine
    async def toggle(self, service: str, on: bool) -> Any:
        """A click on the service: the other way round than it showed, or first what it lacks."""
        who = self._person
        if service not in SERVICES or who is None:
            return None
        await self._look_saved(who)
        if self.tiles[service].on == on:
            return None  # a second click, or another window was first
        return await self._switch(service, on, undo=True)

    @mine
    async def take_back(self, back: str) -> None:
        """Annulla on the remark that a service was switched."""
        self.toasts = [each for each in self.toasts if each.back != back]
        service, _, how = back.partition(":")
        if service in SERVICES and how in ("on", "off"):
            await self._switch(service, how == "on", undo=False)

    @mine(reads=True)
    async def open_list(self, service: str) -> Any:
        """Lista di inoltro, lista di rifiuto, lista dei prioritari."""
        self._wants = ""
        return CallerLists.open(service) if service in LISTS else None

    @mine(reads=True)
    async def open_number(self, service: str) -> Any:
        """The link to the number."""
        self._wants = ""
        if service not in services.NUMBERED:
            return None
        return NumberPicker.open(service, self._numbers.get(service, ""))

    @mine
    async def listed(self, service: str) -> Any:
        """A list was saved: a service that waited for it goes on."""
        wanted, self._wants = self._wants, ""
        who = self._person
        assert who is not None
        await self._look_saved(who)
        if service != wanted or service not in LISTS or not self.tiles[service].listed:
            return None
        return await self._switch(service, True, undo=True)

    @mine
    async def choose_number(self, purpose: str, number: str, name: str) -> None:
        """A number was chosen for one of these services; others' purposes are passed over."""
        if purpose not in services.NUMBERED:
            return
        wanted, self._wants = self._wants, ""
        who, here = self._person, desk()
        assert who is not None
        await self._look_saved(who)
        # Chosen while the service had none: whoever chooses where calls go wants them to go there.
        first = not self._numbers.get(purpose) and not self.tiles[purpose].on

        def write(session: Session) -> Any:
            office = here.offices.read(session)
            person = office.lines[who.extension]
            return services.set_number(session, who.line_id, purpose, number, person, office)

        fault = await here.database.run(write)
        if fault is not None:
            self._toast("danger", it=fault.it, en=fault.en)
            return
        if wanted == purpose or (first and purpose not in LISTS):
            await self._look_saved(who)
            await self._switch(purpose, True, undo=True)
            return
        it, en = name_of(purpose)
        self._toast("available", it=f"{it}: numero cambiato", en=f"{en}: number changed")
        await self._changed()

    # -- how ------------------------------------------------------------------------------------

    async def _switch(self, service: str, on: bool, *, undo: bool) -> Any:
        """Switch a service, or open the dialog for what it lacks."""
        who, here = self._person, desk()
        assert who is not None
        lacking = await here.database.run(
            lambda session: services.switch(session, who.line_id, service, on)
        )
        if lacking:
            self._wants = service
            return (
                CallerLists.open(service)
                if lacking == "list"
                else NumberPicker.open(service, self._numbers.get(service, ""))
            )
        it, en = name_of(service)
        self._toast(
            "available" if on else "info",
            it=f"{it}: {'attivo' if on else 'non attivo'}",
            en=f"{en}: {'on' if on else 'off'}",
            back=f"{service}:{'off' if on else 'on'}" if undo else "",
        )
        await self._changed()
        return None

    async def _changed(self) -> None:
        assert self._person is not None
        desk().live.owe([self._person.extension], "settings")
        await self._look_saved(self._person)

    def _written(self, number: str, office: Office, saved: dict[str, str]) -> str:
        """A number as the link shows it."""
        if not number:
            return ""
        person, code = office.lines.get(number), office.short_codes.get(number)
        if person is not None:
            short = say(self._language, it="int.", en="ext.")
            return f"{saved.get(number) or person.name}, {short} {number}"
        if code is not None:
            return f"{code.name} ({number})" if code.name else number
        written = number if is_extension(number) else shown(number, office.outside_prefix)
        name = saved.get(number, "")
        return f"{name}, {written}" if name else written


# -- pieces -------------------------------------------------------------------------------------


def services_panel(warned: Any) -> rx.Component:
    """The column at the right, with the dialog of its lists.

    warned: a var of `call_manager.fixes.warned`: what gets in each other's way.
    """
    return rx.fragment(
        panel(
            t(it="Servizi avanzati", en="Advanced services"),
            rx.el.div(
                _tile(
                    warned,
                    "selective_forward",
                    "phone-forwarded",
                    rx.fragment(
                        _list("selective_forward", t(it="lista di inoltro", en="forwarding list")),
                        " ",
                        _number("selective_forward"),
                    ),
                ),
                _tile(
                    warned,
                    "selective_reject",
                    "shield-ban",
                    _list("selective_reject", t(it="lista di rifiuto", en="rejection list")),
                ),
                _tile(warned, "forward_unavailable", "unplug", _number("forward_unavailable")),
                _tile(
                    warned,
                    "anonymous_reject",
                    "venetian-mask",
                    rx.cond(
                        Services.tiles["anonymous_reject"].on,
                        t(it="gli anonimi sono rifiutati", en="anonymous calls are rejected"),
                        t(it="gli anonimi squillano", en="anonymous calls ring"),
                    ),
                ),
                _tile(
                    warned,
                    "priority_callers",
                    "star",
                    _list("priority_callers", t(it="lista dei prioritari", en="priority list")),
                ),
                _tile(
                    warned,
                    "call_waiting",
                    "bell-plus",
                    rx.cond(
                        Services.tiles["call_waiting"].on,
                        t(it="una seconda chiamata si fa sentire", en="a second call is signalled"),
                        t(it="durante una chiamata sei occupato", en="you are busy during a call"),
                    ),
                ),
                class_name=rx.cond(Services.looked, "tiles", "tiles reading"),
                aria_busy=~Services.looked,
            ),
            aside=rx.el.div(_help(), class_name="row end"),
            class_name="services",
            id="servizi",
        ),
        caller_list(on_saved=Services.listed),
    )


def _help() -> rx.Component:
    """What a click does, and what each list is for (guide 3.3)."""
    return help_button(
        t(it="Aiuto sui servizi avanzati", en="Help on advanced services"),
        about(
            "Un clic",
            "A click",
            "accende o spegne il servizio, subito. Se manca l'elenco o il numero, si apre prima "
            "quello.",
            "switches a service on or off, at once. If its list or number is missing, that opens "
            "first.",
        ),
        about(
            "Inoltro intelligente.",
            "Selective forward.",
            "Chi è nella lista di inoltro va a un altro numero.",
            "Whoever is on the forwarding list goes to another number.",
        ),
        about(
            "Rifiuto intelligente.",
            "Selective rejection.",
            "Chi è nella lista di rifiuto sente un annuncio e non arriva alla segreteria. Vince "
            "sulle altre liste.",
            "Whoever is on the rejection list hears an announcement and does not reach voicemail. "
            "It wins over the other lists.",
        ),
        about(
            "Inoltro se non disponibile.",
            "Forward when not reachable.",
            "Dove vanno le chiamate quando nessun tuo telefono è collegato.",
            "Where calls go when none of your phones is connected.",
        ),
        about(
            "Chiamanti prioritari.",
            "Priority callers.",
            "Squillano anche con Non Disturbare.",
            "They ring even with Do not disturb.",
        ),
        about(
            "Un'icona colorata",
            "A coloured icon",
            "dice che un servizio ne ostacola un altro: aprila per vedere quale vince e come "
            "rimediare.",
            "says that one service gets in another's way: open it to see which wins and what to "
            "do.",
        ),
    )


def _tile(warned: Any, service: str, glyph: str, about: rx.Component) -> rx.Component:
    it, en = name_of(service)
    tile, name = Services.tiles[service], t(it=it, en=en)
    return rx.el.div(
        rx.el.span(icon(glyph), class_name="ico"),
        rx.el.button(
            rx.el.b(name),
            type="button",
            class_name="tog",
            aria_pressed=tile.on,
            aria_describedby=f"about-{service}",
            on_click=Services.toggle(service, ~tile.on),
        ),
        conflict_badge(
            warned, service, about=name, choose=Services.open_number
        ),
        rx.el.span(
            rx.cond(tile.on, "", t(it="Non attivo: ", en="Off: ")),
            about,
            id=f"about-{service}",
            class_name="sub",
        ),
        class_name=rx.cond(tile.on, "tile on", "tile"),
        custom_attrs={"data-setting": service},
    )  # fmt: skip


def _list(service: str, words: Any) -> rx.Component:
    entries = Services.tiles[service].listed
    return rx.fragment(
        _link(words, Services.open_list(service)),
        rx.el.span(f" ({entries})", class_name="num"),
    )


def _number(service: str) -> rx.Component:
    number = Services.tiles[service].number
    choose = t(it="scegli il numero", en="choose the number")
    return rx.cond(
        number != "",
        rx.fragment(
            t(it="a ", en="to "), _link(number, Services.open_number(service), kind="as-link num")
        ),
        _link(choose, Services.open_number(service)),
    )


def _link(words: Any, does: Any, kind: str = "as-link") -> rx.Component:
    return rx.el.button(
        words, type="button", class_name=kind, aria_haspopup="dialog", on_click=does
    )
