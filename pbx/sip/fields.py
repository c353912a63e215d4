"""The headers of a message as text, by name, and the body that came with them.

Knows which spellings are one header and which headers are lists; what a value means is
`headers.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pbx.sip.grammar import clean, split_list
from pbx.sip.names import LISTS, NAMES, header_name


class Fields:
    """Header lines. Names compare without case and by their compact forms (RFC 3261 s.7.3.3).
    Lines of one name keep their order, and names the order in which they first came.

    Content-Length is not kept: it is what the body is long.
    """

    __slots__ = ("_fields", "_typed", "body")

    body: bytes
    _fields: dict[str, list[str]]
    _typed: dict[str, Any]

    def _fill(self, headers: Iterable[tuple[str, str]], body: bytes) -> None:
        self._fields = {}
        self._typed = {}
        self.body = body
        for name, value in headers:
            self.add(name, value)

    def get(self, name: str, default: str = "") -> str:
        """First value of a header, unfolded, as text; of a list, its first member."""
        key = NAMES.get(name) or header_name(name)
        lines = self._fields.get(key)
        if lines is None:
            return str(len(self.body)) if key == "Content-Length" else default
        value = lines[0]
        if "," in value and key in LISTS:
            members = split_list(value)
            return members[0] if members else default
        return value

    def get_all(self, name: str) -> list[str]:
        """Every value; comma-separated lists are split where the grammar allows lists."""
        key = NAMES.get(name) or header_name(name)
        lines = self._fields.get(key)
        if lines is None:
            return []
        if key in LISTS:
            return [member for line in lines for member in split_list(line)]
        return list(lines)

    def has(self, name: str) -> bool:
        """Is there a line of this header, be it empty?"""
        return header_name(name) in self._fields

    def mentions(self, name: str, token: str) -> bool:
        """Does this list hold the token (an option tag, a method), in any case?"""
        wanted = token.lower()
        return any(
            value.partition(";")[0].strip().lower() == wanted for value in self.get_all(name)
        )

    def set(self, name: str, value: str) -> None:
        """Replace all of this header by one value, in its place.

        Control characters in the value become spaces. Raises ValueError when the name is no token.
        """
        key = NAMES.get(name) or header_name(name)
        if key == "Content-Length":
            return
        self._fields[key] = [value if value.isprintable() else clean(value)]
        self._typed.pop(key, None)

    def add(self, name: str, value: str) -> None:
        """Append a header line. Control characters and a name that is no token as with `set`."""
        key = NAMES.get(name) or header_name(name)
        if key == "Content-Length":
            return
        if not value.isprintable():
            value = clean(value)
        lines = self._fields.get(key)
        if lines is None:
            self._fields[key] = [value]
        else:
            lines.append(value)
            self._typed.pop(key, None)

    def remove(self, name: str) -> None:
        """Take every line of this header out."""
        key = header_name(name)
        self._fields.pop(key, None)
        self._typed.pop(key, None)

    def headers(self) -> list[tuple[str, str]]:
        """Every header line, name and value, as it will be written; without Content-Length."""
        return [(name, line) for name, lines in self._fields.items() for line in lines]
