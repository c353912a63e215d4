"""What sets a softphone up: Linphone's provisioning document, its code to scan, a plain address.

Linphone's remote provisioning is a document of its own settings, section by section, fetched from
a web address (wiki.linphone.org, Remote Provisioning); the code that it scans holds that address.
"""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from io import BytesIO
from urllib.parse import quote

import segno

LPCONFIG = "http://www.linphone.org/xsds/lpconfig.xsd"
LINPHONE = "linphone-config:"
"Links that begin so are opened by Linphone; what follows is the document's address."
CODECS = {"PCMA": ("PCMA", 8000), "PCMU": ("PCMU", 8000), "G722": ("G722", 8000)}


@dataclass(frozen=True, slots=True)
class Softphone:
    """An account as a softphone needs it."""

    user: str
    password: str = field(repr=False)
    name: str
    "Shown on the phone."
    server: str
    port: int
    transport: str = ""
    "'udp' or 'tcp'; '' for any."
    codecs: tuple[str, ...] = ()
    realm: str = "officesmart"


def linphone(phone: Softphone) -> bytes:
    """The document that makes Linphone take this account over, once.

    It is not asked for again (transient_provisioning): the address is good for one answer.
    """
    root = ElementTree.Element("config", {"xmlns": LPCONFIG})
    server = f"sip:{_host(phone.server)}:{phone.port};transport={phone.transport or 'udp'}"
    quoted = "".join(sign for sign in phone.name if sign not in '"\\' and sign.isprintable())
    identity = f"sip:{phone.user}@{_host(phone.server)}"
    _section(root, "misc", transient_provisioning="1")
    _section(root, "sip", default_proxy="0", media_encryption="none")
    _section(
        root,
        "auth_info_0",
        username=phone.user,
        passwd=phone.password,
        realm=phone.realm,
        domain=phone.server,
    )
    _section(
        root,
        "proxy_0",
        reg_proxy=f"<{server}>",
        reg_identity=f'"{quoted}" <{identity}>' if quoted else identity,
        reg_sendregister="1",
        reg_expires="600",
        realm=phone.realm,
        publish="0",
    )
    for at, codec in enumerate(name for name in phone.codecs if name in CODECS):
        mime, rate = CODECS[codec]
        _section(root, f"audio_codec_{at}", mime=mime, rate=str(rate), channels="1", enabled="1")
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def address(phone: Softphone) -> str:
    """The account as a SIP address, to be typed into any softphone; without the password."""
    how = f";transport={phone.transport}" if phone.transport else ""
    return f"sip:{quote(phone.user)}@{_host(phone.server)}:{phone.port}{how}"


def picture(text: str) -> str:
    """A code to scan, as an address of an image that a page may show (data:)."""
    made = BytesIO()
    segno.make(text, error="m").save(
        made, kind="svg", border=4, omitsize=True, dark="#000", light="#fff"
    )
    return "data:image/svg+xml;charset=utf-8," + quote(made.getvalue().decode())


def _host(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _section(root: ElementTree.Element, name: str, **entries: str) -> None:
    section = ElementTree.SubElement(root, "section", {"name": name})
    for key, value in entries.items():
        entry = ElementTree.SubElement(section, "entry", {"name": key, "overwrite": "true"})
        entry.text = value
