"""One dial plan: the same digits never mean two things."""

from __future__ import annotations

import pytest

from pbx.routing.dialplan import DialPlan, Named, orbits_of

PLAN = DialPlan(
    extensions={"201": "Giulia Ferrante", "12": "Ida", "1234": "Ugo"},
    sip_users={"201": ("201", "Giulia Ferrante"), "209": ("201", "Giulia Ferrante")},
    short_codes={"700": "Corriere", "3": "Bar"},
    star_codes={"*86": Named("Segreteria", "Voicemail"), "600": Named("Eco", "Echo")},
    orbits=orbits_of("801-820"),
)


@pytest.mark.parametrize(
    ("kind", "digits", "other", "words"),
    [
        ("extension", "201", "extension", "201 è già l'interno di Giulia Ferrante"),
        ("extension", "209", "sip_user", "209 è l'utente SIP di un telefono di Giulia Ferrante"),
        ("extension", "700", "short_code", "700 è già il codice breve «Corriere»"),
        ("extension", "600", "star_code", "600 è già il codice del servizio «Eco»"),
        ("extension", "801", "orbit", "801 è già un posto di parcheggio (801-820)"),
        ("extension", "112", "emergency", "112 è un numero di emergenza"),
        ("extension", "012", "outside_prefix", "012 comincia con 0"),
        ("short_code", "201", "extension", "Giulia"),
        ("short_code", "187", "public_service", "numero di servizio nazionale"),
        ("short_code", "116117", "public_service", "1xx"),
        ("short_code", "7", "speed_dial", "selezione rapida"),
        ("short_code", "49", "speed_dial", "selezione rapida"),
        ("short_code", "0", "outside_prefix", "linea esterna"),
        ("star_code", "*86", "star_code", "Segreteria"),
        ("star_code", "118", "emergency", "emergenza"),
        ("orbit", "201", "extension", "Giulia"),
        ("speed_dial", "3", "short_code", "Bar"),
        ("outside_prefix", "2", "extension", "Con 2 comincia già altro: 201"),
        ("outside_prefix", "1", "extension", "12"),
        ("emergency", "700", "short_code", "Corriere"),
        ("sip_user", "12", "extension", "Ida"),
        ("sip_user", "209", "sip_user", "Giulia"),
    ],
)
def test_whose_digits_these_are(kind: str, digits: str, other: str, words: str) -> None:
    taken = PLAN.conflict(kind, digits)
    assert taken is not None
    assert taken.kind == other
    assert words in taken.it
    assert taken.en != taken.it


@pytest.mark.parametrize(
    ("kind", "digits", "but"),
    [
        ("extension", "202", ""),
        ("extension", "201", "201"),
        ("extension", "209", "201"),  # its own phone's user
        ("extension", "13", ""),  # also a speed dial: a warning
        ("extension", "187", ""),
        ("extension", "112", "112"),  # one that an office has already
        ("short_code", "50", ""),
        ("short_code", "1", ""),
        ("short_code", "700", "700"),
        ("star_code", "*21", ""),
        ("star_code", "#86", ""),
        ("orbit", "821", ""),
        ("speed_dial", "12", ""),
        ("speed_dial", "5", ""),
        ("outside_prefix", "9", ""),
        ("outside_prefix", "", ""),
        ("emergency", "117", ""),
        ("sip_user", "201", "201"),
        ("sip_user", "anna.soft", "201"),
        ("extension", "", ""),
    ],
)
def test_free_digits(kind: str, digits: str, but: str) -> None:
    assert PLAN.conflict(kind, digits, but=but) is None


def test_one_string_that_begins_another_is_said_and_allowed() -> None:
    (begins,) = PLAN.warnings("short_code", "20")
    assert "20 è l'inizio di 201 (Giulia Ferrante)" in begins.it
    continues = PLAN.warnings("extension", "7001")
    assert [each.digits for each in continues] == ["700"]
    assert [each.digits for each in PLAN.warnings("extension", "1121")] == ["112"]
    assert PLAN.warnings("extension", "555") == ()
    assert not PLAN.warnings("extension", "201", but="201")


def test_a_speed_dial_with_the_digits_of_an_extension_is_a_warning() -> None:
    assert [each.kind for each in PLAN.warnings("speed_dial", "12")] == ["extension", "extension"]
    assert "12# è la selezione rapida" in PLAN.warnings("speed_dial", "12")[0].it
    assert any(each.kind == "speed_dial" for each in PLAN.warnings("extension", "13"))


def test_park_ranges() -> None:
    assert orbits_of("801-803") == ("801", "802", "803")
    assert orbits_of("*1 - *3") == ("*1", "*2", "*3")
    assert orbits_of("01-03") == ("01", "02", "03")
    assert orbits_of("") == ()
    for wrong in ("801", "820-801", "1-20", "*1-3", "1-99999", "a-b", "٣-٤", "801-820-830"):
        with pytest.raises(ValueError, match=r"."):
            orbits_of(wrong)
    taken = PLAN.orbits_conflict("690-710")
    assert taken is not None
    assert taken.name == "Corriere"
    assert PLAN.orbits_conflict("801-830", but="801-820") is None
    assert PLAN.orbits_conflict("") is None
