"""A number that a page shows is one that can be clicked: it goes through components/row_menu.py.

Looked for is what the pages say themselves: an element of theirs with a row's number as its text.
Where it is no number to call, or the row does something else when it is clicked, this says so.
"""

from __future__ import annotations

import ast
from pathlib import Path

PORTAL = Path(__file__).resolve().parents[2] / "officesmart"
NUMBERS = {"number", "written", "reaches", "caller_number", "callee_number", "extension"}
TEXT_ONLY = {
    "incoming_call.py: call.number": "it rings now: answering comes before calling",
    "incoming_call.py: each.extension": "choosing it sends the call there",
    "incoming_panel.py: Portal.extension": "one's own",
    "number_picker.py: row.written": "choosing it forwards there",
    "person_menu.py: Portal.extension": "one's own",
    "person_menu.py: Portal.number": "one's own",
    "_contact_form.py: each.number": "a contact with the same name, in a form",
    "_profile_steps.py: Profile.extension": "one's own",
    "_dialling_rights_pieces.py: row.extension": "the row sets what the line may call",
    "admin_import_trial.py: row.extension": "a line that is not there yet",
    "admin_line_bulk.py: each.extension": "a list of what will be changed",
    "admin_line_panel.py: lines.card.extension": "the panel's title; the table has the menu",
    "admin_line_services.py: each.number": "a setting",
    "admin_number_pieces.py: row.reaches": "the row opens the setting",
    "admin_number_questions.py: row.number": "numbers that are not there yet",
    "admin_number_questions.py: row.extension": "numbers that are not there yet",
    "admin_pickup.py: each.extension": "a member of a group, in a form",
    "admin_short_code_pieces.py: row.number": "the row opens the setting",
}
"File and expression, with why it is text."


def shown() -> set[str]:
    """Where an element has a number as its text."""
    found = set()
    for path in (*PORTAL.glob("pages/*.py"), *PORTAL.glob("components/*.py")):
        for call in ast.walk(ast.parse(path.read_text(), str(path))):
            if not isinstance(call, ast.Call) or not ast.unparse(call.func).startswith("rx.el."):
                continue
            for text in call.args:
                parts = [text] if isinstance(text, ast.Call) else ast.walk(text)
                found |= {
                    f"{path.name}: {ast.unparse(part)}"
                    for part in parts
                    if isinstance(part, ast.Attribute) and part.attr in NUMBERS
                }
    return found


def test_every_number_that_is_shown_has_its_menu() -> None:
    assert shown() - TEXT_ONLY.keys() == set(), "use number_menu or maybe_menu of row_menu.py"


def test_nothing_is_excused_that_is_not_there() -> None:
    assert TEXT_ONLY.keys() - shown() == set()
