"""OFFICESMART_SMTP_URL, as people write it."""

from __future__ import annotations

import pytest

from officesmart.mailing.server import BadServer, read_server
from pbx import config


@pytest.mark.parametrize(
    ("url", "scheme", "host", "port", "user", "password", "sender"),
    [
        (
            "smtp://mail.example.it",
            "smtp",
            "mail.example.it",
            25,
            "",
            "",
            "office-smart@example.it",
        ),
        ("smtps://h:1465", "smtps", "h", 1465, "", "", "office-smart@h"),
        (
            "smtp+starttls://pbx%40example.it:a%3Ab%2Fc%40d@smtp.example.it",
            *("smtp+starttls", "smtp.example.it", 587, "pbx@example.it", "a:b/c@d"),
            "pbx@example.it",
        ),
        ("smtp://u:p@192.0.2.1:26/", "smtp", "192.0.2.1", 26, "u", "p", "office-smart@localhost"),
        ("smtp://[::1]:26", "smtp", "::1", 26, "", "", "office-smart@localhost"),
        ("smtp://h?from=pbx%40caffè.it", "smtp", "h", 25, "", "", "pbx@xn--caff-8oa.it"),
    ],
)
def test_what_a_setting_says(
    url: str, scheme: str, host: str, port: int, user: str, password: str, sender: str
) -> None:
    config.read({"OFFICESMART_SMTP_URL": url})  # the start accepts it too
    server = read_server(url)
    assert server is not None
    assert (server.scheme, server.host, server.port) == (scheme, host, port)
    assert (server.user, server.password, str(server.sender)) == (user, password, sender)
    assert "p@ss" not in repr(server) and (not password or repr(password) not in repr(server))


def test_none_is_none() -> None:
    assert read_server("") is None


@pytest.mark.parametrize(
    "url",
    [
        *("http://h", "smtp://", "smtp://h:port", "smtp://h?verify=off", "smtp://h?ca=x&tls=no"),
        *("smtp://h?from=nobody", "smtp://h?from="),
    ],
)
def test_what_cannot_be_used_is_said_without_the_password(url: str) -> None:
    if url.endswith("from="):
        assert read_server(url) is not None  # left empty means left out
        return
    with pytest.raises(BadServer) as said:
        read_server(url.replace("//", "//user:s3cret@"))
    assert "s3cret" not in str(said.value)


@pytest.mark.parametrize(
    ("url", "is_open"),
    [
        ("smtp://u:p@mail.example.it", True),
        ("smtp://u:p@127.0.0.1", False),
        ("smtp://mail.example.it", False),
        ("smtps://u:p@mail.example.it", False),
    ],
)
def test_a_password_in_the_open_is_noticed(url: str, is_open: bool) -> None:
    server = read_server(url)
    assert server is not None and server.open_password is is_open


def test_the_certificates_to_trust_are_a_file() -> None:
    server = read_server("smtps://h?ca=/etc/office/ca.pem")
    assert server is not None and str(server.ca) == "/etc/office/ca.pem"
