"""A telephone number as people write, paste and link it: which digits it has.

Mail signatures, web pages and spreadsheets put words, brackets, slashes, invisible marks and
extensions around a number, and a `tel:` link has a grammar of its own (RFC 3966). Here all that
comes off; what the digits then mean is asked of `pbx.numbers` and `pbx.routing.typed`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

from pbx.numbers import SEPARATORS, digits, to_e164

LONGEST = 500
"Characters that are looked at: a line of a signature, not a page."
MOST_DIGITS = 24
"15 of E.164 (ITU-T E.164 s.6.1), with 00 and what takes an outside line, and a service code."
BETWEEN = frozenset("-./()[]\\_·•‧∙・'’|~")
"What people put between digits, beside spaces and dashes."
LABEL = re.compile(
    r"(?:numero\s+verde|n\.\s*verde|tel(?:efono|ephone)?\s*[/.]\s*fax|telefono|telephone|phone|"
    r"tel|cellulare|cell|mobile|mobil|mob|fax|ufficio|office|centralino|casa|home|work|lavoro|"
    r"whatsapp|numero|number|num|nr|n[.°º]|ph|t|m|c|f|p|d)(?![^\W\d_])[\s.:°º]*",
    re.IGNORECASE,
)
"What stands before a number in a signature."
INSIDE = re.compile(
    r"(?:interno|int|extension|ext|estensione|est|x|app|der)(?![^\W\d_])[\s.:=#]*", re.IGNORECASE
)
"What stands before an extension."
BEHIND = re.compile(rf"[\s,;(\-–—/]*(?:{INSIDE.pattern})([0-9]{{1,8}})\s*\)?\s*$", re.IGNORECASE)
PAUSED = re.compile(r"\s*(?:,+|[pw]|;)\s*([0-9]{1,6})\s*#?\s*$", re.IGNORECASE)
"`02 5550 1200,,203`: pauses and keys, as mobile phones keep them."
RUN = re.compile(r"(?<!\w)\+?[0-9(][0-9 ()./-]{4,30}(?![0-9 ()./A-Za-z-])")
"What looks like a number among words."


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why something cannot be read, and what to do about it."""

    it: str
    en: str


@dataclass(frozen=True, slots=True)
class Written:
    """What stood there."""

    plain: str = ""
    "Digits, perhaps behind a plus; or the keys of a code, `*21*` and the like. Empty when wrong."
    groups: tuple[str, ...] = ()
    "The digits as they stood apart: 0 02 5550 and 002 5550 are not the same."
    after: str = ""
    "An extension at the other side, which nobody dials for us."
    inside: bool = False
    "It says of itself that it is an extension: `int. 203`."
    context: str = ""
    "Where a link says that its number is valid: `+39`, `example.com`."
    link: bool = False
    sip: str = ""
    "The host of a `sip:` address."
    wrong: Wrong | None = None
    offers: tuple[str, ...] = ()
    "What was probably meant, as it can be typed."


NOTHING = Wrong("Scrivi un numero", "Give a number")
NO_DIGITS = Wrong(
    "Non è un numero: scrivilo come 02 5550 1201, +39 02 5550 1201 o un interno",
    "This is no number: write it like 02 5550 1201, +39 02 5550 1201 or an extension",
)
TOO_LONG = Wrong("È troppo lungo per essere un numero", "This is too long to be a number")
BAD_LINK = Wrong(
    "Il collegamento non contiene un numero che si possa leggere: scrivilo a mano",
    "The link holds no number that can be read: type it by hand",
)
PLAIN = {code: None for code in (*range(32), 127)} | {9: " ", 10: ";", 13: ";"}
"What becomes of the signs of ASCII that nobody sees."
KEYS = "22233344455566677778889999"
"The letters of a telephone's keys (ITU-T E.161), a to z."


