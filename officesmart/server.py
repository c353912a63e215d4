"""The server: one process, one port, pages built beforehand, the PBX inside."""

from __future__ import annotations

import gc
import importlib
import os
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import uvicorn

from officesmart import build, tls
from pbx.config import Config

NOT_STARTED = 3  # the exit status that uvicorn itself gives
STOP = 5  # seconds that open connections have to end when the server stops
PULSE = timedelta(seconds=10)
"""Each page is asked so often whether it is there, and has as long to say so. A line that died
without a word (a cable, a laptop that sleeps) is known on both sides after 20 s; until then a page
shows what was so. Reflex's own 25 and 120 s are two minutes of somebody who rings and does not."""


def main(config: Config) -> None:
    """Serve until told to stop.

    Raises build.NotBuilt, BadSetting for a certificate that cannot be used, SystemExit when the
    port is taken.
    """
    tls.judge(config, datetime.now(UTC))
    folder = build.ensure()
    os.environ["REFLEX_ENV_MODE"] = "prod"
    os.environ.setdefault("REFLEX_TELEMETRY_ENABLED", "false")
    os.chdir(build.ROOT)  # Reflex looks for rxconfig.py where it is started
    from reflex_base.environment import environment  # noqa: PLC0415 - reads the lines above

    environment.REFLEX_SKIP_COMPILE.set(True)
    environment.REFLEX_SOCKET_INTERVAL.set(PULSE)
    environment.REFLEX_SOCKET_TIMEOUT.set(PULSE)
    from officesmart import routes  # noqa: PLC0415

    # By name: the module `officesmart.officesmart` and its package are easily taken for another.
    portal: Any = importlib.import_module("officesmart.officesmart")
    portal.built, portal.config = routes.Built.at(folder), config
    asgi = portal.app()
    # What was imported lives as long as the process: the collector need not look at it again.
    gc.collect()
    gc.freeze()
    serving = uvicorn.Config(
        asgi,
        host=config.host,
        port=config.port,
        proxy_headers=False,  # or any browser could say it came from elsewhere
        server_header=False,
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=STOP,
        ws_max_size=1024 * 1024,
        ssl_certfile=config.tls_cert,
        ssl_keyfile=config.tls_key,
    )
    serving.load()
    renewal = None
    if serving.ssl is not None:
        renewal = tls.Renewal(serving.ssl, config)
        renewal.start()
    try:
        server = uvicorn.Server(serving)
        server.run()
    except KeyboardInterrupt:
        pass  # how one ends it at a terminal
    finally:
        if renewal is not None:
            renewal.stop()
    if not server.started:
        sys.exit(NOT_STARTED)


if __name__ == "__main__":
    from pbx import config as settings

    main(settings.read(os.environ))
