"""Where phones and browsers find the office, as people are told."""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urlsplit

from pbx.config import Config


def sip_server(config: Config, portal: str) -> str:
    """The address to type into a phone: what is advertised, bound or known of the portal.

    portal: the setting `portal.address`, or ''. When nothing says it, this machine's own address
    on the way out; '' without a network.
    """
    if config.advertise:
        return config.advertise
    if config.sip_host and not _is_any(config.sip_host):
        return config.sip_host
    return urlsplit(portal).hostname or _own_address()


def is_only_here(address: str) -> bool:
    """Whether no other machine reaches this host name or web address."""
    host = urlsplit(address if "//" in address else f"//{address}").hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host in ("", "localhost") or host.endswith(".localhost")


def _is_any(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return False


def _own_address() -> str:
    """The address that packets to the world outside would carry; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        try:
            asked.connect(("192.0.2.1", 9))  # RFC 5737: nobody
            return str(asked.getsockname()[0])
        except OSError:
            return ""
