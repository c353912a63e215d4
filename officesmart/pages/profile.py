"""Il mio profilo (guide chapter 10): who one is, what is signed in, and how it is kept safe."""

from __future__ import annotations

import reflex as rx

from officesmart.i18n import t
from officesmart.page import Page
from officesmart.pages._profile_devices import details, device_panel, question
from officesmart.pages._profile_safety import history, safety
from officesmart.pages._profile_state import Profile
from officesmart.pages._profile_steps import codes_dialog


def view() -> rx.Component:
    """The guide's panels: details at the side, then devices and safety."""
    return rx.fragment(
        rx.el.div(rx.el.h1(t(it="Il mio profilo", en="My profile")), class_name="head"),
        rx.el.div(
            rx.el.div(details(), history(), class_name="stack side"),
            rx.el.div(device_panel(), safety(), class_name="stack"),
            class_name="pg",
        ),
        question(),
        codes_dialog(),
    )


PAGE = Page(
    route="/profilo",
    view=view,
    on_load=Profile.enter,
    it="Il mio profilo",
    en="My profile",
    shape="form",
)
