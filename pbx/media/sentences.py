"""What the office says, written out: prompt id -> (Italian, English).

The voices are made from this table by `scripts/make_sounds.py`; change a sentence, run it, commit
both. Sentences that depend on a number, a date or a name are cut where that comes in, and put
together by the application with `speech`. Italian callers are addressed with "Lei".
"""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    # --- before and instead of a call: early media, answered by nobody -----------------------
    "announce.unknown_number": (
        "Il numero selezionato non è attivo. Verifichi il numero e richiami.",
        "The number you have dialled is not in service. Please check the number and try again.",
    ),
    "announce.unknown_code": (
        "Il codice selezionato non è valido.",
        "The code you have dialled is not valid.",
    ),
    "announce.unavailable": (
        "La persona chiamata non è al momento raggiungibile.",
        "The person you are calling cannot be reached at the moment.",
    ),
    "announce.busy": (
        "La persona chiamata è impegnata in un'altra conversazione.",
        "The person you are calling is on another call.",
    ),
    "announce.no_answer": (
        "La persona chiamata non risponde.",
        "The person you are calling does not answer.",
    ),
    "announce.declined": (
        "La persona chiamata non accetta la chiamata.",
        "The person you are calling is not accepting this call.",
    ),
    "announce.anonymous_refused": (
        "La persona chiamata non accetta chiamate da numeri nascosti.",
        "The person you are calling does not accept calls from withheld numbers.",
    ),
    "announce.barred_incoming": (
        "Il numero selezionato non può ricevere chiamate.",
        "The number you have dialled cannot receive calls.",
    ),
    "announce.no_outside_line": (
        "Non è possibile effettuare chiamate esterne.",
        "Outside calls are not possible.",
    ),
    "announce.limit_reached": (
        "Ha raggiunto il limite di chiamate esterne. Riprovi più tardi, "
        "o si rivolga all'amministratore.",
        "You have reached the limit of outside calls. Please try again later, "
        "or ask your administrator.",
    ),
    "announce.limit_closed": (
        "A ufficio chiuso non è possibile chiamare questo numero.",
        "This number cannot be called while the office is closed.",
    ),
    "announce.not_allowed": (
        "Il suo telefono non è abilitato a questa chiamata.",
        "Your phone is not allowed to make this call.",
    ),
    "announce.service_unavailable": (
        "Il servizio non è al momento disponibile. Riprovi più tardi.",
        "This service is not available at the moment. Please try again later.",
    ),
    "announce.congestion": (
        "Tutte le linee sono occupate. Riprovi più tardi.",
        "All lines are busy. Please try again later.",
    ),
    "announce.pickup_no_group": (
        "Il suo telefono non fa parte di nessun gruppo di risposta.",
        "Your phone belongs to no pickup group.",
    ),
    "announce.pickup_not_allowed": (
        "Non può rispondere alle chiamate di questo interno.",
        "You may not answer the calls of this extension.",
    ),
    "announce.nothing_rings": (
        "Non c'è nessuna chiamata a cui rispondere.",
        "There is no call to answer.",
    ),
    "announce.nothing_parked": (
        "Non c'è nessuna chiamata parcheggiata.",
        "There is no parked call.",
    ),
    "announce.several_parked": (
        "Ci sono più chiamate parcheggiate. Componga il numero del parcheggio.",
        "Several calls are parked. Please dial the number of the park orbit.",
    ),
    "announce.no_orbit": (
        "Questo numero di parcheggio non esiste.",
        "There is no such park orbit.",
    ),
    "announce.orbit_taken": (
        "Questo parcheggio è già occupato.",
        "This park orbit is already taken.",
    ),
    "announce.park_full": (
        "Tutti i parcheggi sono occupati.",
        "All park orbits are taken.",
    ),
    "announce.park_over": (
        "Nessuno ha potuto riprendere la chiamata. Richiami più tardi, per favore.",
        "Nobody could take this call. Please call again later.",
    ),
    "park.number": (
        "Parcheggio numero",
        "Park orbit",
    ),
    "announce.office_closed": (
        "I nostri uffici sono chiusi.",
        "Our office is closed.",
    ),
    "announce.please_wait": (
        "Attenda, prego.",
        "Please wait.",
    ),
    "announce.call_recorded": (
        "Questa chiamata può essere registrata.",
        "This call may be recorded.",
    ),
    "announce.transferring": (
        "La sua chiamata viene trasferita. Attenda, prego.",
        "Your call is being transferred. Please wait.",
    ),
    "announce.transfer_failed": (
        "Non è stato possibile trasferire la chiamata.",
        "Your call could not be transferred.",
    ),
    "announce.trouble": (
        "Si è verificato un errore. La chiamata verrà chiusa.",
        "An error has occurred. This call will now end.",
    ),
    "announce.too_many_forwards": (
        "La chiamata è stata inoltrata troppe volte e non può proseguire.",
        "This call has been forwarded too many times and cannot go on.",
    ),
    "announce.code_incomplete": (
        "Il codice è incompleto. Verifichi il codice e richiami.",
        "The code is incomplete. Please check the code and try again.",
    ),
    "announce.code_needs_number": (
        "Aggiunga al codice il numero a cui inoltrare le chiamate.",
        "Please add to the code the number that calls are to be forwarded to.",
    ),
    "announce.code_bad_number": (
        "Il numero indicato nel codice non è valido.",
        "The number in the code is not valid.",
    ),
    "announce.code_own_number": (
        "Non è possibile inoltrare le chiamate al proprio numero.",
        "Calls cannot be forwarded to your own number.",
    ),
    "announce.code_bad_seconds": (
        "I secondi possono essere da cinque a quattrocentoventi.",
        "The seconds may be from five to four hundred and twenty.",
    ),
    "announce.code_bad_speed_dial": (
        "I codici della selezione rapida vanno da cinque a nove e da dieci a quarantanove.",
        "Speed dial codes go from five to nine and from ten to forty-nine.",
    ),
    "announce.speed_dial_empty": (
        "A questo codice di selezione rapida non è associato alcun numero.",
        "This speed dial code has no number yet.",
    ),
    # --- echo --------------------------------------------------------------------------------
    "echo.intro": (
        "Prova di eco. Dopo il segnale sentirà la sua voce. Per terminare, riagganci "
        "o prema cancelletto.",
        "Echo test. After the tone you will hear your own voice. To finish, hang up or press hash.",
    ),
    "echo.end": ("La prova di eco è terminata.", "The echo test has ended."),
    # --- leaving a message -------------------------------------------------------------------
    # mailbox.greeting.CAUSE, for 'direct' the digits of the extension, mailbox.leave_message.
    "mailbox.greeting.unanswered": (
        "La persona chiamata non è al momento disponibile.",
        "The person you are calling is not available at the moment.",
    ),
    "mailbox.greeting.busy": (
        "La persona chiamata è impegnata in un'altra conversazione.",
        "The person you are calling is on another call.",
    ),
    "mailbox.greeting.unavailable": (
        "La persona chiamata non è al momento raggiungibile.",
        "The person you are calling cannot be reached at the moment.",
    ),
    "mailbox.greeting.direct": ("Casella vocale dell'interno", "Mailbox of extension"),
    "mailbox.greeting.closed": ("I nostri uffici sono chiusi.", "Our office is closed."),
    # Or with the number: greeting.extension, the digits, one of the endings.
    "greeting.extension": ("L'interno", "Extension"),
    "greeting.extension.unanswered": ("non risponde.", "does not answer."),
    "greeting.extension.busy": ("è occupato.", "is busy."),
    "greeting.extension.unavailable": ("non è raggiungibile.", "cannot be reached."),
    "mailbox.leave_message": (
        "Lasci un messaggio dopo il segnale.",
        "Please leave a message after the tone.",
    ),
    "mailbox.finish_hint": (
        "Al termine prema cancelletto, oppure riagganci.",
        "When you have finished, press hash or hang up.",
    ),
    "mailbox.transfer_hint": (
        "Per parlare con un'altra persona, prema zero.",
        "To speak to somebody else, press zero.",
    ),
    "mailbox.full": (
        "La casella vocale è piena e non può ricevere altri messaggi.",
        "This mailbox is full and cannot take any more messages.",
    ),
    "mailbox.none": (
        "Questo interno non ha una casella vocale.",
        "This extension has no mailbox.",
    ),
    "mailbox.refused": (
        "Al momento non è possibile lasciare messaggi.",
        "Messages cannot be left at the moment.",
    ),
    "mailbox.too_short": (
        "Il messaggio è troppo breve e non è stato salvato.",
        "Your message is too short and has not been kept.",
    ),
    "mailbox.try_again": (
        "Registri il messaggio dopo il segnale.",
        "Please record your message after the tone.",
    ),
    "mailbox.record_failed": (
        "La registrazione si è interrotta per un problema tecnico.",
        "The recording has stopped because of a technical problem.",
    ),
    "mailbox.disk_full": (
        "La registrazione si è interrotta perché lo spazio è esaurito.",
        "The recording has stopped because there is no more space.",
    ),
    "mailbox.part_kept": (
        "La parte registrata è stata inviata.",
        "What was recorded has been sent.",
    ),
    "mailbox.not_kept": (
        "Il messaggio non è stato salvato. Riprovi più tardi.",
        "Your message has not been kept. Please try again later.",
    ),
    "mailbox.limit": (
        "È stata raggiunta la durata massima del messaggio.",
        "Your message has reached its maximum length.",
    ),
    "mailbox.press_zero": (
        "Per parlare con qualcuno, prema zero.",
        "To speak to somebody, press zero.",
    ),
    "mailbox.deposit_options": (
        "Per inviare il messaggio, prema uno. Per riascoltarlo, due. Per registrarlo di nuovo, "
        "tre. Per segnarlo come urgente, quattro. Come privato, cinque. "
        "Per annullare, asterisco.",
        "To send your message, press one. To listen to it, two. To record it again, three. "
        "To mark it urgent, four. To mark it private, five. To cancel, press star.",
    ),
    "mailbox.urgent_on": ("Messaggio urgente.", "Message marked urgent."),
    "mailbox.urgent_off": ("Messaggio non più urgente.", "Message no longer urgent."),
    "mailbox.private_on": ("Messaggio privato.", "Message marked private."),
    "mailbox.private_off": ("Messaggio non più privato.", "Message no longer private."),
    "mailbox.sent": ("Il messaggio è stato inviato.", "Your message has been sent."),
    "mailbox.cancelled": ("Il messaggio è stato annullato.", "Your message has been cancelled."),
    # --- signing in to a mailbox -------------------------------------------------------------
    "mailbox.welcome": ("Benvenuto nella sua casella vocale.", "Welcome to your mailbox."),
    "mailbox.ask_number": (
        "Digiti il numero della casella, seguito da cancelletto.",
        "Please enter your mailbox number, followed by hash.",
    ),
    "mailbox.ask_pin": (
        "Digiti il codice segreto, seguito da cancelletto.",
        "Please enter your PIN, followed by hash.",
    ),
    "mailbox.wrong_pin": (
        "Il numero o il codice non è corretto.",
        "The number or the PIN is not correct.",
    ),
    "mailbox.locked": (
        "Troppi tentativi errati. Riprovi più tardi.",
        "Too many wrong attempts. Please try again later.",
    ),
    "mailbox.no_pin": (
        "Per questa casella non è stato impostato un codice. Lo imposti dal portale.",
        "No PIN has been set for this mailbox. Please set one on the portal.",
    ),
    "mailbox.own_nearly_full": (
        "La sua casella vocale è quasi piena.",
        "Your mailbox is nearly full.",
    ),
    "mailbox.own_full": (
        "La sua casella vocale è piena. Elimini qualche messaggio.",
        "Your mailbox is full. Please delete some messages.",
    ),
    # mailbox.you_have, then speech.count(...) for each kind, joined by speech.listed.
    "mailbox.you_have": ("Lei ha", "You have"),
    "mailbox.of_which": ("di cui", "including"),
    "mailbox.no_messages": ("Non ci sono messaggi.", "There are no messages."),
    "mailbox.no_new": ("Non ci sono nuovi messaggi.", "There are no new messages."),
    "mailbox.no_deleted": ("Non ci sono messaggi eliminati.", "There are no deleted messages."),
    "mailbox.main_menu": (
        "Per ascoltare i messaggi, prema uno. Per i messaggi eliminati, sei. "
        "Per riascoltare le opzioni, zero. Per uscire, asterisco.",
        "To listen to your messages, press one. For deleted messages, six. "
        "To hear these options again, zero. To leave, press star.",
    ),
    # --- a message: kind, marks, from whom, when and how long --------------------------------
    "message.new": ("Nuovo messaggio", "New message"),
    "message.saved": ("Messaggio salvato", "Saved message"),
    "message.deleted": ("Messaggio eliminato", "Deleted message"),
    "message.urgent": ("urgente", "urgent"),
    "message.private": ("privato", "private"),
    "message.number": ("numero", "number"),
    "message.received": ("ricevuto", "received"),
    "message.from": ("dal numero", "from"),
    "message.from_extension": ("dall'interno", "from extension"),
    "message.from_withheld": ("da un numero nascosto", "from a withheld number"),
    "message.from_unknown": ("da un numero sconosciuto", "from an unknown number"),
    "message.length": ("durata", "length"),
    "mailbox.message_menu": (
        "Per riascoltare, prema uno. Per conservare, due. Per eliminare, tre. "
        "Per segnare come nuovo, sei. Per il messaggio seguente, cancelletto. "
        "Per data e chiamante, zero. Per il menù principale, asterisco.",
        "To hear it again, press one. To keep it, two. To delete it, three. "
        "To mark it new, six. For the next message, press hash. "
        "For date and caller, zero. For the main menu, star.",
    ),
    "mailbox.deleted_menu": (
        "Per riascoltare, prema uno. Per ripristinare il messaggio, due. "
        "Per il messaggio seguente, cancelletto. Per data e chiamante, zero. "
        "Per il menù principale, asterisco.",
        "To hear it again, press one. To restore it, two. "
        "For the next message, press hash. For date and caller, zero. "
        "For the main menu, star.",
    ),
    "mailbox.kept": ("Messaggio conservato.", "Message kept."),
    "mailbox.deleted": ("Messaggio eliminato.", "Message deleted."),
    "mailbox.restored": ("Messaggio ripristinato.", "Message restored."),
    "mailbox.marked_new": ("Messaggio segnato come nuovo.", "Message marked new."),
    "mailbox.next": ("Messaggio seguente.", "Next message."),
    "mailbox.no_more": ("Non ci sono altri messaggi.", "There are no more messages."),
    "mailbox.sound_missing": (
        "Non è possibile riprodurre questo messaggio.",
        "This message cannot be played.",
    ),
    "mailbox.bad_key": ("Scelta non valida.", "That is not a valid choice."),
    "mailbox.goodbye": ("Arrivederci.", "Goodbye."),
    # --- a phone of a ring plan outside the office: for whom and from whom, digits between -------
    "confirm.call_for_extension": ("Chiamata per l'interno", "Call for extension"),
    "confirm.press_one": ("Per accettarla, prema uno.", "To take it, press one."),
    # --- star codes: what was done (on, off) or how it is (is_on, is_off). After what has no full
    # stop come where to (digits follow) and after how long.
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
    # --- anywhere ----------------------------------------------------------------------------
    "menu.no_choice": ("Non è stata fatta alcuna scelta.", "No choice was made."),
    "menu.main": ("Menù principale.", "Main menu."),
    "menu.done": ("Fatto.", "Done."),
    "menu.activated": ("Servizio attivato.", "Service activated."),
    "menu.deactivated": ("Servizio disattivato.", "Service deactivated."),
}
