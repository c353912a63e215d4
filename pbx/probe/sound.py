"""What the line test sends and looks for: its tone, and keys as RTP events.

Arithmetic on bytes; `phone` sends them.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator

TONE = 1000  # Hz; neither a key's frequency nor one of the office's own tones
BLOCK = 800  # samples at 8 kHz: the 100 ms over which the tone is looked for
EVENT_CODES = "0123456789*#"  # RFC 4733 s.3.2, table 3


def tone(samples: int, *, start: int = 0) -> bytes:
    """A piece of the test tone as pyVoIP wants sound: 8-bit unsigned, 8 kHz.

    start: how many samples came before, so that pieces join without a click.
    """
    step = 2 * math.pi * TONE / 8000
    return bytes(round(128 + 56 * math.sin(step * n)) for n in range(start, start + samples))


def tone_share(block: bytes) -> float:
    """How much of a block's power is the test tone: 0 for silence or speech, near 1 for the tone.

    block: 8-bit unsigned, 8 kHz. A block under about -40 dB of full scale counts as silence.
    """
    centred = [byte - 128 for byte in block]
    power = sum(x * x for x in centred)
    if power < len(centred):  # a root mean square under 1 of 128 steps
        return 0.0
    step = 2 * math.pi * TONE / 8000
    re = sum(x * math.cos(step * n) for n, x in enumerate(centred))
    im = sum(x * math.sin(step * n) for n, x in enumerate(centred))
    return 2 * (re * re + im * im) / (len(centred) * power)


def event_packets(
    digit: str, *, payload_type: int, sequence: int, timestamp: int, ssrc: int
) -> Iterator[bytes]:
    """One key as RTP packets (RFC 4733 s.2.5): 100 ms of it, then its end three times."""
    code = EVENT_CODES.index(digit)
    for n in range(8):
        end = n >= 5
        duration = 160 * min(n + 1, 6)
        marker = 0x80 if n == 0 else 0
        yield struct.pack(
            "!BBHIIBBH",
            0x80,
            marker | payload_type,
            (sequence + n) & 0xFFFF,
            timestamp,
            ssrc,
            code,
            (0x80 if end else 0) | 10,  # -10 dBm0
            duration,
        )
