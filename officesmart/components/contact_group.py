"""A group of contacts: its name, its icon, who is in it (guide 6.1.6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import reflex as rx
from sqlmodel import Session

from officesmart.components.search_field import search_field
from officesmart.contacts import book, groups
from officesmart.contacts.book import Wrong
from officesmart.desk import desk
from officesmart.i18n import say, t
from officesmart.page import Portal, mine
from officesmart.theme import icon, number_of, text_of

NEW = -1
SHOWN = 100
LONGEST_SEARCH = 200


@dataclass(frozen=True)
class Candidate:
    """A contact that may be in the group."""

    id: int
    title: str
    company: str
    chosen: bool


class ContactGroupForm(Portal):
    """The group that is made or changed."""

    group: int = 0
    "NEW, or its id; 0: no form."
    name: str = ""
    icon: str = "users"
    text: str = ""
    candidates: list[Candidate] = []
    found: int = 0
    chosen: int = 0
    "How many contacts are in the group."
    only_chosen: bool = False
    "The list is held to them."
    _chosen: frozenset[int] = frozenset()
    _opened: groups.Group | None = None
    "As it was when the form was opened."
    fault: str = ""
    dooming: bool = False

    @mine
    async def create(self) -> None:
        """Nuovo gruppo."""
        self._open(groups.Group(NEW, "", "users", ()))
        await self._read()

    @mine
    async def edit(self, group: int) -> None:
        """The pencil of a group."""
        assert self._person is not None
        line_id = self._person.line_id
        known = await desk().database.read(lambda s: groups.groups(s, line_id))
        found = next((each for each in known if each.id == group), None)
        if found is not None:
            self._open(found)
            await self._read()

    @mine(reads=True)
    async def put_away(self) -> None:
        """Annulla."""
        self.group, self.dooming = 0, False

    @mine
    async def call_it(self, name: str) -> None:
        """A name is typed."""
        self.name, self.fault = name[: groups.LONGEST + 1], ""

    @mine
    async def draw_it(self, icon: str) -> None:
        """An icon is chosen."""
        if icon in groups.ICONS:
            self.icon = icon

    @mine
    async def search(self, text: str) -> None:
        """A key was pressed in the search field."""
        self.text = text[:LONGEST_SEARCH]
        await self._read()

    @mine
    async def choose(self, contact: int) -> None:
        """A contact's box was ticked, or unticked."""
        if contact in self._chosen or len(self._chosen) < groups.MOST_MEMBERS:
            self._chosen = self._chosen ^ {contact}
        await self._read()

    @mine
    async def show_chosen(self) -> None:
        """Mostra solo chi è nel gruppo, and back."""
        self.only_chosen = not self.only_chosen
        await self._read()

    @mine
    async def save(self, form: dict[str, Any]) -> None:
        """Salva."""
        assert self._person is not None
        who, group = self._person, self.group
        if not group:
            return
        name, glyph, members = self.name, self.icon, tuple(self._chosen)
        opened = self._opened

        def deed(session: Session) -> groups.Group | None:
            """What somebody else made of it meanwhile; None once it is kept."""
            known = groups.groups(session, who.line_id)
            now = next((each for each in known if each.id == group), None)
            if opened is not None and now is not None and now != opened:
                return now
            group_id = 0 if group == NEW else group
            groups.keep(session, who.line_id, name, glyph, members, group_id=group_id)
            return None

        try:
            theirs = await desk().database.run(deed)
        except Wrong as wrong:
            fault = next(iter(wrong.faults.values()))
            self.fault = say(self._language, it=fault.it, en=fault.en)
            return
        except LookupError:
            self.group = NEW
            self._toast(
                "warning",
                it="Il gruppo era stato eliminato: Salva lo crea di nuovo",
                en="The group had been deleted: Save creates it again",
            )
            return
        if theirs is not None:
            self._opened = theirs
            many = len(theirs.members)
            it, en = ("contatto", "contact") if many == 1 else ("contatti", "contacts")
            self.fault = say(
                self._language,
                it=f"Il gruppo è cambiato mentre lo modificavi: ora è «{theirs.name}», con {many} "
                f"{it}. Salva di nuovo per tenere il tuo",
                en=f"The group changed while you edited it: now it is “{theirs.name}”, with {many} "
                f"{en}. Save again to keep yours",
            )
            return
        self.group = 0
        self._toast("available", it="Gruppo salvato", en="Group saved")
        desk().live.owe([who.extension], "contacts")

    @mine
    async def doom(self) -> None:
        """Elimina gruppo: ask first."""
        self.dooming = True

    @mine
    async def delete(self) -> None:
        """Elimina: the group, not its contacts."""
        assert self._person is not None
        who, group = self._person, self.group
        self.group, self.dooming = 0, False
        if await desk().database.run(lambda s: groups.remove(s, who.line_id, group)):
            self._toast("available", it="Gruppo eliminato", en="Group deleted")
        desk().live.owe([who.extension], "contacts")

    def _open(self, group: groups.Group) -> None:
        self.group, self.name, self.icon = group.id, group.name, group.icon
        self._chosen, self.only_chosen = frozenset(group.members), False
        self._opened = group if group.id != NEW else None
        self.text, self.fault, self.dooming = "", "", False

    async def _read(self) -> None:
        assert self._person is not None
        line_id, text, chosen = self._person.line_id, self.text, self._chosen
        only = chosen if self.only_chosen else None

        def read(session: Session) -> book.Found:
            return book.find(session, line_id, text, limit=SHOWN, only=only)

        found = await desk().database.read(read)
        self.found, self.chosen = found.total, len(chosen)
        self.candidates = [
            Candidate(each.id, each.title, each.company, each.id in chosen) for each in found.rows
        ]


