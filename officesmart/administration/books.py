"""Every Book: what the change log needs to say of the things in them."""

from __future__ import annotations

from collections.abc import Mapping

from officesmart.administration import closings, hours, numbers, pickup_groups, short_codes, sites

BOOKS = {
    book.kind: book
    for book in (
        *(sites.BOOK, hours.BOOK, closings.BOOK, numbers.BOOK, short_codes.BOOK),
        pickup_groups.BOOK,
    )
}


def names_of(what: str) -> Mapping[str, tuple[str, str]]:
    """How the fields of a deed's thing are called; none for a deed that is about no such thing."""
    book = BOOKS.get(what.rpartition("_")[0])
    return book.names if book is not None else {}
