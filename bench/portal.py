"""The portal under people: pages shown, clicks answered, facts pushed, sign-ins forgotten.

    .venv/bin/python bench/portal.py                    # everything: some 6 minutes
    .venv/bin/python bench/portal.py --exp click,push

The whole product runs, portal and PBX in one process, on core 0; the browsers are on core 1. What
the issue asks for: a warm page visible within 1 s; a click's round trip under 50 ms for 95 of 100
with 50 people connected; a fact of the PBX on 200 open tabs within 1 s; memory steady over 1,000
sign-ins. Every figure goes to `bench/results/` as a line of JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import os
import random
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tabs import Tab, sign_in, sign_out

from officesmart import migrate
from pbx import credentials
from pbx.config import Config
from pbx.store.session import Database
from pbx.tables import Line, Mailbox, SipAccount

HERE = Path(__file__).resolve().parent
PASSWORD, SIP_PASSWORD = "prova-di-carico-71", "sip-di-prova"
FIRST, PEOPLE = 1001, 60
SHELL = "reflex___state____state.officesmart___i18n____words.officesmart___page____portal"
CLICKS = (
    f"{SHELL}.officesmart___components___dialler____dialler.open_dialler",
    f"{SHELL}.officesmart___components___dialler____dialler.close_dialler",
)
PAGES = ("/", "/messaggi")
FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync")  # fmt: skip


def at(share: float, values: list[float]) -> float:
    """The value below which that share of them lies."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def millis(seconds: list[float]) -> dict[str, float]:
    """Median, 95 % and worst, in milliseconds."""
    return {
        "median_ms": round(statistics.median(seconds) * 1000, 1),
        "p95_ms": round(at(0.95, seconds) * 1000, 1),
        "worst_ms": round(max(seconds) * 1000, 1),
        "n": len(seconds),
    }


# -- the office ---------------------------------------------------------------------------------


