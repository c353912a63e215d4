"""Home's panels as a browser has them: the draft, Conferma, two windows, forged requests."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import Session, select

from officesmart.call_manager import panel
from officesmart.call_manager.incoming import Incoming as Values
from officesmart.components.incoming_handlers import Incoming
from officesmart.desk import Desk
from officesmart.pages.home import Home
from pbx.store import services
from pbx.tables import ForwardNumber, Line
from tests.unit.administration.conftest import NASTY
from tests.unit.administration.tab import Tab
from tests.unit.call_manager.conftest import line_of

MOBILE = "+393475550182"


class Window(Tab):
    """Home, with the draft's State beside it."""

    def __init__(self, here: Desk, who: str = "201") -> None:
        super().__init__(here, Home, who)
        root = self.state
        while root.parent_state is not None:
            root = root.parent_state
        self.home = self.state
        self.piece: Any = root.get_substate(Incoming.get_full_name().split("."))

    def edits(self, handler: str, *arguments: Any) -> Any:
        """Something in the panels of the call manager."""
        self.state = self.piece
        self.does(handler, *arguments)
        self.state = self.home
        return self.piece

    def told(self, *topics: str) -> Any:
        """Something moved, elsewhere."""
        self.does("news", [*topics])
        return self.piece


@pytest.fixture
def window(here: Desk) -> Window:
    with here.database.session() as session:
        session.add(
            ForwardNumber(line_id=line_of(here), name="Cellulare", number=MOBILE),
        )
    return Window(here)


def kept(here: Desk) -> Values:
    with here.database.reading() as session:
        return panel.read(session, line_of(here))


def star(here: Desk, deed: str, **how: Any) -> None:
    with here.database.session() as session:
        services.do(session, line_of(here), deed, **how)


def test_a_plan_is_made_and_confirmed(window: Window, here: Desk) -> None:
    seen = window.edits("choose_mode", "in_order")
    assert [(each.seconds, each.words) for each in seen.periods] == [(18, "Da 0 a 18 s")]
    window.does("choose_number", "plan", MOBILE, "Cellulare")
    window.edits("add_period")
    window.edits("resize", 1, "42")
    seen = window.edits("toggle", MOBILE, 0, False)
    assert seen.announced == ""
    assert [phone.name for phone in seen.plan_phones] == ["I tuoi telefoni", "Cellulare"]
    assert [cell.look for cell in seen.plan_phones[0].cells] == ["cell r a", "cell r z"]
    assert [cell.on for cell in seen.plan_phones[1].cells] == [False, True]
    assert seen.plan_phones[1].outside and seen.plan_phones[1].confirm
    assert (seen.seconds, seen.total, seen.free) == ("18 42", 60, 4)
    assert kept(here) == Values()
    window.edits("confirm", {})
    assert window.said == "Modifiche salvate"
    assert kept(here).periods == (18, 42)
    assert kept(here).phones[1].number == MOBILE
    assert not seen.draft and seen.changes == []
    window.edits("press_one", MOBILE, False)
    window.edits("confirm", {})
    assert kept(here).phones[1].confirm is False


def test_the_draft_is_explained_and_gone_after_undo(window: Window) -> None:
    window.edits("choose_status", "dnd")
    assert window.piece.only_status and window.piece.changes == ["Stato: Non Disturbare"]
    home = window.told("draft") and window.home
    assert home.edited.sentence != "" and home.edited != home.path
    window.edits("undo")
    window.told("draft")
    assert window.home.edited.sentence == "" and not window.piece.quiet


def test_a_wait_that_is_too_short_is_mended_with_one_click(window: Window, here: Desk) -> None:
    window.edits("choose_mode", "in_order")
    window.does("choose_number", "no_answer", "202", "")
    seen = window.edits("type_no_answer", "12")
    assert "dura 18 s" in seen.faults["no_answer_seconds"]
    window.edits("confirm", {})
    assert kept(here) == Values()
    assert seen.remedy == "Porta a 23 s"
    seen = window.edits("lengthen")
    assert (seen.no_answer_text, seen.faults["no_answer_seconds"]) == ("23", "")
    window.edits("confirm", {})
    assert kept(here).no_answer_seconds == 23


def test_typed_seconds_that_are_none_are_not_saved(window: Window, here: Desk) -> None:
    for text in ("", "abc", "4", "421", "-3", "٢٥", "2" * 10_000, "🦆", "25; DROP"):
        seen = window.edits("type_no_answer", text)
        assert "da 5 a 420" in seen.faults["no_answer_seconds"], text[:9]
        assert seen.draft
        before = seen.failed
        assert window.edits("confirm", {}).failed == before + 1
    assert kept(here) == Values()
    assert window.edits("undo").no_answer_text == "25"


def test_a_star_code_shows_on_the_open_page(window: Window, here: Desk) -> None:
    star(here, "do_not_disturb.on")
    assert window.told("settings").quiet
    star(here, "forward_busy.on", number="202")
    assert window.told("settings").busy_to == "Davide Conti, int. 202"
    assert not window.piece.clash and not window.piece.draft


