"""The dial plan: every string of digits means one thing, and who wants it twice learns whose it is.

Pure; `store.dialplan` reads one from the rows. Two kinds of trouble are told apart. A conflict is
the same digits twice: the form refuses them. A warning is one string that begins another (12 and
123): phones that send digit by digit wait a little or take the #, so it is allowed and said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

EMERGENCY = frozenset({"112", "113", "115", "118"})
"Italian emergency numbers; nothing else may have these digits (behaviour.md s.0)."
SPEED_DIAL = (*map(str, range(5, 10)), *map(str, range(10, 50)))
"Codes that each line may fill for itself (guide 6.2). Two-digit ones begin with 1 to 4."
PUBLIC_SERVICE = re.compile(r"1[0-9]{2}|12[0-9]{2}|15[0-9]{2}|116[0-9]{3}")
"National numbers that begin with 1 (187, 1240, 1522, 116117): no short code hides them."
LONGEST_ORBIT = 5
MOST_ORBITS = 200
LONGEST_PREFIX = 2
KINDS = (
    *("extension", "sip_user", "short_code", "star_code", "orbit"),
    *("speed_dial", "outside_prefix", "emergency"),
)


@dataclass(frozen=True, slots=True)
class Taken:
    """Digits that something else has, and what that is, for people to read."""

    kind: str
    "Of KINDS, or 'public_service'."
    digits: str
    "The other's digits."
    name: str
    "The other's name; for what has none (a service, the outside line) in Italian."
    it: str
    en: str


@dataclass(frozen=True, slots=True)
class Named:
    """A name in both languages."""

    it: str
    en: str


@dataclass(frozen=True, slots=True)
class DialPlan:
    """All digits that mean something in this office."""

    extensions: Mapping[str, str] = field(default_factory=dict)
    "Extension to its person."
    sip_users: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    "SIP username to (extension, person) of the line whose phone signs in so."
    short_codes: Mapping[str, str] = field(default_factory=dict)
    "Code to its name."
    star_codes: Mapping[str, Named] = field(default_factory=dict)
    "Code (*86, #21, also 600) to what it does; also codes that are switched off."
    orbits: tuple[str, ...] = ()
    outside_prefix: str = "0"
    emergency: frozenset[str] = EMERGENCY

    def conflict(self, kind: str, digits: str, *, but: str = "") -> Taken | None:
        """Who has these digits already; None when they are free for an entry of this kind.

        but: the entry's own present digits, which never stand in its way; for a SIP username the
        extension whose phone it is. Empty digits collide with nothing.
        """
        if not digits or (digits == but and kind != "sip_user"):
            return None
        if kind == "sip_user":
            return self._user_conflict(digits, but)
        if kind == "outside_prefix":
            return self._prefix_conflict(digits)
        return self._reserved(kind, digits) or self._owner(kind, digits, but)

    def orbits_conflict(self, text: str, *, but: str = "") -> Taken | None:
        """Who has one of the digits of a park range (`orbits_of` its text); but: the present one.

        Raises ValueError when the text is no range.
        """
        mine = set(orbits_of(but)) if but else set()
        for orbit in orbits_of(text):
            taken = None if orbit in mine else self.conflict("orbit", orbit)
            if taken is not None:
                return taken
        return None

    def warnings(self, kind: str, digits: str, *, but: str = "") -> tuple[Taken, ...]:
        """Others that begin with these digits, or with which these begin; at most three.

        Also a speed dial with the digits of an extension: # or a pause decides between them.
        """
        if not digits or kind in ("sip_user", "outside_prefix"):
            return ()
        found = []
        for taken in self._all():
            other = taken.digits
            # Star codes are read whole, the longest first; a speed dial matters where it is filled.
            if taken.kind == "star_code" and not other.isdigit():
                continue
            if other == but and taken.kind == kind:
                continue
            if other == digits:
                if kind == "speed_dial" and taken.kind == "extension":
                    found.append(_both(digits, taken))
            elif other.startswith(digits):
                found.append(_begins(digits, taken))
            elif digits.startswith(other):
                found.append(_continues(digits, taken))
        if kind == "extension" and digits in SPEED_DIAL:
            found.append(_both(digits, _speed_dial(digits)))
        return tuple(found[:3])

    # --- who has what --------------------------------------------------------------------------

    def _reserved(self, kind: str, digits: str) -> Taken | None:
        """Digits that belong to the world outside."""
        if kind != "emergency" and digits in self.emergency:
            return _emergency(digits)
        prefix = self.outside_prefix
        if kind != "emergency" and prefix and digits.startswith(prefix):
            return Taken(
                "outside_prefix", prefix, "linea esterna",
                f"{digits} comincia con {prefix}, la cifra che prende la linea esterna",
                f"{digits} begins with {prefix}, the digit that takes an outside line",
            )  # fmt: skip
        if kind == "short_code" and PUBLIC_SERVICE.fullmatch(digits):
            return Taken(
                "public_service", digits, "servizio pubblico",
                f"{digits} è un numero di servizio nazionale (1xx)",
                f"{digits} is a national service number (1xx)",
            )  # fmt: skip
        return None

    def _owner(self, kind: str, digits: str, but: str) -> Taken | None:
        if digits in self.extensions and kind != "speed_dial":
            return _extension(digits, self.extensions[digits])
        if digits in self.short_codes:
            return _short_code(digits, self.short_codes[digits])
        if digits in self.star_codes:
            return _star_code(digits, self.star_codes[digits])
        if digits in self.orbits:
            return self._orbit(digits)
        if kind in ("short_code", "orbit", "star_code") and digits in SPEED_DIAL:
            return _speed_dial(digits)
        user = self.sip_users.get(digits)
        if kind == "extension" and user is not None and user[0] != but:
            return _sip_user(digits, *user)
        return None

    def _user_conflict(self, username: str, extension: str) -> Taken | None:
        owner = self.sip_users.get(username)
        if owner is not None and owner[0] != extension:
            return _sip_user(username, *owner)
        if username in self.extensions and username != extension:
            return _extension(username, self.extensions[username])
        return None

    def _prefix_conflict(self, prefix: str) -> Taken | None:
        for taken in self._all():
            if taken.digits.startswith(prefix):
                return Taken(
                    taken.kind, taken.digits, taken.name,
                    f"Con {prefix} comincia già altro: {taken.it}",
                    f"Something begins with {prefix} already: {taken.en}",
                )  # fmt: skip
        return None

    def _all(self) -> Iterator[Taken]:
        yield from (_extension(*each) for each in self.extensions.items())
        yield from (_short_code(*each) for each in self.short_codes.items())
        yield from (_star_code(*each) for each in self.star_codes.items())
        yield from map(self._orbit, self.orbits)
        yield from map(_emergency, sorted(self.emergency))

    def _orbit(self, digits: str) -> Taken:
        whole = f"{self.orbits[0]}-{self.orbits[-1]}"
        return Taken(
            "orbit", digits, f"parcheggio {digits}",
            f"{digits} è già un posto di parcheggio ({whole})",
            f"{digits} is already a park orbit ({whole})",
        )  # fmt: skip


def orbits_of(text: str) -> tuple[str, ...]:
    """The orbits of a park range such as '801-820' or '*1-*9', one by one; none for an empty text.

    Raises ValueError with what is wrong: both ends have the same form and at most five characters,
    the first of which may be a star or a hash (behaviour.md s.8).
    """
    if not text.strip():
        return ()
    found = re.fullmatch(r"\s*([*#]?)(\d{1,5})\s*-\s*([*#]?)(\d{1,5})\s*", text, re.ASCII)
    if found is None:
        raise ValueError("no range")
    mark, first, other, last = found.groups()
    if mark != other or len(first) != len(last) or len(mark + first) > LONGEST_ORBIT:
        raise ValueError("unlike ends")
    if not int(first) <= int(last) < int(first) + MOST_ORBITS:
        raise ValueError("backwards or too long")
    width = len(first)
    return tuple(f"{mark}{number:0{width}}" for number in range(int(first), int(last) + 1))


# --- in words ----------------------------------------------------------------------------------


def _extension(digits: str, name: str) -> Taken:
    return Taken(
        "extension", digits, name,
        f"{digits} è già l'interno di {name}",
        f"{digits} is already the extension of {name}",
    )  # fmt: skip


def _sip_user(username: str, extension: str, name: str) -> Taken:
    return Taken(
        "sip_user", username, name,
        f"{username} è l'utente SIP di un telefono di {name} (interno {extension})",
        f"{username} is the SIP user of a phone of {name} (extension {extension})",
    )  # fmt: skip


def _short_code(digits: str, name: str) -> Taken:
    return Taken(
        "short_code", digits, name,
        f"{digits} è già il codice breve «{name}»",
        f"{digits} is already the short code “{name}”",
    )  # fmt: skip


def _star_code(digits: str, named: Named) -> Taken:
    return Taken(
        "star_code", digits, named.it,
        f"{digits} è già il codice del servizio «{named.it}»",
        f"{digits} is already the code of the service “{named.en}”",
    )  # fmt: skip


def _speed_dial(digits: str) -> Taken:
    return Taken(
        "speed_dial", digits, "selezione rapida",
        f"{digits} è un codice della selezione rapida (5-9 e 10-49), che ognuno riempie per sé",
        f"{digits} is a speed dial code (5-9 and 10-49), which everybody fills for himself",
    )  # fmt: skip


def _emergency(digits: str) -> Taken:
    return Taken(
        "emergency", digits, "emergenza",
        f"{digits} è un numero di emergenza",
        f"{digits} is an emergency number",
    )  # fmt: skip


def _begins(digits: str, other: Taken) -> Taken:
    return Taken(
        other.kind, other.digits, other.name,
        f"{digits} è l'inizio di {other.digits} ({other.name}): chi compone {digits} aspetta "
        "qualche secondo o aggiunge #",
        f"{digits} is the beginning of {other.digits} ({other.name}): whoever dials {digits} "
        "waits a few seconds or adds #",
    )  # fmt: skip


def _continues(digits: str, other: Taken) -> Taken:
    return Taken(
        other.kind, other.digits, other.name,
        f"{digits} comincia con {other.digits} ({other.name}): chi compone {other.digits} aspetta "
        "qualche secondo o aggiunge #",
        f"{digits} begins with {other.digits} ({other.name}): whoever dials {other.digits} "
        "waits a few seconds or adds #",
    )  # fmt: skip


def _both(digits: str, other: Taken) -> Taken:
    return Taken(
        other.kind, other.digits, other.name,
        f"{digits} è sia un interno sia un codice della selezione rapida: {digits}# è la selezione "
        f"rapida, {digits} da solo l'interno",
        f"{digits} is both an extension and a speed dial code: {digits}# is the speed dial, "
        f"{digits} alone the extension",
    )  # fmt: skip
