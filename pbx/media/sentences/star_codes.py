"""Star codes: what was done (on, off) or how it is (is_on, is_off).

After what has no full stop come where to (digits follow) and after how long.
"""

from __future__ import annotations

STAR_CODES: dict[str, tuple[str, str]] = {
    "star.forward_all.on": (
        "Inoltro di tutte le chiamate attivato",
        "Forwarding of all calls switched on",
    ),
    "star.forward_all.off": (
        "Inoltro di tutte le chiamate disattivato.",
        "Forwarding of all calls switched off.",
    ),
    "star.forward_all.is_on": (
        "L'inoltro di tutte le chiamate è attivo",
        "Forwarding of all calls is on",
    ),
    "star.forward_all.is_off": (
        "L'inoltro di tutte le chiamate non è attivo.",
        "Forwarding of all calls is off.",
    ),
    "star.forward_busy.on": (
        "Inoltro se occupato attivato",
        "Forwarding when busy switched on",
    ),
    "star.forward_busy.off": (
        "Inoltro se occupato disattivato.",
        "Forwarding when busy switched off.",
    ),
    "star.forward_busy.is_on": ("L'inoltro se occupato è attivo", "Forwarding when busy is on"),
    "star.forward_busy.is_off": (
        "L'inoltro se occupato non è attivo.",
        "Forwarding when busy is off.",
    ),
    "star.forward_no_answer.on": (
        "Inoltro in caso di mancata risposta attivato",
        "Forwarding when nobody answers switched on",
    ),
    "star.forward_no_answer.off": (
        "Inoltro in caso di mancata risposta disattivato.",
        "Forwarding when nobody answers switched off.",
    ),
    "star.forward_no_answer.is_on": (
        "L'inoltro in caso di mancata risposta è attivo",
        "Forwarding when nobody answers is on",
    ),
    "star.forward_no_answer.is_off": (
        "L'inoltro in caso di mancata risposta non è attivo.",
        "Forwarding when nobody answers is off.",
    ),
    "star.forward_unavailable.on": (
        "Inoltro se non raggiungibile attivato",
        "Forwarding when unreachable switched on",
    ),
    "star.forward_unavailable.off": (
        "Inoltro se non raggiungibile disattivato.",
        "Forwarding when unreachable switched off.",
    ),
    "star.forward_unavailable.is_on": (
        "L'inoltro se non raggiungibile è attivo",
        "Forwarding when unreachable is on",
    ),
    "star.forward_unavailable.is_off": (
        "L'inoltro se non raggiungibile non è attivo.",
        "Forwarding when unreachable is off.",
    ),
    "star.forwards.on": ("Tutti gli inoltri attivati", "All forwards switched on"),
    "star.forwards.off": ("Tutti gli inoltri disattivati.", "All forwards switched off."),
    "star.selective_forward.on": (
        "Inoltro intelligente attivato",
        "Selective forwarding switched on",
    ),
    "star.selective_forward.off": (
        "Inoltro intelligente disattivato.",
        "Selective forwarding switched off.",
    ),
    "star.selective_forward.is_on": (
        "L'inoltro intelligente è attivo",
        "Selective forwarding is on",
    ),
    "star.selective_forward.is_off": (
        "L'inoltro intelligente non è attivo.",
        "Selective forwarding is off.",
    ),
    "star.do_not_disturb.on": ("Non disturbare attivato.", "Do not disturb switched on."),
    "star.do_not_disturb.off": ("Non disturbare disattivato.", "Do not disturb switched off."),
    "star.do_not_disturb.is_on": ("Non disturbare è attivo.", "Do not disturb is on."),
    "star.do_not_disturb.is_off": ("Non disturbare non è attivo.", "Do not disturb is off."),
    "star.call_waiting.on": ("Avviso di chiamata attivato.", "Call waiting switched on."),
    "star.call_waiting.off": ("Avviso di chiamata disattivato.", "Call waiting switched off."),
    "star.call_waiting.is_on": ("L'avviso di chiamata è attivo.", "Call waiting is on."),
    "star.call_waiting.is_off": ("L'avviso di chiamata non è attivo.", "Call waiting is off."),
    "star.anonymous_reject.on": (
        "Rifiuto delle chiamate anonime attivato.",
        "Anonymous call rejection switched on.",
    ),
    "star.anonymous_reject.off": (
        "Rifiuto delle chiamate anonime disattivato.",
        "Anonymous call rejection switched off.",
    ),
    "star.anonymous_reject.is_on": (
        "Il rifiuto delle chiamate anonime è attivo.",
        "Anonymous call rejection is on.",
    ),
    "star.anonymous_reject.is_off": (
        "Il rifiuto delle chiamate anonime non è attivo.",
        "Anonymous call rejection is off.",
    ),
    "star.selective_reject.on": (
        "Rifiuto intelligente attivato.",
        "Selective rejection switched on.",
    ),
    "star.selective_reject.off": (
        "Rifiuto intelligente disattivato.",
        "Selective rejection switched off.",
    ),
    "star.selective_reject.is_on": (
        "Il rifiuto intelligente è attivo.",
        "Selective rejection is on.",
    ),
    "star.selective_reject.is_off": (
        "Il rifiuto intelligente non è attivo.",
        "Selective rejection is off.",
    ),
    "star.list_empty": (
        "Il suo elenco di chiamanti è ancora vuoto.",
        "Your list of callers is still empty.",
    ),
    "star.list_full": (
        "L'elenco è pieno. Elimini qualche numero dal portale.",
        "The list is full. Please delete some numbers on the portal.",
    ),
    # Then message.from or message.from_extension, and the digits.
    "star.reject_last.on": (
        "Da ora vengono rifiutate le chiamate",
        "From now on calls are rejected",
    ),
    "star.reject_last.off": (
        "Non vengono più rifiutate le chiamate",
        "Calls are no longer rejected",
    ),
    "star.reject_last.none": (
        "Nell'elenco di rifiuto non ci sono numeri da togliere.",
        "There are no numbers to take off the rejection list.",
    ),
    "star.reject_last.withheld": (
        "Per rifiutare i numeri nascosti, attivi il rifiuto delle chiamate anonime.",
        "To reject withheld numbers, please switch anonymous call rejection on.",
    ),
    "star.last_call.came": ("L'ultima chiamata è arrivata", "The last call came"),
    "star.last_call.none": ("Non ci sono chiamate ricevute.", "No calls have been received."),
    "star.last_call.withheld": (
        "L'ultimo chiamante ha nascosto il numero.",
        "The last caller withheld the number.",
    ),
    "star.last_call.failed": (
        "La chiamata non è riuscita.",
        "The call did not succeed.",
    ),
    # Speed dial, its code, and what became of it.
    "star.speed_dial": ("Selezione rapida", "Speed dial"),
    "star.speed_dial.to_number": ("chiama il numero", "calls the number"),
    "star.speed_dial.to_extension": ("chiama l'interno", "calls extension"),
    "star.speed_dial.cleared": ("cancellata.", "cleared."),
    "star.speed_dial.was_empty": ("non era impostata.", "was not set."),
    "star.to_number": ("verso il numero", "to the number"),
    "star.to_extension": ("verso l'interno", "to extension"),
    "star.after": ("dopo", "after"),
    "star.number_hidden": (
        "Il suo numero viene nascosto nelle chiamate esterne.",
        "Your number is hidden on outside calls.",
    ),
    "star.number_shown": (
        "Il suo numero viene mostrato nelle chiamate esterne.",
        "Your number is shown on outside calls.",
    ),
}
