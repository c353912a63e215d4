"""What a trunk may look like, said beside the field in both languages.

Pure; what only this office can answer (is there another of that name?) is in trunks.py.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass

from officesmart.administration.rules import TOO_LONG, UNPRINTABLE, Fault
from pbx.printable import printable
from pbx.routing.typed import e164_of

CODECS = ("PCMA", "PCMU", "G722")
TRANSPORTS = ("udp", "tcp")
NUMBER_FORMATS = ("e164", "plain", "national")
CALLER_IDS = ("pai", "ppi", "rpid", "from")
DIVERSIONS = ("diversion", "history", "both", "none")
EXPIRES = (60, 86_400)  # seconds
CAPACITY = (0, 1_000)  # calls; 0: no limit
LONGEST = 400  # characters of any field; a longer one is no slip of the hand
WIDEST = {4: 8, 6: 32}
"Prefix lengths below these would let half the world in without a password."


@dataclass(frozen=True, slots=True)
class TrunkValues:
    """A trunk as an administrator sets it; its password is apart."""

    name: str = ""
    enabled: bool = True
    registers: bool = True
    host: str = ""
    port: int = 5060
    transport: str = "udp"
    proxy: str = ""
    username: str = ""
    auth_username: str = ""
    sources: str = ""
    "Addresses and networks, separated by spaces, as `ipaddress` writes them."
    expires: int = 600
    codecs: str = "PCMA PCMU G722"
    number_format: str = "e164"
    caller_id: str = "pai"
    main_number: str = ""
    "E.164, or empty."
    diversion: str = "diversion"
    capacity: int = 0


FIELDS = tuple(TrunkValues.__dataclass_fields__)
TEXTS = ("name", "host", "proxy", "username", "auth_username", "sources", "main_number")
BY_SIGN_IN = TrunkValues()
BY_ADDRESS = TrunkValues(registers=False, username="")
"What a new trunk starts from: a provider with credentials, or one known by its addresses."

NEED_USER = Fault(
    "Scrivi l'utente che ti ha dato il fornitore", "Give the user name the provider gave you"
)
NEED_PASSWORD = Fault(
    "Scrivi la password che ti ha dato il fornitore", "Give the password the provider gave you"
)
NEED_SOURCES = Fault(
    "Scrivi gli indirizzi da cui chiama il fornitore, per esempio 192.0.2.10 o 192.0.2.0/28",
    "Give the addresses the provider calls from, such as 192.0.2.10 or 192.0.2.0/28",
)
NO_HOST = Fault(
    "Non è il nome di un server né un indirizzo: scrivilo come sip.fornitore.it o 192.0.2.10",
    "This is neither the name of a server nor an address: write sip.provider.com or 192.0.2.10",
)


def judge(typed: Mapping[str, object]) -> tuple[TrunkValues, dict[str, Fault]]:
    """A form as it was sent: the values of what is right, and what is wrong by field."""
    faults: dict[str, Fault] = {}
    cells: dict[str, str] = {}
    for name in TEXTS:
        cell = text(typed.get(name))
        if len(cell) > LONGEST:
            faults[name], cell = TOO_LONG, ""
        elif not (printable(cell) if name == "name" else cell.isprintable()):
            faults[name], cell = UNPRINTABLE, ""
        cells[name] = cell
    registers = typed.get("registers") not in (False, "", "false", "address", None)
    host = cells["host"].lower().rstrip(".")
    if not cells["name"]:
        faults.setdefault(
            "name", Fault("Scrivi un nome, per esempio Fornitore", "Give a name, such as Provider")
        )
    elif len(cells["name"]) > 80:
        faults["name"] = Fault("Al massimo 80 caratteri", "At most 80 characters")
    if not is_host(host):
        faults.setdefault("host", NO_HOST)
    proxy = cells["proxy"].lower()
    if proxy and not is_place(proxy):
        faults.setdefault(
            "proxy",
            Fault(
                "Scrivilo come proxy.fornitore.it o proxy.fornitore.it:5060",
                "Write it like proxy.provider.com or proxy.provider.com:5060",
            ),
        )
    for name in ("username", "auth_username"):
        if cells[name] and not re.fullmatch(r"[A-Za-z0-9._+\-@=~!*'()]{1,64}", cells[name]):
            faults.setdefault(
                name,
                Fault(
                    "Al massimo 64 lettere, cifre e segni come . _ - +, senza spazi",
                    "At most 64 letters, digits and signs such as . _ - +, without spaces",
                ),
            )
    if registers and not cells["username"]:
        faults.setdefault("username", NEED_USER)
    sources, wrong = networks(cells["sources"])
    if wrong is not None:
        faults.setdefault("sources", wrong)
    if not registers and not sources and "sources" not in faults:
        if is_address(host):
            sources = host.strip("[]")
        else:
            faults["sources"] = NEED_SOURCES
    main = e164_of(cells["main_number"])
    if cells["main_number"] and not main:
        faults.setdefault(
            "main_number",
            Fault(
                "Non è un numero di telefono valido: scrivilo come 02 5550 1200",
                "This is no valid telephone number: write it like 02 5550 1200",
            ),
        )
    codecs = [name for name in text(typed.get("codecs")).split() if name in CODECS]
    if not codecs:
        faults["codecs"] = Fault("Lascia almeno un codec", "Leave at least one codec")
    numbers = {}
    for name, (least, most), usual in (
        ("port", (1, 65_535), BY_SIGN_IN.port),
        ("expires", EXPIRES, BY_SIGN_IN.expires),
        ("capacity", CAPACITY, BY_SIGN_IN.capacity),
    ):
        numbers[name], fault = whole(typed.get(name), least, most, usual)
        if fault is not None:
            faults[name] = fault
    values = TrunkValues(
        name=" ".join(cells["name"].split()),
        enabled=on(typed.get("enabled")),
        registers=registers,
        host=host,
        transport=_one(typed, "transport", TRANSPORTS),
        proxy=proxy,
        username=cells["username"] if registers else "",
        auth_username=cells["auth_username"] if registers else "",
        sources=sources,
        codecs=" ".join(dict.fromkeys(codecs)),
        number_format=_one(typed, "number_format", NUMBER_FORMATS),
        caller_id=_one(typed, "caller_id", CALLER_IDS),
        main_number=main,
        diversion=_one(typed, "diversion", DIVERSIONS),
        **numbers,
    )
    return values, faults


def password_fault(password: str) -> Fault | None:
    """What is wrong with a password that a provider gave out; it may be empty (unchanged)."""
    if len(password) > 200:
        return Fault("Al massimo 200 caratteri", "At most 200 characters")
    if any(not letter.isprintable() for letter in password):
        return UNPRINTABLE
    return None


def networks(said: str) -> tuple[str, Fault | None]:
    """Addresses and networks as they are kept, without repetitions; or what is wrong with them."""
    found: list[str] = []
    for word in re.split(r"[\s,;]+", said):
        if not word:
            continue
        try:
            net = ipaddress.ip_network(word, strict=False)
        except ValueError:
            return "", Fault(
                f"{word[:40]} non è un indirizzo né una rete, come 192.0.2.10 o 192.0.2.0/28",
                f"{word[:40]} is neither an address nor a network, like 192.0.2.10 or 192.0.2.0/28",
            )
        if net.prefixlen < WIDEST[net.version]:
            return "", Fault(
                f"{word[:40]} è troppo ampia: chi non conosci potrebbe chiamare senza password",
                f"{word[:40]} is too wide: strangers could call without a password",
            )
        single = net.prefixlen == net.max_prefixlen
        found.append(str(net.network_address) if single else str(net))
    kept = " ".join(dict.fromkeys(found))
    if len(kept) > 400:
        return "", Fault(
            "Sono troppi: riuniscili in reti", "These are too many: gather them into networks"
        )
    return kept, None


def is_address(host: str) -> bool:
    """Whether this is an IP address, with or without the brackets of version 6."""
    try:
        ipaddress.ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return True


def is_host(host: str) -> bool:
    """Whether this can be the name of a server (RFC 1123 s.2.1) or its address."""
    if is_address(host):
        return True
    labels = host.split(".")
    return (
        0 < len(host) <= 253
        and all(re.fullmatch(r"(?!-)[a-z0-9-]{1,63}(?<!-)", label) for label in labels)
        and not labels[-1].isdigit()  # 1.2.3.999 is a mistyped address, no name
    )


def is_place(place: str) -> bool:
    """host[:port], the port in decimal digits."""
    match = re.fullmatch(r"(\[[0-9a-f:.]+\]|[^:\[\]]+)(?::([0-9]{1,5}))?", place)
    return bool(match and is_host(match[1]) and (match[2] is None or 0 < int(match[2]) <= 65_535))


def whole(value: object, least: int, most: int, usual: int) -> tuple[int, Fault | None]:
    """A whole number of a form; the usual one when the field was left empty."""
    said = text(value)
    if not said:
        return usual, None
    if re.fullmatch(r"[0-9]{1,9}", said) and least <= int(said) <= most:
        return int(said), None
    return usual, Fault(
        f"Scrivi un numero da {least} a {most}", f"Give a number from {least} to {most}"
    )


def text(value: object) -> str:
    """What a field says, without the spaces around it."""
    # Half a surrogate pair cannot be kept; no browser sends one, a hand-made message may.
    return value.strip().encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def on(value: object) -> bool:
    """Whether a switch of a form is on: it was sent, and says nothing like "no"."""
    return value is True or (isinstance(value, str) and value not in ("", "false", "off"))


def _one(typed: Mapping[str, object], name: str, of: tuple[str, ...]) -> str:
    said = text(typed.get(name))
    return said if said in of else of[0]
