"""Passwords, PINs and SIP digests: made, kept as digests, checked, and judged for strength.

The only file that knows argon2. Nothing here keeps or logs a secret.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import date
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

REALM = "officesmart"
"The digest realm of our registrar; part of every kept ha1, so changing it voids them all."

# Argon2id as OWASP's password sheet gives it; of its equivalent rows the one with the least memory
# (sign-ins come in bursts at nine in the morning). 16 ms each; 19 MiB and 2 rounds cost 26 ms.
PASSWORDS = PasswordHasher(time_cost=5, memory_cost=7168, parallelism=1)
# A PIN has a million values at most, so no cost we could pay would protect its hash from somebody
# who holds the database; three tries do. One round keeps a caller from waiting.
PINS = PasswordHasher(time_cost=1, memory_cost=7168, parallelism=1)
LONGEST = 200  # characters; a longer password is a way to keep the processor busy

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"No 0/o, 1/l/i: what is read out over the telephone must be typed right the first time."
PIN_DIGITS = (6, 10)
PASSWORD_LEAST = 10  # characters
RUN = 4
"So many equal or consecutive characters in a row are a sequence (behaviour 2)."

# What Italian offices choose, beside the published list (`breached`), which knows little Italian.
# What people hang onto a word (digits, signs, 0 for o) is taken off before comparing.
COMMON = frozenset(
    """password passwort passw parola parolachiave segreta segreto secret admin administrator
    amministratore amministrazione qwerty qwertyuiop qwertz azerty asdfgh asdfghjkl zxcvbnm letmein
    welcome benvenuto benvenuti iloveyou tiamo amoremio amore princess principessa dragon monkey
    football calcio juventus juve inter milan napoli roma forzaroma forzajuve forzamilan forzainter
    forzanapoli ferrari valentino andrea francesco francesca alessandro alessandra giuseppe
    giovanni antonio martina federica federico stefano stefania roberto roberta sunshine superman
    batman master shadow michael jennifer jordan hunter charlie thomas computer internet telefono
    centralino ufficio office officesmart interno segreteria voicemail changeme cambiami default
    guest ospite test testing prova test123 utente user login access accesso trustno italia italy
    ciaociao ciao buongiorno estate inverno primavera autunno summer winter spring autumn january
    gennaio febbraio pokemon starwars whatever freedom ninja mustang pepper cookie chocolate
    cioccolato stellina topolino paperino gattino micio cucciolo tesoro bambina""".split()
)
LEAST_CORE = 5  # letters of a listed word that make a password which is built on it guessable
KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "poiuytrewq", "lkjhgfdsa", "mnbvcxz")
LEET = str.maketrans("013457@$!", "oieastasi")


@dataclass(frozen=True, slots=True)
class Fault:
    """One rule that a password or PIN breaks."""

    rule: str
    "A machine word: 'short', 'long', 'common', 'contains', 'sequence', 'digits', 'date', 'own'."
    it: str
    en: str


def hash_password(password: str) -> str:
    """The Argon2id digest to keep. 16 ms of processor, with the interpreter lock let go."""
    return PASSWORDS.hash(password)


def hash_pin(pin: str) -> str:
    """The digest of a mailbox PIN."""
    return PINS.hash(pin)


def verify(kept: str, secret: str) -> bool:
    """Whether `secret` is the one behind the kept digest.

    With nothing kept (an unknown user, no password set) it does the same work and says no, so
    that time tells nobody which numbers exist.
    """
    secret = secret[: LONGEST + 1]
    try:
        return PASSWORDS.verify(kept or _nobody(), secret) and bool(kept)
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(kept: str) -> bool:
    """Whether a password's digest was made with other parameters than today's."""
    return PASSWORDS.check_needs_rehash(kept)


def proved(kept: str, password: str) -> tuple[bool, str]:
    """Whether it is the password behind the kept digest, and the digest to keep from now on: a new
    one where the kept was made at another cost (OWASP, "Password Storage", on upgrading the work
    factor: only who has just typed the password can have its digest made anew)."""
    if not verify(kept, password):
        return False, kept
    return True, hash_password(password[: LONGEST + 1]) if needs_rehash(kept) else kept


@cache
def _nobody() -> str:
    return PASSWORDS.hash(secrets.token_hex(16))


def ha1_md5(username: str, password: str, realm: str = REALM) -> str:
    """H(user:realm:password) with MD5 (RFC 7616 s.3.4.2; RFC 3261 s.22.4)."""
    return hashlib.md5(_a1(username, realm, password), usedforsecurity=False).hexdigest()


def ha1_sha256(username: str, password: str, realm: str = REALM) -> str:
    """H(user:realm:password) with SHA-256 (RFC 8760)."""
    return hashlib.sha256(_a1(username, realm, password)).hexdigest()


def _a1(username: str, realm: str, password: str) -> bytes:
    return f"{username}:{realm}:{password}".encode()


def random_password(*, extension: str = "", name: str = "", number: str = "") -> str:
    """A new portal password, such as `kf7m-pq2x-9tre` (59 bits), that breaks no rule."""
    while True:
        password = "-".join(_letters(4) for _ in range(3))
        if not password_faults(password, extension=extension, name=name, number=number):
            return password


def random_sip_password(*, extension: str = "", name: str = "", number: str = "") -> str:
    """A new SIP password, typed once into a phone or copied: 20 characters (99 bits)."""
    while True:
        password = _letters(20)
        if not password_faults(password, extension=extension, name=name, number=number):
            return password


def random_pin(length: int = PIN_DIGITS[0], *, extension: str = "", number: str = "") -> str:
    """A new PIN that breaks no rule."""
    while True:
        pin = "".join(secrets.choice("0123456789") for _ in range(length))
        if not pin_faults(pin, extension=extension, number=number):
            return pin


def _letters(count: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(count))


def password_faults(
    password: str, *, extension: str = "", name: str = "", number: str = ""
) -> tuple[Fault, ...]:
    """Every rule of behaviour 2 that a portal password breaks; empty when it is good."""
    faults = []
    if len(password) < PASSWORD_LEAST:
        faults.append(
            Fault(
                "short",
                it=f"La password ha meno di {PASSWORD_LEAST} caratteri",
                en=f"The password has fewer than {PASSWORD_LEAST} characters",
            )
        )
    if len(password) > LONGEST:
        faults.append(
            Fault(
                "long",
                it=f"La password ha più di {LONGEST} caratteri",
                en=f"The password has more than {LONGEST} characters",
            )
        )
        return tuple(faults)
    low = password.lower()
    if _is_common(low):
        faults.append(
            Fault(
                "common",
                it="La password è tra le più usate e si indovina subito",
                en="The password is among the most used ones and easily guessed",
            )
        )
    words = [word for word in re.split(r"\W+", name.lower()) if len(word) >= 3]
    own = [part for part in (extension, number.lstrip("+"), number[-9:]) if len(part) >= 2]
    if any(part in low for part in (*words, *own)):
        faults.append(
            Fault(
                "contains",
                it="La password contiene il nome, il numero o l'interno",
                en="The password contains the name, the number or the extension",
            )
        )
    if _has_run(low):
        faults.append(
            Fault(
                "sequence",
                it=f"La password ha {RUN} o più caratteri uguali o in sequenza",
                en=f"The password has {RUN} or more equal or consecutive characters",
            )
        )
    return tuple(faults)


def pin_faults(
    pin: str, *, extension: str = "", number: str = "", four_allowed: bool = False
) -> tuple[Fault, ...]:
    """Every rule of behaviour 2 that a PIN breaks; empty when it is good.

    four_allowed: the administrator accepts PINs of four digits too.
    """
    least, most = PIN_DIGITS
    right_length = least <= len(pin) <= most or (four_allowed and len(pin) == 4)
    if not right_length or not re.fullmatch(r"[0-9]+", pin):
        too = " (o 4)" if four_allowed else ""
        also = " (or 4)" if four_allowed else ""
        return (
            Fault(
                "digits",
                it=f"Il PIN deve avere da {least} a {most} cifre{too}",
                en=f"The PIN must have {least} to {most} digits{also}",
            ),
        )
    faults = []
    own = number.lstrip("+")
    if pin == extension or pin in own or (len(extension) >= 3 and extension in pin):
        faults.append(
            Fault(
                "own",
                it="Il PIN è una parte del proprio numero o contiene l'interno",
                en="The PIN is part of the line's own number or contains the extension",
            )
        )
    if _has_run(pin) or len(set(pin)) <= 2 or _repeats(pin):
        faults.append(
            Fault(
                "sequence",
                it="Il PIN è una sequenza o ripete le stesse cifre",
                en="The PIN is a sequence or repeats the same digits",
            )
        )
    if _is_date(pin):
        faults.append(
            Fault(
                "date",
                it="Il PIN sembra una data di nascita",
                en="The PIN looks like a date of birth",
            )
        )
    return tuple(faults)


@cache
def breached() -> frozenset[str]:
    """The 30,000 passwords found most often in leaks, in small letters.

    Read when the first password is judged: 20 ms and 14 MB that the PBX by itself never needs.
    """
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return frozenset(FREQUENCY_LISTS["passwords"])


def _is_common(low: str) -> bool:
    core = re.sub(r"[^a-z]", "", low.strip("0123456789!?.*-_#$@ ").translate(LEET))
    bare = re.sub(r"[^a-z]", "", low)
    if core in COMMON or bare in COMMON or re.fullmatch(r"[0-9]+", low) is not None:
        return True
    listed = breached()
    return low in listed or any(len(word) >= LEAST_CORE and word in listed for word in (core, bare))


def _has_run(text: str, run: int = RUN) -> bool:
    """Whether `run` characters in a row are equal, or go up or down by one (1234, dcba)."""
    steps = [ord(b) - ord(a) for a, b in zip(text, text[1:], strict=False)]
    for start in range(len(steps) - run + 2):
        window = steps[start : start + run - 1]
        if window[0] in (-1, 0, 1) and len(set(window)) == 1:
            return True
    return any(row[i : i + run] in text for row in KEYBOARD for i in range(len(row) - run + 1))


def _repeats(pin: str) -> bool:
    """Whether the PIN is one short piece said again and again (121212, 123123)."""
    return any(pin == pin[:size] * (len(pin) // size) for size in (1, 2, 3))


def _is_date(pin: str) -> bool:
    """Whether the digits read as a day of a year: DDMMYY, YYMMDD, DDMMYYYY, YYYYMMDD, YYYY."""
    year = r"(?:19[2-9]\d|20[0-3]\d)"
    if len(pin) == 4:
        return re.fullmatch(year, pin) is not None
    if len(pin) == 6:  # of any century
        ways = ((pin[:2], pin[2:4], "2000"), (pin[4:], pin[2:4], "2000"))
    elif len(pin) == 8:
        ways = ((pin[:2], pin[2:4], pin[4:]), (pin[6:], pin[4:6], pin[:4]))
    else:
        return False
    return any(
        re.fullmatch(year, of_year) is not None and _is_day(int(month), int(day))
        for day, month, of_year in ways
    )


def _is_day(month: int, day: int) -> bool:
    """Whether some year has this day."""
    try:
        date(2000, month, day)
    except ValueError:
        return False
    return True
