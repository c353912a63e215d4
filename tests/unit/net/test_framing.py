"""Cutting a stream: whatever the pieces, the messages are the same."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pbx.net.framing import MAX_HEAD, MAX_MESSAGE, PING, PONG, BrokenStream, Framer

ONE = b"OPTIONS sip:a SIP/2.0\r\nCall-ID: 1\r\nContent-Length: 0\r\n\r\n"
TWO = b"MESSAGE sip:a SIP/2.0\r\nl : 6\r\n\r\n\r\n\r\nhi"
THREE = b"OPTIONS sip:a SIP/2.0\r\nCall-ID: 3\r\n\r\n"


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.lists(st.integers(1, 40), max_size=30))
def test_in_any_pieces(cuts: list[int]) -> None:
    stream = ONE + b"\r\n" + TWO + b"\r\n\r\n" + THREE + ONE
    framer, messages, at = Framer(), [], 0
    for cut in [*cuts, len(stream)]:
        messages += framer.feed(stream[at : at + cut])
        at += cut
    assert messages == [ONE, TWO, THREE, ONE]
    assert framer.waiting == 0 and framer.pings == 1


def test_pings_and_pongs() -> None:
    framer = Framer()
    assert framer.feed(b"\r\n\r\n") == [] and framer.pings == 1
    assert framer.feed(b"\r\n") == [] and framer.pings == 1
    assert framer.feed(b"\r\n") == [] and framer.pings == 2
    assert framer.feed(b"\r\n" + ONE) == [ONE], "a pong before a message"
    assert framer.pings == 2


def test_bare_line_ends_are_read() -> None:
    bare = ONE.replace(b"\r\n", b"\n")
    assert Framer().feed(b"\n" + bare + bare) == [bare, bare]


@pytest.mark.parametrize(
    "stream",
    [
        b"A" * (MAX_HEAD + 1),
        b"OPTIONS sip:a SIP/2.0\r\nX: " + b"A" * MAX_HEAD + b"\r\n\r\n",
        ONE.replace(b": 0", b": -1"),
        ONE.replace(b": 0", b": many"),
        ONE.replace(b": 0", b": %d" % MAX_MESSAGE),
        ONE.replace(b"\r\n\r\n", b"\r\nl: 5\r\n\r\n"),
    ],
)
def test_streams_that_cannot_be_cut(stream: bytes) -> None:
    with pytest.raises(BrokenStream):
        Framer().feed(stream)


def test_a_slow_head_is_not_searched_again_from_its_start() -> None:
    framer = Framer()
    for byte in ONE[:-1]:
        assert framer.feed(bytes([byte])) == []
    assert framer.feed(ONE[-1:]) == [ONE]


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.binary(max_size=600))
def test_any_bytes_end_or_wait(data: bytes) -> None:
    framer = Framer()
    try:
        messages = framer.feed(data)
    except BrokenStream:
        return
    assert sum(map(len, messages)) + framer.waiting <= len(data)


def test_a_pong_that_is_due_leaves_nothing_behind() -> None:
    framer = Framer()
    framer.pongs_due = 1
    assert framer.feed(b"\r\n") == []
    assert (framer.waiting, framer.pings, framer.pongs_due) == (0, 0, 0)
    framer.pongs_due = 1
    assert framer.feed(PONG + PING) == []
    assert (framer.waiting, framer.pings, framer.pongs_due) == (0, 1, 0)
