"""The worker's second thread: whatever may wait for a disk happens here, never on the relay's tick.

Jobs run one after the other in the order given; their results come back to the relay's thread,
which is woken by a readable descriptor.
"""

from __future__ import annotations

import os
import queue
import threading
from collections import deque
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Disk:
    """A queue of jobs with a thread behind it."""

    def __init__(self) -> None:
        self._jobs: queue.SimpleQueue[Callable[[], Callable[[], None]] | None] = queue.SimpleQueue()
        self._answers: deque[Callable[[], None]] = deque()
        self.wake, self._waker = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        "`wake` is readable when `collect` has something to do."
        self._thread = threading.Thread(target=self._run, name="disk", daemon=True)
        self._thread.start()

    def submit(self, job: Callable[[], T], done: Callable[[T], None]) -> None:
        """Run a job over there; `done` gets its answer here. A job raises nothing: it answers."""

        def whole() -> Callable[[], None]:
            answer = job()
            return lambda: done(answer)

        self._jobs.put(whole)

    def collect(self) -> None:
        """Run what is to be done here with the answers that have come."""
        try:
            os.read(self.wake, 4096)
        except BlockingIOError:
            pass
        while self._answers:
            self._answers.popleft()()

    def close(self) -> None:
        """Finish the jobs given so far and end the thread."""
        self._jobs.put(None)
        self._thread.join()
        os.close(self.wake)
        os.close(self._waker)

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            self._answers.append(job())
            try:
                os.write(self._waker, b"!")
            except BlockingIOError:
                pass  # the pipe is full: it is readable anyway
