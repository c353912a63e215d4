"""What a line may look like: every refusal in two languages, with what to do about it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from officesmart import csv_rows
from officesmart.administration.rules import (
    FIELDS,
    LONGEST_TYPED,
    MAILBOX_AFTER,
    RING,
    LineValues,
    explain,
    judge,
    label_fault,
)
from officesmart.csv_rows import BadRow, parse
from pbx.printable import printable
from pbx.routing.features import mailbox, ring_plan

GOOD = {"extension": "204", "name": "Marta Riva", "active": "on", "mailbox": "on"}
NASTY = (
    "",
    " ",
    "x" * 10_000,
    "🦆☎️👩‍💻",
    "\u202eاسم\u202c",
    "<script>alert(1)</script>",
    "'; DROP TABLE line; --",
    "\0",
    "a\nb",
    '"',
    ";,\t",
    "\ud800",
    "٢٠١",
)


def bounds(options: Any, name: str) -> tuple[int, int]:
    limits = {type(each).__name__: each for each in options.model_fields[name].metadata}
    return limits["Ge"].ge, limits["Le"].le


def test_the_bounds_are_those_of_the_features() -> None:
    assert bounds(ring_plan.Options, "longest_seconds") == RING
    assert bounds(mailbox.Options, "seconds") == MAILBOX_AFTER


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("02 5550 1201", "+390255501201"),
        ("+39 02 5550 1201", "+390255501201"),
        ("0039 02-5550-1201", "+390255501201"),
        ("(02) 5550.1201", "+390255501201"),
        ("347 555 0182", "+393475550182"),
        ("", ""),
    ],
)
def test_a_number_may_be_typed_as_italians_write_it(typed: str, kept: str) -> None:
    values, faults = judge({**GOOD, "number": typed})
    assert not faults
    assert values.number == kept


@pytest.mark.parametrize(
    ("field", "typed", "remedy"),
    [
        ("extension", "", "204"),
        ("extension", "2", "204"),
        ("extension", "25A", "204"),
        ("extension", "1234567", "204"),
        ("extension", "*86", "204"),
        ("extension", "112", "scegli un altro"),
        ("extension", "118", "scegli un altro"),
        ("name", "", "Scrivi il nome"),
        ("name", "x" * 121, "120"),
        ("name", "a\u202eb", "riscrivi"),
        ("email", "nessuno", "nome@azienda.it"),
        ("email", "a@b", "nome@azienda.it"),
        ("number", "12", "02 5550 1201"),
        ("number", "boh", "02 5550 1201"),
        ("site", "s" * 81, "80"),
        ("role", "king", "user"),
        ("language", "fr", "it"),
        ("ring_seconds", "4", "5"),
        ("ring_seconds", "171", "170"),
        ("ring_seconds", "venti", "numero"),
        ("mailbox_seconds", "-1", "numero"),
        ("mailbox_seconds", "99999", "420"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(field: str, typed: str, remedy: str) -> None:
    _, faults = judge({**GOOD, field: typed})
    assert list(faults) == [field]
    assert remedy in faults[field].it
    assert faults[field].en != faults[field].it


def test_several_faults_are_told_at_once() -> None:
    _, faults = judge({"extension": "x", "name": "", "email": "y", "ring_seconds": "z"})
    assert set(faults) == {"extension", "name", "email", "ring_seconds"}


def test_switches_that_were_not_sent_are_off() -> None:
    values, faults = judge({"extension": "204", "name": "Marta"})
    assert not faults
    assert (values.active, values.mailbox) == (False, False)
    values, _ = judge({**GOOD, "active": True, "mailbox": False})
    assert (values.active, values.mailbox) == (True, False)


@pytest.mark.parametrize("field", [*FIELDS, "unknown"])
@pytest.mark.parametrize("nasty", [*NASTY, None, 7, [], {}])
def test_nothing_that_is_sent_breaks_it(field: str, nasty: object) -> None:
    values, faults = judge({**GOOD, field: nasty})
    assert isinstance(values, LineValues)
    if not faults:
        assert re.fullmatch(r"[0-9]{2,6}", values.extension)
        assert 0 < len(values.name) <= 120
        assert printable(values.name) and printable(values.site)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(FIELDS), st.text(max_size=60)))
def test_any_form_has_an_answer(form: dict[str, str]) -> None:
    values, faults = judge(form)
    assert isinstance(values, LineValues)
    assert set(faults) <= set(FIELDS)


def test_ten_thousand_characters_are_too_long_and_no_work() -> None:
    _, faults = judge({**GOOD, "name": "x" * (LONGEST_TYPED + 1)})
    assert "troppo lungo" in faults["name"].it


@pytest.mark.parametrize("label", ["x" * 61, "a\0b", "a\u202eb"])
def test_a_label_that_cannot_be_shown_is_refused(label: str) -> None:
    assert label_fault(label) is not None
    assert label_fault("Scrivania 🦆") is None


FILES = [
    b"",
    b"extension,name\n",
    b"extension,name\n2,\n",
    b"extension,name\n112,a\n",
    b"extension,name\n201,a\n201,b\n",
    b"extension,name\n201,a,b\n",
    b"extension,name\n201,\xe8\n",
    b'extension,name\n201,"a\n',
    b"extension,name,email,number,role,language\n201,a,x,12,king,fr\n",
    b"extension,name,password,sip_password,mailbox_pin\n201,a,short,password1,1234\n",
    b"extension,name,password,mailbox_pin\n201,a,abcdefgh201,201201\n",
    b"extension,name,mailbox_pin\n2011,a,123456\n2012,a,230881\n",
    b"extension,name,password\n201,anna,xxanna83kfx\n202,a,2345kjhgfd\n",
    b"extension,name,password\n201,a," + b"p" * 201 + b"\n",
    b"extension,name,site\n201," + b"a" * 121 + b",\x07\n",
]


@pytest.mark.parametrize("content", FILES)
def test_every_fault_of_the_import_has_its_italian_words(content: bytes) -> None:
    _, faults = parse(content)
    assert faults
    for fault in faults:
        if "column" in fault.reason and not fault.column:
            continue  # the header: ours on the page
        told = explain(fault)
        assert told.it != told.en, fault
        assert told.it != fault.reason


def test_a_fault_we_do_not_know_is_told_as_it_is() -> None:
    assert explain(BadRow(1, "", "something new")).it == "something new"


def test_columns_are_all_named() -> None:
    from officesmart.pages.admin_import_pieces import MEANS

    assert set(MEANS) == set(csv_rows.COLUMNS)
