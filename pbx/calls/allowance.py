"""The end of an hour's allowance of expensive minutes, in a call that is under way.

Both sides hear a beep a minute and ten seconds before, time to say goodbye and to call back by
another way; then the call is ended and its record says why. No announcement: the far end is a
stranger who does not pay, and whoever does reads the reason and was warned.
"""

from __future__ import annotations

import asyncio

from pbx.calls.leg import Leg, forget
from pbx.media.engine import Tone
from pbx.routing.limits import NAME, Hit


def warn(leg: Leg) -> None:
    """Beep to whoever talks by this leg, and to whom it talks to."""
    here = leg.conversation
    bridge = here.talking.bridge if here is not None else None
    for each in bridge.legs if bridge is not None and bridge.joins(leg) else (leg,):
        if each.stream is not None and not each.held:
            playing = asyncio.ensure_future(each.stream.play([Tone("beep")]))
            playing.add_done_callback(forget)


def end(leg: Leg, met: Hit) -> None:
    """End the call; the record says which limit did it."""
    here = leg.conversation
    if here is not None:
        it, en = met.words()
        here.story.note(NAME, it=it, en=en)
        here.story.ended_by = here.story.ended_by or "office"
    leg.hang_up()
