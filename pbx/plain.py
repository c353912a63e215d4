"""Facts and boards as JSON and back, for a portal in another process (`door`, `remote`).

Only the frozen dataclasses of `pbx.events` and `pbx.link` travel; anything else is a TypeError on
the way out and a ValueError on the way in.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from pbx import link
from pbx.events import board, kinds

_KNOWN: dict[str, type] = {
    found.__name__: found
    for module in (kinds, board, link)
    for found in vars(module).values()
    if isinstance(found, type) and (is_dataclass(found) or issubclass(found, Enum))
}


def write(value: object) -> str:
    """One line of JSON."""
    return json.dumps(_plain(value), separators=(",", ":"), ensure_ascii=False)


def read(text: str | bytes) -> Any:
    """What `write` wrote. Raises ValueError."""
    try:
        return _rich(json.loads(text))
    except (KeyError, TypeError) as wrong:
        raise ValueError(f"not one of our values: {wrong}") from wrong


def _plain(value: object) -> object:
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, Enum):
        return {"enum": type(value).__name__, "value": value.value}
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, frozenset):
        return {"set": [_plain(item) for item in sorted(value)]}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {"map": [[_plain(key), _plain(item)] for key, item in value.items()]}
    if is_dataclass(value) and type(value).__name__ in _KNOWN:
        said = {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
        return {"kind": type(value).__name__, "fields": said}
    raise TypeError(f"{type(value).__name__} does not travel")


def _rich(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_rich(item) for item in value)
    if not isinstance(value, dict):
        return value
    if "kind" in value:
        made = _KNOWN[value["kind"]]
        return made(**{name: _rich(item) for name, item in value["fields"].items()})
    if "enum" in value:
        return _KNOWN[value["enum"]](value["value"])
    if "moment" in value:
        return datetime.fromisoformat(value["moment"])
    if "set" in value:
        return frozenset(_rich(item) for item in value["set"])
    return {_rich(key): _rich(item) for key, item in value["map"]}