def read(text: str) -> Written:
    """The digits of what was typed, pasted or linked. Never raises."""
    # Asked before anything is remembered: a page pasted into a field is not to be kept.
    return Written(wrong=TOO_LONG) if len(text) > LONGEST else _read(text)


@lru_cache(maxsize=256)  # of one text several things are asked, one after the other
def _read(text: str) -> Written:
    shown = _visible(text.strip()).strip()
    if not shown:
        return Written(wrong=NOTHING)
    scheme, _, rest = shown.partition(":")
    scheme = scheme.strip().lower()
    if scheme in ("tel", "callto", "web+tel"):
        return _linked(rest)
    if scheme in ("sip", "sips"):
        return _addressed(rest)
    return _typed(shown)


def plain(text: str) -> str:
    """The digits of a number that stands alone in a field, whatever is around them; a text that is
    none comes back without its separators, for the field to say what is wrong with it.

    A number with an extension behind it is none: a field keeps one number, and silently half of
    what was typed would be the wrong one.
    """
    found = read(text)
    if found.wrong is None and not (found.after or found.context or found.sip):
        return found.plain
    return SEPARATORS.sub("", text[:LONGEST])


def _visible(text: str) -> str:
    """The text with ASCII digits and plus, and without what nobody sees.

    Windows puts marks of direction around a number that is copied from its address book. Small
    raised figures stay as they are: they mark a footnote and belong to no number.
    """
    if text.isascii():
        return text.translate(PLAIN)
    found = []
    for sign in text:
        kind = unicodedata.category(sign)
        if kind in ("Cf", "Cc") and sign not in "\t\n\r":
            continue
        if kind == "Nd":
            found.append(str(unicodedata.decimal(sign)))
        elif sign in "\n\r\u2028\u2029":
            found.append(";")
        elif kind == "Zs" or sign == "\t":
            found.append(" ")
        elif kind == "Pd" or sign in "\u2212\u2043":
            found.append("-")
        else:
            plain = unicodedata.normalize("NFKC", sign)
            found.append(plain if plain in "+*#()[]./:;,=-" else sign)
    return "".join(found)


def _typed(shown: str) -> Written:
    """What stands in a field."""
    body = shown.lstrip("☎☏✆📞📱📠\ufe0f ").strip()
    body = body[1:-1].strip() if re.fullmatch(r"[<\"'«“].*[>\"'»”]", body) else body
    inside = False
    if found := INSIDE.match(body):
        inside, body = True, body[found.end() :]
    elif found := LABEL.match(body):
        body = body[found.end() :]
    after = ""
    for way in (BEHIND, PAUSED):
        found = way.search(body)
        if found and not inside and len(digits(body[: found.start()])) >= 5:
            body, after = body[: found.start()], found[1]
            break
    body = re.sub(r"\([^0-9()]*\)\s*$", "", body).strip(" ,;:")
    if several := _several(body):
        return Written(
            wrong=Wrong("Sono più numeri: scrivine uno", "These are several numbers: give one"),
            offers=several,
        )
    return _counted(body, after=after, inside=inside)


def _several(body: str) -> tuple[str, ...]:
    """The numbers, where more than one stand in a line."""
    pieces = [piece.strip() for piece in re.split(r"[/;,|]|\s-\s|\s(?:o|e|or|and|oppure)\s", body)]
    pieces = [piece for piece in pieces if piece]
    whole = [piece for piece in pieces if len(digits(piece)) >= 6]
    if len(whole) > 1 and to_e164(whole[0]):  # 0039 02/5550 1201 is one
        return tuple(whole[:4])
    # 02 5550000/1: two lines of one office, of which the second is written short.
    if (last := re.fullmatch(r"([^/]*[0-9])(?:\s*/\s*|\s-\s)([0-9]{1,2})", body)) and len(
        whole
    ) == 1:
        return last[1], last[1][: -len(last[2])] + last[2]
    return ()


