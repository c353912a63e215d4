"""Cells that people open in a spreadsheet run nothing, and come back as they were."""

from __future__ import annotations

import csv
import io

import pytest

from officesmart.cells import as_typed, plain, written


@pytest.mark.parametrize(
    "begins", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'="]
)
def test_what_a_spreadsheet_would_run_is_marked(begins: str) -> None:
    cell = f"{begins}HYPERLINK(1)"
    text = "".join(written([(cell, "Giulia")]))
    ((shown, other),) = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""))
    assert (shown, other) == (f"'{cell}", "Giulia")
    assert as_typed(plain(cell)) == cell


def test_a_telephone_number_stays_a_number() -> None:
    assert plain("+390255501200") == "+390255501200"
    assert plain("＋390255501200").startswith("'")
