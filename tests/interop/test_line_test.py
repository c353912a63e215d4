"""The line test against a real office: a pyVoIP phone, from registration to sign-out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from pbx.probe import Step, probe, run_probe
from tests.interop import ports
from tests.interop.baresip import Baresip
from tests.interop.office import Office, eventually, sip_password

Phone = Callable[..., Baresip]


def test_every_step_works(office: Office) -> None:
    told: list[Step] = []
    steps = run_probe(
        host=ports.LOOPBACK,
        port=office.port,
        username="206",
        password=sip_password("206"),
        on_step=told.append,
        timeout=30,
    )
    assert [(step.name, step.ok) for step in steps] == [
        (name, True) for name in ("register", "call", "hear", "keys", "hangup", "deregister")
    ], [step.en for step in steps]
    assert told == steps
    assert eventually(lambda: not office.rows("SELECT * FROM registration"))
    (record,) = eventually(office.calls)
    assert (record["dialled"], record["answered_by"]) == ("*600", "service")


def test_a_wrong_password_is_said_in_words(office: Office) -> None:
    steps = run_probe(host=ports.LOOPBACK, port=office.port, username="206", password="wrong")
    assert [(step.name, step.ok) for step in steps] == [("register", False)]
    assert "password" in steps[0].en


def test_a_number_that_is_not_there_has_its_status(office: Office) -> None:
    steps = run_probe(
        host=ports.LOOPBACK,
        port=office.port,
        username="206",
        password=sip_password("206"),
        target="299",
    )
    assert [(step.name, step.ok) for step in steps] == [
        ("register", True),
        ("call", False),
        ("deregister", True),
    ]
    assert "404" in steps[1].en


def test_the_probe_talks_to_a_person(office: Office, phone: Phone) -> None:
    bruno = phone("202", answers="auto")

    async def try_line() -> list[Step]:
        return [
            step
            async for step in probe(
                host=ports.LOOPBACK,
                port=office.port,
                username="206",
                password=sip_password("206"),
                target="202",
                keys="42",
                echo=False,
            )
        ]

    steps = asyncio.run(try_line())
    assert all(step.ok for step in steps), [step.en for step in steps]
    assert [bruno.wait("CALL_DTMF_START").words for _ in "42"] == ["4", "2"]


@pytest.mark.parametrize("times", [3])
def test_the_test_can_be_repeated(office: Office, times: int) -> None:
    for _ in range(times):
        steps = run_probe(
            host=ports.LOOPBACK,
            port=office.port,
            username="206",
            password=sip_password("206"),
            timeout=30,
        )
        assert all(step.ok for step in steps), [step.en for step in steps]
