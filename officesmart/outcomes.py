"""What came of a call, in words: the same on the page and in the file."""

from __future__ import annotations

from collections.abc import Mapping

from officesmart.i18n import say

OUTCOMES: Mapping[str, tuple[str, str]] = {
    "talked": ("conversazione", "conversation"),
    "message": ("ha lasciato un messaggio", "left a message"),
    "mailbox": ("ha ascoltato la segreteria", "reached voicemail"),
    "service": ("servizio", "service"),
    "no_answer": ("nessuna risposta", "no answer"),
    "busy": ("occupato", "busy"),
    "declined": ("rifiutata", "declined"),
    "rejected": ("rifiutata", "declined"),
    "cancelled": ("annullata", "cancelled"),
    "not_begun": ("non partita", "not begun"),
    "unavailable": ("nessun telefono collegato", "no phone connected"),
    "not_found": ("numero inesistente", "no such number"),
    "forbidden": ("numero non consentito", "number not allowed"),
    "transferred": ("trasferita", "transferred"),
    "vanished": ("il telefono è sparito", "the phone vanished"),
    "completed": ("terminata", "ended"),
}
"By `lists.outcome`, Italian and English."
GAVE_UP = ("ha riagganciato", "hung up before an answer")
"A missed call that was cancelled."
FORWARDED = ("inoltrata a ", "forwarded to ")
"Before whoever it was forwarded to."
FAILED = ("non riuscita", "failed")
"Whatever else."


def in_words(language: str, outcome: str, *, missed: bool, onward: str) -> str:
    """One outcome. missed: of a list of missed calls; onward: to whom it was forwarded."""
    it, en = OUTCOMES.get(outcome, FAILED)
    if outcome == "forwarded":
        it, en = FORWARDED[0] + onward, FORWARDED[1] + onward
    elif outcome == "cancelled" and missed:
        it, en = GAVE_UP
    return say(language, it=it, en=en)
