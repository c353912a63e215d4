"""Cells of CSV files that people open in a spreadsheet.

A spreadsheet takes a cell that begins with one of FORMULA for a formula and may run what it says
(OWASP, "CSV Injection"). What people typed is marked with an apostrophe, which spreadsheets hide
and our imports take away again. A telephone number stays as it is: it can do no harm, and other
programs read these files too.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"With the wide forms of East Asian keyboards, which spreadsheets there read alike."
NUMBER = re.compile(r"\+[0-9]{1,20}")


def plain(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    bare = cell.lstrip("'")  # what begins with an apostrophe of its own keeps it
    return f"'{cell}" if bare.startswith(FORMULA) and not NUMBER.fullmatch(cell) else cell


def written(rows: Iterable[Sequence[str]], *, begins: bool = True) -> Iterator[str]:
    """The rows of a CSV file, a line each, none of them a formula.

    begins: it is the file's beginning, and says that it is UTF-8, or spreadsheets read Latin-1.
    """
    line = io.StringIO(newline="")
    writer = csv.writer(line)
    mark = "\ufeff" if begins else ""
    for row in rows:
        writer.writerow([plain(cell) for cell in row])
        yield mark + line.getvalue()
        line.seek(0)
        line.truncate()
        mark = ""


def as_typed(cell: str) -> str:
    """The text of a cell, without the apostrophe of `plain`."""
    marked = cell.startswith("'") and cell.lstrip("'").startswith(FORMULA)
    return cell[1:] if marked else cell
