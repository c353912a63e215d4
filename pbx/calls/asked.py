"""Calls asked for by the portal: which one a request means, so that nothing rings twice.

A page that heard no answer asks again with the same key; two tabs and a double click ask for the
same number with two keys. For as long as nobody has answered its origin, it is one call.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from pbx.numbers import SEPARATORS
from pbx.routing.dialled import e164_forms

if TYPE_CHECKING:
    from pbx.calls.conversation import Conversation

SECONDS = 60.0
"How long a key is remembered."
AT_ONCE = 4
"Calls of one line whose origin rings; more are no longer somebody who clicks."
BURST = 10
"Calls that a line may ask for one after the other, without a pause."
EACH = 6.0
"Seconds after which one more may be asked for: ten a minute, for as long as one likes."


class TooFast(Exception):
    """A line asks for more calls than a person can want: this one is not placed, nor kept."""

    def __init__(self, seconds: int) -> None:
        """seconds: from now until the next may be asked for."""
        super().__init__(f"the next in {seconds} s")
        self.seconds = seconds


class Asked:
    """What was asked for lately. Belongs to the PBX's loop."""

    def __init__(self, calls: Mapping[str, Conversation], now: Callable[[], float]) -> None:
        """calls: those in progress. now: seconds of the loop's clock."""
        self._calls = calls
        self._now = now
        self._keys: OrderedDict[tuple[str, str], tuple[float, str, str]] = OrderedDict()
        "By line and key: when it was asked, the call's id, and the number."
        self._paid: dict[str, float] = {}
        "By line: until when its calls so far are paid for, each with EACH seconds."

    def known(self, line: str, number: str, key: str) -> str:
        """The call that this request means already; '' when it asks for a new one."""
        self._forget()
        if key and (line, key) in self._keys:
            _, call, asked = self._keys[line, key]
            if same(asked, number, ""):  # a page that heard no answer may ask for somebody else
                return call
        for one in waiting(self._calls.values(), line):
            if same(one.facts.dialled, number, one.office.outside_prefix):
                return one.id
        return ""

    def keep(self, line: str, key: str, call: str, number: str) -> None:
        """This key, with this number, means that call from now on."""
        if key:
            self._keys[line, key] = (self._now(), call, number)
            self._keys.move_to_end((line, key))

    def count(self, line: str) -> None:
        """One more call of this line. Raises TooFast, and then it does not count."""
        now = self._now()
        self._paid = {each: until for each, until in self._paid.items() if until > now}
        until = self._paid.get(line, now)
        early = until - now - (BURST - 1) * EACH
        if early > 0:
            raise TooFast(math.ceil(early))
        self._paid[line] = until + EACH

    def _forget(self) -> None:
        """Keys of more than a minute ago."""
        since = self._now() - SECONDS
        while self._keys and next(iter(self._keys.values()))[0] <= since:
            self._keys.popitem(last=False)


def waiting(calls: Iterable[Conversation], line: str) -> list[Conversation]:
    """The line's calls from the portal whose origin nobody has answered yet."""
    return [
        one
        for one in calls
        if one.story.from_web
        and one.story.from_line == line
        and one.caller is None
        and not one.story.ended_by
    ]


def same(one: str, other: str, prefix: str) -> bool:
    """Whether the two ask for the same number, however they are written."""
    first, second = SEPARATORS.sub("", one), SEPARATORS.sub("", other)
    if first == second:
        return True
    forms = set(e164_forms(first, prefix)[:1])
    return bool(forms & set(e164_forms(second, prefix)[:1]))