def group_form() -> rx.Component:
    """The dialog in which a group is made or changed."""
    state = ContactGroupForm
    return rx.el.dialog(
        rx.el.header(
            rx.el.h2(
                rx.cond(
                    state.group == NEW,
                    t(it="Nuovo gruppo", en="New group"),
                    t(it="Modifica gruppo", en="Edit group"),
                ),
                id="group-title",
            ),
            rx.el.button(
                icon("x"),
                type="button",
                class_name="ib end",
                aria_label=t(it="Chiudi la finestra", en="Close the window"),
                on_click=state.put_away,
                custom_attrs={"data-dismiss": ""},
            ),
        ),
        rx.cond(state.group != 0, _form()),
        class_name="dialog",
        aria_labelledby="group-title",
        custom_attrs={"data-open": rx.cond(state.group != 0, "true", "false")},
    )


def _form() -> rx.Component:
    state = ContactGroupForm
    return rx.el.form(
        rx.el.div(
            rx.el.div(
                rx.el.label(t(it="ID del gruppo", en="Name of the group"), html_for="group-name"),
                rx.el.div(
                    rx.el.input(
                        id="group-name",
                        name="name",
                        default_value=state.name,
                        on_change=state.call_it.debounce(200),
                        on_blur=state.call_it,
                        max_length=groups.LONGEST,
                        auto_complete="off",
                        aria_invalid=state.fault != "",
                        aria_describedby="group-fault",
                    ),
                    class_name=rx.cond(state.fault != "", "in bad", "in"),
                ),
                rx.el.div(
                    rx.cond(
                        state.fault != "",
                        rx.el.p(icon("circle-alert", "xs"), state.fault, class_name="err"),
                    ),
                    id="group-fault",
                    role="alert",
                ),
                class_name="field",
            ),
            rx.el.fieldset(
                rx.el.legend(t(it="Icona", en="Icon")),
                rx.el.div(
                    *(_icon(name, words) for name, words in groups.ICONS.items()),
                    class_name="row wrap",
                ),
            ),
            rx.el.fieldset(
                rx.el.legend(
                    t(it="Contatti nel gruppo: ", en="Contacts in the group: "),
                    text_of(state.chosen),
                ),
                rx.cond(
                    state.chosen > 0,
                    rx.el.label(
                        rx.el.input(
                            type="checkbox",
                            class_name="cb",
                            checked=state.only_chosen,
                            on_change=lambda ticked: state.show_chosen(),
                        ),
                        t(it="Mostra solo chi è nel gruppo", en="Show only those in the group"),
                        class_name="row small",
                    ),
                ),
                search_field(
                    t(it="Cerca nei contatti", en="Search the contacts"),
                    state.search,
                    longest=LONGEST_SEARCH,
                    wait_ms=100,
                    kind="in",
                    default_value=state.text,
                ),
                rx.cond(
                    number_of(state.candidates) > 0,
                    rx.el.ul(rx.foreach(state.candidates, _candidate), class_name="picks"),
                    rx.el.p(
                        rx.cond(
                            state.text != "",
                            t(it="Nessun contatto trovato.", en="No contact found."),
                            t(
                                it="Nessun contatto: aggiungine prima alla rubrica.",
                                en="No contact: add some to the address book first.",
                            ),
                        ),
                        class_name="hint",
                    ),
                ),
                rx.cond(
                    state.found > number_of(state.candidates),
                    rx.el.p(
                        t(
                            it="Ce ne sono altri: scrivi l'inizio del nome.",
                            en="There are more: type how the name begins.",
                        ),
                        class_name="hint",
                    ),
                ),
                class_name="stack tight",
            ),
            class_name="dialog-body stack",
        ),
        rx.el.footer(
            rx.cond(
                state.group != NEW,
                rx.cond(
                    state.dooming,
                    rx.el.button(
                        icon("trash-2"),
                        t(it="Sì, elimina il gruppo", en="Yes, delete the group"),
                        type="button",
                        class_name="btn danger start",
                        on_click=state.delete,
                    ),
                    rx.el.button(
                        icon("trash-2"),
                        t(it="Elimina gruppo", en="Delete group"),
                        type="button",
                        class_name="btn dtext start",
                        on_click=state.doom,
                    ),
                ),
            ),
            rx.el.button(
                t(it="Annulla", en="Cancel"),
                type="button",
                class_name="btn",
                on_click=state.put_away,
            ),
            rx.el.button(t(it="Salva", en="Save"), type="submit", class_name="btn pri"),
        ),
        on_submit=state.save,
        no_validate=True,
        key=text_of(state.group),
        class_name="dialog-form",
    )


def _icon(name: str, words: tuple[str, str]) -> rx.Component:
    state = ContactGroupForm
    return rx.el.button(
        icon(name),
        type="button",
        class_name="ib boxed",
        title=t(it=words[0], en=words[1]),
        aria_label=t(it=words[0], en=words[1]),
        aria_pressed=state.icon == name,
        on_click=state.draw_it(name),
    )


def _candidate(row: Any) -> rx.Component:
    return rx.el.li(
        rx.el.label(
            rx.el.input(
                type="checkbox",
                checked=row.chosen,
                on_change=lambda ticked: ContactGroupForm.choose(row.id),
                class_name="cb",
            ),
            rx.el.span(
                rx.el.span(row.title, class_name="cut"),
                rx.cond(
                    (row.company != "") & (row.company != row.title),
                    rx.el.span(row.company, class_name="small t2 cut"),
                ),
                class_name="two grow",
            ),
        ),
        key=text_of(row.id),
    )
