"""The frame of every page: bar, navigation, the person's menu, remarks, and the banners.

The navigation draws itself from the pages that exist; nothing leads to a page that doesn't.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import reflex as rx
from reflex_components_core.core.banner import has_connection_errors  # type: ignore[import-untyped]

from officesmart.components.dialler import Dialler, dialler
from officesmart.components.role import strip
from officesmart.components.services import Services
from officesmart.components.skeleton import waiting
from officesmart.components.unsaved import leaving
from officesmart.desk import desk
from officesmart.i18n import known, t
from officesmart.page import BEHIND, LANDING, Page, Portal, mine
from officesmart.theme import dot, hidden, icon, link, mark, text_of
from pbx.store import messages
from pbx.tables import Line

CONTENT = "contenuto"
PROFILE = "/profilo"
ADMINISTRATION = "/admin/"


class Around(Portal):
    """What can be done from around every page."""

    @mine
    async def choose_language(self, language: str) -> None:
        """Italiano or English, for this person, wherever they sign in."""
        assert self._person is not None
        chosen, line_id = known(language), self._person.line_id

        def keep(session: Any) -> None:
            row = session.get(Line, line_id)
            if row is not None:
                row.language = chosen

        await desk().database.run(keep)
        self._speak(chosen)
        desk().live.owe([self._person.extension], "language")

    @mine(reads=True)
    async def stay(self) -> None:
        """Resta collegato: the guard has counted it as being there."""

    @mine(acts=False, reads=True)
    async def drop_toast(self, toast: str) -> None:
        """A remark has been read, or its time is up."""
        self.toasts = [each for each in self.toasts if each.id != toast]

    @mine
    async def undo(self, message: int) -> None:
        """Ripristina, on the remark that a message was deleted."""
        assert self._person is not None
        who, here = self._person, desk()
        if await here.database.run(lambda s: messages.restore(s, who.line_id, message)):
            here.live.owe([who.extension], "messages")
            await here.phone.mailbox_changed(who.extension)
        self.toasts = [each for each in self.toasts if each.undo != message]

    @mine(acts=False, reads=True)
    async def warn(self) -> None:
        """Pushed two minutes before the session ends by itself; when it has, the guard acts."""
        assert self._person is not None
        self._warn(self._person, desk().now())


# -- pieces -------------------------------------------------------------------------------------

PRESENCE = {
    "available": dict(it="disponibile", en="available"),
    "ringing": dict(it="squilla", en="ringing"),
    "busy": dict(it="in chiamata", en="in a call"),
    "dnd": dict(it="non disturbare", en="do not disturb"),
    "offline": dict(it="scollegato", en="offline"),
}


def presence_word(presence: Any, *, upper: bool = False) -> Any:
    """A presence in words."""

    def word(kind: str) -> Any:
        both = {k: v[0].upper() + v[1:] if upper else v for k, v in PRESENCE[kind].items()}
        return t(**both)

    return rx.match(presence, *((kind, word(kind)) for kind in PRESENCE), word("offline"))


def count(number: Any, *, alert: bool, words: Any) -> rx.Component:
    """A small number beside a name; nothing when it is 0."""
    return rx.cond(
        number > 0,
        rx.el.span(
            number,
            hidden(" ", words),
            class_name="count alert" if alert else "count",
        ),
    )


def shell(page: Page, pages: Sequence[Page]) -> rx.Component:
    """A page with its frame. Until the server has said who is here, its place is kept."""
    return rx.el.div(
        _skip(),
        strip(always=page.needs == "admin"),
        _bar(page, pages),
        banners(),
        rx.el.main(
            rx.cond(Portal.ready, page.view(), waiting(page)),
            id=CONTENT,
            tab_index=-1,
        ),
        _bottom(page, pages),
        dialler(),
        leaving(),
        _toasts(),
        custom_attrs=_watched(page),
    )


def _skip() -> rx.Component:
    """The first stop of the keyboard: past everything that is the same on each page."""
    return rx.el.nav(
        rx.el.a(
            t(it="Vai al contenuto", en="Skip to content"),
            href=f"#{CONTENT}",
            class_name="vh",
            custom_attrs={"data-skip": CONTENT},
        ),
        aria_label=t(it="Scorciatoia", en="Shortcut"),
    )


def _watched(page: Page) -> dict[str, Any]:
    """What assets/portal.js looks at."""
    return {
        "data-page": page.route,
        "data-behind": BEHIND,
        "data-lang": rx.cond(Portal.english, "en", "it"),
        "data-title": rx.cond(Portal.new_messages > 0, f"({Portal.new_messages}) ", "")
        + t(it=f"{page.it} · Office Smart", en=f"{page.en} · Office Smart"),
        "data-away": Portal.away,
        "data-ready": rx.cond(Portal.ready, "true", "false"),
        "data-role": rx.cond(Portal.viewing, "viewing", rx.cond(Portal.elevated, "admin", "")),
        "data-spoken": rx.cond(Portal.spoken, "true", "false"),
    }


def bare(page: Page, *children: Any) -> rx.Component:
    """A page without the frame: signing in, not found."""
    return rx.el.div(
        banners(),
        *children,
        custom_attrs={
            "data-page": page.route,
            "data-behind": BEHIND,
            "data-lang": rx.cond(Portal.english, "en", "it"),
            "data-title": t(it=f"{page.it} · Office Smart", en=f"{page.en} · Office Smart"),
            "data-away": Portal.away,
            "data-spoken": rx.cond(Portal.spoken, "true", "false"),
        },
    )


def banners() -> rx.Component:
    """What concerns the whole page, above it."""
    return rx.el.div(
        rx.el.noscript(
            rx.el.p(
                "Office Smart ha bisogno di JavaScript: attivalo nel browser. "
                "Office Smart needs JavaScript: please switch it on.",
                class_name="banner",
            )
        ),
        rx.cond(
            has_connection_errors,
            rx.el.p(
                icon("wifi-off"),
                t(
                    it="Il portale non risponde. Riprovo da solo: quello che stai scrivendo resta "
                    "qui, e le telefonate in corso non dipendono da questa pagina.",
                    en="The portal does not answer. Trying again by itself: what you are typing "
                    "stays here, and calls in progress do not depend on this page.",
                ),
                class_name="banner p-warning",
                role="alert",
                custom_attrs={"data-offline": ""},
            ),
        ),
        rx.cond(
            Portal.ready & ~Portal.pbx_up,
            rx.el.p(
                icon("phone-off"),
                rx.el.span(
                    rx.el.b(
                        t(it="Il centralino non è attivo qui. ", en="The PBX is not running here. ")
                    ),
                    Portal.pbx_why,
                ),
                class_name="banner p-dnd",
                role="alert",
            ),
        ),
        rx.cond(
            Portal.ending_soon,
            _ending(),
        ),
        class_name="banners",
    )


def _ending() -> rx.Component:
    """Two minutes before the session ends by itself (WCAG 2.2.1); assets/door.js counts down."""
    return rx.el.div(
        icon("clock-alert"),
        rx.el.p(
            rx.el.b(
                t(it="La sessione sta per chiudersi. ", en="The session is about to end. "),
                id="ending-title",
            ),
            rx.el.span(
                t(
                    it="Se non fai nulla, si chiude da sola tra ",
                    en="If you do nothing, it ends by itself in ",
                ),
                rx.el.span("2:00", class_name="num", custom_attrs={"data-left": ""}),
                ".",
                id="ending-words",
            ),
        ),
        rx.el.button(
            t(it="Resta collegato", en="Stay signed in"),
            type="button",
            class_name="btn sm",
            on_click=Around.stay,
        ),
        hidden(
            custom_attrs={
                "data-say": t(
                    it="La sessione si chiude tra {seconds} secondi",
                    en="The session ends in {seconds} seconds",
                )
            },
            aria_live="assertive",
        ),
        class_name="banner p-warning ending",
        role="alertdialog",
        aria_labelledby="ending-title",
        aria_describedby="ending-words",
        custom_attrs={"data-ends": text_of(Portal.ends_ms)},
    )


def _bar(page: Page, pages: Sequence[Page]) -> rx.Component:
    return rx.el.header(
        rx.cond(Portal.elevated, mark(href=LANDING), mark()),
        rx.el.nav(
            _by_role(
                page,
                [_entry(each, page) for each in _in_nav(pages, "person")],
                [_entry(each, page) for each in _in_nav(pages, "admin")],
            ),
            class_name="nav",
            aria_label=t(it="Principale", en="Main"),
        ),
        rx.el.div(
            rx.el.button(
                icon("phone"),
                rx.el.span(t(it="Chiamata", en="Call")),
                type="button",
                class_name="btn pri hide-s",
                aria_haspopup="dialog",
                on_click=Dialler.open_dialler,
            ),
            _person_menu(pages),
            class_name="row end",
        ),
        class_name="bar",
    )


def _in_nav(pages: Sequence[Page], needs: str) -> list[Page]:
    chosen = (page for page in pages if page.nav and page.needs == needs)
    return sorted(chosen, key=lambda page: page.nav)


def _by_role(here: Page, person: list[Any], administrator: list[Any]) -> rx.Component:
    """The user's entries in the user's role, the administration's in the administrator's."""
    if here.needs == "admin":  # it is open in that role only
        return rx.fragment(*administrator)
    return rx.cond(Portal.elevated, rx.fragment(*administrator), rx.fragment(*person))


def _entry(each: Page, here: Page) -> rx.Component:
    inside = [t(it=each.nav_it or each.it, en=each.nav_en or each.en)]
    if each.route == "/messaggi":
        inside.append(_new_count())
    return link(*inside, href=each.route, **_current(each, here))


def _current(each: Page, here: Page) -> dict[str, str]:
    """Whether an entry is of this page, or of the pages that it opens on."""
    if each.route == here.route:
        return {"aria_current": "page"}
    within = here.route.startswith(ADMINISTRATION if each.nav_it else f"{each.route}/")
    return {"aria_current": "true"} if within else {}


def _new_count() -> rx.Component:
    return count(
        Portal.new_messages,
        alert=False,
        words=rx.cond(Portal.new_messages == 1, t(it="nuovo", en="new"), t(it="nuovi", en="new")),
    )


def _bottom(page: Page, pages: Sequence[Page]) -> rx.Component:
    def entries(needs: str) -> list[rx.Component]:
        around = [_bottom_entry(each, page) for each in _in_nav(pages, needs)]
        call = rx.el.button(
            icon("phone"),
            t(it="Chiama", en="Call"),
            type="button",
            on_click=Dialler.open_dialler,
            aria_haspopup="dialog",
        )
        around.insert(2, call)
        return around

    return rx.el.nav(
        _by_role(page, entries("person"), entries("admin")),
        class_name="tabbar",
        aria_label=t(it="Principale, telefono", en="Main, phone"),
    )


def _bottom_entry(each: Page, here: Page) -> rx.Component:
    inside: list[Any] = [
        icon(each.icon),
        t(it=each.short_it or each.it, en=each.short_en or each.en),
    ]
    if each.route == "/messaggi":
        inside.append(_new_count())
    return link(*inside, href=each.route, **_current(each, here))


def _person_menu(pages: Sequence[Page]) -> rx.Component:
    return rx.dropdown_menu.root(
        rx.dropdown_menu.trigger(
            rx.el.button(
                hidden(t(it="Menù utente: ", en="User menu: "), Portal.me, ", "),
                rx.el.span(Portal.letters, dot(Portal.presence), class_name="av", aria_hidden=True),
                hidden(presence_word(Portal.presence)),
                icon("chevron-down", "s"),
                type="button",
                class_name="me",
            )
        ),
        rx.dropdown_menu.content(
            rx.el.div(
                rx.el.span(
                    rx.el.b(Portal.me),
                    rx.el.span(
                        t(it="interno ", en="extension "),
                        Portal.extension,
                        rx.cond(Portal.number != "", " · ", ""),
                        Portal.number,
                        class_name="small t2 num",
                    ),
                    class_name="menu-who",
                )
            ),
            rx.dropdown_menu.separator(),
            *_own_pages(pages),
            rx.cond(
                Portal.is_admin,
                rx.cond(
                    Portal.elevated,
                    rx.dropdown_menu.item(
                        icon("user"),
                        t(it="Torna al profilo utente", en="Back to my user profile"),
                        custom_attrs={"data-post": "/session/role/end"},
                    ),
                    rx.dropdown_menu.item(
                        icon("shield-check"),
                        t(it="Passa al profilo amministratore", en="Go to administrator profile"),
                        custom_attrs={"data-post": "/session/role"},
                    ),
                ),
            ),
            rx.dropdown_menu.item(
                icon("languages"),
                rx.cond(Portal.english, "Italiano", "English"),
                on_select=Around.choose_language(rx.cond(Portal.english, "it", "en")),
            ),
            rx.dropdown_menu.item(
                rx.color_mode_cond(icon("moon"), icon("sun")),
                rx.color_mode_cond(
                    t(it="Tema scuro", en="Dark theme"), t(it="Tema chiaro", en="Light theme")
                ),
                on_select=rx.toggle_color_mode,
            ),
            rx.dropdown_menu.separator(),
            rx.dropdown_menu.item(
                icon("log-out"),
                t(it="Esci", en="Sign out"),
                custom_attrs={"data-sign-out": ""},
            ),
            align="end",
            class_name="menu-content",
        ),
        modal=False,
    )


def _own_pages(pages: Sequence[Page]) -> list[rx.Component]:
    """*Il mio profilo* and its part about password and PIN, as soon as there is such a page."""
    if PROFILE not in {page.route for page in pages}:
        return []
    return [
        rx.dropdown_menu.item(
            link(icon("user-round"), t(it="Il mio profilo", en="My profile"), href=PROFILE),
            as_child=True,
        ),
        rx.dropdown_menu.item(
            link(
                icon("key-round"),
                t(it="Password e PIN", en="Password and PIN"),
                href=f"{PROFILE}#sicurezza",
            ),
            as_child=True,
        ),
        rx.dropdown_menu.separator(),
    ]


def _toasts() -> rx.Component:
    return rx.el.div(
        rx.foreach(
            Portal.toasts,
            lambda toast: rx.el.div(
                rx.match(
                    toast.kind,
                    ("danger", icon("circle-alert")),
                    ("available", icon("circle-check")),
                    icon("info"),
                ),
                rx.el.span(toast.text, class_name="grow"),
                rx.cond(
                    toast.undo > 0,
                    rx.el.button(
                        t(it="Ripristina", en="Restore"),
                        type="button",
                        class_name="btn quiet sm",
                        on_click=Around.undo(toast.undo),
                    ),
                ),
                rx.cond(
                    toast.back != "",
                    rx.el.button(
                        t(it="Annulla", en="Undo"),
                        type="button",
                        class_name="btn quiet sm",
                        on_click=Services.take_back(toast.back),
                    ),
                ),
                rx.el.button(
                    icon("x", "s"),
                    type="button",
                    class_name="ib",
                    aria_label=t(it="Chiudi l'avviso", en="Dismiss"),
                    on_click=Around.drop_toast(toast.id),
                    custom_attrs={"data-drop": ""},
                ),
                key=toast.id,
                class_name=f"toast p-{toast.kind}",
                role=rx.cond(toast.kind == "danger", "alert", "none"),
                custom_attrs={"data-toast": toast.kind},
            ),
        ),
        class_name="toasts",
        role="status",
        aria_live="polite",
    )
