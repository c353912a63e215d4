"""The portal's own certificate: read, judged in words, and read anew when its file changes.

Phones speak SIP without it; it is for browsers only.
"""

from __future__ import annotations

import logging
import ssl
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)

from pbx.config import BadSetting, Config

log = logging.getLogger(__name__)

LOOK = 60.0  # seconds between looks at the files
CERT, KEY = "OFFICESMART_TLS_CERT", "OFFICESMART_TLS_KEY"


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a browser is shown."""

    ends: datetime
    names: tuple[str, ...]
    "Host names and addresses that it is for."


def judge(config: Config, now: datetime) -> Certificate | None:
    """The certificate that the settings name; None for http. Raises BadSetting, with the remedy.

    Looked at here and not left to the TLS library, whose words for all of this are 'PEM lib'.
    """
    if config.tls_cert is None:
        return None
    cert_file, key_file = config.tls_cert, config.tls_key or config.tls_cert
    try:
        certificate = x509.load_pem_x509_certificates(_read(CERT, cert_file))[0]
    except ValueError:
        raise BadSetting(
            f"{CERT}: {cert_file} holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)"
        ) from None
    named = KEY if config.tls_key is not None else CERT
    try:
        key = load_pem_private_key(_read(named, key_file), password=None)
    except TypeError:
        raise BadSetting(
            f"{named}: the key in {key_file} has a passphrase, which nobody is there to type at a "
            "start: take it off (openssl pkey -in OLD -out NEW)"
        ) from None
    except ValueError:
        raise BadSetting(
            f"{named}: {key_file} holds no private key in PEM form: name it in {KEY}"
        ) from None
    ours = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    shown = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if ours != shown:
        raise BadSetting(
            f"{named}: the key in {key_file} is not that of the first certificate in {cert_file}: "
            "the server's own certificate comes first, its chain after it"
        )
    ends, begins = certificate.not_valid_after_utc, certificate.not_valid_before_utc
    if now >= ends:
        raise BadSetting(f"{CERT}: the certificate in {cert_file} ended on {ends:%Y-%m-%d}")
    if now < begins:
        raise BadSetting(
            f"{CERT}: the certificate in {cert_file} begins on {begins:%Y-%m-%d}: is the clock of "
            "this machine right?"
        )
    return Certificate(ends, _names(certificate))


def _read(name: str, path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadSetting(f"{name}: {path} cannot be read: {error.strerror or error}") from None


def _names(certificate: x509.Certificate) -> tuple[str, ...]:
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    addresses = [str(address) for address in found.get_values_for_type(x509.IPAddress)]
    return (*found.get_values_for_type(x509.DNSName), *addresses)


class Renewal:
    """Gives new connections the new certificate once its file has changed; old ones go on.

    A thread of its own that sleeps: what renews certificates writes files and tells nobody. Files
    that are no good (half written, another key) leave the present certificate in use, and a line in
    the log says so once.
    """

    def __init__(self, context: ssl.SSLContext, config: Config) -> None:
        self._context, self._config = context, config
        self._stamp = self._stamps()
        self._stop = threading.Event()

    def start(self) -> None:
        """Look from now on."""
        threading.Thread(target=self._watch, name="tls-renewal", daemon=True).start()

    def stop(self) -> None:
        """Look no more."""
        self._stop.set()

    def look(self, now: datetime) -> bool:
        """Whether there was a new certificate, which is in use from now on."""
        stamp = self._stamps()
        if stamp == self._stamp:
            return False
        self._stamp = stamp
        try:
            new = judge(self._config, now)
            assert new is not None and self._config.tls_cert is not None
            self._context.load_cert_chain(self._config.tls_cert, self._config.tls_key)
        except (BadSetting, OSError) as why:
            log.error("the new certificate is not used: %s", why)
            return False
        log.info("a new certificate is in use, good until %s", f"{new.ends:%Y-%m-%d}")
        return True

    def _watch(self) -> None:
        while not self._stop.wait(LOOK):
            self.look(datetime.now(UTC))

    def _stamps(self) -> tuple[tuple[int, int, int], ...]:
        found = []
        for path in (self._config.tls_cert, self._config.tls_key):
            try:
                stat = path.stat() if path is not None else None
            except OSError:
                stat = None
            found.append((stat.st_ino, stat.st_mtime_ns, stat.st_size) if stat else (0, 0, 0))
        return tuple(found)
