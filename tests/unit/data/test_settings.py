"""Settings: every variable, what is refused, and in which words."""

from __future__ import annotations

import ipaddress
from pathlib import Path

import pytest

from pbx import config


def test_nothing_set_gives_the_documented_defaults() -> None:
    got = config.read({})
    assert got.data == Path("data").absolute()
    assert (got.host, got.port) == ("127.0.0.1", 8080)
    assert (got.sip_host, got.sip_port, got.advertise) == ("", 5060, "")
    assert got.rtp_ports == (20000, 29999)
    assert got.url == f"sqlite:///{got.data}/officesmart.db"
    assert got.media_workers == max(1, config.cores() - 1)
    assert (got.smtp_url, got.language, got.timezone) == ("", "it", "Europe/Rome")
    assert got.sounds is None
    assert (got.scheme, got.tls_cert) == ("http", None)
    assert [str(each) for each in got.proxy] == ["127.0.0.1/32", "::1/128"]


def test_nobody_is_believed_when_no_proxy_is() -> None:
    assert config.read({"OFFICESMART_PROXY": "none"}).proxy == ()


def test_empty_values_are_as_good_as_none() -> None:
    assert config.read({each.name: " " for each in config.VARIABLES}) == config.read({})


def test_every_variable_reaches_its_field(tmp_path: Path) -> None:
    got = config.read(
        {
            "OFFICESMART_DATA": str(tmp_path),
            "OFFICESMART_HOST": "0.0.0.0",
            "OFFICESMART_PORT": "80",
            "OFFICESMART_TLS_CERT": __file__,
            "OFFICESMART_TLS_KEY": __file__,
            "OFFICESMART_PROXY": "192.0.2.1, 10.1.2.3/8",
            "OFFICESMART_SIP_HOST": "::1",
            "OFFICESMART_SIP_PORT": "5070",
            "OFFICESMART_ADVERTISE": "pbx.example.com",
            "OFFICESMART_RTP_PORTS": "30000 - 30019",
            "OFFICESMART_DATABASE_URL": "postgresql+psycopg://u:geheim@db/office",
            "OFFICESMART_MEDIA_WORKERS": "3",
            "OFFICESMART_SMTP_URL": "smtp+starttls://u:geheim@mail.example.com:587",
            "OFFICESMART_LANGUAGE": "en",
            "OFFICESMART_TIMEZONE": "Europe/London",
            "OFFICESMART_SOUNDS": str(tmp_path),
        }
    )
    assert got == config.Config(
        data=tmp_path,
        host="0.0.0.0",
        port=80,
        tls_cert=Path(__file__),
        tls_key=Path(__file__),
        proxy=(ipaddress.ip_network("192.0.2.1/32"), ipaddress.ip_network("10.0.0.0/8")),
        sip_host="::1",
        sip_port=5070,
        advertise="pbx.example.com",
        rtp_ports=(30000, 30019),
        database_url="postgresql+psycopg://u:geheim@db/office",
        media_workers=3,
        smtp_url="smtp+starttls://u:geheim@mail.example.com:587",
        language="en",
        timezone="Europe/London",
        sounds=tmp_path,
    )
    assert got.url == got.database_url
    assert "geheim" not in repr(got)


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("PORT", "web", "from 1 to 65535"),
        ("PORT", "0", "from 1 to 65535"),
        ("PORT", "65536", "from 1 to 65535"),
        ("PORT", "-1", "from 1 to 65535"),
        ("PORT", "5060", "the SIP port too"),
        ("PORT", "٨٠", "from 1 to 65535"),
        ("SIP_PORT", "5060.5", "such as 5060"),
        ("HOST", "http://0.0.0.0", "without port"),
        ("HOST", "0.0.0.0:80", "without port"),
        ("HOST", "300.1.1.1", "IP address"),
        ("SIP_HOST", "pbx.example.com", "leave it out"),
        ("ADVERTISE", "0.0.0.0", "no phone can reach"),
        ("ADVERTISE", "a b", "host name"),
        ("RTP_PORTS", "20000", "first-last"),
        ("RTP_PORTS", "29999-20000", "first-last"),
        ("RTP_PORTS", "20000-20018", "at least 20 ports"),
        ("RTP_PORTS", "80-2000", "between 1024"),
        ("RTP_PORTS", "20000-70000", "between 1024"),
        ("RTP_PORTS", "5000-6000", "SIP port 5060"),
        ("DATABASE_URL", "/srv/office.db", "sqlite:////"),
        ("DATABASE_URL", "sqlite://", "name a file"),
        ("MEDIA_WORKERS", "0", "from 1 to 64"),
        ("SMTP_URL", "mail.example.com", "smtp+starttls://"),
        ("SMTP_URL", "https://mail.example.com", "smtp+starttls://"),
        ("SMTP_URL", "smtp://:25", "no mail server"),
        ("SMTP_URL", "smtp://mail:99999", "port"),
        ("LANGUAGE", "de", "it or en"),
        ("TIMEZONE", "Roma", "Europe/Rome"),
        ("TIMEZONE", "../../etc/passwd", "Europe/Rome"),
        ("SOUNDS", "/no/such/folder", "no folder"),
        ("DATA", __file__, "name a folder"),
        ("TLS_CERT", "/no/such/file.pem", "no file"),
        ("TLS_KEY", __file__, "OFFICESMART_TLS_CERT is not"),
        ("PROXY", "proxy.example.com", "or none"),
        ("PROXY", "127.0.0.1/99", "or none"),
    ],
)
def test_a_wrong_value_is_one_line_with_name_and_remedy(name: str, value: str, remedy: str) -> None:
    with pytest.raises(config.BadSetting) as refused:
        config.read({f"OFFICESMART_{name}": value})
    text = str(refused.value)
    assert f"OFFICESMART_{name}" in text
    assert remedy in text
    assert "\n" not in text


@pytest.mark.parametrize(
    ("name", "value"),
    [("DATABASE_URL", "//u:geheim@db"), ("SMTP_URL", "http://u:geheim@mail")],
)
def test_an_error_never_repeats_a_password(name: str, value: str) -> None:
    with pytest.raises(config.BadSetting) as refused:
        config.read({f"OFFICESMART_{name}": value})
    assert "geheim" not in str(refused.value)


def test_misspelt_variables_are_found() -> None:
    assert config.unknown({"OFFICESMART_PROT": "80", "OFFICESMART_PORT": "80", "HOME": "/"}) == (
        "OFFICESMART_PROT",
    )


def test_the_readme_has_our_table() -> None:
    readme = Path(__file__).parents[3] / "README.md"
    text = readme.read_text(encoding="utf-8") if readme.exists() else ""
    missing = [row for row in config.doc_table().splitlines() if row not in text]
    assert not missing, "paste the output of pbx.config.doc_table() into the README"
