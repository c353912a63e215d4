"""Messages spoiled at random, the same ones for the same seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence

GRIT = (
    b"\x00", b"\xff", b"\r\n", b"\n", b"\r", b"\r\n\r\n", b"\r\n ", b"\t", b" ", b'"', b"\\", b"<",
    b">", b";", b",", b":", b"=", b"@", b"%00", b"%", b"[", b"]", b"[::1]", b"(", b"*", b"-1", b"0",
    b"99999999999999999999", b"4294967296", b"2147483648", b"\xc3\xa9", b"\xe9", b";tag=",
    b";rport", b"SIP/2.0", b"z9hG4bK", b"sip:", b"sips:", b"tel:", b"Via: ",
    b"Content-Length: 9999",
    b"Require: 100rel", b"Max-Forwards: 0", b"Expires: 0", b"Replaces: a;to-tag=b;from-tag=c",
    b"a=sendonly", b"m=audio 0 RTP/AVP 8", b"A" * 300,
)  # fmt: skip

Spoil = Callable[[random.Random, bytearray], None]


def _at(dice: random.Random, data: bytearray) -> int:
    return dice.randrange(len(data) + 1)


def flip(dice: random.Random, data: bytearray) -> None:
    """Another byte."""
    if data:
        data[dice.randrange(len(data))] = dice.randrange(256)


def insert(dice: random.Random, data: bytearray) -> None:
    """Something between."""
    at = _at(dice, data)
    data[at:at] = dice.choice(GRIT)


def replace(dice: random.Random, data: bytearray) -> None:
    """Something instead."""
    at = _at(dice, data)
    data[at : at + dice.randrange(20)] = dice.choice(GRIT)


def cut(dice: random.Random, data: bytearray) -> None:
    """A piece is gone."""
    at = _at(dice, data)
    del data[at : at + dice.randrange(60)]


def truncate(dice: random.Random, data: bytearray) -> None:
    """The end is gone."""
    del data[_at(dice, data) :]


def twice(dice: random.Random, data: bytearray) -> None:
    """A piece comes twice, somewhere."""
    at = _at(dice, data)
    piece = data[at : at + dice.randrange(120)]
    to = _at(dice, data)
    data[to:to] = piece * dice.choice((1, 1, 1, 30))


def lines(dice: random.Random, data: bytearray) -> None:
    """Header lines in another order, one of them lost or said twice."""
    head, empty, body = bytes(data).partition(b"\r\n\r\n")
    first, *rest = head.split(b"\r\n")
    if len(rest) > 1:
        deed = dice.randrange(3)
        one = dice.randrange(len(rest))
        if deed == 0:
            dice.shuffle(rest)
        elif deed == 1:
            del rest[one]
        else:
            rest.insert(dice.randrange(len(rest)), rest[one])
    data[:] = b"\r\n".join([first, *rest]) + empty + body


def digits(dice: random.Random, data: bytearray) -> None:
    """A number becomes another."""
    places = [n for n, byte in enumerate(data) if 48 <= byte <= 57]
    if places:
        at = dice.choice(places)
        data[at : at + 1] = dice.choice((b"", b"-", b"9" * 9, b"9" * 25, b"0", b"0" * 40, b"x"))


SPOILS: tuple[Spoil, ...] = (flip, insert, replace, cut, truncate, twice, lines, digits)


def spoiled(bases: Sequence[bytes], count: int, *, seed: int) -> Iterator[bytes]:
    """So many messages, each from one of these and spoiled in one to four places."""
    dice = random.Random(seed)
    for _ in range(count):
        data = bytearray(dice.choice(bases))
        for _ in range(dice.choice((1, 1, 1, 2, 2, 4))):
            dice.choice(SPOILS)(dice, data)
        yield bytes(data[:65000])
