"""The log of changes as people read it: deeds, fields and values in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from officesmart.administration import (
    audit,
    dialling,
    line_services,
    office_settings,
    outside_limits,
    star_codes,
    trunks,
)
from officesmart.administration.books import names_of
from officesmart.administration.rules import LINE_NAMES
from officesmart.i18n import day, say
from pbx.numbers import national
from pbx.routing import targets
from pbx.routing.rights import WORDS
from pbx.tables import AuditEntry

CHOICES = {
    "forward_first": ("vale l'inoltro", "the forward holds"),
    "dnd_first": ("vale Non disturbare", "do not disturb holds"),
    "italian": ("italiano", "Italian"),
    "us": ("statunitense", "US"),
    "e164": ("come +390255501200", "like +390255501200"),
    "plain": ("come 390255501200", "like 390255501200"),
    "national": ("come 0255501200", "like 0255501200"),
    "pai": ("P-Asserted-Identity", "P-Asserted-Identity"),
    "ppi": ("P-Preferred-Identity", "P-Preferred-Identity"),
    "rpid": ("Remote-Party-ID", "Remote-Party-ID"),
    "from": ("solo From", "From only"),
    "diversion": ("Diversion", "Diversion"),
    "history": ("History-Info", "History-Info"),
    "both": ("tutti e due", "both"),
    "none": ("non dirlo", "do not tell"),
}
"Machine words that stand in entries, as people read them."
DATES = ("first", "last")
"Fields that hold a day (ISO 8601)."
DEEDS = {
    "line_created": ("ha creato la linea", "created the line", "plus"),
    "line_changed": ("ha cambiato la linea", "changed the line", "pencil"),
    "services_changed": ("ha cambiato i servizi della linea", "changed the line's services",
                         "pencil"),
    "set_by_code": ("ha cambiato i servizi con un codice dal telefono",
                    "changed services by a code on the phone", "asterisk"),
    "line_imported": ("ha importato la linea", "imported the line", "upload"),
    "line_deleted": ("ha eliminato la linea", "deleted the line", "trash-2"),
    "account_added": ("ha aggiunto un account SIP", "added a SIP account", "plus"),
    "account_changed": ("ha cambiato un account SIP", "changed a SIP account", "pencil"),
    "account_removed": ("ha rimosso un account SIP", "removed a SIP account", "trash-2"),
    "portal_reset": ("ha dato una nuova password del portale", "gave a new portal password",
                     "key-round"),
    "sip_reset": ("ha dato una nuova password SIP", "gave a new SIP password", "key-round"),
    "pin_reset": ("ha dato un nuovo PIN", "gave a new PIN", "key-round"),
    "phone_signed_out": ("ha scollegato un telefono", "signed a phone out", "unplug"),
    "exported": ("ha esportato le linee", "exported the lines", "download"),
    "sheet_printed": ("ha stampato fogli di benvenuto", "printed welcome sheets", "printer"),
    "welcome_mailed": ("ha mandato le istruzioni per l'accesso", "mailed sign-in instructions",
                       "mail"),
    "backed_up": ("ha scaricato una copia di sicurezza", "downloaded a backup", "download"),
    "unlocked": ("ha sbloccato l'accesso", "unlocked the sign-in", "lock-open"),
    "restored": ("ha ripristinato una copia", "restored a backup", "history"),
    "password_changed": ("ha cambiato la password", "changed the password", "key-round"),
    "pin_changed": ("ha cambiato il PIN", "changed the PIN", "key-round"),
    "security_email_asked": ("ha chiesto un'altra e-mail di sicurezza",
                             "asked for another security e-mail", "mail"),
    "security_email_changed": ("ha cambiato l'e-mail di sicurezza", "changed the security e-mail",
                               "mail"),
    "two_factor_on": ("ha attivato l'accesso in due passaggi", "switched two-step sign-in on",
                      "shield-check"),
    "two_factor_off": ("ha disattivato l'accesso in due passaggi",
                       "switched two-step sign-in off", "shield-off"),
    "recovery_codes_made": ("ha creato nuovi codici di recupero", "made new recovery codes",
                            "key-round"),
    "recovery_code_used": ("ha usato un codice di recupero", "used a recovery code", "key-round"),
    "passkey_added": ("ha aggiunto una passkey", "added a passkey", "plus"),
    "passkey_removed": ("ha tolto una passkey", "removed a passkey", "trash-2"),
    "browser_signed_out": ("ha scollegato un browser", "signed a browser out", "unplug"),
    "browser_forgotten": ("ha dimenticato un browser", "forgot a browser", "unplug"),
    "signed_out_everywhere": ("ha chiuso tutte le sessioni", "ended all sessions", "log-out"),
    "log_exported": ("ha esportato il registro", "exported the change log", "download"),
    "mail_retried": ("ha fatto ripartire la posta", "sent mail again", "mail"),
    "mail_given_up": ("ha rinunciato a un messaggio di posta", "gave a mail up", "mail"),
    "mail_removed": ("ha tolto un messaggio di posta dall'elenco",
                     "took a mail off the list", "trash-2"),
    "mail_tested": ("ha mandato una mail di prova", "sent a test mail", "mail"),
    "role_taken": ("è entrato nel profilo amministratore", "took the administrator's role",
                   "shield-check"),
    "role_left": ("è tornato al profilo utente", "went back to the user's role", "user"),
    "viewed_as": ("ha aperto il portale come la linea", "opened the portal as the line", "eye"),
    "view_ended": ("ha chiuso la vista come la linea", "closed the view as the line", "eye"),
    "trunk_created": ("ha aggiunto la linea esterna", "added the trunk", "plus"),
    "trunk_changed": ("ha cambiato la linea esterna", "changed the trunk", "pencil"),
    "trunk_moved": ("ha spostato la linea esterna", "moved the trunk", "arrow-down-up"),
    "trunk_deleted": ("ha eliminato la linea esterna", "deleted the trunk", "trash-2"),
    "dialling_changed": ("ha cambiato le chiamate verso l'esterno", "changed outside calls",
                         "pencil"),
    "rule_kept": ("ha cambiato la regola per", "changed the rule for", "pencil"),
    "rule_removed": ("ha tolto la regola per", "removed the rule for", "trash-2"),
    "rights_changed": ("ha cambiato i permessi di", "changed the rights of", "shield-check"),
    "limits_changed": ("ha cambiato i limiti delle chiamate esterne",
                       "changed the limits of outside calls", "shield-check"),
    "star_code_changed": ("ha cambiato il codice", "changed the code", "pencil"),
    "star_codes_reset": ("ha rimesso i codici del profilo", "reset the codes to the profile",
                    "history"),
    "office_changed": ("ha cambiato le impostazioni dell'ufficio", "changed the office settings",
                       "pencil"),
    "mailboxes_set": ("ha cambiato lo spazio di tutte le caselle", "changed all mailboxes' room",
                      "voicemail"),
    "music_changed": ("ha cambiato la musica d'attesa", "changed the music on hold", "music"),
    "purged": ("ha eliminato ciò che era scaduto", "removed what had expired", "trash-2"),
}  # fmt: skip
THING_DEEDS = {
    "created": ("ha creato", "created", "plus"),
    "changed": ("ha cambiato", "changed", "pencil"),
    "deleted": ("ha eliminato", "deleted", "trash-2"),
    "imported": ("ha importato", "imported", "upload"),
}
"What is done to the things of audit.THINGS."
DEEDS |= {
    f"{thing}_{deed}": (f"{done_it} {it}", f"{done_en} {en}", glyph)
    for thing, (it, en) in audit.THINGS.items()
    for deed, (done_it, done_en, glyph) in THING_DEEDS.items()
}
MORE = {
    "user": ("utente", "user"),
    "label": ("nome dell'account", "account name"),
    "direct_audio": ("audio diretto", "direct audio"),
    "phone": ("telefono", "phone"),
    "address": ("indirizzo", "address"),
    "file": ("file", "file"),
    "lines": ("linee", "lines"),
    "with_secrets": ("con le password", "with the passwords"),
    "security_email": ("e-mail di sicurezza", "security e-mail"),
    "passkey": ("passkey", "passkey"),
    "browser": ("browser", "browser"),
    "system_user": ("utente del sistema", "user of the system"),
    "to": ("a", "to"),
    "kind": ("genere", "kind"),
    "many": ("quanti", "how many"),
    **trunks.NAMES,
    **office_settings.NAMES,
    **star_codes.NAMES,
    **dialling.NAMES,
    **outside_limits.NAMES,
    **line_services.NAMES,
}
"What entries name beside a line's own fields."
REACHED = {kind.name: (kind.it, kind.en) for kind in targets.KINDS}
ANSWERS = {**targets.SERVICES, **targets.ANNOUNCEMENTS}
"What a number of the office reaches, in words; the rest are extensions and numbers."


@dataclass(frozen=True)
class Change:
    """One field of an entry, for the browser."""

    name: str
    before: str
    after: str


def who_words(language: str, entry: AuditEntry) -> str:
    """Who did it: a person by name, else the command line."""
    return entry.who_name or say(language, it="Riga di comando", en="Command line")


def deed_words(language: str, what: str) -> str:
    """A deed in words."""
    it, en, _ = DEEDS.get(what, (what, what, ""))
    return say(language, it=it, en=en)


def changes(language: str, entry: AuditEntry) -> list[Change]:
    """What an entry changed, field by field, as people read it."""
    names = [*entry.after, *(name for name in entry.before if name not in entry.after)]
    created = entry.what.endswith("_created")
    known = names_of(entry.what) or LINE_NAMES
    rows = []
    for name in names:
        before = shown(language, name, entry.before.get(name))
        after = shown(language, name, entry.after.get(name))
        # Of a new line only what was filled in says anything.
        if before == after or (created and not after):
            continue
        it, en = known.get(name) or MORE.get(name) or (name, name)
        rows.append(Change(say(language, it=it, en=en), before, after))
    return rows


def shown(language: str, name: str, value: Any) -> str:
    """A value of the log in words."""
    if value is None:
        return ""
    if isinstance(value, bool):
        on, off = say(language, it="sì", en="yes"), say(language, it="no", en="no")
        return on if value else off
    if name == "role":
        admin_word = say(language, it="amministratore", en="administrator")
        return admin_word if value == "admin" else say(language, it="utente", en="user")
    if name == "language":
        return {"it": "Italiano", "en": "English"}.get(str(value), str(value))
    if (name in ("number", "main_number") or name.endswith("_number")) and value:
        return national(str(value))
    if name in ("kind", "closed_kind") and value in REACHED:
        return say(language, it=REACHED[value][0], en=REACHED[value][1])
    if name in ("target", "closed_target"):
        it, en = ANSWERS.get(str(value), (str(value), str(value)))
        return say(language, it=national(it), en=national(en))
    if name in ("rights", "default_rights", "kind"):
        known = (WORDS.get(word) for word in str(value).split())
        words = [say(language, it=each.it, en=each.en) for each in known if each is not None]
        return ", ".join(words) or str(value)
    if name in DATES:
        return _dated(language, str(value))
    both = CHOICES.get(str(value))
    return say(language, it=both[0], en=both[1]) if both is not None else str(value)


def _dated(language: str, kept: str) -> str:
    """A day with its year; what is none, as it was kept."""
    try:
        moment = date.fromisoformat(kept)
    except ValueError:
        return kept
    return f"{day(language, moment)} {moment.year}"