@pytest.mark.parametrize("mine", [True, False])
def test_two_windows_and_whose_changes_stay(window: Window, here: Desk, mine: bool) -> None:
    other = Window(here)
    window.edits("type_mailbox", "60")
    other.edits("choose_status", "dnd")
    other.edits("confirm", {})
    window.edits("confirm", {})
    assert "altra finestra" in window.piece.clash and "Non Disturbare" in window.piece.clash
    assert kept(here).mailbox_seconds == 30
    seen = window.edits("keep_mine" if mine else "keep_theirs")
    assert kept(here) == Values(do_not_disturb=True, mailbox_seconds=60 if mine else 30)
    assert not seen.clash and not seen.draft
    assert seen.mailbox_text == ("60" if mine else "30")


def test_a_change_elsewhere_asks_at_once_and_never_drops_the_draft(
    window: Window, here: Desk
) -> None:
    window.edits("type_mailbox", "60")
    star(here, "forward_busy.on", number="202")
    seen = window.told("settings")
    assert "inoltro su occupato" in seen.clash and seen.mailbox_text == "60"
    assert window.edits("undo").clash == ""
    assert window.piece.busy and window.piece.mailbox_text == "30"


def test_the_same_change_twice_is_no_clash(window: Window, here: Desk) -> None:
    window.edits("choose_status", "dnd")
    star(here, "do_not_disturb.on")
    seen = window.told("settings")
    assert not seen.clash and not seen.draft and seen.quiet


def test_a_page_that_is_left_forgets_its_draft(window: Window) -> None:
    window.edits("choose_status", "dnd")
    window.does("enter")
    assert not window.piece.quiet and not window.piece.draft


def test_a_second_click_before_the_answer_changes_nothing_more(window: Window) -> None:
    window.edits("choose_mode", "in_order")
    for number in (MOBILE, "202", "203"):
        window.does("choose_number", "plan", number, "")
    window.edits("add_period")
    window.edits("add_period")
    for _ in range(2):
        window.edits("toggle", "", 2, False)
        window.edits("drop_phone", MOBILE)
        window.edits("drop_period", 1, 3)
    seen = window.piece
    assert [phone.number for phone in seen.plan_phones] == ["", "202", "203"]
    assert [cell.on for cell in seen.plan_phones[0].cells] == [True, False]


@pytest.mark.parametrize("nasty", NASTY, ids=lambda each: repr(each)[:12])
def test_nothing_that_no_page_sends_is_taken(window: Window, here: Desk, nasty: object) -> None:
    window.edits("choose_mode", "in_order")
    before = window.piece._now
    phone = f"9{nasty}" if isinstance(nasty, str) else nasty  # '' is the person's own
    for handler, arguments in (
        ("choose_mode", (nasty,)),
        ("choose_status", (nasty,)),
        ("resize", (0, nasty)),
        ("resize", (nasty, "20")),
        ("toggle", (phone, 0, False)),
        ("toggle", ("", nasty, False)),
        ("toggle", ("", 0, nasty)),
        ("step_period", (0, nasty)),
        ("drop_period", (nasty, 1)),
        ("drop_period", (0, nasty)),
        ("drop_phone", (phone,)),
        ("press_one", (phone, True)),
        ("heed", (nasty, "")),
        ("heed", (0, nasty)),
        ("forward_busy", (nasty,)),
    ):
        window.edits(handler, *arguments)
        if handler != "resize" or nasty != 17:
            assert window.piece._now == before, handler
    window.does("choose_number", nasty, "202", "x")
    window.does("choose_number", "busy", nasty, nasty)
    window.edits("confirm", {"draft": nasty})
    assert kept(here).busy_number == ""
    assert kept(here).periods in ((), (18,))


def test_a_forged_plan_is_refused_by_the_save_itself(window: Window, here: Desk) -> None:
    window.edits("choose_mode", "in_order")
    for text in ("61", "0", "-1", "1e1", "18.5", "999"):
        window.edits("resize", 0, text)
        assert window.said == "Un periodo dura da 1 a 60 secondi"
    for _ in range(9):
        window.edits("add_period")
    for n in range(300, 315):
        window.does("choose_number", "plan", str(n), "")
    assert len(window.piece.periods) == 6
    assert len(window.piece.plan_phones) == 10
    window.edits("confirm", {})
    assert "non è un interno" in window.piece.faults["phones"]
    assert kept(here) == Values()


def test_who_only_looks_changes_nothing(window: Window) -> None:
    for name, handler in Incoming.event_handlers.items():
        if handler.fn.__qualname__.startswith(("Incoming.", "Draft.")):
            assert handler.fn.needs == "person", name
            assert not handler.fn.reads, name


def test_english_too(here: Desk) -> None:
    with here.database.session() as session:
        _line(session).language = "en"
    window = Window(here)
    window.edits("choose_mode", "in_order")
    seen = window.edits("resize", 0, "20")
    assert seen.announced == "20 seconds in all"
    assert seen.plan_phones[0].name == "Your phones"
    assert seen.changes[0] == "Ring your numbers in order"


def _line(session: Session) -> Line:
    return session.exec(select(Line).where(Line.extension == "201")).one()
