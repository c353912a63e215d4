"""Cells of CSV files that people open in a spreadsheet.

A spreadsheet takes a cell that begins with one of FORMULA for a formula and may run what it says
(OWASP, "CSV Injection"). What people typed is marked with an apostrophe, which spreadsheets hide
and our imports take away again. A telephone number stays as it is: it can do no harm, and other
programs read these files too.
"""

from __future__ import annotations

import re

FORMULA = ("=", "+", "-", "@", "\t", "\r")
NUMBER = re.compile(r"\+[0-9]{1,20}")


def plain(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    bare = cell.lstrip("'")  # what begins with an apostrophe of its own keeps it
    return f"'{cell}" if bare.startswith(FORMULA) and not NUMBER.fullmatch(cell) else cell


def as_typed(cell: str) -> str:
    """The text of a cell, without the apostrophe of `plain`."""
    marked = cell.startswith("'") and cell.lstrip("'").startswith(FORMULA)
    return cell[1:] if marked else cell
