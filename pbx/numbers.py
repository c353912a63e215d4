"""Telephone numbers: what was typed, what is kept (E.164), what is shown.

The only file that knows the `phonenumbers` library. Extensions are not telephone numbers: they
have 2 to 6 digits and are never turned into E.164.
"""

from __future__ import annotations

import re
from functools import lru_cache

REGION = "IT"
SEPARATORS = re.compile(r"[\s().\-/\u00a0\u2010-\u2015]+")
LONGEST = 32  # characters; E.164 has 15 digits, the rest is punctuation people type
EXTERNAL_DIGITS = 8
LAST_DIGITS = 9
"How many last digits make two numbers the same when one of them has no readable country."


def digits(text: str) -> str:
    """Only the digits of `text` (ASCII)."""
    return re.sub(r"[^0-9]", "", text)


def is_extension(text: str) -> bool:
    """Whether this can be the number of a line inside the office: 2 to 6 digits."""
    return re.fullmatch(r"[0-9]{2,6}", text) is not None


@lru_cache(maxsize=16384)
def to_e164(text: str, region: str = REGION) -> str:
    """The number as `+` and digits (E.164), or "" when it is none.

    Reads +39, 0039 and national forms, with the punctuation people type. Italian geographic
    numbers keep their 0: `06 1234 5678` is +390612345678. A foreign number in international form
    need only be possible (its country may have opened a block since our tables were made); a
    national one must be valid. Ask `is_extension` first where extensions may stand too: some
    national numbers are as short (892424).
    """
    plain = SEPARATORS.sub("", text[: LONGEST + 1])
    if len(text) > LONGEST or not re.fullmatch(r"\+?[0-9]{4,17}", plain):
        return ""
    if plain.startswith("00"):
        plain = "+" + plain[2:]
    import phonenumbers  # here: 25 ms that a command without numbers need not pay

    try:
        number = phonenumbers.parse(plain, region)
    except phonenumbers.NumberParseException:
        return ""
    international = plain.startswith("+")
    # Of our own region in one step: to find a number's region first costs as much again.
    if not (
        phonenumbers.is_valid_number_for_region(number, region)
        or phonenumbers.is_valid_number(number)
        or (international and phonenumbers.is_possible_number(number))
    ):
        return ""
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


@lru_cache(maxsize=16384)
def national(number: str, region: str = REGION) -> str:
    """The number as people of `region` write it: their own nationally, others with +country.

    What is no number (an extension, a name) is answered as it came.
    """
    e164 = to_e164(number, region)
    if not e164:
        return number
    import phonenumbers

    parsed = phonenumbers.parse(e164, None)
    ours = parsed.country_code == phonenumbers.country_code_for_region(region)
    form = phonenumbers.PhoneNumberFormat
    shown = str(phonenumbers.format_number(parsed, form.NATIONAL if ours else form.INTERNATIONAL))
    if ours and to_e164(shown, region) != e164:  # no number of the country: it would not read back
        return str(phonenumbers.format_number(parsed, form.INTERNATIONAL))
    return shown


@lru_cache(maxsize=16384)
def is_premium(number: str) -> bool:
    """Whether an E.164 number belongs to a range of its country that costs extra."""
    import phonenumbers

    try:
        kind = phonenumbers.number_type(phonenumbers.parse(number, None))
    except phonenumbers.NumberParseException:
        return False
    return bool(kind == phonenumbers.PhoneNumberType.PREMIUM_RATE)


def written(number: str, form: str, region: str = REGION) -> str:
    """How a provider wants a number written: 'e164' (+39...), 'plain' (39...) or 'national' (as
    dialled in `region`: 06..., 0044...). What is no E.164 number (112, 187) is left as it is."""
    if not number.startswith("+") or form == "e164":
        return number
    if form == "plain":
        return number[1:]
    import phonenumbers

    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return number
    if parsed.country_code != phonenumbers.country_code_for_region(region):
        return "00" + number[1:]
    shape = phonenumbers.PhoneNumberFormat.NATIONAL
    return digits(phonenumbers.format_number(parsed, shape))


@lru_cache(maxsize=16384)
def from_network(text: str, form: str = "e164", region: str = REGION) -> str:
    """A number as a provider says it, as E.164; "" when it is none.

    form: how that provider writes, which decides where both readings make sense: 393401234567 is
    'plain' for +39 340 1234567. Parameters after a semicolon (`;npdi`) are passed over.
    """
    plain = SEPARATORS.sub("", text.partition(";")[0][: LONGEST + 1])
    if plain.startswith(("+", "0")) or form == "national":
        tried = (plain, f"+{plain}")
    else:
        tried = (f"+{plain}", plain)
    return next((found for found in (to_e164(one, region) for one in tried) if found), "")


def same_number(one: str, other: str, region: str = REGION) -> bool:
    """Whether two written numbers reach the same telephone.

    By E.164 when both can be read so, else by their last nine digits; shorter ones (extensions)
    must agree in every digit. An empty number (withheld) is the same as nothing.
    """
    first, second = to_e164(one, region), to_e164(other, region)
    if first and second:
        return first == second
    a, b = digits(one), digits(other)
    if len(a) >= LAST_DIGITS and len(b) >= LAST_DIGITS:
        return a[-LAST_DIGITS:] == b[-LAST_DIGITS:]
    return bool(a) and a == b


def looks_external(text: str) -> bool:
    """Whether somebody seems to mean a number outside the office: +..., or 8 digits and more."""
    plain = SEPARATORS.sub("", text)
    if not re.fullmatch(r"\+?[0-9]+", plain):
        return False
    return plain.startswith("+") or len(plain) >= EXTERNAL_DIGITS
