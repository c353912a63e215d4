"""What a call from a page costs: both its sides by a trunk, asked for through the door.

    .venv/bin/python bench/clicks.py --rates 25,50,100 --dur 5

A portal in this process asks the PBX (its own process, on its core) for calls at a fixed rate; SIPp
answers the origin and the called number at once, and half a second later the portal hangs up. Told
are the processor's time for each call, and the delays from the click to the origin's ringing, to
the conversation, and from *Chiudi* to the end. Each figure goes to `bench/results/`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from office import FIRST, LAST, RESULTS, ROOT, environ, free_port, furnish, start_pbx
from trunk import add_trunk, provider

sys.path.insert(0, str(ROOT))
from pbx.events import kinds  # noqa: E402 - found by the line above
from pbx.remote import RemoteLink  # noqa: E402

TALKS = 0.5  # seconds
TICK = os.sysconf("SC_CLK_TCK")


def lift_limits(database: Path) -> None:
    """What keeps thieves off keeps a bench off as well."""
    most = {"calls": 999, "office_calls": 9999}
    with closing(sqlite3.connect(database)) as rows:
        rows.execute(
            "INSERT INTO featureoption (line_id, feature, options) VALUES (NULL, ?, ?)",
            ("outside_limits", json.dumps(most)),
        )
        rows.execute("UPDATE revision SET value = value + 1")
        rows.commit()


def processor(pid: int) -> float:
    """Seconds of processor that the PBX and its workers have used."""
    ticks = 0
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                said = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if pid in (int(entry.name), int(said[1])):
                ticks += int(said[11]) + int(said[12])
    return ticks / TICK


class Crowd:
    """People who click."""

    def __init__(self, data: Path) -> None:
        self.link = RemoteLink(data)
        self.seen: dict[tuple[str, type], asyncio.Future[float]] = {}

    async def listen(self) -> None:
        """Note when what happened."""
        async for fact in self.link.events():
            if isinstance(fact, kinds.OriginRinging | kinds.CallAnswered | kinds.CallEnded):
                moment = self.moment(fact.call, type(fact))
                if not moment.done():
                    moment.set_result(time.monotonic())

    def moment(self, call: str, kind: type) -> asyncio.Future[float]:
        """When this happens to that call."""
        known = self.seen.get((call, kind))
        if known is None:
            known = self.seen[call, kind] = asyncio.get_running_loop().create_future()
        return known

    async def click(self, number: int) -> tuple[float, float, float]:
        """One call; the three delays in seconds."""
        line = str(FIRST + number % (LAST - FIRST + 1))
        clicked = time.monotonic()
        placed = await self.link.call(
            line, f"00612{340000 + number}", key=str(number), origin="+390698765432"
        )
        async with asyncio.timeout(10):
            rang = await self.moment(placed.call, kinds.OriginRinging)
            talks = await self.moment(placed.call, kinds.CallAnswered)
            await asyncio.sleep(TALKS)
            closed = time.monotonic()
            await self.link.hang_up(placed.call, line=line)
            over = await self.moment(placed.call, kinds.CallEnded)
        return rang - clicked, talks - clicked, over - closed


def percentile(values: list[float], share: float) -> float | None:
    """In milliseconds."""
    ordered = sorted(values)
    return round(1000 * ordered[int(share * (len(ordered) - 1))], 1) if ordered else None


async def step(crowd: Crowd, rate: int, seconds: int, pid: int, first: int) -> dict[str, Any]:
    """So many clicks a second."""
    used, began = processor(pid), time.monotonic()
    clicks = []
    for n in range(rate * seconds):
        await asyncio.sleep(max(0.0, began + n / rate - time.monotonic()))
        clicks.append(asyncio.create_task(crowd.click(first + n)))
    done = await asyncio.gather(*clicks, return_exceptions=True)
    good = [each for each in done if not isinstance(each, BaseException)]
    await asyncio.sleep(0.5)
    cost = (processor(pid) - used) / max(1, len(good))
    names = ("origin_rings", "talking", "chiudi")
    delays = {
        f"{name}_ms": {"p50": percentile(found, 0.5), "p99": percentile(found, 0.99)}
        for name, found in zip(names, ([each[n] for each in good] for n in range(3)), strict=True)
    }
    return {
        "pbx": "officesmart", "exp": "clicks", "target_rate": rate, "calls": len(good),
        "failed": len(done) - len(good), "server_cpu_ms_per_op": round(1000 * cost, 2), **delays,
    }  # fmt: skip


async def measure(wanted: argparse.Namespace, data: Path, pid: int, out: Path) -> None:
    """One step after the other."""
    crowd = Crowd(data)
    jobs = [asyncio.create_task(crowd.link.keep_up()), asyncio.create_task(crowd.listen())]
    while not crowd.link.running():  # noqa: ASYNC110 - the link has no such event
        await asyncio.sleep(0.05)
    first = 0
    for rate in map(int, wanted.rates.split(",")):
        row = await step(crowd, rate, wanted.dur, pid, first)
        first += rate * wanted.dur
        with out.open("a") as file:
            file.write(json.dumps(row) + "\n")
        print(json.dumps(row))
    for job in jobs:
        job.cancel()


def main() -> None:
    """One office, one provider, a crowd."""
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    ask.add_argument("--rates", default="25,50,100")
    ask.add_argument("--dur", type=int, default=5)
    ask.add_argument("--core", default="0")
    ask.add_argument("--load-core", default="1")
    wanted = ask.parse_args()
    os.sched_setaffinity(0, {int(wanted.load_core)})
    out = RESULTS / f"clicks-{datetime.now().astimezone():%Y%m%d-%H%M%S}.jsonl"
    with tempfile.TemporaryDirectory(prefix="office-bench-") as scratch:
        folder = Path(scratch)
        port = free_port()
        env = environ(folder / "data", port)
        furnish(env, folder)
        database = folder / "data" / "officesmart.db"
        add_trunk(database, port + 40)
        lift_limits(database)
        company = provider(wanted.load_core, port + 40, folder)
        pbx = start_pbx(env, wanted.core, folder / "pbx.log")
        try:
            time.sleep(1)  # the first OPTIONS
            asyncio.run(measure(wanted, folder / "data", pbx.pid, out))
        finally:
            pbx.send_signal(signal.SIGTERM)
            pbx.wait(20)
            company.kill()
            company.wait()
            print((folder / "pbx.log").read_text()[-2000:])


if __name__ == "__main__":
    main()
