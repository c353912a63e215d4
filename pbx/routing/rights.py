"""What kind of call a number is, and who may make it.

Pure data and two functions. The built-in table is the Italian numbering plan; the office's own
rules beat it by the longest beginning that fits. Numbers come as `dialled.outside` reads them:
E.164, or the bare digits of a national service (800..., 199..., 187, 112).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from pbx import numbers
from pbx.routing.dialplan import EMERGENCY


@dataclass(frozen=True, slots=True)
class Class:
    """A class of calls that a line may or may not make."""

    name: str
    it: str
    en: str


CLASSES: tuple[Class, ...] = (
    Class("internal", "Interni dell'ufficio", "Extensions of the office"),
    Class("national", "Numeri fissi nazionali", "National landlines"),
    Class("mobile", "Cellulari italiani", "Italian mobiles"),
    Class("international", "Numeri internazionali", "International numbers"),
    Class("premium", "Numeri a pagamento (199, 892, 899...)", "Premium numbers (199, 892, 899...)"),
)
"What a line's rights are made of; each is given or not."
ALWAYS: tuple[Class, ...] = (
    Class("free", "Numeri gratuiti e di pubblica utilità", "Free and public service numbers"),
    Class("emergency", "Emergenza", "Emergency"),
)
"Every line may call these; a rule may give a number the class 'free'."
WORDS: Mapping[str, Class] = {each.name: each for each in (*CLASSES, *ALWAYS)}


@dataclass(frozen=True, slots=True)
class Rule:
    """The office's own word on numbers that begin so."""

    prefix: str
    "E.164 with its +, or the digits of a national number (892, 06, 3)."
    kind: str
    "A name of CLASSES, or 'free'."
    trunk: int = 0
    "The trunk tried first; 0: the usual order."
    barred: bool = False
    "Nobody may call it."
    label: str = ""


Rules = Mapping[str, Rule]
"By prefix."

ITALY: Mapping[str, str] = {
    # Geographic numbers, with their 0.
    "0": "national",
    # Virtual and nomadic numbers cost what a landline costs.
    "55": "national",
    "3": "mobile",
    # Free for the caller.
    "800": "free",
    "803": "free",
    # Shared cost: the caller pays at most a local call.
    "840": "national",
    "841": "national",
    "847": "national",
    "848": "national",
    # Shared cost whose price the owner sets, and personal numbers.
    "178": "premium",
    "199": "premium",
    # Premium rate.
    "144": "premium",
    "163": "premium",
    "164": "premium",
    "166": "premium",
    "89": "premium",
    "4": "premium",
    # Access to the Internet and other networks by telephone.
    "70": "premium",
    "10": "premium",
    # Services that begin with 1: customer care and public utility cost nothing, enquiries do.
    "1": "free",
    "12": "premium",
    # Harmonised numbers of social value (116117, 116000).
    "116": "free",
}
"National digits to class; the longest that fits."

DEAR: Mapping[str, str] = {
    # Satellites, global networks, and numbers of no country.
    "+870": "premium",
    "+878": "premium",
    "+881": "premium",
    "+882": "premium",
    "+883": "premium",
    "+888": "premium",
    "+979": "premium",
    # Well-known premium ranges of other countries; their plans say the rest (numbers.is_premium).
    "+1900": "premium",
    "+3090": "premium",
    "+3190": "premium",
    "+3290": "premium",
    "+3389": "premium",
    "+34803": "premium",
    "+34806": "premium",
    "+34807": "premium",
    "+34905": "premium",
    "+351760": "premium",
    "+353151": "premium",
    "+3531": "international",
    "+36900": "premium",
    "+3869": "premium",
    "+41900": "premium",
    "+41901": "premium",
    "+41906": "premium",
    "+43900": "premium",
    "+43901": "premium",
    "+43930": "premium",
    "+4470": "premium",
    "+4487": "premium",
    "+449": "premium",
    "+4590": "premium",
    "+46900": "premium",
    "+46939": "premium",
    "+4782": "premium",
    "+4870": "premium",
    "+49137": "premium",
    "+49900": "premium",
    # International freephone.
    "+800": "free",
}
"E.164 beginnings that are not what their country says; the longest that fits."


class HasRights(Protocol):
    """A line, as far as rights go."""

    @property
    def rights(self) -> Collection[str]:
        """Names of CLASSES."""
        ...


def class_of(number: str, rules: Rules | None = None) -> str:
    """The class of a number: a name of CLASSES, or 'free' or 'emergency'.

    number: E.164 or the digits of a national service. Unknown beginnings of ours are 'premium':
    what is in no table may cost anything. An extension is no number: calls to it are 'internal'.
    """
    if number in EMERGENCY:
        return "emergency"
    rule = rule_for(number, rules or {})
    if rule is not None and rule.kind in WORDS:
        return rule.kind
    national = national_digits(number)
    if national:
        return _longest(ITALY, national) or "premium"
    said = _longest(DEAR, number)
    if said:
        return said
    return "premium" if numbers.is_premium(number) else "international"


def rule_for(number: str, rules: Rules) -> Rule | None:
    """The office's own rule for this number: the one that says most of its beginning.

    An Italian number is met by rules in both of its forms: +3906, and 06.
    """
    if not rules:
        return None
    national = national_digits(number)
    best, most = None, 0
    for form, offset in ((number, 0), (national, 3 if number.startswith("+39") else 0)):
        for end in range(len(form), 0, -1):
            rule = rules.get(form[:end])
            if rule is not None:
                if end + offset > most:
                    best, most = rule, end + offset
                break
    return best


def is_barred(number: str, rules: Rules) -> bool:
    """Whether nobody may call this number; never true of an emergency number."""
    rule = rule_for(number, rules)
    return number not in EMERGENCY and rule is not None and rule.barred


def may_call(person: HasRights, kind: str) -> bool:
    """Whether a line may make calls of this class. Emergency and free ones always."""
    return kind in ("emergency", "free") or kind in person.rights


def national_digits(number: str) -> str:
    """An Italian number as dialled within Italy; "" for one of another country."""
    if number.startswith("+39"):
        return number[3:]
    return "" if number.startswith("+") else number


def _longest(table: Mapping[str, str], number: str) -> str:
    for end in range(len(number), 0, -1):
        if number[:end] in table:
            return table[number[:end]]
    return ""
