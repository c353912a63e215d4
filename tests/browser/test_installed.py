"""The portal as something that is installed, and its page while it is away."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Office, Screen

BACK = 20_000  # milliseconds


def test_chromium_would_install_it(screen: Screen) -> None:
    page = screen.sign_in("201")
    screen.open("/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    cdp = page.context.new_cdp_session(page)
    manifest = cdp.send("Page.getAppManifest")
    assert manifest["url"].endswith("/manifest.webmanifest") and not manifest["errors"]
    against = cdp.send("Page.getInstallabilityErrors")["installabilityErrors"]
    # A test's window is a private one, and nothing is installed from those.
    assert [each["errorId"] for each in against] in ([], ["in-incognito"])
    for icon in ("icon-192.png", "icon-512.png", "icon-maskable-512.png", "apple-touch-icon.png"):
        side = 180 if icon.startswith("apple") else int(icon.rsplit("-", 1)[1].split(".")[0])
        found = page.context.request.get(f"{screen.office.url}/{icon}").body()
        assert found[:8] == b"\x89PNG\r\n\x1a\n"
        assert found[16:24] == side.to_bytes(4, "big") * 2, "width and height (PNG 11.2.2)"


def test_the_frame_of_the_window_follows_the_theme(screen: Screen) -> None:
    page = screen.sign_in("201")
    screen.open("/")
    colour = page.locator("meta[name=theme-color]")
    expect(colour).to_have_attribute("content", "#f5f4f0")
    page.emulate_media(color_scheme="dark")
    expect(colour).to_have_attribute("content", "#121210")


@pytest.mark.timeout(120)
def test_a_page_opened_while_the_portal_is_away_opens_when_it_is_back(
    screen: Screen, office: Office
) -> None:
    page = screen.sign_in("201")
    screen.open("/messaggi")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    office.stop()
    page.reload()
    expect(page.get_by_role("heading", name="Il portale non risponde")).to_be_visible()
    office.start()
    expect(page.get_by_role("heading", name="Messaggi e Chiamate")).to_be_visible(timeout=BACK)
