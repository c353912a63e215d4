"""Chromium in front of the real portal: each file of tests has an office of its own.

The pages are built once (`make test` does it before; here it is a look at a stamp). Without
Chromium the tests are skipped; tests/conftest.py makes that a failure on the build machine.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect, sync_playwright

from officesmart import build
from tests.browser.office import LINES, PASSWORD
from tests.browser.times import SEEN, UP, WHOLE
from tests.browser.whole import company, page_of, phone, product, with_lines
from tests.interop import ports

__all__ = ["company", "page_of", "phone", "product", "with_lines"]  # fixtures

CHROMIUM = (
    os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
    "--host-resolver-rules=MAP office.test 127.0.0.1",
]
expect.set_options(timeout=SEEN)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here) and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(WHOLE))


class Office:
    """A running portal, and the hand that makes things happen behind it."""

    def __init__(self, data: Path, port: int) -> None:
        self.data, self.port = data, port
        self.url = f"http://localhost:{port}"
        self.process: subprocess.Popen[str]
        self.log: IO[str]
        self.start()

    def start(self) -> None:
        """Up, and answering."""
        self.log = (self.data / "portal.log").open("a")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.browser.office", str(self.data), str(self.port)],
            cwd=build.ROOT,
            stdin=subprocess.PIPE,
            stdout=self.log,
            stderr=self.log,
            text=True,
        )
        until = time.monotonic() + UP
        while True:
            try:
                with urllib.request.urlopen(f"{self.url}/ping", timeout=1):
                    return
            except (urllib.error.URLError, OSError) as why:
                if self.process.poll() is not None or time.monotonic() > until:
                    self.stop()
                    raise AssertionError((self.data / "portal.log").read_text()) from why
                time.sleep(0.05)

    def stop(self) -> None:
        """Down."""
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdin is not None:
            self.process.stdin.close()
        self.log.close()

    def happens(self, do: str, **told: Any) -> None:
        """Something in the office: see `obey` in office.py."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"do": do, **told}) + "\n")
        self.process.stdin.flush()

    def told(self) -> list[dict[str, Any]]:
        """What the portal asked of the PBX so far."""
        lines = (self.data / "portal.log").read_text().splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM:
        pytest.skip("no Chromium: apt install chromium, or name it in CHROMIUM")
    build.ensure()
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        except Error as why:
            pytest.skip(f"Chromium does not start: {why}")
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def office(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    running = Office(tmp_path_factory.mktemp("office"), ports.row(2))
    yield running
    running.stop()


class Screen:
    """A browser window, and whatever went wrong in it."""

    def __init__(self, context: BrowserContext, office: Office) -> None:
        self.context, self.office = context, office
        self.page: Page = self.tab()

    def tab(self) -> Page:
        """Another tab of the same window; a script that fails in it fails the test."""
        page = self.context.new_page()
        page.set_default_timeout(SEEN)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on(
            "response",
            lambda answer: (
                self.faults.append(f"{answer.request.method} {answer.url} is nothing of ours")
                if answer.status == 405
                else None
            ),
        )
        page.on(
            "console",
            lambda said: (
                self.faults.append(said.text)
                if said.type == "error" and "Failed to load resource" not in said.text
                else None
            ),
        )
        return page

    @property
    def faults(self) -> list[str]:
        """What the console complained of."""
        return self.context.__dict__.setdefault("faults", [])

    def sign_in(self, who: str, *, elevate: bool = True) -> Page:
        """Through the door, without looking at it; an administrator goes on into that role."""
        answer = self.context.request.post(
            f"{self.office.url}/session/in",
            data={"number": who, "password": PASSWORD},
            headers={"Origin": self.office.url},
        )
        assert answer.ok, answer.text()
        if elevate and LINES.get(who, ("", ""))[1] == "admin":
            self.take_role()
        return self.page

    def take_role(self) -> None:
        """Passa al profilo amministratore, just after having signed in."""
        answer = self.context.request.post(
            f"{self.office.url}/session/role", data={}, headers={"Origin": self.office.url}
        )
        assert answer.json() == {"next": "/centralino"}

    def open(self, path: str, page: Page | None = None) -> Page:
        """A page, once the server has said who is there."""
        where = page or self.page
        where.goto(self.office.url + path)
        where.wait_for_selector("[data-spoken=true]")
        return where

    def reload(self) -> None:
        """F5, until the server has said who is there."""
        self.page.reload()
        self.page.wait_for_selector("[data-entered=true]")


@pytest.fixture
def screen(chromium: Browser, office: Office) -> Iterator[Screen]:
    context = chromium.new_context(
        viewport={"width": 1440, "height": 900}, color_scheme="light", locale="it-IT"
    )
    window = Screen(context, office)
    yield window
    faults = [fault for fault in window.faults if "WebSocket" not in fault]
    context.close()
    assert not faults
