"""The portal's own certificate: judged in words before it is used, renewed while it is."""

from __future__ import annotations

import shutil
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from officesmart import tls
from pbx.config import BadSetting, Config
from tests.unit.portal.certificates import make

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
BEGAN = NOW - timedelta(days=1)


def test_without_a_certificate_there_is_http(tmp_path: Path) -> None:
    assert tls.judge(Config(data=tmp_path), NOW) is None


def test_a_good_one_is_read(tmp_path: Path) -> None:
    cert, key = make(tmp_path, "a", begins=BEGAN)
    got = tls.judge(Config(data=tmp_path, tls_cert=cert, tls_key=key), NOW)
    assert got is not None
    assert (got.names, got.ends) == (("office.test", "127.0.0.1"), BEGAN + timedelta(days=30))


def test_key_and_certificate_may_share_a_file(tmp_path: Path) -> None:
    cert, key = make(tmp_path, "a", begins=BEGAN)
    both = tmp_path / "both.pem"
    both.write_bytes(key.read_bytes() + cert.read_bytes())
    assert tls.judge(Config(data=tmp_path, tls_cert=both), NOW) is not None


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ("expired", "ended on 2026-11-21"),
        ("future", "begins on 2026-11-23"),
        ("nonsense", "no certificate in PEM form"),
        ("empty", "no certificate in PEM form"),
        ("no key", "OFFICESMART_TLS_KEY"),
        ("another key", "is not that of"),
        ("passphrase", "take it off"),
        ("folder", "cannot be read"),
    ],
)
def test_a_bad_one_is_one_line_with_its_remedy(tmp_path: Path, case: str, words: str) -> None:
    days = {"expired": 0.5}.get(case, 30)
    begins = NOW + timedelta(days=1) if case == "future" else NOW - timedelta(days=1.5)
    secret = b"geheim" if case == "passphrase" else b""
    cert, key = make(tmp_path, "a", begins=begins, days=days, passphrase=secret)
    tls_key: Path | None = key
    if case in ("nonsense", "empty"):
        cert.write_text("-----BEGIN NOTHING-----" if case == "nonsense" else "")
    if case == "no key":
        tls_key = None
    if case == "another key":
        tls_key = make(tmp_path, "b", begins=BEGAN)[1]
    if case == "folder":
        cert.unlink()
        cert.mkdir()
    with pytest.raises(BadSetting) as refused:
        tls.judge(Config(data=tmp_path, tls_cert=cert, tls_key=tls_key), NOW)
    text = str(refused.value)
    assert words in text and "OFFICESMART_TLS_" in text and "\n" not in text


def shown(context: ssl.SSLContext) -> bytes:
    """The certificate that a new connection is shown (DER)."""
    ours, theirs = socket.socketpair()
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE

    def serve() -> None:
        with context.wrap_socket(ours, server_side=True) as served:
            served.recv(1)

    thread = threading.Thread(target=serve)
    thread.start()
    with trusting.wrap_socket(theirs) as asked:
        der = asked.getpeercert(binary_form=True)
        asked.send(b"x")
    thread.join()
    assert der is not None
    return der


def der_of(path: Path) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    return x509.load_pem_x509_certificate(path.read_bytes()).public_bytes(Encoding.DER)


def test_a_new_certificate_is_used_without_a_restart(tmp_path: Path) -> None:
    cert, key = make(tmp_path, "live", begins=BEGAN)
    config = Config(data=tmp_path, tls_cert=cert, tls_key=key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    renewal = tls.Renewal(context, config)
    assert shown(context) == der_of(cert)
    assert not renewal.look(NOW), "nothing has changed"
    fresh, fresh_key = make(tmp_path, "fresh", begins=BEGAN, days=90)
    shutil.copy(fresh, cert)  # half of it: the key is still the old one
    assert not renewal.look(NOW)
    old = shown(context)
    assert old != der_of(fresh)
    shutil.copy(fresh_key, key)
    assert renewal.look(NOW)
    assert shown(context) == der_of(fresh)
    cert.unlink()
    assert not renewal.look(NOW)
    assert shown(context) == der_of(fresh), "what is in use stays in use"
