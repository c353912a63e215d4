"""The telephones of a ring plan: what each row reaches, and why one does not ring for a call.

Pure. A colleague's phones ring as those of a group's member do: not when he wants quiet, is busy,
or has none signed in; none of his own forwards or lists is asked (behaviour.md s.1.1). A number
outside is called by right of the line whose plan it is, never by the caller's.
"""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field

from pbx.numbers import national, same_number
from pbx.routing.facts import CallFacts
from pbx.routing.features import barred_incoming, do_not_disturb
from pbx.routing.features.call_waiting import is_busy
from pbx.routing.features.outside_limits import closed_by, marked
from pbx.routing.forwarding import followed
from pbx.routing.office import Office
from pbx.routing.outward import Refusal, trunks_for
from pbx.routing.plan import Outside, OutsidePhone

MOST_PERIODS = 6


class PlanPhone(BaseModel):
    """A row of the plan: a telephone, and the periods in which it rings."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    number: str = Field(default="", max_length=32)
    "Empty: the line's own phones; else an extension, a short code or E.164."
    name: str = Field(default="", max_length=80)
    rings: tuple[bool, ...] = Field(default=(), max_length=MOST_PERIODS)
    "By period; one that is not said does not ring. When all ring together nobody looks."
    confirm: bool | None = None
    "“Premi 1 per accettare”; None: yes for a number outside the office."


@dataclass(frozen=True, slots=True)
class Rings:
    """What a row rings: the phones of a line, or one outside."""

    name: str
    "For people to read, in either language."
    line: str = ""
    outside: OutsidePhone | None = None


@dataclass(frozen=True, slots=True)
class Silent:
    """Why a row does not ring for this call."""

    name: str
    it: str
    en: str
    busy: bool = False
    "Because somebody talks or wants quiet, not because nothing can be reached."


def reached(phone: PlanPhone, line: str, call: CallFacts, office: Office) -> Rings | Silent:
    """What a row of this line's plan rings for this call."""
    name = phone.name or (national(phone.number) if phone.number else line)
    target = followed(phone.number, office.lines[line], office) if phone.number else None
    if target is None or (isinstance(target, Refusal) and target.own):
        return _at_line(line, "", call, office)
    if isinstance(target, Refusal):
        return Silent(name, _lower(target.it), _lower(target.en))
    if target.inside:
        if not target.line:
            return Silent(
                name, "il numero non è di un telefono", "the number is that of no telephone"
            )
        return _at_line(target.line, line, call, office)
    if not call.from_line and same_number(call.caller_number, target.number):
        return Silent(name, "è il telefono che chiama", "it is the telephone that calls")
    out = marked(
        Outside(target.number, trunks_for(target.number, office)), line, office, forwarded=True
    )
    if hours := closed_by(out, call, office):
        return Silent(
            name,
            f"è un numero costoso, e secondo l'orario «{hours}» l'ufficio è chiuso",
            f"it is an expensive number, and by the hours “{hours}” the office is closed",
        )
    confirm = phone.confirm is not False
    return Rings(name, outside=OutsidePhone(out, confirm, phone.name))


def _at_line(line: str, of: str, call: CallFacts, office: Office) -> Rings | Silent:
    """The phones of a line; of: whose plan it is, when that is another line."""
    name = office.lines[line].name or line
    if not of:
        if line in call.registered:
            return Rings(name, line)
        return Silent(name, "nessun telefono è collegato", "no phone is registered")
    why = _not_for_colleague(line, call, office)
    return why if why is not None else Rings(name, line)


def _not_for_colleague(line: str, call: CallFacts, office: Office) -> Silent | None:
    name = office.lines[line].name or line
    if line == call.from_line:
        return Silent(name, "è chi chiama", "it is who calls")
    if line in call.diverted_by:
        return Silent(name, "ha inoltrato lui la chiamata", "it forwarded the call")
    if barred_incoming.is_barred(line, office):
        return Silent(name, "non può ricevere chiamate", "it can receive no calls")
    if line not in call.registered:
        return Silent(name, "nessun telefono è collegato", "no phone is registered")
    if do_not_disturb.is_quiet(line, office):
        return Silent(name, "non vuole essere disturbato", "it does not want to be disturbed", True)
    if is_busy(line, call, office):
        return Silent(name, "è occupato", "it is busy", True)
    return None


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
