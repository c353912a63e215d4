"""Draws the icons of the installed portal from assets/icon.svg, with Chromium.

`python -m scripts.make_icons` after the mark has changed; the pictures are committed.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ASSETS = Path(__file__).resolve().parent.parent / "assets"
TILE = "#0b6172"  # --accent, light
ICONS = (
    # file, side in pixels, part of the side that the mark takes, whether the tile fills the square
    ("icon-192.png", 192, 1.0, False),
    ("icon-512.png", 512, 1.0, False),
    # Cut by the system to a circle of 80 % (W3C: maskable): the mark stays inside it.
    ("icon-maskable-512.png", 512, 0.78, True),
    ("apple-touch-icon.png", 180, 0.86, True),
)


def main() -> None:
    """Write every icon."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("no Chromium")
    mark = (ASSETS / "icon.svg").read_text()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        for name, side, part, filled in ICONS:
            page = browser.new_page(viewport={"width": side, "height": side}, color_scheme="light")
            page.set_content(
                f"<style>body{{margin:0;width:{side}px;height:{side}px;display:grid;"
                f"place-items:center;background:{TILE if filled else 'transparent'}}}"
                f"svg{{width:{side * part}px;height:{side * part}px}}</style>{mark}"
            )
            page.screenshot(path=ASSETS / name, omit_background=True)
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
