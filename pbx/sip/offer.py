"""Offer and answer (RFC 3264) for one audio stream that we anchor.

INTERFACE TO BUILD: signatures are relied on by calls.
"""

from __future__ import annotations

from dataclasses import dataclass


class NoCommonCodec(Exception):
    """Nothing both sides can do: answer 488."""


class BadSession(Exception):
    """An SDP that cannot be read: answer 400 (or 488 when it has no audio)."""


@dataclass(frozen=True, slots=True)
class Coding:
    """One payload type of a session."""

    name: str
    "'PCMU', 'PCMA', 'G722', 'telephone-event' (upper/lower case as in RFC 3551/4733)."
    payload_type: int


@dataclass(frozen=True, slots=True)
class Remote:
    """The audio stream of a remote SDP, read generously."""

    host: str
    port: int
    rtcp_port: int
    codings: tuple[Coding, ...]
    "What they offered or answered that we know, in their order, telephone-event left out."
    digits: int | None
    "Their telephone-event payload type at 8000 Hz."
    direction: str
    "As they say it: 'sendrecv', 'sendonly', 'recvonly', 'inactive' (a 0.0.0.0 host is inactive)."
    frame_ms: int
    rejected_media: tuple[str, ...] = ()
    "Other m= lines, whole, to be answered with port 0 in their order."
    audio_index: int = 0
    "Position of the audio line among all m= lines."

    @property
    def on_hold(self) -> bool:
        """They hold us: they want no sound from us (sendonly or inactive)."""
        return self.direction in ("sendonly", "inactive")


@dataclass(frozen=True, slots=True)
class Local:
    """Our side of one stream; a new version whenever the SDP we say changes."""

    host: str
    port: int
    session_id: int
    version: int = 1


def read(sdp: bytes) -> Remote:
    """Read an SDP (RFC 8866). Raises BadSession, or NoCommonCodec without usable audio."""
    raise NotImplementedError


def write_offer(
    local: Local, codings: tuple[str, ...], *, direction: str = "sendrecv", digits: bool = True
) -> bytes:
    """Our offer with these codings in this order (telephone-event 101 with digits)."""
    raise NotImplementedError


def write_answer(
    local: Local, remote: Remote, chosen: str, *, direction: str = "sendrecv"
) -> bytes:
    """Our answer to their offer: `chosen` and telephone-event if offered, their payload types,
    the direction narrowed by theirs (RFC 3264 s.6.1), their other m= lines refused in place."""
    raise NotImplementedError


def choose(remote: Remote, ours: tuple[str, ...], *, prefer: str = "") -> str:
    """The coding to use with them: `prefer` if they have it, else their first that we have.
    Raises NoCommonCodec."""
    raise NotImplementedError


def reverse(direction: str) -> str:
    """The direction as the other side says it."""
    return {"sendonly": "recvonly", "recvonly": "sendonly"}.get(direction, direction)
