"""Imports go down: the floors of docs/architecture.md section 1, held to by reading the sources.

A file in a new room fails until the room has a floor here, so nobody builds one by accident.
Imports for types only and those inside functions count like any other: the direction is what
matters, not the moment.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

GROUND = frozenset(
    f"pbx.{name}"
    for name in (
        *("clock", "config", "credentials", "discover", "numbers", "printable", "pyvoip"),
        "vault",
    )
)
ROOF = frozenset(
    f"pbx.{name}" for name in ("alarms", "hub", "inside", "kept_phones", "service", "__main__")
)
MEDIA_INTERFACE = frozenset({"pbx.media.engine", "pbx.media.prompts", "pbx.media.speech"})

MAY = {
    # room: what of ours it may import beside itself; "ground" stands for GROUND.
    "pbx.tables": set(),
    "pbx.events": {"ground"},
    "pbx.sip": {"ground"},
    "pbx.routing": {"ground"},
    "pbx.media": {"ground"},
    "pbx.fax": {"ground"},
    "pbx.store": {"ground", "pbx.tables", "pbx.routing", "pbx.events"},
    "pbx.net": {"ground", "pbx.sip"},
    "pbx.link": {"ground", "pbx.events"},
    # The same link over a socket, for a portal in another process.
    "pbx.plain": {"pbx.link", "pbx.events"},
    "pbx.door": {"ground", "pbx.link", "pbx.plain", "pbx.events"},
    "pbx.remote": {"ground", "pbx.link", "pbx.plain", "pbx.door", "pbx.events"},
    "pbx.probe": {"ground"},
    "pbx.calls": {"ground", "pbx.net", "pbx.sip", "media", "pbx.routing", "pbx.events"},
    "pbx.peers": {
        *{"ground", "pbx.net", "pbx.sip", "media", "pbx.routing", "pbx.events"},
        # Registrations and lamps live in rows; the store is a floor below (the picture).
        *{"pbx.store", "pbx.tables", "pbx.calls"},
    },
    "pbx.apps": {
        *{"ground", "pbx.calls.api", "media", "pbx.fax", "pbx.store", "pbx.events"},
        # What a snapshot is made of, and the rows that the store hands out.
        *{"pbx.routing.office", "pbx.tables"},
    },
    "officesmart": {
        *{"ground", "pbx.link", "pbx.events", "pbx.tables", "pbx.store", "pbx.routing"},
        *{"pbx.probe", "pbx.remote"},
    },
}
"Rooms without an entry: the ground imports nothing of ours, the roof everything but the portal."

STRANGERS = {
    # room: modules that are not ours and must not be there either.
    "pbx.tables": {"asyncio", "socket", "threading"},
    "pbx.events": {"asyncio", "socket", "threading", "sqlalchemy", "sqlmodel"},
    "pbx.sip": {
        *{"asyncio", "socket", "select", "selectors", "threading", "time"},
        *{"sqlalchemy", "sqlmodel", "numpy"},
    },
    "pbx.routing": {
        *{"asyncio", "socket", "select", "selectors", "threading", "time"},
        *{"sqlalchemy", "sqlmodel", "sqlite3", "numpy"},
    },
    "pbx.media": {"sqlalchemy", "sqlmodel", "sqlite3"},
    "pbx.fax": {"sqlalchemy", "sqlmodel", "sqlite3"},
    "pbx.calls": {"socket", "sqlalchemy", "sqlmodel", "sqlite3"},
    # Sessions and their errors pass through an application's hands; statements do not.
    "pbx.apps": {"socket", "sqlite3", "time"},
}
LOOPS = {"asyncio", "socket", "select", "selectors", "multiprocessing", "subprocess"}
"What in `media/` and `fax/` only the two sides of a worker may use."
WORKER_SIDES = frozenset(
    f"pbx.media.{name}"
    for name in (
        *("workers", "child", "streams", "tie"),  # the PBX's side
        *("worker", "relay", "ports"),  # inside
    )
)

ALLOWED_HERE = {
    "pbx.events.bus": {"asyncio"},
    "pbx.pyvoip": {"pyVoIP"},
    "pbx.probe.phone": {"pyVoIP"},
    "officesmart.phone": {"pbx.service"},
}
CLOCKLESS = ("pbx.sip", "pbx.routing", "pbx.media", "pbx.fax", "pbx.calls", "pbx.apps")
"Below the wires nothing asks the wall what day it is; it is told."


def modules() -> dict[str, Path]:
    """Every module of both packages by its dotted name."""
    found = {}
    for package in ("pbx", "officesmart"):
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()


def imports(tree: ast.AST, module: str, *, package: bool = False) -> Iterator[str]:
    """The dotted names that a module imports, relative ones resolved."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            source = node.module or ""
            if node.level:
                base = module.split(".")
                base = base[: len(base) - node.level + package]
                source = ".".join([*base, *([source] if source else [])])
            # `from pbx import link` imports a module, `from pbx.link import Link` a name.
            names = (f"{source}.{name.name}" for name in node.names)
            yield from (name if name in MODULES else source for name in names)


