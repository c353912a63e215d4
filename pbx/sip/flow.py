"""The way a message goes: transport, far end, connection; and bytes on such a way."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Flow:
    """Where a message came from or goes to."""

    transport: str
    "'udp' or 'tcp' ('tls', 'ws' later)."
    host: str
    port: int
    "The far end."
    connection: int = 0
    "Which connection, for streams; 0 for UDP, or for a stream still to be opened."
    local: tuple[str, int] = ("", 0)
    "Our address as this far end reaches it; what Via, Contact and SDP are to say."

    @property
    def reliable(self) -> bool:
        """Streams repeat what is lost by themselves (RFC 3261 s.17): no T1, A, E, G, no wait."""
        return self.transport != "udp"

    def carries(self, lost: Flow) -> bool:
        """Whether messages on this flow travel by the connection that `lost` names."""
        if self.transport != lost.transport:
            return False
        if self.connection and lost.connection:
            return self.connection == lost.connection
        return (self.host, self.port) == (lost.host, lost.port)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Bytes for the wire."""

    flow: Flow
    data: bytes


def bracketed(host: str) -> str:
    """A host as it stands in a URI or Via: IPv6 in brackets (RFC 3261 s.25.1)."""
    return f"[{host}]" if ":" in host and not host.startswith("[") else host
