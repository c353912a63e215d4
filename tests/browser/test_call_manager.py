"""The call manager on Home: the ring plan by mouse and by keys, two windows, a real telephone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect
from sqlmodel import select

from officesmart.call_manager import panel
from officesmart.call_manager.incoming import Incoming, PlanRow, options_of
from pbx.store import options, services
from pbx.store.session import Database
from pbx.tables import ForwardNumber, Line
from tests.browser.conftest import Office as Portal
from tests.browser.conftest import Screen
from tests.browser.late import Late
from tests.browser.test_looks import RULES
from tests.interop.baresip import Baresip
from tests.interop.office import Office

WANTED = 42  # seconds
MOBILE = "+393475550182"
PLAN = Incoming(
    mode="in_order",
    periods=(18, 12),
    phones=(PlanRow(rings=(True, True)), PlanRow(MOBILE, "Cellulare", (False, True))),
    mailbox_seconds=90,
)


@pytest.fixture
def database(office: Portal) -> Iterator[Database]:
    database = Database(f"sqlite:///{office.data}/officesmart.db", office.data)
    yield database
    database.close()


@pytest.fixture
def home(screen: Screen, database: Database) -> Page:
    """Giulia's page, with a plan of two periods."""
    with database.session() as session:
        of = line_id(database)
        if not session.exec(select(ForwardNumber)).all():
            session.add(ForwardNumber(line_id=of, name="Cellulare", number=MOBILE))
        for feature, said in options_of(PLAN).items():
            options.change(session, feature, of, **said)
    screen.sign_in("201")
    return opened(screen.open("/"))


def opened(page: Page) -> Page:
    expect(page.get_by_role("heading", name="Chiamate in entrata")).to_be_visible()
    page.locator("[data-entered=true]").wait_for()
    return page


def line_id(database: Database) -> int:
    with database.reading() as session:
        return session.exec(select(Line.id).where(Line.extension == "201")).one() or 0


def kept(database: Database) -> Incoming:
    with database.reading() as session:
        return panel.read(session, line_id(database))


def handle(page: Page, period: int) -> Locator:
    return page.get_by_role("slider", name=f"Durata del periodo {period}")


def drag(page: Page, period: int, seconds: int) -> None:
    """Pulls a handle until it says so many seconds, and lets it go."""
    knob = handle(page, period)
    for _ in range(5):
        knob.hover()
        page.mouse.down()
        if page.locator("[data-dragging]").count():
            break
        page.mouse.up()  # the page moved under the hand: what is above it was just told anew
    box = knob.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for _ in range(400):
        now = int(knob.get_attribute("aria-valuenow") or 0)
        if now == seconds:
            break
        x += 2 if now < seconds else -2
        page.mouse.move(x, y)
    page.mouse.up()
    expect(knob).to_have_attribute("aria-valuenow", str(seconds))


def confirm(page: Page) -> None:
    page.get_by_role("button", name="Conferma", exact=True).click()
    expect(page.get_by_text("Modifiche salvate")).to_be_visible()


@pytest.mark.timeout(150)
def test_a_real_phone_rings_as_long_as_the_handle_was_dragged(
    product: Office, phone: Callable[..., Baresip], page_of: Callable[[str, str], Page]
) -> None:
    """The guide's own words: drag the handle; the number on it is what holds."""
    home = opened(page_of("202", "/"))
    davide = phone("202")
    home.get_by_label("Le chiamate in ingresso saranno per").select_option("in_order")
    drag(home, 1, WANTED)
    expect(home.get_by_text(f"Da 0 a {WANTED} s")).to_be_attached()
    home.get_by_role("button", name=f"Porta la segreteria a {WANTED} s").click()
    confirm(home)
    expect(home.locator(".answer")).to_contain_text(f"{WANTED} s")

    anna = phone("201", tone=440)
    anna.dial("202")
    rings = davide.wait("CALL_INCOMING")
    ends = davide.wait("CALL_CLOSED", seconds=WANTED + 15)
    assert ends.at - rings.at == pytest.approx(WANTED, abs=2)
    anna.wait("CALL_ESTABLISHED")  # voicemail
    anna.hang_up()


