"""The office's lines to the outside world: SIP trunks of a provider."""

from __future__ import annotations

from sqlmodel import Field

from pbx.tables.base import OfficeTable


class Trunk(OfficeTable, table=True):
    """One trunk. It either signs in at the provider, or is known by its addresses."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True, index=True, max_length=80)
    enabled: bool = True
    position: int = Field(default=0, index=True)
    "Order of trying, lowest first."
    registers: bool = True
    "Signs in (RFC 3261 s.10); else calls are taken from `sources` without credentials."
    host: str = Field(max_length=253)
    "The provider's domain or address; the domain of the identities."
    port: int = 5060
    transport: str = Field(default="udp", max_length=4)
    "'udp' or 'tcp'."
    proxy: str = Field(default="", max_length=253)
    "host[:port] that requests are sent to instead of host:port; empty: host:port itself."
    username: str = Field(default="", max_length=64)
    "User of the address of record."
    auth_username: str = Field(default="", max_length=64)
    "User of the digest; empty: username."
    sealed_password: str = Field(default="", max_length=1000)
    "Sealed by pbx.vault: a client must know its password itself (RFC 7616)."
    sources: str = Field(default="", max_length=400)
    "Addresses and networks, separated by spaces, from which calls of this trunk may come."
    expires: int = 600
    "Seconds asked for at each sign-in."
    codecs: str = Field(default="PCMA PCMU G722", max_length=80)
    "In order of liking."
    number_format: str = Field(default="e164", max_length=12)
    "How dialled numbers are written: 'e164' (+39...), 'plain' (39...), 'national'."
    caller_id: str = Field(default="pai", max_length=12)
    "Where our number goes: 'pai' (RFC 3325), 'ppi', 'rpid' or 'from'; From carries it always."
    main_number: str = Field(default="", max_length=16)
    "E.164 shown when neither line nor site has a number."
    diversion: str = Field(default="diversion", max_length=12)
    "How a forwarded call is told: 'diversion' (RFC 5806), 'history' (RFC 7044), 'both', 'none'."
    capacity: int = 0
    "Calls at once; 0: no limit."
