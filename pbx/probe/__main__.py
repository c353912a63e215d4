"""The child of the line test: runs the phone through its steps and tells each as a line of JSON."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import TextIO

from pbx.probe.phone import Failed, Phone
from pbx.probe.steps import Step, Task


def play_through(task: Task, out: TextIO) -> None:
    """Run the steps and write each as a line of JSON."""

    def attempt(name: str, deed: Callable[[], tuple[str, str]]) -> bool:
        start = time.monotonic()
        try:
            it, en = deed()
            ok = True
        except Failed as why:
            it, en, ok = why.it, why.en, False
        except Exception as why:  # pyVoIP raises whatever it meets; the step failed, in its words
            it, en, ok = f"Errore del telefono di prova: {why!r}", f"Test phone: {why!r}", False
        step = Step(name, ok, it, en, round(time.monotonic() - start, 3))
        out.write(json.dumps(asdict(step)) + "\n")
        out.flush()
        return ok

    phone: Phone | None = None

    def register() -> tuple[str, str]:
        nonlocal phone
        phone = Phone(task)
        return phone.register()

    if not attempt("register", register) or phone is None:
        return
    if attempt("call", lambda: phone.dial(task.target, min(10, task.timeout / 2))):
        seconds = max(3.0, task.timeout - 9)
        if attempt("hear", lambda: phone.hear(echo=task.echo, seconds=seconds)) and task.keys:
            attempt("keys", lambda: phone.press(task.keys, echo=task.echo))
        attempt("hangup", phone.hang_up)
    attempt("deregister", phone.deregister)


def main() -> None:
    """The child: what to do on standard input, steps on standard output, noise nowhere."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # pyVoIP prints
    task = Task(**json.loads(sys.stdin.read()))
    play_through(task, out)
    out.close()
    os._exit(0)  # its threads would keep the process alive


if __name__ == "__main__":
    main()
