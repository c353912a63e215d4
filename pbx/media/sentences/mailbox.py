"""The mailbox: greeting who calls and taking the message, then its owner at the menu."""

from __future__ import annotations

MAILBOX: dict[str, tuple[str, str]] = {
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
}
