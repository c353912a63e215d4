"""SUBSCRIBE to a mailbox's lamp, and to what comes later."""

from __future__ import annotations

import pytest

from pbx.sip.message import Request
from pbx.sip.subscription import (
    MESSAGE_SUMMARY,
    PACKAGES,
    Granted,
    Package,
    Refused,
    Watchers,
    message_summary,
    notify_headers,
    subscribe,
)

DIALOG = Package("dialog", "application/dialog-info+xml")


def request(**headers: str) -> Request:
    message = Request("SUBSCRIBE", "sip:201@pbx", [("Event", "message-summary")])
    for name, value in headers.items():
        message.set(name, value)
    return message


def granted(message: Request, packages: tuple[Package, ...] = PACKAGES) -> Granted:
    answer = subscribe(message, packages)
    assert isinstance(answer, Granted), answer
    return answer


def test_as_baresip_asks() -> None:
    answer = granted(request(Accept="application/simple-message-summary", Expires="600"))
    assert answer == Granted(MESSAGE_SUMMARY, 600)
    assert answer.headers == (("Expires", "600"),)


@pytest.mark.parametrize(
    ("expires", "seconds"),
    [(None, 3600), ("0", 0), ("60", 60), ("3600", 3600), ("86400", 3600), ("x", 3600)],
)
def test_how_long(expires: str | None, seconds: int) -> None:
    message = request() if expires is None else request(Expires=expires)
    assert granted(message).seconds == seconds


def test_too_brief() -> None:
    assert subscribe(request(Expires="59")) == Refused(
        423, "Interval Too Brief", (("Min-Expires", "60"),)
    )


@pytest.mark.parametrize(
    "event", ["presence", "", ";id=1", "message-summary.winfo", "a b", "dialogue"]
)
def test_unknown_events_are_told_what_there_is(event: str) -> None:
    assert subscribe(request(Event=event)) == Refused(
        489, "Bad Event", (("Allow-Events", "message-summary, dialog"),)
    )


def test_no_event_at_all() -> None:
    answer = subscribe(Request("SUBSCRIBE", "sip:201@pbx"))
    assert isinstance(answer, Refused) and answer.status == 489


@pytest.mark.parametrize(
    ("accept", "good"),
    [
        ("application/simple-message-summary", True),
        ("text/plain, Application/Simple-Message-Summary;q=0.5", True),
        ("*/*", True),
        ("application/*", True),
        ("text/plain", False),
        ("", False),
    ],
)
def test_bodies_they_take(accept: str, good: bool) -> None:
    answer = subscribe(request(Accept=accept))
    assert isinstance(answer, Granted) == good
    if isinstance(answer, Refused):
        assert answer.status == 406


def test_a_second_package_beside_the_first() -> None:
    both = (MESSAGE_SUMMARY, DIALOG)
    answer = granted(request(Event="Dialog;id=7", Accept="application/dialog-info+xml"), both)
    assert answer.package is DIALOG and answer.event_id == "7"
    refusal = subscribe(request(Event="presence"), both)
    assert isinstance(refusal, Refused)
    assert refusal.headers == (("Allow-Events", "message-summary, dialog"),)


@pytest.mark.parametrize(
    ("seconds", "event_id", "event", "state"),
    [
        (1800, "", "message-summary", "active;expires=1800"),
        (1, "7", "message-summary;id=7", "active;expires=1"),
        (0, "", "message-summary", "terminated;reason=timeout"),
        (-3, "", "message-summary", "terminated;reason=timeout"),
    ],
)
def test_what_a_notify_says(seconds: int, event_id: str, event: str, state: str) -> None:
    assert notify_headers(MESSAGE_SUMMARY, seconds=seconds, event_id=event_id) == (
        ("Event", event),
        ("Subscription-State", state),
    )


def test_why_it_ends() -> None:
    headers = notify_headers(MESSAGE_SUMMARY, seconds=0, reason="noresource")
    assert headers[1] == ("Subscription-State", "terminated;reason=noresource")


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (message_summary(0, 0), "Messages-Waiting: no\r\nVoice-Message: 0/0 (0/0)\r\n"),
        (
            message_summary(2, 8, 0, 2, "sip:*86@pbx.example.com"),
            "Messages-Waiting: yes\r\nMessage-Account: sip:*86@pbx.example.com\r\n"
            "Voice-Message: 2/8 (0/2)\r\n",
        ),
        (message_summary(0, 3), "Messages-Waiting: no\r\nVoice-Message: 0/3 (0/0)\r\n"),
        (message_summary(1, 0, lamp=False), "Messages-Waiting: no\r\nVoice-Message: 1/0 (0/0)\r\n"),
        (
            message_summary(0, 0, fax_new=1),
            "Messages-Waiting: yes\r\nVoice-Message: 0/0 (0/0)\r\nFax-Message: 1/0 (0/0)\r\n",
        ),
        (
            message_summary(0, 0, 0, 0, "sip:a@b\r\nX: y"),
            "Messages-Waiting: no\r\nMessage-Account: sip:a@b X: y\r\nVoice-Message: 0/0 (0/0)\r\n",
        ),
    ],
)
def test_bodies(body: bytes, text: str) -> None:
    """RFC 3842 s.5.2."""
    assert body.decode() == text


def test_watchers_are_found_by_what_they_watch() -> None:
    watchers: Watchers[str] = Watchers()
    assert watchers.add("a", account=1, package="dialog", resource="201") == []
    watchers.add("b", account=2, package="dialog", resource="201")
    watchers.add("c", account=2, package="message-summary", resource="201")
    assert watchers.of("dialog", "201") == ["a", "b"]
    assert watchers.of("dialog", "202") == []
    watchers.add("a", account=1, package="dialog", resource="202")
    assert watchers.of("dialog", "201") == ["b"] and watchers.of("dialog", "202") == ["a"]
    assert watchers.remove("b") and not watchers.remove("b")
    assert watchers.of("dialog", "201") == [] and len(watchers) == 2


def test_one_account_cannot_fill_the_table() -> None:
    watchers: Watchers[int] = Watchers(max_per_account=3)
    gone = [watchers.add(n, account=1, package="dialog", resource=str(n)) for n in range(5)]
    assert gone == [[], [], [], [0], [1]]
    watchers.add(99, account=2, package="dialog", resource="x")
    assert len(watchers) == 4 and watchers.of("dialog", "0") == []
    alone: Watchers[int] = Watchers(max_per_account=1)
    alone.add(1, account=1, package="dialog", resource="x")
    assert alone.add(2, account=1, package="dialog", resource="x") == [1]
    assert alone.of("dialog", "x") == [2]
    for n in range(100):
        watchers.remove(n)
    assert not watchers._by_account and not watchers._by_thing
