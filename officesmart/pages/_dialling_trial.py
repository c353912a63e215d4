"""Prova un numero: what the PBX would do with a number that a line dials."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from officesmart.administration import dialling as store
from officesmart.administration.trunk_rules import text
from officesmart.desk import desk
from officesmart.i18n import say
from officesmart.page import admin
from officesmart.pages._dialling_rights import Rights
from officesmart.trunk_states import Standing, standings
from pbx.numbers import national


@dataclass(frozen=True)
class Choice:
    """Something to choose, with its words."""

    value: str
    words: str


class Trying(Rights):
    """The number that was tried, and what would become of it."""

    line_choices: list[Choice] = []
    tried: str = ""
    "'', 'goes', 'stays' or 'fault'."
    try_fault: str = ""
    try_number: str = ""
    try_kind: str = ""
    try_trunks: str = ""
    try_shown: str = ""
    try_reasons: list[str] = []

    @admin
    async def try_it(self, form: dict[str, Any]) -> None:
        """Prova: what the PBX would do with this number; nothing is dialled."""
        number, extension = text(form.get("number"))[:60], text(form.get("line"))[:6]
        here, language = desk(), self._language
        self.tried, self.try_fault = "", ""
        if not number:
            self.try_fault = say(
                language, it="Scrivi il numero da provare", en="Give the number to try"
            )
            return
        if extension not in {each.value for each in self.line_choices}:
            self.try_fault = say(language, it="Scegli la linea", en="Choose the line")
            return
        zone, default = here.config.timezone, here.config.language
        trial = await here.database.read(
            lambda s: store.try_number(
                s, number, extension, at=here.now(), zone=zone, language=default
            )
        )
        self.try_number = national(trial.number) if trial.number else ""
        self.try_kind = self._class(trial.kind)
        now_of = standings(here.phone.board())
        down = say(language, it="non va adesso", en="down now")
        self.try_trunks = ", ".join(
            f"{name} ({down})" if now_of.get(trunk, Standing()).state == "down" else name
            for trunk, name in trial.trunks
        )
        self.try_shown = (
            say(language, it="nascosto", en="hidden")
            if trial.withheld
            else national(trial.shown)
            if trial.shown
            else ""
        )
        self.try_reasons = [say(language, it=each.it, en=each.en) for each in trial.because]
        self.tried = "goes" if trial.may else "stays"
