"""G.711 against the standard's own words, G.722 against what comes out again."""

from __future__ import annotations

import numpy as np
import pytest

from pbx.media import g711, g722

EVERY_SAMPLE = np.arange(-32768, 32768).astype(np.int16)
EVERY_CODE = bytes(range(256))


def alaw_code(sample: int) -> int:
    """G.711 by shifting, one sample: sign, segment, step (12-bit magnitude, even bits inverted)."""
    magnitude = (~sample if sample < 0 else sample) >> 4
    segment = 0
    while magnitude >> segment > 31:
        segment += 1
    if magnitude > 15:
        magnitude = (magnitude >> segment) - 16 + ((segment + 1) << 4)
    return (magnitude | (0x80 if sample >= 0 else 0)) ^ 0x55


def ulaw_code(sample: int) -> int:
    """G.711 mu-law likewise: 13-bit magnitude with a bias of 33, all bits inverted."""
    magnitude = min(((~sample if sample < 0 else sample) >> 2) + 33, 0x1FFF)
    segment = magnitude.bit_length() - 6
    step = (magnitude >> (segment + 1)) & 15
    return (segment << 4 | step | (0 if sample >= 0 else 0x80)) ^ 0xFF


def test_every_sample_has_the_code_of_the_standard() -> None:
    assert g711.encode_alaw(EVERY_SAMPLE) == bytes(alaw_code(int(s)) for s in EVERY_SAMPLE)
    assert g711.encode_ulaw(EVERY_SAMPLE) == bytes(ulaw_code(int(s)) for s in EVERY_SAMPLE)


@pytest.mark.parametrize(
    ("code", "level"),
    # G.711 tables 1a/1b and 2a/2b, the outer values in units of 16 bits.
    [(0xD5, 8), (0x55, -8), (0xAA, 32256), (0x2A, -32256), (0xC5, 264), (0xD4, 24)],
)
def test_alaw_levels_of_the_tables(code: int, level: int) -> None:
    assert g711.decode_alaw(bytes([code])).tolist() == [level]


@pytest.mark.parametrize(
    ("code", "level"),
    [(0xFF, 0), (0x7F, 0), (0xFE, 8), (0x80, 32124), (0x00, -32124), (0xEF, 132), (0xEE, 148)],
)
def test_ulaw_levels_of_the_tables(code: int, level: int) -> None:
    assert g711.decode_ulaw(bytes([code])).tolist() == [level]


def test_codes_survive_a_round_trip() -> None:
    assert g711.encode_alaw(g711.decode_alaw(EVERY_CODE)) == EVERY_CODE
    back = g711.encode_ulaw(g711.decode_ulaw(EVERY_CODE))
    # Minus zero is a code of its own that linear sound cannot hold.
    assert back == EVERY_CODE.replace(b"\x7f", b"\xff")


def test_the_error_is_never_more_than_half_a_step() -> None:
    for encode, decode in (
        (g711.encode_alaw, g711.decode_alaw),
        (g711.encode_ulaw, g711.decode_ulaw),
    ):
        size = np.abs(EVERY_SAMPLE.astype(int))
        error = np.abs(decode(encode(EVERY_SAMPLE)).astype(int) - EVERY_SAMPLE)
        half_step = np.maximum(8, (size + 132) / 32)  # 132: the bias of mu-law
        assert (error <= half_step)[size < 32000].all()


def test_from_law_to_law_is_by_way_of_the_sound() -> None:
    assert g711.alaw_to_ulaw(EVERY_CODE) == g711.encode_ulaw(g711.decode_alaw(EVERY_CODE))
    assert g711.ulaw_to_alaw(EVERY_CODE) == g711.encode_alaw(g711.decode_ulaw(EVERY_CODE))
    assert g711.alaw_to_ulaw(bytes([g711.ALAW_SILENCE]) * 3) == b"\xfe" * 3
    assert g711.ulaw_to_alaw(bytes([g711.ULAW_SILENCE])) == bytes([g711.ALAW_SILENCE])


def test_nothing_is_nothing() -> None:
    assert len(g711.decode_alaw(b"")) == len(g711.decode_ulaw(b"")) == 0
    assert g711.encode_alaw(np.zeros(0, np.int16)) == b""
    assert g722.Encoder().encode(np.zeros(0, np.int16)) == b""
    assert len(g722.Decoder().decode(b"")) == 0


def wave(hertz: float, rate: int, seconds: float = 1.0) -> np.ndarray:
    time = np.arange(round(rate * seconds)) / rate
    return np.round(8000 * np.sin(2 * np.pi * hertz * time)).astype(np.int16)


def purity(sound: np.ndarray, hertz: float, rate: int) -> float:
    """The part of the energy that is this one tone, in the second half of the sound."""
    tail = sound[len(sound) // 2 :].astype(float)
    turn = np.exp(-2j * np.pi * hertz * np.arange(len(tail)) / rate)
    return float(2 * abs(tail @ turn) ** 2 / len(tail) / (tail @ tail))


@pytest.mark.parametrize("hertz", [300, 1000, 3000, 5000, 6500])
def test_g722_carries_the_wide_band(hertz: float) -> None:
    encoder, decoder = g722.Encoder(), g722.Decoder()
    sound = wave(hertz, 16000)
    heard = []
    for start in range(0, len(sound), 320):
        payload = encoder.encode(sound[start : start + 320])
        assert len(payload) == 160
        heard.append(decoder.decode(payload))
        assert heard[-1].dtype == np.int16 and len(heard[-1]) == 320
    assert purity(np.concatenate(heard), hertz, 16000) > 0.98


def test_g722_of_the_lower_band_is_read_by_a_wideband_phone_and_back() -> None:
    wide = g722.Decoder().decode(g722.Encoder(8000).encode(wave(1000, 8000)))
    assert len(wide) == 16000 and purity(wide, 1000, 16000) > 0.98
    narrow = g722.Decoder(8000).decode(g722.Encoder().encode(wave(1000, 16000)))
    assert len(narrow) == 8000 and purity(narrow, 1000, 8000) > 0.98


def test_g722_takes_any_bytes() -> None:
    noise = np.random.default_rng(1).integers(0, 256, 999).astype(np.uint8).tobytes()
    assert len(g722.Decoder().decode(noise)) == 1998