class Office:
    """The product on free ports, with so many people who may sign in."""

    def __init__(self, core: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="portal-bench-"))
        self.port, self.sip = _free(), _free()
        self.address = f"http://localhost:{self.port}"
        self._furnish()
        self._log = (self.folder / "log").open("w")
        self.process = subprocess.Popen(
            ["taskset", "-c", core, sys.executable, "-m", "officesmart.cli", "run"],
            cwd=HERE.parent,
            env=os.environ
            | {
                "OFFICESMART_DATA": str(self.folder),
                "OFFICESMART_PORT": str(self.port),
                "OFFICESMART_SIP_HOST": "127.0.0.1",
                "OFFICESMART_SIP_PORT": str(self.sip),
                "OFFICESMART_MEDIA_WORKERS": "1",
            },
            stdout=self._log,
            stderr=self._log,
        )
        until = time.monotonic() + 90
        while True:
            try:
                with urllib.request.urlopen(f"{self.address}/ping", timeout=1):
                    return
            except OSError:
                if self.process.poll() is not None or time.monotonic() > until:
                    raise SystemExit((self.folder / "log").read_text()[-3000:]) from None
                time.sleep(0.1)

    def _furnish(self) -> None:
        config = Config(data=self.folder)
        database = Database(config.url, self.folder)
        migrate.upgrade(database)
        now, kept = datetime.now(UTC), credentials.hash_password(PASSWORD)
        user = str(FIRST)
        with database.session() as session:
            for extension in range(FIRST, FIRST + PEOPLE):
                line = Line(
                    extension=str(extension),
                    name=f"Persona {extension}",
                    password_hash=kept,
                    created_at=now,
                    welcomed_at=now,
                )
                session.add(line)
                session.flush()
                session.add(Mailbox(line_id=line.id or 0))
                if extension == FIRST:
                    session.add(
                        SipAccount(
                            line_id=line.id or 0,
                            username=user,
                            ha1_md5=credentials.ha1_md5(user, SIP_PASSWORD),
                            ha1_sha256=credentials.ha1_sha256(user, SIP_PASSWORD),
                        )
                    )
        database.close()

    def megabytes(self) -> float:
        """Resident memory of the process, without its media workers."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def stop(self) -> None:
        """End it, and forget its folder."""
        self.process.terminate()
        self.process.wait(20)
        self._log.close()
        shutil.rmtree(self.folder)


def _free() -> int:
    """A port that nobody listens on, outside the range of sound."""
    while True:
        port = random.randrange(10000, 19000)
        with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
            try:
                tcp.bind(("127.0.0.1", port))
                udp.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


class Phone:
    """A phone that signs in and out, so that something happens in the office."""

    def __init__(self, port: int) -> None:
        self._port, self._count = port, 0
        self._socket = socket.socket(type=socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.settimeout(5)

    def register(self, seconds: int) -> float:
        """Sign in for so long (0: out); when the request that counts was sent."""
        challenge = self._send(seconds, "")[1]
        nonce = re.search(r'nonce="([^"]+)"', challenge)
        if nonce is None:
            raise SystemExit(f"no challenge: {challenge}")
        uri = f"sip:127.0.0.1:{self._port}"
        one = _md5(f"{FIRST}:{credentials.REALM}:{SIP_PASSWORD}")
        two = _md5(f"REGISTER:{uri}")
        proof = _md5(f"{one}:{nonce[1]}:00000001:abc:auth:{two}")
        began, answer = self._send(
            seconds,
            f'Authorization: Digest username="{FIRST}",realm="{credentials.REALM}",'
            f'nonce="{nonce[1]}",uri="{uri}",response="{proof}",algorithm=MD5,qop=auth,'
            'nc=00000001,cnonce="abc"\r\n',
        )
        if " 200 " not in answer.split("\r\n", 1)[0]:
            raise SystemExit(f"the phone was refused: {answer}")
        return began

    def _send(self, seconds: int, credentials_line: str) -> tuple[float, str]:
        self._count += 1
        port = self._socket.getsockname()[1]
        request = (
            f"REGISTER sip:127.0.0.1:{self._port} SIP/2.0\r\n"
            f"Via: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bKb{self._count}\r\n"
            f"From: <sip:{FIRST}@127.0.0.1>;tag=b\r\nTo: <sip:{FIRST}@127.0.0.1>\r\n"
            f"Call-ID: bench-{port}\r\nCSeq: {self._count} REGISTER\r\nMax-Forwards: 70\r\n"
            f"Contact: <sip:{FIRST}@127.0.0.1:{port}>\r\nExpires: {seconds}\r\n"
            f"Allow: INVITE, ACK, BYE, CANCEL\r\n{credentials_line}Content-Length: 0\r\n\r\n"
        )
        began = time.perf_counter()
        self._socket.sendto(request.encode(), ("127.0.0.1", self._port))
        return began, self._socket.recv(4096).decode()


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


# -- what is measured ---------------------------------------------------------------------------


def visible(office: Office, loads: int = 12) -> dict[str, Any]:
    """A warm page in Chromium: from the address to the person's name on the page, by page."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    found: dict[str, Any] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        context.request.post(
            f"{office.address}/session/in",
            data={"number": str(FIRST), "password": PASSWORD},
            headers={"Origin": office.address},
        )
        page = context.new_page()
        for path in PAGES:
            times, paints = [], []
            for turn in range(loads + 1):
                began = time.perf_counter()
                page.goto(office.address + path, wait_until="commit")
                page.wait_for_selector("[data-spoken=true]")
                if turn:  # the first fills the cache
                    times.append(time.perf_counter() - began)
                    paints.append(page.evaluate(_FIRST_PAINT) / 1000)
            found[path] = millis(times) | {"first_paint_ms": millis(paints)["median_ms"]}
        browser.close()
    return found


_FIRST_PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"


