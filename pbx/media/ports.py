"""The two sockets of a stream, bound ahead of their first call and kept for the next.

Once a far end's address has proved steady its RTP socket is pinned to it (`connect`). The kernel
then refuses every other sender by itself, and each packet costs a fifth less: no address to build
and compare, no route to look up. Unpinned, the socket hears everybody and `relay.py` decides.
"""

from __future__ import annotations

import ctypes
import os
import socket
import struct
from collections.abc import Callable

from pbx.media.latch import Address
from pbx.media.relay import Flow

Handler = Callable[[float], None]

_LIBC = ctypes.CDLL(None, use_errno=True)
_NOBODY = struct.pack("=H14x", socket.AF_UNSPEC)
"An address that dissolves the association of a datagram socket (connect(2))."


class Pair:
    """An RTP socket and the RTCP socket next to it."""

    __slots__ = ("_buffer", "_flow", "pinned", "rtcp", "rtp")

    def __init__(self, host: str, port: int, buffer: bytearray) -> None:
        """Raises OSError when either port is taken. buffer: where datagrams are put."""
        self._buffer = buffer
        self._flow: Flow | None = None
        self.pinned = False
        self.rtp = _bound(host, port)
        try:
            self.rtcp = _bound(host, port + 1)
        except OSError:
            self.rtp.close()
            raise

    def handlers(self, flow: Flow | None) -> tuple[Handler, Handler]:
        """What to do when the RTP and the RTCP socket are readable, for this stream or none."""
        self.unpin()
        self._flow = flow
        # What the last call left behind must not reach this one.
        discard(self.rtp, self._buffer)
        discard(self.rtcp, self._buffer)
        if flow is None:
            return self._throw_away, self._throw_away
        return self._from_anybody(flow), self._reports(flow)

    def pin(self, address: Address) -> Handler | None:
        """Hear and send to this address only; the handler for it, None when it just moved.

        Raises OSError when there is no way to it.
        """
        assert self._flow is not None
        self.rtp.connect(address)
        self.pinned = True
        # What had come from elsewhere before is judged by its address, for the last time.
        flow, buffer = self._flow, self._buffer
        try:
            for _ in range(64):
                size, source = self.rtp.recvfrom_into(buffer)
                flow.arrived(size, source, flow.heard)
        except OSError:
            pass  # empty
        if flow.latched != address:
            return self.unpin()
        flow.send = self.rtp.send
        receive, arrived = self.rtp.recv_into, flow.arrived

        def handle(now: float) -> None:
            try:
                size = receive(buffer)
            except OSError:  # they closed their port, says ICMP, or there was nothing after all
                return
            arrived(size, address, now)

        return handle

    def unpin(self) -> Handler | None:
        """Hear everybody again; the handler for it."""
        if not self.pinned:
            return None
        self.pinned = False
        if _LIBC.connect(self.rtp.fileno(), _NOBODY, len(_NOBODY)) != 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
        if self._flow is None:
            return None
        self._flow.send = self._flow.send_aimed
        return self._from_anybody(self._flow)

    def _from_anybody(self, flow: Flow) -> Handler:
        receive, arrived, buffer = self.rtp.recvfrom_into, flow.arrived, self._buffer

        def handle(now: float) -> None:
            try:
                size, address = receive(buffer)
            except OSError:
                return
            arrived(size, address, now)

        return handle

    def _reports(self, flow: Flow) -> Handler:
        receive, buffer = self.rtcp.recvfrom_into, self._buffer

        def handle(now: float) -> None:
            try:
                size, address = receive(buffer)
            except OSError:
                return
            flow.reports.arrived(bytes(buffer[:size]), address)

        return handle

    def _throw_away(self, now: float) -> None:
        discard(self.rtp, self._buffer)
        discard(self.rtcp, self._buffer)


def _bound(host: str, port: int) -> socket.socket:
    one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    one.setblocking(False)
    try:
        # Expedited forwarding, as telephones mark their sound (RFC 4594 s.4.1).
        one.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, 46 << 2)
        one.bind((host, port))
    except OSError:
        one.close()
        raise
    return one


def discard(one: socket.socket, buffer: bytearray) -> None:
    """Read what waits and forget it."""
    try:
        for _ in range(64):
            one.recv_into(buffer)
    except OSError:
        pass  # empty
