"""What was sent waits for its own session only, and what is handed out is handed out once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from officesmart.administration.files import KEPT, Sent, Waiting, forget_leftovers
from tests.unit.administration.conftest import NOW


def test_a_file_is_for_the_session_that_sent_it() -> None:
    waiting = Waiting()
    waiting.put("one", "lines", Sent("a.csv", NOW, b"x"))
    assert waiting.get("two", "lines") is None
    assert waiting.get("one", "backup") is None
    sent = waiting.get("one", "lines")
    assert sent is not None and sent.content == b"x"
    waiting.drop("one", "lines")
    assert waiting.get("one", "lines") is None


def test_a_backup_leaves_no_file_behind(tmp_path: Path) -> None:
    waiting, first, second = Waiting(), tmp_path / "1", tmp_path / "2"
    first.touch()
    second.touch()
    waiting.put("one", "backup", Sent("1", NOW, path=first))
    waiting.put("one", "backup", Sent("2", NOW, path=second))
    assert not first.exists() and second.exists()
    waiting.put("two", "lines", Sent("3", NOW + KEPT + timedelta(seconds=1)))
    assert not second.exists() and waiting.get("one", "backup") is None


def test_credentials_are_taken_once_and_not_for_ever() -> None:
    waiting = Waiting()
    waiting.offer("one", "secrets", NOW)
    assert waiting.take("two") == ""
    assert waiting.take("one") == "secrets"
    assert waiting.take("one") == ""
    waiting.offer("one", "secrets", NOW)
    waiting.offer("two", "others", NOW + KEPT + timedelta(seconds=1))
    assert waiting.take("one") == ""


def test_what_was_on_its_way_is_gone_after_a_restart(tmp_path: Path) -> None:
    """A browser that went away in the middle of a backup must not leave the office lying there."""
    for name in (".sent-abc.tar.gz", ".download-0a.tar.gz", ".music-xyz"):
        (tmp_path / name).write_bytes(b"secrets")
    kept = ("officesmart.db", "secret.key", "copia.tar.gz", ".sent-folder.tar.gz")
    for name in kept[:3]:
        (tmp_path / name).write_bytes(b"the office")
    (tmp_path / kept[3]).mkdir()
    assert forget_leftovers(tmp_path) == 3
    assert {path.name for path in tmp_path.iterdir()} == {*kept}