def _counted(body: str, *, after: str = "", inside: bool = False) -> Written:
    """The digits of a text that ought to have little else."""
    # +39 (0)2: the 0 that is dialled inside the country. Italy dials it from everywhere, so there
    # both readings are one; phonenumbers drops it where a country does.
    spaced = "".join(" " if sign in BETWEEN or sign in " ,:;" else sign for sign in body)
    groups = spaced.split()
    if groups and groups[0] == "+" and len(groups) > 1:
        groups[:2] = ["+" + groups[1]]
    plain = "".join(groups)
    if plain.startswith("+00"):
        plain, groups = "+" + plain[3:], ["+" + groups[0][3:], *groups[1:]]
    if re.fullmatch(r"\+?[0-9]+|[*#][0-9*#]*|[0-9]{1,2}#", plain):
        if len(plain) > MOST_DIGITS:
            return Written(wrong=_too_many(plain))
        return Written(plain, tuple(each for each in groups if each), after, inside)
    return _unreadable(body, plain)


def _unreadable(body: str, plain: str) -> Written:
    letters = "".join(sign for sign in plain if sign.isascii() and sign.isalpha())
    if letters and re.fullmatch(r"\+?[0-9]{3}[0-9A-Za-z]{2,17}", plain):
        keys = "".join(
            KEYS[ord(sign.lower()) - ord("a")] if sign.isalpha() else sign for sign in plain
        )
        return Written(
            wrong=Wrong(
                f"Ha delle lettere: scrivilo in cifre. Sui tasti sarebbe {keys}",
                f"It has letters: write it in digits. On the keys it would be {keys}",
            )
        )
    runs = [run.strip(" .-/(") for run in RUN.findall(body)]
    runs = [run for run in runs if len(digits(run)) >= 6]
    return Written(wrong=NO_DIGITS, offers=tuple(runs) if len(runs) == 1 else ())


def _too_many(plain: str) -> Wrong:
    many = len(digits(plain))
    return Wrong(
        f"Sono {many} cifre: nessun numero ne ha tante",
        f"{many} digits: no number has as many",
    )


# --- links -------------------------------------------------------------------------------------


def _linked(rest: str) -> Written:
    """What follows `tel:` (RFC 3966 s.3): a number, then parameters.

    `;ext` is an extension at the other side (s.5.3), `;phone-context` where a local number is
    valid (s.5.1.5); `;isub` and what we do not know are passed over, as the RFC wants.
    """
    whole = _visible(unquote(rest)).strip().removeprefix("//")
    body, *parameters = whole.split(";")
    said: dict[str, str] = {}
    for each in parameters:
        name, _, value = each.partition("=")
        said.setdefault(name.strip().lower(), value.strip())
    ext, context = said.get("ext", ""), said.get("phone-context", "")
    # Pages write links by hand and put anything behind `tel:`; a query would be no part of it.
    found = _typed(body.partition("?")[0].strip())
    if found.wrong is not None:
        said_wrong = BAD_LINK if found.wrong in (NO_DIGITS, NOTHING) else found.wrong
        return Written(wrong=said_wrong, link=True, offers=found.offers)
    if found.plain.startswith("+"):
        context = ""
    after = "".join(sign for sign in ext if sign.isascii() and sign.isdecimal())[:8] or found.after
    return Written(found.plain, found.groups, after, found.inside, context[:80], True)


def _addressed(rest: str) -> Written:
    """What follows `sip:` (RFC 3261 s.19.1): who, at which host."""
    body = unquote(rest).removeprefix("//").partition("?")[0]
    who, at, host = body.rpartition("@")
    who = who.partition(":")[0].partition(";")[0]
    host = host.partition(";")[0]
    name = re.sub(r":[0-9]{1,5}$", "", host)
    if not at or not who or not name:
        return Written(wrong=BAD_LINK, link=True)
    found = _counted(who)
    if found.wrong is not None:
        return Written(link=True, sip=name[:80].lower(), wrong=BAD_LINK)
    return Written(found.plain, found.groups, link=True, sip=name[:80].lower())
