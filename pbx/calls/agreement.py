"""What two ends agreed about their sound: offers and answers (RFC 3264), and the coding chosen.

Knows nothing of dialogs and streams; a leg (`calls/leg.py`) says what is offered and answered here.
"""

from __future__ import annotations

from dataclasses import replace
from random import SystemRandom

from pbx.calls.switch import OURS
from pbx.media import engine as media
from pbx.sip import offer

_random = SystemRandom()


class Agreement:
    """One side's description of its sound and ours."""

    def __init__(self) -> None:
        self.remote: offer.Remote | None = None
        "What the far end last said."
        self.coding = ""
        "What is spoken, or would be."
        self.ours: tuple[str, ...] = OURS
        "Codings that this side may use."
        self.ordered = False
        "The order of `ours` is a setting: it counts more than theirs."
        self.said = b""
        "Our own last description."
        self._local: offer.Local | None = None

    def choose(self, remote: offer.Remote, *, prefer: str = "") -> str:
        """The coding for what the far end offers or answers. Raises offer.NoCommonCodec.

        Where a setting gives an order, that order counts: neither theirs, nor what would spare
        transcoding, only what is spoken already.
        """
        if not self.ordered:
            return offer.choose(remote, self.ours, prefer=prefer)
        theirs = {coding.name for coding in remote.codings}
        for name in (self.coding, *self.ours):
            if name in self.ours and name in theirs:
                return name
        raise offer.NoCommonCodec(f"they have {', '.join(theirs)}, we have {', '.join(self.ours)}")

    def take(self, sdp: bytes) -> None:
        """What the far end says now holds. Raises offer.BadSession or NoCommonCodec."""
        remote = read(sdp)
        self.coding = self.choose(remote, prefer=self.coding)
        self.remote = remote

    def our_offer(self, host: str, port: int, codings: tuple[str, ...]) -> bytes:
        """Our offer, a newer one each time: sound to us, at this address."""
        local = self._place(host, port)
        if self.said:
            local = self._local = replace(local, version=local.version + 1)
        self.said = offer.write_offer(local, codings)
        return self.said

    def offer_elsewhere(self, host: str, port: int, remote: offer.Remote, coding: str) -> bytes:
        """An offer that has the far end send its sound to somebody else (`remote`)."""
        local = self._place(host, port)
        self._local = replace(local, version=local.version + 1)
        there = replace(self._local, host=remote.host, port=remote.port)
        self.said = offer.write_offer(there, (coding,), digits=remote.digits is not None)
        return self.said

    def our_answer(self, host: str, port: int) -> bytes:
        """Our answer to what the far end offered."""
        assert self.remote is not None
        local = self._place(host, port)
        said = offer.write_answer(local, self.remote, self.coding)
        if self.said and said != self.said:  # another description needs another version
            self._local = replace(local, version=local.version + 1)
            said = offer.write_answer(self._local, self.remote, self.coding)
        self.said = said
        return said

    def far(self, *, listening: bool) -> media.Far | None:
        """Where a stream is to send, and what comes from there; None before anything was said.

        listening: the far end's sound comes to us, and not straight to another phone.
        """
        remote = self.remote
        if remote is None:
            return None
        numbers = {coding.name: coding.payload_type for coding in remote.codings}
        return media.Far(
            host=remote.host,
            port=remote.port,
            rtcp_port=remote.rtcp_port,
            send=media.Codec(self.coding, numbers[self.coding]),
            accept=tuple(media.Codec(c.name, c.payload_type) for c in remote.codings),
            digits=remote.digits,
            sends=remote.direction in ("sendrecv", "sendonly") and listening,
            receives=remote.direction in ("sendrecv", "recvonly"),
            frame_ms=remote.frame_ms,
        )

    def _place(self, host: str, port: int) -> offer.Local:
        if self._local is None:
            self._local = offer.Local(host=host, port=port, session_id=_random.getrandbits(40))
        return self._local


def read(sdp: bytes) -> offer.Remote:
    """A description that we can carry. Raises offer.BadSession or NoCommonCodec."""
    remote = offer.read(sdp)
    if ":" in remote.host and remote.direction != "inactive":
        # Better said than a call in which nobody hears anybody.
        raise offer.NoCommonCodec("sound over IPv6 is not carried")
    return remote
