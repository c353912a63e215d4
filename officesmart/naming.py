"""What people call the other side: their own contact before every other name (behaviour s.10)."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import Session

from pbx.numbers import is_extension
from pbx.routing.dialled import e164_forms
from pbx.store import contacts


def names_of(
    session: Session, line_id: int, numbers: Iterable[str], *, prefix: str = "0"
) -> dict[str, str]:
    """The contact's name for each of these numbers that one has, as dialled or as told.

    prefix: what takes an outside line; a dialled number may begin with it.
    """
    forms = {
        number: (number,) if is_extension(number) else (*e164_forms(number, prefix), number)
        for number in set(numbers)
        if number
    }
    wanted = {form for each in forms.values() for form in each}
    known = contacts.known_all(session, line_id, wanted)
    return {
        number: known[form].name
        for number, each in forms.items()
        for form in reversed(each)
        if form in known
    }
