"""Offer and answer (RFC 3264) for one audio stream that we anchor.

Whatever else is offered (video, a second audio stream, T.38, secured RTP) is refused in its place,
so that the call goes on with the stream we take.
"""

from __future__ import annotations

from dataclasses import dataclass

from pbx.sip import sdp as descriptions
from pbx.sip.sdp import DIRECTIONS, Media

DEFAULT_FRAME_MS = 20
DIGITS_PAYLOAD_TYPE = 101
"What we offer telephone-event as; everybody does, and some phones assume it."
MAX_REFUSED_FORMATS = 16
"Formats of a refused stream that are said back; a stranger does not choose how long we answer."
DIGITS = "0-16"
"The events of RFC 4733: the sixteen keys and flash."

# RFC 3551 table 4. G.722 samples at 16 kHz, yet its clock is said to be 8000 by an error that had
# to stay (s.4.5.2); a few phones say 16000, so both are read.
_STATIC = {"PCMU": 0, "PCMA": 8, "G722": 9}
_BY_NUMBER = {0: ("PCMU", 8000), 8: ("PCMA", 8000), 9: ("G722", 8000)}
_RATES = {"PCMU": (8000,), "PCMA": (8000,), "G722": (8000, 16000), "telephone-event": (8000,)}
_SPELLING = {name.lower(): name for name in _RATES}

# Plain RTP, with or without the feedback profile; secured RTP (SAVP, SAVPF) we do not do.
_PROTOCOLS = ("RTP/AVP", "RTP/AVPF")


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
    protocol: str = "RTP/AVP"
    "The transport they named, which an answer repeats (RFC 3264 s.6.1)."

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
    try:
        session = descriptions.parse(sdp)
    except ValueError as error:
        raise BadSession(str(error)) from None
    index, audio = _our_stream(session.media)
    host = audio.host or session.host
    if not host:
        raise BadSession("no c= line")
    codings, digits = _codings(audio)
    if not codings:
        raise NoCommonCodec("no coding that we know")
    direction = _direction(audio.attributes) or _direction(session.attributes) or "sendrecv"
    if host in ("0.0.0.0", "::"):
        direction = "inactive"  # hold as in RFC 2543 (RFC 3264 s.8.4)
    return Remote(
        host=host,
        port=audio.port,
        rtcp_port=_rtcp_port(audio),
        codings=codings,
        digits=digits,
        direction=direction,
        frame_ms=_frame_ms(audio),
        rejected_media=tuple(media.line for media in session.media if media is not audio),
        audio_index=index,
        protocol=audio.protocol,
    )


def _our_stream(media: list[Media]) -> tuple[int, Media]:
    """The first audio stream that we can carry, and its place."""
    for index, one in enumerate(media):
        if one.kind == "audio" and one.port and one.protocol in _PROTOCOLS:
            return index, one
    if not media:
        raise BadSession("no m= line")
    raise NoCommonCodec("no audio over plain RTP")


def _codings(audio: Media) -> tuple[tuple[Coding, ...], int | None]:
    """What we know of their formats, in their order, and the payload type of their digits."""
    names: dict[int, tuple[str, int]] = dict(_BY_NUMBER)
    for attribute, value in audio.attributes:
        if attribute != "rtpmap":
            continue
        number, _, mapping = value.partition(" ")
        name, _, clock = mapping.strip().partition("/")
        rate, _, channels = clock.partition("/")
        payload_type = _small(number)
        if payload_type is not None:
            known = _SPELLING.get(name.strip().lower(), "") if channels in ("", "1") else ""
            names[payload_type] = (known, _small(rate, 200_000) or 0)
    codings: list[Coding] = []
    digits: int | None = None
    for text in audio.formats:
        payload_type = _small(text)
        if payload_type is None:
            continue
        name, hertz = names.get(payload_type, ("", 0))
        if hertz not in _RATES.get(name, ()):
            continue
        if name == "telephone-event":
            digits = payload_type if digits is None else digits
        elif all(coding.name != name for coding in codings):
            codings.append(Coding(name, payload_type))
    return tuple(codings), digits


def _small(text: str, most: int = 127) -> int | None:
    if text.isascii() and text.isdigit() and len(text) <= 6 and int(text) <= most:
        return int(text)
    return None


