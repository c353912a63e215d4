"""Telephone keys in sound: as RTP events (RFC 4733) and as tone pairs (ITU-T Q.23, Q.24).

Pure: frames in, keys out. Keys are told when they begin, once each.

The receiver for tones looks at 20 ms windows every 5 ms, for any number of channels in one matrix
product. A window is a key when one tone of each group holds nearly all of its energy at a
sensible level and twist, and the phase advance from the window before puts both tones within the
permitted distance of their nominal frequency: speech and music rarely do all of it four windows
in a row.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.int16]

DIGITS = "0123456789*#ABCD"
"In the order of the event codes 0 to 15 (RFC 4733 s.3.2)."
LOW = (697, 770, 852, 941)
HIGH = (1209, 1336, 1477, 1633)
KEYPAD = "123A456B789C*0#D"
"Row by row: LOW index * 4 + HIGH index."

# --- RFC 4733 ---------------------------------------------------------------------------------

_PAYLOAD = struct.Struct("!BBH")
_RECENT = 8000 * 5
"How far back a timestamp is still taken for a packet out of order, in ticks."


def event_code(digit: str) -> int:
    """The event code of a key. Raises ValueError for what is no key."""
    if len(digit) != 1:
        raise ValueError(f"not one key: {digit!r}")
    return DIGITS.index(digit.upper())


def event_digit(code: int) -> str:
    """The key of an event code; "" for events that are no keys (flash, fax tones)."""
    return DIGITS[code] if 0 <= code < len(DIGITS) else ""


@dataclass(frozen=True, slots=True)
class Event:
    """The payload of a telephone-event packet (RFC 4733 s.2.3)."""

    code: int
    end: bool = False
    volume: int = 10
    "-dBm0, 0 to 63."
    duration: int = 0
    "Timestamp ticks since the event began, 0 to 65535."

    def pack(self) -> bytes:
        """The four bytes of the payload."""
        return _PAYLOAD.pack(self.code, self.end << 7 | self.volume & 63, self.duration & 0xFFFF)


def unpack_event(payload: bytes) -> Event:
    """Read a payload; what follows the first four bytes is ignored. Raises ValueError under 4."""
    if len(payload) < 4:
        raise ValueError("telephone-event payload under 4 bytes")
    code, flags, duration = _PAYLOAD.unpack_from(payload)
    return Event(code, bool(flags & 0x80), flags & 63, duration)


class EventReader:
    """Tells each key of one RTP source once (RFC 4733 s.2.5.1.2); a new source needs a new one.

    All packets of an event share its timestamp, so any of them begins the key and the rest repeat
    it: start or end packets may be lost. Packets of an earlier event that come late are passed
    over, and an event that was cut into segments because its duration outgrew 16 bits
    (s.2.5.1.3) is still one key.
    """

    def __init__(self) -> None:
        self._key: tuple[int, int] | None = None  # timestamp and code of the newest event
        self._segment_end = -1  # the timestamp at which the next segment of it would begin

    def read(self, timestamp: int, payload: bytes) -> str:
        """The key that begins with this packet, or "" when none does."""
        try:
            event = unpack_event(payload)
        except ValueError:
            return ""
        key = (timestamp, event.code)
        if key == self._key:
            self._note_end(timestamp, event)
            return ""
        if self._key is not None:
            last_timestamp, last_code = self._key
            if timestamp == self._segment_end and event.code == last_code:
                self._key = key
                self._note_end(timestamp, event)
                return ""
            if 0 < (last_timestamp - timestamp) % 2**32 < _RECENT:
                return ""
        self._key, self._segment_end = key, -1
        self._note_end(timestamp, event)
        return event_digit(event.code)

    def _note_end(self, timestamp: int, event: Event) -> None:
        # Only a full duration without the end bit announces a further segment.
        full = event.duration == 0xFFFF and not event.end
        if full:
            self._segment_end = (timestamp + 0xFFFF) % 2**32
        elif event.end:
            self._segment_end = -1


# --- tones ------------------------------------------------------------------------------------

FULL_SCALE_DBM0 = 3.14
"The level of a full-scale sine (ITU-T G.711, A-law)."


def tone(digit: str, rate: int = 8000, seconds: float = 0.1, *, low_dbm0: float = -8.0) -> Samples:
    """A key's pair of tones; the upper one 2 dB above the lower, as lines swallow more of it.

    5 ms edges, because a hard one is heard as a click. Raises ValueError for what is no key.
    """
    if len(digit) != 1 or digit.upper() not in KEYPAD:
        raise ValueError(f"not one key: {digit!r}")
    row, column = divmod(KEYPAD.index(digit.upper()), 4)
    count = round(rate * seconds)
    time = np.arange(count) / rate
    low, high = (32767 * 10 ** ((db - FULL_SCALE_DBM0) / 20) for db in (low_dbm0, low_dbm0 + 2))
    wave = low * np.sin(2 * np.pi * LOW[row] * time) + high * np.sin(
        2 * np.pi * HIGH[column] * time
    )
    edge = min(rate // 200, count // 2)
    if edge:
        ramp = np.sin(np.pi / 2 * (np.arange(edge) + 0.5) / edge) ** 2
        wave[:edge] *= ramp
        wave[count - edge :] *= ramp[::-1]
    return np.round(wave).astype(np.int16)


WINDOW_SECONDS = 0.020
HOP_SECONDS = 0.005
ON_WINDOWS = 4
"A key begins after so many windows alike: tones of 40 ms always do, of 20 ms never (Q.24)."
OFF_WINDOWS = 8
"A key is over after so many others: breaks under 20 ms do not split it, pauses of 40 ms do."
MIN_DBM0 = -30.0
"Of each tone. Q.24 asks for -25 at least; phones send about -8."
MAX_HIGH_OVER_LOW_DB = 6.0
MAX_LOW_OVER_HIGH_DB = 10.0
"Twist. Q.24 asks for 4 and 8 at least."
MIN_SHARE = 0.80
"The two tones' part of the window's energy."
MAX_OFFSET = 0.025
"Distance from the nominal frequency: Q.24 takes up to 1.5 % + 2 Hz and refuses from 3.5 %."


class Bank:
    """A receiver for tone keys on many channels at once.

    The channels are fed together, frame by frame: a tick of a whole worker is one call.
    """

    def __init__(self, channels: int, rate: int = 8000) -> None:
        self.channels = channels
        self._size = round(rate * WINDOW_SECONDS)
        self._within = np.arange(self._size)
        self._hop = round(rate * HOP_SECONDS)
        self._offset_scale = 1 / (2 * np.pi * HOP_SECONDS)
        tones = np.array(LOW + HIGH, np.float64)
        self._tolerance = (tones * MAX_OFFSET).astype(np.float32)
        time = np.arange(self._size) / rate
        # Hann: a rectangular window would let one group's tone spoil the other's phase.
        shape = np.sin(np.pi * (np.arange(self._size) + 0.5) / self._size) ** 2
        angles = 2 * np.pi * tones[:, None] * time
        basis = np.concatenate([np.cos(angles) * shape, -np.sin(angles) * shape])
        # Scaled so that |X|^2 of a steady sine is its part of the windowed energy: A^2/2.
        self._basis = (basis.T * (np.sqrt(2) / shape.sum())).astype(np.float32)
        self._shape_energy = (shape**2 / (shape**2).sum()).astype(np.float32)
        self._turn = np.exp(-2j * np.pi * tones * HOP_SECONDS).astype(np.complex64)
        full_scale = 32767.0**2 / 2
        self._floor = full_scale * 10 ** ((MIN_DBM0 - FULL_SCALE_DBM0) / 10)
        self._kept = np.zeros((channels, 0), np.float32)
        self._before = np.zeros((channels, 8), np.complex64)
        self._sounding = [-1] * channels  # the key that is down, by its place in KEYPAD
        self._candidate = [-1] * channels
        self._count = [0] * channels
        self._missed = [0] * channels

    def feed(self, frames: npt.NDArray[np.int16] | Sequence[Samples]) -> list[tuple[int, str]]:
        """Take the next samples of every channel, an array (channels, n); any n.

        The answer has (channel, key) for each key that has begun, in the order of time.
        """
        new = np.asarray(frames, np.float32).reshape(self.channels, -1)
        sound = np.concatenate([self._kept, new], axis=1) if self._kept.size else new
        windows = (sound.shape[1] - self._size) // self._hop + 1
        if windows <= 0:
            self._kept = sound.copy()
            return []
        starts = np.arange(windows)[:, None] * self._hop
        self._kept = sound[:, windows * self._hop :].copy()
        seen = self._look(sound[:, starts + self._within])
        begun: list[tuple[int, str]] = []
        # Channels with nothing down, nothing begun and nothing seen need no step: nearly all.
        busy: list[bool] = np.any(seen >= 0, axis=1).tolist()
        for channel in range(self.channels):
            if busy[channel] or self._sounding[channel] >= 0 or self._candidate[channel] >= 0:
                begun.extend((channel, key) for key in self._step(channel, seen[channel].tolist()))
        return begun

    def _look(self, view: npt.NDArray[np.float32]) -> npt.NDArray[np.int64]:
        """What each window shows: its place in KEYPAD, or -1; shape (channels, windows)."""
        channels, windows, _ = view.shape
        flat = view.reshape(-1, self._size)
        energy = (flat * flat) @ self._shape_energy
        if energy.max() < self._floor:  # silence, for all channels: nothing to look for
            self._before = np.zeros((channels, 8), np.complex64)
            return np.full((channels, windows), -1)
        parts = flat @ self._basis
        tones = np.empty((channels, windows + 1, 8), np.complex64)
        tones[:, 0] = self._before
        tones[:, 1:].real = parts[:, :8].reshape(channels, windows, 8)
        tones[:, 1:].imag = parts[:, 8:].reshape(channels, windows, 8)
        self._before = tones[:, -1].copy()
        seen = np.full((channels, windows), -1)
        parts *= parts
        power = (parts[:, :8] + parts[:, 8:]).reshape(-1, 2, 4)
        strongest = power.max(axis=2)
        # Most windows end here. Half the energy, because a tone at the edge of the tolerance is
        # read at two thirds.
        likely = (strongest.min(axis=1) > self._floor / 2) & (
            strongest.sum(axis=1) > MIN_SHARE / 2 * energy
        )
        if not likely.any():
            return seen
        which = np.nonzero(likely)[0]
        channel, window = np.divmod(which, windows)
        row, column = power[which].argmax(axis=2).T
        energy = energy[which]
        low, fits_low = self._refine(tones, channel, window, row)
        high, fits_high = self._refine(tones, channel, window, column + 4)
        good = (
            fits_low
            & fits_high
            & (low > self._floor)
            & (high > self._floor)
            & (low + high > MIN_SHARE * energy)
            & (high < low * 10 ** (MAX_HIGH_OVER_LOW_DB / 10))
            & (low < high * 10 ** (MAX_LOW_OVER_HIGH_DB / 10))
        )
        seen[channel[good], window[good]] = row[good] * 4 + column[good]
        return seen

    def _refine(
        self,
        tones: npt.NDArray[np.complex64],
        channel: npt.NDArray[np.int64],
        window: npt.NDArray[np.int64],
        index: npt.NDArray[np.int64],
    ) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_]]:
        """The true power of these tones, and whether their frequency is within the tolerance."""
        now, before = tones[channel, window + 1, index], tones[channel, window, index]
        hertz = np.angle(now * before.conj() * self._turn[index]) * self._offset_scale
        # A tone beside the window's centre is read too low: the Hann window's response, squared.
        bins = np.minimum(np.abs(hertz) * WINDOW_SECONDS, 0.9)
        response = np.sinc(bins) / (1 - bins**2)
        power = np.abs(now) ** 2 / response**2
        return power.astype(np.float32), np.abs(hertz) <= self._tolerance[index]

    def _step(self, channel: int, seen: Sequence[int]) -> list[str]:
        begun: list[str] = []
        for key in seen:
            if key >= 0 and key == self._candidate[channel]:
                self._count[channel] += 1
            else:
                self._candidate[channel], self._count[channel] = key, int(key >= 0)
            if key >= 0 and key == self._sounding[channel]:
                self._missed[channel] = 0
            elif self._sounding[channel] >= 0:
                self._missed[channel] += 1
                if self._missed[channel] >= OFF_WINDOWS:
                    self._sounding[channel] = -1
            if self._count[channel] == ON_WINDOWS and key != self._sounding[channel]:
                self._sounding[channel], self._missed[channel] = key, 0
                begun.append(KEYPAD[key])
        return begun


class Detector:
    """A receiver for tone keys on one channel."""

    def __init__(self, rate: int = 8000) -> None:
        self._bank = Bank(1, rate)

    def feed(self, frame: Samples) -> list[str]:
        """Take the next samples, any number; the keys that have begun with them."""
        return [key for _, key in self._bank.feed(frame.reshape(1, -1))]
