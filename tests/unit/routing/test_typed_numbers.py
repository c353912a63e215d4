"""What people type, paste and click, read as what the office dials (routing/typed.py)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx import numbers
from pbx.routing import written
from pbx.routing.decide import decide
from pbx.routing.office import ShortCode, SpeedDial, TrunkFacts
from pbx.routing.plan import Outside
from pbx.routing.typed import kept, read_typed
from tests.unit.routing.routing_office import call, office_of

OFFICE = office_of("201", "203", speed_dials={"12": SpeedDial("+390255501200", "Studio")})
OFFICE = replace(OFFICE, short_codes={"700": ShortCode("700", "Tipografia", "+390255501300")})

EVERYTHING = frozenset({"internal", "national", "mobile", "international", "premium"})
OPEN = replace(
    office_of("201", "203", rights=EVERYTHING),
    short_codes=OFFICE.short_codes,
    trunks={1: TrunkFacts(1, "Uno")},
)

MILAN = "+390255501201"

NATIONAL = [
    # every national format of Italy: typed, dialled, shown
    ("02 5550 1201", MILAN, "02 5550 1201"),
    ("02 5550000", "+39025550000", "02 555 0000"),
    ("06 1234 5678", "+390612345678", "06 1234 5678"),
    ("0163 555021", "+390163555021", "0163 555021"),
    ("0549 882914", "+390549882914", "0549 882914"),  # San Marino, as it is dialled from Italy
    ("+378 0549 882914", "+3780549882914", "+378 0549 882914"),
    ("0878 123456", "+390878123456", "+39 0878 123456"),  # a block newer than our tables
    ("335 123 4567", "+393351234567", "335 123 4567"),
    ("370 1234567", "+393701234567", "370 123 4567"),
    ("0335 1234567", "+393351234567", "335 123 4567"),  # as mobiles were written until 2001
    ("800 123456", "800123456", "800 123 456"),
    ("803 116", "0803116", "803 116"),
    ("803116", "0803116", "803 116"),
    ("840 123456", "840123456", "840 123 456"),
    ("848 123456", "848123456", "848 123 456"),
    ("892 424", "0892424", "892 424"),
    ("899 123456", "899123456", "899 123 456"),
    ("199 123456", "199123456", "199 123 456"),
    ("178 1234567", "1781234567", "178 123 4567"),
    ("48888", "048888", "48888"),
    ("45541", "045541", "45541"),
    ("187", "0187", "187"),
    ("1240", "01240", "1240"),
    ("1530", "01530", "1530"),
    ("116117", "0116117", "116117"),
    ("112", "112", "112"),
    ("113", "113", "113"),
    ("118", "118", "118"),
    ("0112", "112", "112"),
]

WRITTEN = [
    # one number, as people write it
    "0255501201",
    "02/55501201",
    "02.5550.1201",
    "02-5550-1201",
    "(02) 55501201",
    "( 02 ) 5550 1201",
    "02\u00a05550\u20131201",
    "02\u202f5550\u22121201",
    "0 02 5550 1201",
    "00255501201",
    "+39 02 5550 1201",
    "+39 (0)2 5550 1201",
    "(+39) 02.55501201",
    "+39.02.55501201",
    "+ 39 02 55501201",
    "+0039 02 55501201",
    "0039 02 5550 1201",
    "00390255501201",
    "00 39 02 55501201",
    "0 0039 02 55501201",
    "39 02 5550 1201",
    "390255501201",
    "Tel.: 02 5550 1201",
    "tel 02 5550 1201",
    "T. +39 02 55501201",
    "Telefono: 02 55501201",
    "☎ 02 55501201",
    "02 5550 1201 (ufficio)",
    "<+39 02 55501201>",
    "\u202a+39 02 5550 1201\u202c",  # as Windows copies it
    "02\u200b5550\u200d1201\ufeff",
    "０２ ５５５０ １２０１",
    "＋３９ ０２ ５５５０ １２０１",
    "٠٢ ٥٥٥٠ ١٢٠١",
    "02\n5550 1201",
    "tel:+39-02-5550-1201",
    "tel:+39%2002%205550%201201",
    "tel:%2B390255501201",
    "TEL:0255501201",
    "tel://0255501201",
    "tel:0255501201;phone-context=+39",
    "tel:55501201;phone-context=+39-02",
    "tel:+390255501201;isub=1411;phone-context=example.com",
    "callto:+390255501201",
    "sip:+390255501201@gateway.example;user=phone",
]


@pytest.mark.parametrize(("text", "dial", "shown"), NATIONAL)
def test_numbers_in_every_national_format_of_italy(text: str, dial: str, shown: str) -> None:
    found = read_typed(text, OFFICE, extension="201")
    assert (found.dial, found.shown, found.wrong) == (dial, shown, None)


@pytest.mark.parametrize("text", WRITTEN)
def test_one_number_however_it_is_written(text: str) -> None:
    found = read_typed(text, OFFICE, extension="201")
    assert (found.dial, found.shown, found.wrong) == (MILAN, "02 5550 1201", None)


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("02 5550 1201 (int. 203)", "203"),
        ("02 5550 1201 int 203", "203"),
        ("02 5550 1201 - interno 203", "203"),
        ("02 5550 1201 ext 5", "5"),
        ("02 5550 1201 ext.5", "5"),
        ("02 5550 1201 x5", "5"),
        ("02 5550 1201,,203#", "203"),
        ("tel:+390255501201;ext=203", "203"),
        ("tel:+390255501201;EXT=20-3", "203"),
    ],
)
def test_an_extension_over_there_is_told_and_not_dialled(text: str, after: str) -> None:
    found = read_typed(text, OFFICE, extension="201")
    assert (found.dial, found.after) == (MILAN, after)


@pytest.mark.parametrize(
    ("text", "kind", "dial"),
    [
        ("203", "extension", "203"),
        ("int. 203", "extension", "203"),
        ("ext 203", "extension", "203"),
        ("tel:203", "extension", "203"),
        ("sip:203@pbx.example", "extension", "203"),
        ("700", "short_code", "700"),
        ("12", "speed_dial", "12"),
        ("12#", "speed_dial", "12#"),
        ("*86", "code", "*86"),
        ("*21*0255501201#", "code", "*21*0255501201#"),
    ],
)
def test_what_is_inside_the_office(text: str, kind: str, dial: str) -> None:
    found = read_typed(text, OFFICE, extension="201", hosts=("pbx.example",))
    assert (found.kind, found.dial, found.wrong) == (kind, dial, None)


@pytest.mark.parametrize(
    ("text", "said", "offers"),
    [
        ("", "Scrivi un numero", ()),
        ("\u200b \u202a", "Scrivi un numero", ()),
        ("299", "Nessun interno ha il numero 299", ()),
        ("interno 299", "Nessun interno ha il numero 299", ()),
        ("13#", "La selezione rapida 13 non è impostata", ()),
        ("800 CHIAMA", "Sui tasti sarebbe 800244262", ()),
        ("ciao", "Non è un numero", ()),
        ("Anna Bo 02 5550 1201", "Non è un numero", ("02 5550 1201",)),
        ("02 5550 1201²", "Non è un numero", ("02 5550 1201",)),
        ("++39 02 5550 1201", "Non è un numero", ("+39 02 5550 1201",)),
        ("3.93401E+11", "Non è un numero", ()),
        ("02", "Non è un numero", ()),
        ("+", "Non è un numero", ()),
        ("+39 335 12345", "Non è un numero", ()),
        ("1" * 40, "Sono 40 cifre", ()),
        ("1" * 10_000, "troppo lungo", ()),
        ("+39 2 5550 1201", "Manca lo 0 del prefisso", ("+39 02 5550 1201",)),
        ("0039 2345678", "Manca lo 0", ("+39 02 345678", "+39 039 234 5678")),
        # Savona, or 0 and a paid service: a phone dials the second, here nobody guesses.
        ("0199123456", "due numeri", ("+39 019 912 3456", "0 199 123 456")),
        ("0892424", "due numeri", ("+39 089 2424", "0 892 424")),
        ("02 5550 1201 / 335 123 4567", "più numeri", ("02 5550 1201", "335 123 4567")),
        ("02 5550 1201\n335 123 4567", "più numeri", ("02 5550 1201", "335 123 4567")),
        ("02 5550000/1", "più numeri", ("02 5550000", "02 5550001")),
        ("tel:", "Il collegamento non contiene", ()),
        ("tel:ciao", "Il collegamento non contiene", ()),
        ("tel:*21*3351234567%23", "Un collegamento non può comporre il codice", ()),
        ("tel:*21*3351234567%23;phone-context=local", "non può comporre il codice", ()),
        ("tel:*21*3351234567%23;phone-context=+39", "non può comporre il codice", ()),
        ("tel:203;phone-context=example.com", "vale solo in example.com", ()),
        ("tel:863-1234;phone-context=+1-914-555", "Il collegamento non contiene", ()),
        ("sip:anna@example.com", "Il collegamento non contiene", ()),
        ("sip:203@example.com", "fuori dall'ufficio", ("203",)),
    ],
)
def test_what_cannot_be_dialled_says_why(text: str, said: str, offers: tuple[str, ...]) -> None:
    found = read_typed(text, OFFICE, extension="201", hosts=("pbx.example",))
    assert found.dial == ""
    assert found.wrong is not None and said in found.wrong.it
    assert found.wrong.en
    assert found.offers == offers


@pytest.mark.parametrize("text", ["019 9123456", "0 199 123456", "+39 019 912 3456", "0 892 424"])
def test_spaces_and_offers_say_which_of_two_is_meant(text: str) -> None:
    assert read_typed(text, OFFICE).wrong is None


def test_another_digit_takes_the_outside_line_or_none() -> None:
    nine, none = replace(OFFICE, outside_prefix="9"), replace(OFFICE, outside_prefix="")
    assert read_typed("9 02 5550 1201", nine).dial == MILAN
    assert read_typed("90255501201", nine).dial == MILAN
    assert read_typed("02 5550 1201", nine).dial == MILAN
    assert read_typed("187", nine).dial == "9187"
    assert read_typed("02 5550 1201", none).dial == MILAN
    assert "non si può comporre" in (read_typed("187", none).wrong or written.NOTHING).it


def test_an_extension_comes_before_a_service_of_the_same_digits() -> None:
    office = office_of("187", "0187")
    assert read_typed("187", office).kind == "extension"
    assert read_typed("112", office_of("112")).kind == "emergency"


def test_kept_numbers_stand_without_the_digit_of_the_outside_line() -> None:
    assert kept("02 5550 1201").number == MILAN
    assert kept("892 424").number == "892424"
    assert kept("0163 555021").number == "+390163555021"
    wrong = kept("0 02 5550 1201")
    assert wrong.wrong is not None and wrong.offers == ("02 5550 1201",)
    assert kept("*86").wrong is not None


# --- whatever comes ----------------------------------------------------------------------------

ANYTHING = st.one_of(
    st.text(max_size=80),
    st.text(alphabet="0123456789+-()/., ;:*#int.exptel", max_size=40),
    st.builds("tel:{}".format, st.text(alphabet="0123456789+-.;=%2B*#ab", max_size=40)),
    st.builds("sip:{}".format, st.text(alphabet="0123456789+@.;:ab", max_size=40)),
)


@given(ANYTHING)
def test_anything_is_read_or_refused(text: str) -> None:
    for found in (read_typed(text, OFFICE, extension="201"), kept(text)):
        assert (found.number == "") == (found.wrong is not None)


@given(ANYTHING)
def test_what_would_be_dialled_reaches_what_is_shown(text: str) -> None:
    found = read_typed(text, OFFICE, extension="201")
    if found.kind not in ("outside", "service"):
        return
    plan = decide(call(found.dial), OPEN)
    assert [step.number for step in plan.steps if isinstance(step, Outside)] == [found.number]
    assert not plan.to_line


@pytest.mark.parametrize("text", [each[0] for each in NATIONAL] + WRITTEN)
def test_every_format_reaches_its_number(text: str) -> None:
    found = read_typed(text, OFFICE, extension="201")
    (step,) = decide(call(found.dial), OPEN).steps
    assert isinstance(step, Outside) and step.number == found.number


@given(st.from_regex(r"(\+39|0039|0)?[0-9]{6,11}", fullmatch=True))
def test_a_shown_number_reads_back_to_the_same(text: str) -> None:
    e164 = numbers.to_e164(text)
    if e164:
        assert numbers.to_e164(numbers.national(e164)) == e164
    found = read_typed(text, OFFICE)
    if found.kind == "outside":
        again = read_typed(found.shown, OFFICE)
        assert found.number in (again.number, *(numbers.to_e164(each) for each in again.offers))


def test_a_page_that_is_pasted_is_not_remembered() -> None:
    before = written._read.cache_info().currsize
    assert written.read("9" * 1_000_000).wrong == written.TOO_LONG
    assert written._read.cache_info().currsize == before