def _direction(attributes: list[tuple[str, str]]) -> str:
    return next((name for name, _ in attributes if name in DIRECTIONS), "")


def _rtcp_port(audio: Media) -> int:
    """RFC 3605; else the port above (RFC 3550 s.11)."""
    said = _small(audio.attribute("rtcp").partition(" ")[0], 65535)
    return said or min(audio.port + 1, 65535)


def _frame_ms(audio: Media) -> int:
    """Their packet length, made a multiple of 10 ms between 10 and 60."""
    wanted = _small(audio.attribute("ptime").partition(".")[0], 1000) or DEFAULT_FRAME_MS
    most = _small(audio.attribute("maxptime").partition(".")[0], 1000) or 60
    return max(10, min(wanted, most, 60) // 10 * 10)


def write_offer(
    local: Local, codings: tuple[str, ...], *, direction: str = "sendrecv", digits: bool = True
) -> bytes:
    """Our offer with these codings in this order (telephone-event 101 with digits)."""
    chosen = [Coding(name, _STATIC[name]) for name in codings]
    stream = _stream(local, chosen, DIGITS_PAYLOAD_TYPE if digits else None, direction, "RTP/AVP")
    return descriptions.write(local.host, local.session_id, local.version, [stream])


def write_answer(
    local: Local, remote: Remote, chosen: str, *, direction: str = "sendrecv"
) -> bytes:
    """Our answer to their offer: `chosen` and telephone-event if offered, their payload types,
    the direction narrowed by theirs (RFC 3264 s.6.1), their other m= lines refused in place.

    Raises NoCommonCodec when they did not offer `chosen`.
    """
    coding = next((coding for coding in remote.codings if coding.name == chosen), None)
    if coding is None:
        raise NoCommonCodec(f"{chosen} was not offered")
    streams = [_refused(line) for line in remote.rejected_media]
    ours = _stream(
        local, [coding], remote.digits, narrow(direction, remote.direction), remote.protocol
    )
    streams.insert(remote.audio_index, ours)
    return descriptions.write(local.host, local.session_id, local.version, streams)


def _stream(
    local: Local, codings: list[Coding], digits: int | None, direction: str, protocol: str
) -> list[str]:
    numbers = [coding.payload_type for coding in codings]
    lines = [f"a=rtpmap:{coding.payload_type} {coding.name}/8000" for coding in codings]
    if digits is not None:
        numbers.append(digits)
        lines.append(f"a=rtpmap:{digits} telephone-event/8000")
        lines.append(f"a=fmtp:{digits} {DIGITS}")
    formats = " ".join(map(str, numbers))
    return [
        f"m=audio {local.port} {protocol} {formats}",
        *lines,
        f"a=ptime:{DEFAULT_FRAME_MS}",
        f"a={direction}",
    ]


def _refused(line: str) -> list[str]:
    """An m= line of theirs with port 0; one format must stand there, which one does not matter
    (RFC 3264 s.6)."""
    kind, _, protocol, *formats = line.split()
    return [" ".join((kind, "0", protocol, *(formats[:MAX_REFUSED_FORMATS] or ["0"])))]


def choose(remote: Remote, ours: tuple[str, ...], *, prefer: str = "") -> str:
    """The coding to use with them: `prefer` if they have it, else their first that we have.

    Raises NoCommonCodec.
    """
    theirs = [coding.name for coding in remote.codings]
    if prefer in theirs:
        return prefer
    for name in theirs:
        if name in ours:
            return name
    raise NoCommonCodec(f"they have {', '.join(theirs)}, we have {', '.join(ours)}")


def narrow(direction: str, theirs: str) -> str:
    """What we may say of a stream when they say `theirs` and we would like `direction`.

    We send only what they receive, and receive only what they send.
    """
    send = direction in ("sendrecv", "sendonly") and theirs in ("sendrecv", "recvonly")
    receive = direction in ("sendrecv", "recvonly") and theirs in ("sendrecv", "sendonly")
    if send:
        return "sendrecv" if receive else "sendonly"
    return "recvonly" if receive else "inactive"


def reverse(direction: str) -> str:
    """The direction as the other side says it."""
    return {"sendonly": "recvonly", "recvonly": "sendonly"}.get(direction, direction)
