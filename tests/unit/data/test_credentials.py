"""Passwords and PINs: kept as digests, judged by behaviour 2's rules."""

from __future__ import annotations

import pytest

from pbx import credentials


def test_a_password_opens_only_with_itself() -> None:
    kept = credentials.hash_password("giallo-cavallo-77")
    assert kept.startswith("$argon2id$")
    assert "giallo" not in kept
    assert credentials.verify(kept, "giallo-cavallo-77")
    assert not credentials.verify(kept, "giallo-cavallo-78")
    assert not credentials.needs_rehash(kept)


def test_a_pin_opens_only_with_itself() -> None:
    kept = credentials.hash_pin("738291")
    assert credentials.verify(kept, "738291")
    assert not credentials.verify(kept, "738290")


@pytest.mark.parametrize("kept", ["", "not a digest", "$argon2id$v=19$m=7168,t=5,p=1$x$y"])
def test_nothing_opens_a_line_without_a_digest(kept: str) -> None:
    for secret in ("", "x", "a" * 10_000, "caffè"):
        assert not credentials.verify(kept, secret)


def test_the_parameters_are_no_weaker_than_advised() -> None:
    # OWASP password storage: with m=7 MiB, five rounds.
    assert "m=7168,t=5,p=1" in credentials.hash_password("x")


def test_weaker_digests_are_renewed() -> None:
    assert credentials.needs_rehash(credentials.hash_pin("738291"))


def test_digests_of_the_sip_password() -> None:
    # RFC 7616 s.3.9.1: Mufasa at http-auth@example.org, "Circle of Life".
    given = ("Mufasa", "Circle of Life", "http-auth@example.org")
    assert credentials.ha1_md5(*given) == "3d78807defe7de2157e2b0b6573a855f"
    assert (
        credentials.ha1_sha256(*given)
        == "7987c64c30e25f1b74be53f966b49b90f2808aa92faf9a00262392d7b4794232"
    )
    assert credentials.ha1_md5("201", "x") == credentials.ha1_md5("201", "x", "officesmart")


@pytest.mark.parametrize(
    ("password", "rules"),
    [
        ("giallo-cavallo-77", []),
        ("xK9#mQ2$vL", []),
        ("", ["short"]),
        ("xK9#mQ2$v", ["short"]),
        ("Password123!", ["common"]),
        ("P@ssw0rd!!", ["common"]),
        ("benvenuto2026", ["common"]),
        ("9173640285", ["common"]),
        ("1qaz2wsx3edc", ["common"]),
        ("Manchester!2026", ["common"]),
        ("t3rm1n4t0r-19", ["common"]),
        ("mio-interno-201", ["contains"]),
        ("RossiRossi99x", ["contains"]),
        ("ufo-0612345678-x", ["contains", "sequence"]),
        ("blu1234verde", ["sequence"]),
        ("dcba-rosso-x", ["sequence"]),
        ("verdeeeeblu", ["sequence"]),
        ("zioqwerzione", ["sequence"]),
        ("x" * 201, ["long"]),
    ],
)
def test_password_rules(password: str, rules: list[str]) -> None:
    faults = credentials.password_faults(
        password, extension="201", name="Mario Rossi", number="+390612345678"
    )
    assert [fault.rule for fault in faults] == rules
    assert all(fault.it and fault.en for fault in faults)


@pytest.mark.parametrize(
    ("pin", "rules"),
    [
        ("738291", []),
        ("7382914650", []),
        ("7382", ["digits"]),
        ("73829", ["digits"]),
        ("73829146501", ["digits"]),
        ("7382x1", ["digits"]),
        ("٧٣٨٢٩١", ["digits"]),
        ("", ["digits"]),
        ("345678", ["own", "sequence"]),
        ("820194", ["own"]),
        ("912348", ["sequence"]),
        ("984321", ["sequence"]),
        ("777719", ["sequence"]),
        ("737373", ["sequence"]),
        ("738738", ["sequence"]),
        ("250480", ["date"]),
        ("800425", ["date"]),
        ("25041980", ["date"]),
        ("19800425", ["date"]),
        ("290296", ["date"]),
    ],
)
def test_pin_rules(pin: str, rules: list[str]) -> None:
    faults = credentials.pin_faults(pin, extension="201", number="+390612345678")
    assert [fault.rule for fault in faults] == rules


def test_four_digits_only_where_the_administrator_accepts_them() -> None:
    assert not credentials.pin_faults("7382", four_allowed=True)
    assert [f.rule for f in credentials.pin_faults("1984", four_allowed=True)] == ["date"]


def test_what_we_make_up_follows_our_rules_and_can_be_read_aloud() -> None:
    for _ in range(50):
        own = {"extension": "22", "name": "Abc", "number": "+390612345678"}
        for password in (
            credentials.random_password(**own),
            credentials.random_sip_password(**own),
        ):
            assert not credentials.password_faults(password, **own)
            assert not set(password) & set("0o1li")
        pin = credentials.random_pin(extension="201")
        assert not credentials.pin_faults(pin, extension="201")
        assert len(credentials.random_sip_password()) == 20


def test_the_registrar_asks_for_the_realm_our_digests_were_made_with() -> None:
    from pbx.sip import digest

    assert digest.REALM == credentials.REALM
    assert digest.ha1("201", digest.REALM, "perché") == (
        credentials.ha1_md5("201", "perché"),
        credentials.ha1_sha256("201", "perché"),
    )
