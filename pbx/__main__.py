"""The PBX alone: `python -m pbx`. The portal may run beside it, or not at all."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading

from pbx.config import BadSetting, read
from pbx.service import AlreadyRunning, Service


def main() -> int:
    """Run until a signal; 0 when it ended in order, 2 when it could not start."""
    level = os.environ.get("OFFICESMART_LOG", "INFO").upper()
    logging.basicConfig(level=level, format="%(asctime)s %(levelname).1s %(name)s %(message)s")
    try:
        service = Service(read(os.environ))
        service.start()
    except (BadSetting, AlreadyRunning, OSError) as failure:
        sys.stderr.write(f"officesmart: {failure}\n")
        return 2
    ending = threading.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, lambda *_: ending.set())
    sys.stdout.write(f"ready {service.driver.port}\n")
    sys.stdout.flush()
    ending.wait()
    service.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
