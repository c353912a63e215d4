"""The pages are built of exactly the files that are there."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from reflex.utils.path_ops import update_directory_tree

from officesmart import build


def test_an_older_file_takes_the_place_of_a_newer_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("officesmart", "pbx", "assets"):
        (tmp_path / name).mkdir()
    for name in ("rxconfig.py", "requirements.txt"):
        (tmp_path / name).touch()

    def export(words: list[str], *, cwd: Path, **_: Any) -> subprocess.CompletedProcess[str]:
        """As Reflex does: assets go to public, where only older files are replaced."""
        public, client = cwd / ".web" / "public", cwd / ".web" / "build" / "client"
        update_directory_tree(cwd / "assets", public)
        shutil.rmtree(client, ignore_errors=True)
        shutil.copytree(public, client)
        (client / "index.html").write_text("<html></html>")
        return subprocess.CompletedProcess(words, 0, "", "")

    monkeypatch.setattr("officesmart.build.subprocess.run", export)
    script = tmp_path / "assets" / "portal.js"
    script.write_text("new")
    (tmp_path / "assets" / "gone.js").write_text("gone later")
    assert (build.ensure(tmp_path) / "gone.js").exists()
    (tmp_path / "assets" / "gone.js").unlink()
    script.write_text("old")
    os.utime(script, (0, 0))  # an older version put back
    built = build.ensure(tmp_path)
    assert (built / "portal.js").read_text() == "old"
    assert not (built / "gone.js").exists()