async def click(office: Office, people: int = 50, seconds: float = 30.0) -> dict[str, Any]:
    """So many people, each with a page open, each clicking once in two seconds."""
    taken: list[float] = []

    async def person(tab: Tab, until: float) -> None:
        turn = 0
        await asyncio.sleep(random.uniform(0, 2))
        while time.monotonic() < until:
            taken.append(await tab.click(CLICKS[turn % 2]))
            turn += 1
            await asyncio.sleep(random.uniform(1, 3))

    async with AsyncExitStack() as open_tabs:
        tabs = []
        for n in range(people):
            cookie = await asyncio.to_thread(sign_in, office.address, str(FIRST + n), PASSWORD)
            tabs.append(await open_tabs.enter_async_context(Tab(office.address, cookie)))
        until = time.monotonic() + seconds
        await asyncio.gather(*(person(tab, until) for tab in tabs))
    return {"people": people, **millis(taken)}


async def push(office: Office, tabs: int = 200, times: int = 12) -> dict[str, Any]:
    """A phone signs in or out: until the last of so many tabs has heard."""
    phone = Phone(office.sip)
    last: list[float] = []
    every: list[float] = []
    async with AsyncExitStack() as open_tabs:
        opened = []
        cookie = ""
        for n in range(tabs):
            if n % 10 == 0:
                cookie = await asyncio.to_thread(sign_in, office.address, str(FIRST), PASSWORD)
            opened.append(await open_tabs.enter_async_context(Tab(office.address, cookie)))
        for turn in range(times):
            await asyncio.sleep(1.5)
            for tab in opened:
                tab.forget()
            hearing = [asyncio.create_task(tab.until(_tells_of_phones)) for tab in opened]
            began = await asyncio.to_thread(phone.register, 0 if turn % 2 else 600)
            heard = [await each - began for each in hearing]
            last.append(max(heard))
            every += heard
    return {"tabs": tabs, "last_tab": millis(last), "every_tab": millis(every)}


def _tells_of_phones(delta: dict[str, Any]) -> bool:
    return "phones_rx_state_" in json.dumps(delta)


async def signs(office: Office, times: int = 1000) -> dict[str, Any]:
    """Sign in, open Home, close, sign out; memory after every hundred."""
    megabytes = [round(office.megabytes(), 1)]
    began = time.monotonic()
    for turn in range(times):
        number = str(FIRST + turn % PEOPLE)
        cookie = await asyncio.to_thread(sign_in, office.address, number, PASSWORD)
        async with Tab(office.address, cookie):
            pass
        await asyncio.to_thread(sign_out, office.address, cookie)
        if (turn + 1) % 100 == 0:
            megabytes.append(round(office.megabytes(), 1))
    return {
        "sign_ins": times,
        "megabytes_each_100": megabytes,
        "per_second": round(times / (time.monotonic() - began), 1),
    }


EXPERIMENTS = {"visible": visible, "click": click, "push": push, "signs": signs}


def main() -> None:
    """Run what was asked for; a line of JSON for each."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--exp", default=",".join(EXPERIMENTS), help="which, by commas")
    parser.add_argument("--core", default="0", help="the product's core")
    wanted = parser.parse_args()
    names = [name for name in wanted.exp.split(",") if name]
    if unknown := set(names) - set(EXPERIMENTS):
        parser.error(f"no such experiment: {', '.join(sorted(unknown))}")
    cores = os.sched_getaffinity(0)
    office = Office(wanted.core)
    if len(cores) > 1:
        os.sched_setaffinity(0, cores - {int(wanted.core)})
    results = HERE / "results"
    results.mkdir(exist_ok=True)
    out = results / f"portal-{datetime.now():%Y%m%d-%H%M%S}.jsonl"
    try:
        for name in names:
            deed = EXPERIMENTS[name]
            figures = deed(office) if name == "visible" else asyncio.run(deed(office))
            line = json.dumps({"experiment": name, **figures})
            print(line, flush=True)
            with out.open("a") as file:
                file.write(line + "\n")
    finally:
        office.stop()


if __name__ == "__main__":
    main()