def room_of(module: str) -> str:
    """The room a module of ours stands in."""
    if module in GROUND:
        return "ground"
    if module in ROOF:
        return "roof"
    parts = module.split(".")
    return "officesmart" if parts[0] == "officesmart" else ".".join(parts[:2])


def faults(module: str, tree: ast.AST, *, package: bool = False) -> list[str]:
    """What a module imports although it must not."""
    room = room_of(module)
    here = ALLOWED_HERE.get(module, set())
    wrong = []
    for name in sorted(set(imports(tree, module, package=package))):
        top = name.split(".")[0]
        if name in here or top in here:
            continue
        if top in ("pbx", "officesmart"):
            if not may_import(room, name):
                wrong.append(f"{module} ({room}) imports {name}")
        elif top in STRANGERS.get(room, set()) or top == "pyVoIP":
            wrong.append(f"{module} ({room}) imports {name}")
        elif room in ("pbx.media", "pbx.fax") and top in LOOPS and module not in WORKER_SIDES:
            wrong.append(f"{module} imports {name}: only a worker's two sides may")
    return wrong


def may_import(room: str, name: str) -> bool:
    """Whether a room may import this module of ours."""
    theirs = room_of(name)
    if name == "pbx":
        return True
    if room == "ground":
        return False
    if room == "roof":
        return theirs != "officesmart"
    allowed = MAY.get(room)
    assert allowed is not None, f"{room} has no floor: give it one here and in the picture"
    return (
        theirs == room
        or theirs in allowed
        or name in allowed
        or ("media" in allowed and name in MEDIA_INTERFACE)
    )


def asks_the_clock(tree: ast.AST) -> list[int]:
    """Lines where `now`, `utcnow` or `today` of datetime or date is called."""
    lines = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = ast.unparse(node.func.value)
            if node.func.attr in ("now", "utcnow", "today") and owner.split(".")[-1] in (
                "datetime",
                "date",
            ):
                lines.append(node.lineno)
    return lines


@pytest.mark.parametrize("module", MODULES)
def test_imports_go_down(module):
    path = MODULES[module]
    tree = ast.parse(path.read_text(), str(path))
    assert faults(module, tree, package=path.name == "__init__.py") == []


@pytest.mark.parametrize("module", [m for m in MODULES if m.startswith(CLOCKLESS)])
def test_nothing_below_the_wires_asks_the_wall_clock(module):
    assert asks_the_clock(ast.parse(MODULES[module].read_text())) == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("pbx.numbers", "from pbx import clock"),
        ("pbx.tables.lines", "from pbx.numbers import to_e164"),
        ("pbx.events.kinds", "import asyncio"),
        ("pbx.sip.agent", "import pbx.net.udp"),
        ("pbx.sip.agent", "from ..net import udp"),
        ("pbx.sip.agent", "from time import monotonic"),
        ("pbx.routing.decide", "import asyncio"),
        ("pbx.routing.decide", "from pbx.tables import Line"),
        ("pbx.routing.features.busy", "def f():\n    import sqlmodel"),
        ("pbx.media.rtp", "from pbx.sip import offer"),
        ("pbx.media.rtp", "import socket"),
        ("pbx.store.session", "import pbx.calls.api"),
        ("pbx.net.driver", "from pbx.store.session import Database"),
        ("pbx.calls.ring", "from pbx.apps import app"),
        ("pbx.calls.ring", "from pbx.media.workers import Workers"),
        ("pbx.apps.echo", "from pbx.calls.call import AppCall"),
        ("pbx.apps.echo", "from pbx.sip import message"),
        ("officesmart.pages.home", "from pbx.sip.uri import Uri"),
        ("officesmart.pages.home", "from pbx.service import Service"),
        ("officesmart.pages.home", "import pyVoIP"),
        ("pbx.service", "import officesmart.mail"),
    ],
)
def test_the_rule_sees_what_is_wrong(module, source):
    assert faults(module, ast.parse(source)) != []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("pbx.events.bus", "import asyncio"),
        ("pbx.routing.decide", "from pbx.numbers import to_e164"),
        ("pbx.media.workers", "import asyncio"),
        ("pbx.calls.ring", "from pbx.media.engine import Stream"),
        ("pbx.apps.echo", "from pbx.calls.api import Call"),
        ("pbx.pyvoip", "from pyVoIP.SIP import SIPStatus"),
        ("pbx.service", "from pbx.media.workers import Workers"),
        ("officesmart.phone", "from pbx.service import Service"),
        ("officesmart.pages.home", "from pbx.link import Link"),
    ],
)
def test_the_rule_lets_through_what_is_right(module, source):
    assert faults(module, ast.parse(source)) == []


def test_the_clock_rule_sees_every_way_of_asking():
    source = "datetime.now()\ndatetime.datetime.utcnow()\ndate.today()\nclock.now()"
    assert asks_the_clock(ast.parse(source)) == [1, 2, 3]
