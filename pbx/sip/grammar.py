"""The grammar that all SIP headers share (RFC 3261 s.25.1): tokens, quoted strings, parameters.

Every reader here is linear in its input and raises nothing but ValueError, so a stranger's header
can cost no more than its length.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

TOKEN = re.compile(r"[A-Za-z0-9\-.!%*_+`'~]+")
QUOTED = re.compile(r'"(?:[^"\\]|\\.)*+"', re.DOTALL)

# What may stand unquoted as a parameter's value: a token, or a host (IPv6 in brackets or, in
# `received`, without: RFC 5954 s.4.1).
_BARE_VALUE = re.compile(r"[A-Za-z0-9\-.!%*_+`'~:\[\]]+")
_NOT_PRINTED = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_SPECIAL = re.compile(r'[",<]')
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)

MAX_PARAMS = 64
"More parameters than this on one value are refused."


def is_token(text: str) -> bool:
    """Is this a token, as a method or a header's name must be?"""
    return TOKEN.fullmatch(text) is not None


def clean(text: str) -> str:
    """The text without anything that could end a line or a message: control characters become one
    space. Printable text of any language is left alone."""
    if text.isprintable():
        return text
    return _NOT_PRINTED.sub(" ", text)


def quote(text: str) -> str:
    """The text as a quoted-string."""
    if "\\" in text or '"' in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{clean(text)}"'


def unquote(text: str) -> str:
    """What a quoted-string says; text without quotes is left alone."""
    if len(text) < 2 or text[0] != '"' or text[-1] != '"':
        return text
    text = text[1:-1]
    return _ESCAPED.sub(r"\1", text) if "\\" in text else text


def split_list(value: str) -> list[str]:
    """The members of a comma-separated list; commas in quotes and in <> do not separate.

    Empty members are left out. After an unclosed quote or bracket the rest is one member.
    """
    if "," not in value:
        value = value.strip()
        return [value] if value else []
    if '"' not in value and "<" not in value:
        return [part for part in map(str.strip, value.split(",")) if part]
    parts = []
    start = at = 0
    end = len(value)
    while at < end:
        found = _SPECIAL.search(value, at)
        if found is None:
            break
        at = found.end()
        mark = found.group()
        if mark == ",":
            parts.append(value[start : at - 1])
            start = at
        elif mark == '"':
            quoted = QUOTED.match(value, at - 1)
            at = quoted.end() if quoted else end
        else:
            close = value.find(">", at)
            at = close + 1 if close >= 0 else end
    parts.append(value[start:])
    return [part for part in map(str.strip, parts) if part]


def parse_params(text: str) -> dict[str, str]:
    """Read `;name=value;flag`: names in lower case, quotes taken off, a flag's value is ''.

    The first of two equal names stands. One trailing semicolon is forgiven, because phones send
    it; an empty parameter elsewhere is not. Raises ValueError.
    """
    params: dict[str, str] = {}
    if '"' not in text:
        parts = text.split(";")
        if parts[0] and not parts[0].isspace():
            raise ValueError("parameters do not begin with a semicolon")
        del parts[0]
    else:
        parts = _split_quoted(text)
    if parts and (not parts[-1] or parts[-1].isspace()):
        del parts[-1]
    if len(parts) > MAX_PARAMS:
        raise ValueError("too many parameters")
    for part in parts:
        name, _, value = part.partition("=")
        name = name.strip().lower()
        if not name:
            raise ValueError("empty parameter")
        if value:
            value = value.strip()
            if value[:1] == '"':
                value = unquote(value)
        if name not in params:
            params[name] = value
    return params


def _split_quoted(text: str) -> list[str]:
    """Parameters some of which have quoted values, not yet taken apart."""
    parts: list[str] = []
    at = 0
    end = len(text)
    while True:
        while at < end and text[at] in " \t":
            at += 1
        if at == end:
            return parts
        if text[at] != ";":
            raise ValueError("parameters do not begin with a semicolon")
        at += 1
        start = at
        while at < end and text[at] != ";":
            if text[at] == '"':
                quoted = QUOTED.match(text, at)
                if quoted is None:
                    raise ValueError("a quote is not closed")
                at = quoted.end()
            else:
                at += 1
        parts.append(text[start:at])


def write_params(params: Mapping[str, str]) -> str:
    """`;name=value;flag`, with quotes where the value is not a token or host."""
    if not params:
        return ""
    written = ""
    for name, value in params.items():
        if not value:
            written += f";{name}"
        elif _BARE_VALUE.fullmatch(value):
            written += f";{name}={value}"
        else:
            written += f";{name}={quote(value)}"
    return written


def number(text: str, *, most: int = 2**31 - 1) -> int:
    """A decimal number of at most `most`, unsigned, in ASCII digits. Raises ValueError."""
    if not text.isascii() or not text.isdigit() or len(text) > 20:
        raise ValueError(f"not a number: {text[:24]!r}")
    value = int(text)
    if value > most:
        raise ValueError(f"number too large: {text}")
    return value
