"""What a browser sends to a handler, read before the handler sees it.

A page sends what its form holds; a forged message may hold any JSON in any place. Values are held
to the handler's own annotations, and text is made fit to be kept: no lone surrogate (no database
takes one) and no NUL.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, get_type_hints

from pydantic import TypeAdapter, ValidationError

LARGEST = 2**53  # what JSON carries whole; beyond it is nobody's id or count
DEEPEST = 8  # lists in dicts in lists


class Forged(ValueError):
    """No page of ours sends this."""


class Arguments:
    """What one handler takes."""

    def __init__(self, handler: Callable[..., Any]) -> None:
        self._signature = inspect.signature(handler)
        self._handler = handler
        self._read: dict[str, TypeAdapter[Any]] | None = None

    def read(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
        """The arguments after the state itself, by name. Raises Forged."""
        try:
            bound = self._signature.bind(None, *args, **kwargs).arguments
        except TypeError as wrong:
            raise Forged(str(wrong)) from None
        given = dict(list(bound.items())[1:])
        return {name: self._fit(name, clean(value)) for name, value in given.items()}

    def _fit(self, name: str, value: Any) -> Any:
        if self._read is None:  # not at import: annotations may name what is defined further down
            hints = get_type_hints(self._handler)
            self._read = {each: TypeAdapter(hints.get(each, Any)) for each in self._parameters()}
        try:
            return self._read[name].validate_python(value)
        except ValidationError:
            raise Forged(f"{name} is {type(value).__name__} {value!r:.60}") from None

    def _parameters(self) -> list[str]:
        return list(self._signature.parameters)[1:]


def clean(value: Any, depth: int = 0) -> Any:
    """The same value with text that can be kept. Raises Forged for what no page sends."""
    if depth > DEEPEST:
        raise Forged("too deep")
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "replace").decode()
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        if not -LARGEST <= value <= LARGEST:  # NaN and infinity are outside too
            raise Forged(f"the number {value}")
        return value
    if isinstance(value, list | tuple):
        return [clean(each, depth + 1) for each in value]
    if isinstance(value, dict):
        return {clean(k, depth + 1): clean(v, depth + 1) for k, v in value.items()}
    return value
