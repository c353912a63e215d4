"""A pickup group: made by the administrator, seen live by its people, with a call parked there."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from tests.browser.conftest import Office, Screen


def test_a_group_from_its_making_to_a_parked_call(
    chromium: Browser, screen: Screen, office: Office
) -> None:
    screen.sign_in("203")
    page = screen.open("/admin/pickup")
    page.get_by_role("button", name="Nuovo gruppo").first.click()
    expect(page.locator("#panel-title")).to_have_text("Nuovo Gruppo di Pick-Up")
    page.fill("#f-name", "Ufficio vendite")
    page.get_by_role("checkbox", name="201").check()
    page.get_by_label("Cerca una linea").fill("davide")
    expect(page.get_by_role("checkbox", name="201")).to_be_hidden()
    page.get_by_role("checkbox", name="202").check()
    page.locator("#f-name").press("Control+Enter")
    expect(page.get_by_text("Gruppo creato")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="Ufficio vendite")).to_contain_text("2 linee")

    theirs = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="it-IT")
    giulia = Screen(theirs, office)
    giulia.sign_in("201")
    page = giulia.open("/servizi/pickup")
    people = page.get_by_role("list", name="Linee del gruppo")
    expect(people.get_by_role("listitem")).to_have_count(2)
    expect(people.get_by_role("listitem").filter(has_text="Davide")).to_contain_text("scollegato")
    office.happens("register", line="202", phone=12)
    expect(people.get_by_role("listitem").filter(has_text="Davide")).to_contain_text("disponibile")
    office.happens("park", call="c1", orbit="801", by="202", who="+390255501299")
    expect(page.get_by_role("heading", name="Chiamate parcheggiate")).to_be_visible()
    page.get_by_role("button", name="Riprendi la chiamata di 02 5550 1299").click()
    expect(page.get_by_role("dialog")).to_contain_text("Parcheggio 801")
    assert [(one["line"], one["number"]) for one in office.told() if "number" in one] == [
        ("201", "801")
    ]
    assert not screen.faults and not giulia.faults
    theirs.close()
