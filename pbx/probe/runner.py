"""The line test from outside: starts the child, hands it the task, reads its steps.

pyVoIP starts threads it does not join, prints, and waits without limit, so it lives in a child
process (`python -m pbx.probe`) that is told what to do on its standard input (a password never
stands in a command line) and answers with one JSON line a step.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict

from pbx.probe.steps import Step, Task


def run_probe(
    *,
    host: str,
    port: int,
    username: str,
    password: str,
    target: str = "*600",
    keys: str = "12#",
    on_step: Callable[[Step], None] | None = None,
    timeout: float = 20,
    echo: bool = True,
) -> list[Step]:
    """Try the line and answer with the steps; blocks for at most `timeout` seconds and a little.

    host: the address where the PBX listens, as this machine reaches it (UDP).
    keys: pressed one after the other; a '#' must make the echo end the call.
    echo: the target sends back what it hears. False for a line that a person answers: then any
    sound that comes is enough, and keys are only sent.
    The first step that fails is the last but for the tidying up. Raises nothing about the office.
    """
    task = Task(host, port, username, password, target, keys, echo, timeout)
    steps: list[Step] = []

    def take(step: Step) -> None:
        steps.append(step)
        if on_step is not None:
            on_step(step)

    child = subprocess.Popen(
        [sys.executable, "-m", "pbx.probe"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
    )
    assert child.stdin is not None and child.stdout is not None
    started = time.monotonic()
    late = threading.Timer(timeout + 3, child.kill)  # the interpreter's start is not the office's
    late.start()
    try:
        with child.stdin:
            child.stdin.write(json.dumps(asdict(task)))
        with child.stdout:
            for line in child.stdout:
                take(Step(**json.loads(line)))
        code = child.wait()
    finally:
        late.cancel()
        child.kill()
        child.wait()
    if code or not steps:
        last = steps[-1].name if steps else "start"
        take(
            Step(
                "start" if not steps else "end",
                False,
                f"La prova si è fermata dopo «{last}»: nessuna risposta in {timeout:g} secondi.",
                f"The test stopped after '{last}': no answer within {timeout:g} seconds.",
                time.monotonic() - started,
            )
        )
    return steps


async def probe(
    *,
    host: str,
    port: int,
    username: str,
    password: str,
    target: str = "*600",
    keys: str = "12#",
    timeout: float = 20,  # noqa: ASYNC109 - the child's own limit, not ours
    echo: bool = True,
) -> AsyncIterator[Step]:
    """The steps of `run_probe` as they happen; the loop stays free meanwhile."""
    loop = asyncio.get_running_loop()
    seen: asyncio.Queue[Step | None] = asyncio.Queue()

    def tell(step: Step | None) -> None:
        loop.call_soon_threadsafe(seen.put_nowait, step)

    def work() -> None:
        try:
            run_probe(
                host=host,
                port=port,
                username=username,
                password=password,
                target=target,
                keys=keys,
                on_step=tell,
                timeout=timeout,
                echo=echo,
            )
        finally:
            tell(None)

    running = asyncio.create_task(asyncio.to_thread(work))
    while (step := await seen.get()) is not None:
        yield step
    await running
