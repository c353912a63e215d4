"""What every test shares: which set it belongs to, in which order sets run, and what CI forgives.

The folder decides: `tests/interop` needs real phones, `tests/browser` needs Chromium, everything
else is fast. A newcomer without those programs gets a skip with its remedy; on the build machine
(CI=true) such a skip is a failure, or a green run would mean less than it says.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.hashing import cheap_hashing
from tests.statements import share_statements

HERE = Path(__file__).parent
share_statements()
settings.register_profile("office", settings(deadline=None))  # a busy machine is no fault
settings.load_profile("office")
ORDER = ("fast", "interop", "browser")


def kind(item: pytest.Item) -> str:
    """Which set a test belongs to."""
    try:
        folder = item.path.relative_to(HERE).parts[0]
    except ValueError:
        return "fast"
    return folder if folder in ORDER else "fast"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        item.add_marker(kind(item))
    items.sort(key=lambda item: ORDER.index(kind(item)))  # stable: files keep their own order


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.CallInfo[None], None]:
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    if not report.skipped or hasattr(report, "wasxfail") or not strict():
        return
    if kind(item) != "fast":
        why = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"not allowed to skip in CI: {why}"


@pytest.fixture
def cheap_hashes() -> Iterator[None]:
    """For tests of what asks for a password, not of how it is kept."""
    with cheap_hashing():
        yield


def strict() -> bool:
    """Whether this is the build machine."""
    return os.environ.get("CI", "").lower() in ("1", "true", "yes")
