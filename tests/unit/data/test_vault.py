"""What is sealed can be read again with the key, and with nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from pbx import vault


def test_a_secret_comes_back(tmp_path: Path) -> None:
    sealed = vault.seal(tmp_path, "segreto-è-così")
    assert "segreto" not in sealed
    assert vault.unseal(tmp_path, sealed) == "segreto-è-così"
    assert vault.seal(tmp_path, "segreto-è-così") != sealed  # no two alike


def test_nothing_stays_nothing_and_needs_no_key(tmp_path: Path) -> None:
    assert vault.seal(tmp_path, "") == "" == vault.unseal(tmp_path, "")
    assert not (tmp_path / vault.KEY).exists()


def test_only_the_owner_reads_the_key(tmp_path: Path) -> None:
    vault.seal(tmp_path, "x")
    assert (tmp_path / vault.KEY).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [vault.KEY]


def test_another_key_reads_nothing_and_says_what_to_do(tmp_path: Path) -> None:
    sealed = vault.seal(tmp_path / "one", "x")
    vault.seal(tmp_path / "two", "y")
    with pytest.raises(vault.Unreadable, match="backup"):
        vault.unseal(tmp_path / "two", sealed)


@pytest.mark.parametrize("key", [b"", b"short", b"\xff" * 44])
def test_a_broken_key_is_said_and_kept(tmp_path: Path, key: bytes) -> None:
    (tmp_path / vault.KEY).write_bytes(key)
    with pytest.raises(vault.Unreadable, match="no key"):
        vault.seal(tmp_path, "x")
    assert (tmp_path / vault.KEY).read_bytes() == key
