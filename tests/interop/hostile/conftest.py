"""One office for all tests of a file; after each, it must be unhurt."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.interop.hostile.phone import Phone
from tests.interop.hostile.stranger import answers
from tests.interop.office import Office

HURT = re.compile(r"Traceback|^\S+ \S+ [EC] ", re.M)
"What a log line says when something escaped."


@pytest.fixture(scope="module")
def house(furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office that lives as long as the file's tests."""
    data = tmp_path_factory.mktemp("besieged") / "data"
    shutil.copytree(furnished, data)
    office = Office(data).start()
    yield office
    office.stop()


@pytest.fixture
def office(house: Office) -> Iterator[Office]:
    """The office of the file: at the end it answers, and its log has no fault."""
    before = len(house.said())
    yield house
    assert house.process is not None and house.process.poll() is None, house.said()[-3000:]
    assert answers(house.port), "no answer"
    said = house.said()[before:]
    assert not HURT.search(said), said[-6000:]


@pytest.fixture
def phone(office: Office) -> Iterator[Callable[..., Phone]]:
    """Makes registered phones of a line; each test uses lines of its own or signs them out."""
    phones: list[Phone] = []

    def make(line: str, *, sign_in: bool = True, transport: str = "udp") -> Phone:
        made = Phone(line, office.port, transport=transport)
        phones.append(made)
        if sign_in:
            assert made.register() == 200
        return made

    yield make
    for one in phones:
        one.leave()
        one.register(seconds=0)
        one.close()
