"""What of a text a search has found: accents, capitals and the spaces of a number do not matter."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """A piece of a text; for the browser."""

    text: str
    found: bool = False


def parts_of(text: str, tokens: Sequence[str]) -> list[Part]:
    """The text in pieces; `found` are beginnings of words that the tokens are.

    tokens: as `book.tokens` gives them.
    """
    bare, places = _bare(text)
    marked = [False] * len(text)
    for token in tokens:
        for hit in re.finditer(rf"(?<!\w){re.escape(token)}", bare):
            for place in places[hit.start() : hit.end()]:
                marked[place] = True
    return _pieces(text, marked)


def number_parts(shown: str, forms: Sequence[str], tokens: Sequence[str]) -> list[Part]:
    """A number as people read it, in pieces; forms: the digits by which it is found too, such as
    with its country."""
    at = [n for n, sign in enumerate(shown) if sign.isdecimal()]
    plain = "".join(shown[n] for n in at)
    marked = [False] * len(shown)
    for token in tokens:
        for form in (plain, *forms):
            if token.isdecimal() and form.startswith(token) and form.endswith(plain):
                many = max(len(token) - (len(form) - len(plain)), 0)
                if many:
                    marked[at[0] : at[many - 1] + 1] = [True] * (at[many - 1] + 1 - at[0])
    return _pieces(shown, marked)


def _bare(text: str) -> tuple[str, list[int]]:
    """The text as searching compares it, and for each of its signs the place it came from."""
    out, places = [], []
    for place, sign in enumerate(text):
        for plain in unicodedata.normalize("NFKD", sign.casefold()):
            if not unicodedata.combining(plain):
                out.append(plain)
                places.append(place)
    return "".join(out), places


def _pieces(text: str, marked: Sequence[bool]) -> list[Part]:
    found: list[Part] = []
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or marked[place] != marked[start]:
            found.append(Part(text[start:place], marked[start]))
            start = place
    return found
