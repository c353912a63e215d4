"""A telephone's sound over real sockets, for tests with a real worker."""

from __future__ import annotations

import asyncio
import struct
from typing import Any, ClassVar, cast

from pbx.media.engine import Codec, Far
from pbx.media.rtp import Packet, unpack
from tests.unit.media_engine.wire import PCMA, rtp


class Phone(asyncio.DatagramProtocol):
    """Sends where it is told and keeps what comes."""

    everywhere: ClassVar[list[Phone]] = []

    def __init__(self) -> None:
        self.heard: asyncio.Queue[Packet] = asyncio.Queue()
        self.arrivals: list[tuple[float, Packet]] = []
        self._transport: asyncio.DatagramTransport | None = None
        self.sequence = 0
        self.ssrc = id(self) & 0xFFFFFFFF

    @classmethod
    async def new(cls) -> Phone:
        loop = asyncio.get_running_loop()
        _, phone = await loop.create_datagram_endpoint(cls, local_addr=("127.0.0.1", 0))
        cls.everywhere.append(phone)
        return phone

    @classmethod
    async def unplug_all(cls) -> None:
        """Close the sockets of this story."""
        for phone in cls.everywhere:
            if phone._transport is not None:
                phone._transport.close()
        cls.everywhere.clear()
        await asyncio.sleep(0)  # the loop closes them on its next turn

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: Any) -> None:
        packet = unpack(data)
        self.arrivals.append((asyncio.get_running_loop().time(), packet))
        self.heard.put_nowait(packet)

    @property
    def port(self) -> int:
        assert self._transport is not None
        return int(self._transport.get_extra_info("sockname")[1])

    def far(self, codec: Codec = PCMA, **more: Any) -> Far:
        """Itself, as its SDP would say."""
        return Far("127.0.0.1", self.port, send=codec, **{"digits": 101, **more})

    def raw(self, datagram: bytes, port: int) -> None:
        assert self._transport is not None
        self._transport.sendto(datagram, ("127.0.0.1", port))

    def say(self, payload: bytes, port: int, *, kind: int = 8) -> None:
        """One packet of sound."""
        self.raw(rtp(self.sequence, self.sequence * 160, payload, kind=kind, ssrc=self.ssrc), port)
        self.sequence += 1

    def press(self, code: int, port: int, *, kind: int = 101) -> None:
        """One key, as three of its packets."""
        timestamp = self.sequence * 160
        for duration, end in ((160, 0), (320, 0), (320, 1)):
            payload = struct.pack("!BBH", code, end << 7 | 10, duration)
            self.raw(rtp(self.sequence, timestamp, payload, kind=kind, ssrc=self.ssrc), port)
            self.sequence += 1

    async def hear(self) -> Packet:
        """The next packet."""
        async with asyncio.timeout(5):
            return await self.heard.get()
