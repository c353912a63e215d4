"""Offices, phones and SIPp for the tests of this folder; all is ended when a test is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.interop import baresip, sipp
from tests.interop.baresip import Baresip
from tests.interop.office import Office, sip_password
from tests.interop.sipp import Sipp


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.timeout(90))


@pytest.fixture(autouse=True, scope="session")
def _programs() -> None:
    for program, there in (("baresip", baresip.installed()), ("sipp", sipp.installed())):
        if not there:
            pytest.skip(f"{program} is not installed; scripts/debian_packages.sh test brings it")


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory, _programs: None) -> Path:
    """A data folder with the lines, made once and copied for each office."""
    return Office(tmp_path_factory.mktemp("model") / "data").furnish().data


@pytest.fixture
def make_office(furnished: Path, tmp_path: Path) -> Iterator[Callable[..., Office]]:
    """An office of the test's own; started unless told otherwise."""
    import shutil

    offices: list[Office] = []

    def make(*, start: bool = True, **extra: str) -> Office:
        data = tmp_path / f"office{len(offices)}"
        shutil.copytree(furnished, data)
        office = Office(data, extra=extra)
        offices.append(office)
        return office.start() if start else office

    yield make
    for office in offices:
        office.stop()


@pytest.fixture
def office(make_office: Callable[..., Office], request: pytest.FixtureRequest) -> Iterator[Office]:
    """A running office; its log is shown when the test fails."""
    made = make_office()
    yield made
    report = getattr(request.node, "rep_call", None)
    if report is None or report.failed:
        print(made.said()[-6000:])


@pytest.fixture
def phone(office: Office, tmp_path: Path) -> Iterator[Callable[..., Baresip]]:
    """Makes registered baresip phones of a line."""
    phones: list[Baresip] = []

    def make(line: str, *, sign_in: bool = True, **how: Any) -> Baresip:
        made = Baresip(
            line,
            how.pop("password", sip_password(line)),
            office.port,
            tmp_path / f"phone{len(phones)}-{line}",
            told=not sign_in,
            **how,
        )
        phones.append(made)
        made.start()
        return made.registered() if sign_in else made

    yield make
    for one in phones:
        one.stop()


@pytest.fixture
def scenario(office: Office, tmp_path: Path) -> Iterator[Callable[..., Sipp]]:
    """Makes SIPp scenarios of a line; not started."""
    made: list[Sipp] = []

    def make(name: str, line: str, **how: Any) -> Sipp:
        one = Sipp(name, office.port, line, sip_password(line), tmp_path / "sipp", **how)
        made.append(one)
        return one

    yield make
    for one in made:
        if hasattr(one, "process"):
            one.stop()
