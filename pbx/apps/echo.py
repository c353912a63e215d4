"""The echo: whoever calls hears himself, and so learns how the line sounds both ways."""

from __future__ import annotations

from pbx.apps.app import App, Context
from pbx.calls.api import Call


async def run(call: Call, context: Context, argument: str) -> None:
    """Say what this is, then send the caller's sound back until he hangs up or presses #."""
    await call.answer()
    await call.play("echo.intro")
    call.forget_digits()
    await call.echo(stop="#")
    await call.play("mailbox.goodbye", stop_on="")


APP = App("echo", run)
