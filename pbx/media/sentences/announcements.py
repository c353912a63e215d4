"""Announcements: said before or instead of a call, as early media that nobody answered."""

from __future__ import annotations

ANNOUNCEMENTS: dict[str, tuple[str, str]] = {
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
}
