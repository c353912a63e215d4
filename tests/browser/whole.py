"""The whole product for a test: the portal with its PBX, real phones, and pages of several people.

Fixtures; conftest.py gives them to every file.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.times import SEEN, UP
from tests.interop import baresip, ports, sipp
from tests.interop.baresip import Baresip
from tests.interop.office import ROOT, Office, sip_password
from tests.interop.provider import Provider, add_trunk


def address() -> dict[str, str]:
    """Where a portal of a test's own is."""
    port = ports.row(2)
    return {"OFFICESMART_PORT": str(port), "url": f"http://localhost:{port}"}


def opened(office: Office) -> None:
    """`officesmart run` over this office's folder, until its portal answers."""
    with office.log.open("a") as log:
        office.process = subprocess.Popen(
            [sys.executable, "-m", "officesmart.cli", "run"],
            cwd=ROOT,
            env=office.environ,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            text=True,
        )
    until = time.monotonic() + UP
    while True:
        try:
            with urllib.request.urlopen(f"{office.extra['url']}/ping", timeout=1):
                return
        except (urllib.error.URLError, OSError) as why:
            if office.process.poll() is not None or time.monotonic() > until:
                office.kill()
                raise AssertionError(office.said()) from why
            time.sleep(0.1)


@pytest.fixture(scope="session")
def with_lines(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the lines, made once and copied for each test."""
    if not baresip.installed():
        pytest.skip("baresip is not installed; scripts/debian_packages.sh test brings it")
    return Office(tmp_path_factory.mktemp("whole") / "data").furnish().data


@pytest.fixture
def product(chromium: Browser, with_lines: Path, tmp_path: Path) -> Iterator[Office]:
    """`officesmart run` over a furnished data folder."""
    shutil.copytree(with_lines, tmp_path / "office")
    office = Office(tmp_path / "office", extra=address())
    opened(office)
    yield office
    office.stop()


@pytest.fixture
def company(product: Office, tmp_path: Path) -> Iterator[Provider]:
    """A telephone company that the office's outside line leads to."""
    if not sipp.installed():
        pytest.skip("SIPp is not installed; scripts/debian_packages.sh test brings it")
    one = Provider("127.0.0.2", tmp_path / "company").start()
    add_trunk(product, one, "Primo")
    yield one
    one.stop()


@pytest.fixture
def phone(product: Office, tmp_path: Path) -> Iterator[Callable[..., Baresip]]:
    phones: list[Baresip] = []

    def make(line: str, **how: Any) -> Baresip:
        folder = tmp_path / f"phone{len(phones)}-{line}"
        made = Baresip(line, sip_password(line), product.port, folder, **how)
        phones.append(made)
        return made.start().registered()

    yield make
    for one in phones:
        one.stop()


@pytest.fixture
def page_of(chromium: Browser, product: Office) -> Iterator[Callable[[str, str], Page]]:
    """Opens a page as somebody, each in a browser of their own."""
    contexts = []
    url = product.extra["url"]

    def open_page(line: str, path: str) -> Page:
        context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="it-IT")
        contexts.append(context)
        answer = context.request.post(
            f"{url}/session/in",
            data={"number": line, "password": f"pagine-{line}-x"},
            headers={"Origin": url},
        )
        assert answer.ok, answer.text()
        if line == "201":  # the office's first line administers it
            context.request.post(f"{url}/session/role", data={}, headers={"Origin": url})
        page = context.new_page()
        page.set_default_timeout(SEEN)
        page.goto(url + path)
        page.wait_for_selector("[data-entered=true]")
        page.evaluate("window.never_reloaded = true")
        return page

    yield open_page
    for context in contexts:
        context.close()
