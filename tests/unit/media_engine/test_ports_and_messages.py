"""The book of ports, and what travels between parent and worker."""

from __future__ import annotations

from pathlib import Path

from pbx.media import commands
from pbx.media.engine import Codec, Far, File, Silence, Tone
from pbx.media.portbook import BATCH, REST_SECONDS, PortBook, pairs


def test_pairs_are_even_and_whole_and_shared_out() -> None:
    assert pairs(20000, 20005) == [20000, 20002, 20004]
    assert pairs(20001, 20004) == [20002]
    assert pairs(20000, 20007, share=1, shares=2) == [20002, 20006]


def test_ports_are_bound_ahead_and_go_round() -> None:
    book = PortBook(pairs(20000, 21999))
    assert book.take(0.0) is None
    batch = book.to_bind(0.0)
    assert len(batch) == BATCH
    assert book.binding and not book.to_bind(0.0)
    book.bound(batch[1:])  # one is in use by somebody else
    assert book.take(0.0) == batch[1]
    book.give_back(batch[1], 0.0)
    taken = [book.take(0.1) for _ in range(BATCH - 2)]
    assert batch[1] not in taken
    assert book.take(0.1) is None
    assert book.take(REST_SECONDS + 0.1) == batch[1]


def test_a_small_range_gives_out_a_tired_port_before_refusing_a_call() -> None:
    book = PortBook([20000, 20002])
    book.bound(book.to_bind(0.0))
    one, other = book.take(0.0), book.take(0.0)
    assert {one, other} == {20000, 20002}
    assert book.take(0.0) is None and not book.binding
    book.give_back(20002, 1.0)
    assert book.take(1.1) == 20002


def test_messages_are_cut_out_of_any_pieces() -> None:
    messages = [("aim", 1, ("h", None, (1, 2.5))), ("close", 2), ("note", "è" * 500)]
    stream = b"".join(map(commands.pack, messages))
    reader = commands.Reader()
    got = [message for byte in stream for message in reader.feed(bytes([byte]))]
    assert got == messages
    assert commands.Reader().feed(stream) == messages


def test_values_come_up_as_they_went_down() -> None:
    far = Far("10.0.0.1", 4000, 5001, Codec("G722", 9), (Codec("PCMA", 8),), None, False, True, 30)
    assert commands.far_up(commands.far_down(far)) == far
    sounds = (File(Path("/a/b.wav")), Tone("beep", 1.5), Silence(2.0))
    assert commands.sounds_up(commands.sounds_down(sounds)) == sounds
