"""The first start: an office, its secrets told once and kept where only the owner reads."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import select

from officesmart import first_run, migrate
from pbx import config, credentials
from pbx.config import Config
from pbx.routing.star_codes import ITALIAN
from pbx.store.session import Database
from pbx.store.snapshot import build
from pbx.tables import Line, Mailbox

NOW = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)


def start(data: Path, **environ: str) -> tuple[str, Config]:
    settings = config.read(
        {"OFFICESMART_DATA": str(data)} | {f"OFFICESMART_{k}": v for k, v in environ.items()}
    )
    database = Database(settings.url, settings.data)
    try:
        return first_run.prepare(database, settings, at=NOW), settings
    finally:
        database.close()


def test_an_empty_folder_becomes_an_office(tmp_path: Path) -> None:
    text, settings = start(tmp_path / "data")
    database = Database(settings.url, settings.data)
    with database.reading() as rows:
        office = build(rows)
        lines = rows.exec(select(Line).order_by(Line.extension)).all()
        pins = {each.line_id: each.pin_hash for each in rows.exec(select(Mailbox))}
    assert [line.role for line in lines] == ["admin", "user", "user", "user"]
    assert list(office.lines) == ["200", "201", "202", "203"]
    assert all(person.has_mailbox for person in office.lines.values())
    assert {code: each.app for code, each in office.services.items()} == {
        "*86": "voicemail_menu",
        "*87": "voicemail_deposit",
        "*600": "echo",
        "*8": "pickup",
        "**": "pickup_directed",
        "*85": "park",
        **ITALIAN,
    }
    assert office.services["*87"].with_extension
    for line in lines:
        (row,) = (
            each.split() for each in text.splitlines() if each.startswith(f"  {line.extension} ")
        )
        password, sip, pin = row[-3:]
        assert credentials.verify(line.password_hash, password)
        assert credentials.verify(pins[line.id or 0], pin)
        account = office.accounts[line.extension]
        assert account.ha1_md5 == credentials.ha1_md5(line.extension, sip)
        assert account.ha1_sha256 == credentials.ha1_sha256(line.extension, sip)
    database.close()


def test_the_secrets_are_told_once_and_kept_privately(tmp_path: Path) -> None:
    text, settings = start(tmp_path / "data")
    kept = settings.data / "first-run.txt"
    assert kept.read_text() == text
    assert kept.stat().st_mode & 0o777 == 0o600
    again, _ = start(tmp_path / "data")
    assert again == ""
    assert kept.read_text() == text


def test_no_two_offices_have_the_same_secrets(tmp_path: Path) -> None:
    one, _ = start(tmp_path / "a")
    other, _ = start(tmp_path / "b")
    secrets = [
        {word for row in text.splitlines() if row.startswith("  20") for word in row.split()[-3:]}
        for text in (one, other)
    ]
    assert len(secrets[0]) == len(secrets[1]) == 12
    assert not secrets[0] & secrets[1]


@pytest.mark.parametrize(
    ("environ", "said", "not_said"),
    [
        ({}, "OFFICESMART_HOST=0.0.0.0", "raggiungibile dalla rete"),
        ({"HOST": "0.0.0.0", "PORT": "80"}, "raggiungibile dalla rete", "OFFICESMART_HOST"),
        ({"PORT": "8088"}, "http://127.0.0.1:8088/", "8080"),
        ({"HOST": "::1"}, "http://[::1]:8080/", "raggiungibile"),
        ({"HOST": "192.0.2.7"}, "http://192.0.2.7:8080/", "OFFICESMART_HOST"),
        ({"LANGUAGE": "en"}, "To open it to the LAN", "portale"),
        ({"ADVERTISE": "203.0.113.7"}, "server SIP 203.0.113.7, porta 5060", "{"),
    ],
)
def test_it_says_the_address_and_how_others_reach_it(
    tmp_path: Path, environ: dict[str, str], said: str, not_said: str
) -> None:
    text, _ = start(tmp_path, **environ)
    assert said in text and "https" in text
    assert not_said not in text


FIRST_START = """
import sys
from test_first_run import Path, start
sys.stdin.readline()
print(bool(start(Path(sys.argv[1]))[0]))
"""


def test_two_first_starts_at_once_make_one_office(tmp_path: Path) -> None:
    here = Path(__file__).parent
    both = [
        subprocess.Popen(
            [sys.executable, "-c", FIRST_START, str(tmp_path / "data")],
            env=os.environ | {"PYTHONPATH": f"{here}:{here.parents[2]}"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for one in both:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    said = [one.communicate() for one in both]
    assert sorted(out.strip() for out, _ in said) == ["False", "True"], said
    assert start(tmp_path / "data")[0] == ""


def test_two_first_starts_in_one_process_make_one_office(tmp_path: Path) -> None:
    told: list[str] = []
    ready = threading.Barrier(2)

    def go() -> None:
        ready.wait()
        told.append(start(tmp_path)[0])

    both = [threading.Thread(target=go) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(map(bool, told)) == [False, True]
    assert (tmp_path / "first-run.txt").read_text() == max(told)


def test_a_folder_that_cannot_keep_the_secrets_gets_no_office(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, text: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(first_run, "write_private", full)
    with pytest.raises(OSError, match="No space"):
        start(tmp_path)
    monkeypatch.undo()
    assert start(tmp_path)[0]


def test_a_later_start_only_looks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start(tmp_path)
    monkeypatch.setattr(migrate, "to", lambda *told: pytest.fail("migrated again"))
    monkeypatch.setattr(credentials, "hash_password", lambda *told: pytest.fail("hashed again"))
    assert start(tmp_path)[0] == ""
