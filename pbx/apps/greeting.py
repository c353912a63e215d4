"""Which greeting a caller hears in a mailbox, and why: one function, so that a page can ask too.

Today every greeting is the standard one of its cause. The order to come (behaviour.md s.4.2):
extended absence, the cause's alternative, the personal one, the spoken name, the standard one;
each is one more case before the last.
"""

from __future__ import annotations

from dataclasses import dataclass

from pbx.calls.api import Words

CAUSES = ("unanswered", "busy", "unavailable", "direct", "closed")
"Why somebody is in a mailbox, as `routing.plan.Mailbox.greeting` says it."


@dataclass(frozen=True, slots=True)
class Greeting:
    """What is played before the beep."""

    words: tuple[Words, ...]
    takes_messages: bool = True
    "An extended absence may refuse them."


def greeting_for(cause: str, *, digits: tuple[Words, ...]) -> Greeting:
    """The greeting for a cause; an unknown one is greeted as if nobody answered.

    digits: the mailbox's extension, spoken; said to who dialled the mailbox itself, who may want
    to know that it is the right one.
    """
    known = cause if cause in CAUSES else "unanswered"
    whose = digits if known == "direct" else ()
    return Greeting((f"mailbox.greeting.{known}", *whose, "mailbox.leave_message"))
