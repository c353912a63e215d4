"""What a browser sends to a handler, before the handler sees it."""

from __future__ import annotations

from typing import Any

import pytest

from officesmart.arguments import Arguments, Forged


async def save(
    self: object, number: int, name: str = "", form: dict[str, Any] | None = None
) -> None:
    """A handler."""


TAKES = Arguments(save)


def test_what_a_page_sends_arrives() -> None:
    assert TAKES.read((7,), {"name": "Anna"}) == {"number": 7, "name": "Anna"}
    assert TAKES.read(("7",), {"form": {"a": [1, "b"]}}) == {"number": 7, "form": {"a": [1, "b"]}}


def test_text_is_made_fit_to_be_kept() -> None:
    read = TAKES.read((1, "a\x00\ud800b"), {"form": {"k\ud800": ["\x00"]}})
    assert read == {"number": 1, "name": "a?b", "form": {"k?": [""]}}


@pytest.mark.parametrize(
    "args",
    [
        (),
        ("seven",),
        (None,),
        ([],),
        (2**60,),
        (float("nan"),),
        (1, 5),
        (1, "a", "no form"),
        (1, "a", {}, "one more"),
        (1, "a", {"a": [[[[[[[[["deep"]]]]]]]]]}),
    ],
)
def test_what_no_page_sends_is_refused(args: tuple[Any, ...]) -> None:
    with pytest.raises(Forged):
        TAKES.read(args, {})
