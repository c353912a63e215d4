"""The dialler in a window: a link opens it, another number rings first, two tabs agree."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import PASSWORD, Office, Screen


def calls(office: Office) -> list[dict[str, str]]:
    return [told for told in office.told() if "call" in told]


def test_a_link_another_number_and_two_tabs(screen: Screen, office: Office) -> None:
    before = len(calls(office))
    page = screen.page
    page.goto(f"{office.url}/componi?numero=tel:%2B39-0163-555021")  # nobody is signed in
    page.wait_for_selector("[data-spoken=true]")
    page.get_by_label("Numero di telefono").fill("202")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Accedi", exact=True).click()
    field = page.get_by_role("combobox", name="Numero o nome")
    expect(field).to_have_value("0163 555021")
    assert len(calls(office)) == before, "a link never calls by itself"

    page.get_by_role("button", name="Modifica il numero da cui chiamare").click()
    expect(page.get_by_role("radio", name="Il tuo numero")).to_be_checked()
    other = page.get_by_label("Un nuovo numero")
    other.fill("299")
    other.press("Enter")
    expect(page.get_by_text("Nessun interno ha il numero 299")).to_be_visible()
    assert len(calls(office)) == before
    other.fill("203")

    field.fill("")
    field.press("ArrowDown")
    listed = page.get_by_role("listbox", name="Suggerimenti")
    expect(listed.get_by_role("option", name="Giulia Ferrante")).to_be_visible()
    field.press("Escape")
    expect(listed).to_be_hidden()
    field.press_sequentially("giu")
    expect(listed.locator("mark")).to_have_text("Giu")
    field.press("ArrowDown")
    field.press("Enter")
    expect(page.get_by_text("int. 203 squilla").first).to_be_visible()
    (call,) = calls(office)[before:]
    assert (call["line"], call["number"], call["origin"]) == ("202", "201", "203")

    office.happens("origin_answers", call=call["call"])
    office.happens("ring", call=call["call"], to="201")
    expect(page.get_by_text("Sta squillando")).to_be_visible()
    page.reload()  # F5 finds the call again
    page.wait_for_selector("[data-entered=true], .alone")
    expect(page.get_by_text("Sta squillando")).to_be_visible()

    second = screen.open("/", screen.tab())
    second.get_by_role("button", name="Chiamata").first.click()
    dialog = second.get_by_role("dialog", name="Chiamata")
    expect(dialog.get_by_text("Sta squillando")).to_be_visible()
    office.happens("answer", call=call["call"], to="201")
    for tab in (page, second):
        expect(tab.get_by_text("In conversazione")).to_be_visible()
    second.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.get_by_text("In conversazione")).to_be_visible()
    page.get_by_role("button", name="Chiudi", exact=True).click()
    expect(page.get_by_text("chiamata finita").first).to_be_visible()
    page.get_by_role("button", name="Altro numero").click()
    expect(page.get_by_text("int. 202")).to_be_visible()  # my own number comes first again
    field.fill("201")
    page.get_by_role("button", name="Componi", exact=True).dblclick()
    expect(page.get_by_role("button", name="Chiudi", exact=True)).to_be_visible()
    assert [each["origin"] for each in calls(office)[before + 1 :]] == [""], "a double click"
    page.evaluate(
        """() => new MutationObserver((_, watch) => {
            const again = document.querySelector('[data-again]');
            if (!again) return;
            watch.disconnect();
            again.dispatchEvent(new MouseEvent('click', {bubbles: true, detail: 2}));
        }).observe(document.body, {subtree: true, childList: true})"""
    )
    page.get_by_role("button", name="Chiudi", exact=True).click()  # and once more, where it was
    page.get_by_role("button", name="Altro numero").click()
    expect(page.get_by_role("button", name="Componi", exact=True)).to_be_visible()
    assert len(calls(office)) == before + 2, "nobody is called again"


def test_the_dialog_moves_into_a_window(screen: Screen, office: Office) -> None:
    screen.sign_in("201")
    page = screen.open("/")
    page.get_by_role("button", name="Chiamata").first.click()
    dialog = page.get_by_role("dialog", name="Chiamata")
    dialog.get_by_label("Numero o nome").fill("203")
    page.evaluate("window.real = window.open; void (window.open = () => null)")
    dialog.get_by_role("button", name="Apri in una finestra").click()
    expect(dialog.get_by_text("Il browser ha bloccato la finestra")).to_be_visible()
    page.evaluate("void (window.open = window.real)")
    with page.expect_popup() as opened:
        dialog.get_by_role("button", name="Apri in una finestra").click()
    small = opened.value
    expect(small.get_by_label("Numero o nome")).to_have_value("203")
    expect(dialog).to_be_hidden()

    # Calls that ring are seen there too: those that came first stay where they are.
    office.happens("register", line="201", phone=201)
    for call, caller in (("in1", "0163555021"), ("in2", "203")):
        office.happens("start", call=call, **{"from": caller, "to": "201"})
        office.happens("ring", call=call, to="201")
    ringing = small.get_by_role("region", name="Chiamata in arrivo")
    names = ringing.get_by_role("heading", level=2)
    expect(names).to_have_text(["0163 555021", "Sara Lombardi"])
    first = ringing.get_by_role("article").first
    first.get_by_role("button", name="Inoltra a un collega").click()
    first.get_by_role("combobox", name="A quale collega").press_sequentially("zz")
    expect(first.get_by_text("Nessun collega trovato")).to_be_visible()
    assert small.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    first.get_by_role("button", name="Rifiuta").click()
    expect(names).to_have_text(["Sara Lombardi"])
    office.happens("end", call="in2")
    expect(ringing).to_be_hidden()
