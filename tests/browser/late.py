"""A page's connection whose answers come in late, as on a slow machine or a slow line."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from playwright.sync_api import Page, WebSocketRoute

from tests.browser.times import SEEN


class Late:
    """Stands between a page that is not open yet and the server; `late` keeps the answers."""

    def __init__(self, page: Page) -> None:
        self.page, self.late = page, False
        self.sent: list[str] = []
        self.waiting: list[tuple[WebSocketRoute, str | bytes]] = []
        page.route_web_socket(re.compile("/_event"), self._open)

    def _open(self, browser: WebSocketRoute) -> None:
        server = browser.connect_to_server()

        def sends(said: str | bytes) -> None:
            self.sent.append(str(said))
            server.send(said)

        def answers(said: str | bytes) -> None:
            self.waiting.append((browser, said))
            if not self.late:
                self.let_in()

        browser.on_message(sends)
        server.on_message(answers)

    def let_in(self) -> None:
        """Whatever waits comes in, in its order."""
        waiting, self.waiting = self.waiting, []
        for browser, said in waiting:
            browser.send(said)

    def let_in_to(self, words: str) -> None:
        """What waits comes in up to the answer that says this, and not further."""

        def so() -> bool:
            while self.waiting:
                browser, said = self.waiting.pop(0)
                browser.send(said)
                if words in str(said):
                    return True
            return False

        self._until(so)

    def calls(self, handler: str, times: int) -> None:
        """Waits until the page has called a handler so many times in all."""
        self._until(lambda: sum(f".{handler}" in said for said in self.sent) >= times)

    def holds(self, words: str) -> None:
        """Waits for an answer that says this; it goes on waiting at the door."""
        self._until(lambda: any(words in str(said) for _, said in self.waiting))

    def _until(self, so: Callable[[], bool]) -> None:
        until = time.monotonic() + SEEN / 1000
        while not so():
            assert time.monotonic() < until, (self.sent, self.waiting)
            self.page.wait_for_timeout(20)  # lets Playwright hand on what arrives