def test_the_plan_by_keys_alone(home: Page, database: Database) -> None:
    knob = handle(home, 2)
    knob.focus()
    for key in ("ArrowRight", "ArrowUp", "PageUp", "ArrowLeft"):
        home.keyboard.press(key)
    expect(knob).to_have_attribute("aria-valuetext", "18 secondi")
    expect(home.get_by_text("Periodo 2: 18 s invece di 12 s")).to_be_visible()
    expect(home.get_by_text("In tutto 36 secondi")).to_be_attached()
    home.keyboard.press("End")
    expect(knob).to_have_attribute("aria-valuenow", "60")
    home.keyboard.press("Enter")  # the number box
    home.keyboard.type("25")
    home.keyboard.press("Enter")
    expect(knob).to_have_attribute("aria-valuenow", "25")
    expect(knob).to_be_focused()
    expect(home.get_by_text("Periodo 2: 25 s invece di 12 s")).to_be_visible()

    cell = home.get_by_role("switch", name="Cellulare: squilla nel periodo 2")
    home.get_by_role("switch", name="I tuoi telefoni: squilla nel periodo 1").focus()
    home.keyboard.press("ArrowRight")
    home.keyboard.press("ArrowDown")
    expect(cell).to_be_focused()
    home.keyboard.press("ArrowLeft")
    home.keyboard.press("Space")
    first = home.get_by_role("switch", name="Cellulare: squilla nel periodo 1")
    expect(first).to_be_focused()
    expect(first).to_have_attribute("aria-checked", "true")
    home.emulate_media(reduced_motion="reduce")
    found = Axe().run(home, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    home.keyboard.press("Control+Enter")
    expect(home.get_by_text("Modifiche salvate")).to_be_visible()
    assert kept(database).periods == (18, 25)
    assert kept(database).phones[1].rings == (True, True)
    expect(home.get_by_role("button", name="Conferma", exact=True)).to_have_count(0)


def test_no_key_is_lost_while_the_answers_are_late(
    home: Page, screen: Screen, database: Database
) -> None:
    """A slow machine or a slow line: what the hand did last holds, whatever comes in meanwhile."""
    page = screen.tab()
    line = Late(page)
    opened(screen.open("/", page))
    knob = handle(page, 2)
    knob.focus()
    line.late = True
    page.keyboard.press("ArrowRight")
    line.holds('"18 13"')
    page.keyboard.press("ArrowUp")
    line.let_in()  # 13, when the handle says 14
    line.calls("resize", 2)
    page.keyboard.press("ArrowUp")
    line.calls("resize", 3)
    page.keyboard.press("ArrowDown")
    line.calls("resize", 4)  # 14 again, with 15 on its way
    line.late = False
    line.let_in()
    expect(page.get_by_text("Periodo 2: 14 s invece di 12 s")).to_be_visible()
    expect(knob).to_have_attribute("aria-valuetext", "14 secondi")
    page.keyboard.press("Enter")
    page.keyboard.type("25")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Periodo 2: 25 s invece di 12 s")).to_be_visible()
    expect(knob.locator("span")).to_have_text("25 s")
    drag(page, 2, 31)
    expect(page.get_by_text("Periodo 2: 31 s invece di 12 s")).to_be_visible()
    expect(knob.locator("span")).to_have_text("31 s")
    confirm(page)
    assert kept(database).periods == (18, 31)


def test_what_has_no_effect_while_everything_is_forwarded_says_so(home: Page) -> None:
    home.get_by_label("Le chiamate in ingresso saranno per").select_option("forward")
    expect(home.get_by_text("non hanno effetto", exact=False).first).to_be_visible()
    expect(home.locator(".plan-edit")).to_have_attribute("inert", "")
    home.emulate_media(reduced_motion="reduce")
    found = Axe().run(home, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    home.get_by_role("button", name="Conferma", exact=True).click()
    expect(home.get_by_text("Scegli a quale numero")).to_be_visible()
    home.get_by_role("button", name="Annulla", exact=True).click()
    expect(home.get_by_role("heading", name="Chiamate in entrata")).to_be_focused()
    expect(handle(home, 1)).to_be_visible()


def test_leaving_asks_and_two_windows_ask_whose_changes_stay(
    home: Page, screen: Screen, database: Database
) -> None:
    home.evaluate("window.never_reloaded = true")
    drag(home, 1, 30)
    home.get_by_role("link", name="Messaggi nuovi").click()
    question = home.get_by_role("alertdialog", name="Uscire senza salvare?")
    question.get_by_role("button", name="Resta").click()

    other = opened(screen.open("/", screen.tab()))
    other.get_by_role("button", name=re.compile("^Cambia stato")).click()
    other.get_by_role("menuitem", name=re.compile("Non Disturbare")).click()
    confirm(other)
    note = home.get_by_role("alert").filter(has_text="Non Disturbare")
    expect(note).to_contain_text("altra finestra")
    note.get_by_role("button", name="Tieni le mie").click()
    expect(note).to_have_count(0)
    expect(home.get_by_text("Modifiche salvate")).to_be_visible()
    assert (kept(database).do_not_disturb, kept(database).periods) == (True, (30, 12))
    expect(other.get_by_text("Da 0 a 30 s")).to_be_attached()
    assert home.evaluate("window.never_reloaded")


def test_a_star_code_shows_on_the_open_page_by_itself(
    home: Page, office: Portal, database: Database
) -> None:
    status = home.get_by_role("button", name=re.compile("^Cambia stato"))
    expect(status).to_contain_text("Disponibile")
    with database.session() as session:
        services.do(session, line_id(database), "do_not_disturb.on")
        services.do(session, line_id(database), "forward_busy.on", number="202")
    office.happens("settings")
    expect(status).to_contain_text("Non Disturbare")
    note = home.get_by_role("status").filter(has_text="l'inoltro su occupato è attivo")
    note.get_by_role("button", name="Spegni l'inoltro su occupato").click()
    confirm(home)
    assert kept(database).do_not_disturb and not kept(database).busy


def test_a_number_is_added_to_the_plan_and_taken_away(home: Page, database: Database) -> None:
    home.get_by_role("button", name="Aggiungi un periodo").click()
    expect(handle(home, 3)).to_be_visible()
    home.get_by_role("button", name="Togli dal piano: Cellulare").first.click()
    expect(home.get_by_role("switch", name=re.compile("^Cellulare"))).to_have_count(0)
    home.get_by_role("button", name="Aggiungi telefono").click()
    dialog = home.get_by_role("dialog", name="Quale telefono aggiungere")
    dialog.get_by_text("Cellulare", exact=True).click()
    dialog.get_by_role("button", name="Conferma").click()
    expect(home.get_by_role("switch", name="Cellulare: squilla nel periodo 3")).to_have_attribute(
        "aria-checked", "true"
    )
    box = home.get_by_label("Premi 1 per accettare: Cellulare").first
    box.click()
    expect(box).not_to_be_checked()
    confirm(home)
    phones = kept(database).phones
    assert (phones[1].number, phones[1].rings, phones[1].confirm) == (
        MOBILE,
        (False, False, True),
        False,
    )
