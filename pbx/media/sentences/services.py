"""The services: parking, the echo test, a call offered to a phone outside, menus of any kind."""

from __future__ import annotations

SERVICES: dict[str, tuple[str, str]] = {
    "park.number": (
        "Parcheggio numero",
        "Park orbit",
    ),
    # --- echo --------------------------------------------------------------------------------
    "echo.intro": (
        "Prova di eco. Dopo il segnale sentirà la sua voce. Per terminare, riagganci "
        "o prema cancelletto.",
        "Echo test. After the tone you will hear your own voice. To finish, hang up or press hash.",
    ),
    "echo.end": ("La prova di eco è terminata.", "The echo test has ended."),
    # --- a phone of a ring plan outside the office: for whom and from whom, digits between -------
    "confirm.call_for_extension": ("Chiamata per l'interno", "Call for extension"),
    "confirm.press_one": ("Per accettarla, prema uno.", "To take it, press one."),
    # --- anywhere ----------------------------------------------------------------------------
    "menu.no_choice": ("Non è stata fatta alcuna scelta.", "No choice was made."),
    "menu.main": ("Menù principale.", "Main menu."),
    "menu.done": ("Fatto.", "Done."),
    "menu.activated": ("Servizio attivato.", "Service activated."),
    "menu.deactivated": ("Servizio disattivato.", "Service deactivated."),
}
