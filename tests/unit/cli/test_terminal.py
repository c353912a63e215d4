"""The other commands, and how the terminal says that something is wrong."""

from __future__ import annotations

import fcntl
import re
import socket
import subprocess
import sys
import wave
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from officesmart import doctor, first_run, guest_phone
from officesmart.doctor import Finding, State
from pbx import config, credentials
from pbx.config import Config
from pbx.probe import Step
from pbx.store.session import Database
from pbx.store.snapshot import build
from pbx.tables import Line, Mailbox, SipAccount

NOW = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[3]
Run = Callable[..., Any]


@pytest.fixture
def sample(office: Database) -> Config:
    """The sample office, as the first start leaves it."""
    settings = config.read({"OFFICESMART_DATA": str(office.data)})
    first_run.prepare(office, settings, at=NOW)
    return settings


def test_help_loads_no_database_and_no_web_framework() -> None:
    said = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "officesmart.cli", "--help"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    for command in ("run", "import", "export", "password", "doctor", "backup", "restore"):
        assert re.search(rf"^\W+{command} ", said.stdout, re.M), command
    loaded = set(re.findall(r"\| +([\w.]+)$", said.stderr, re.M))
    assert "typer" in loaded
    assert not {"reflex", "sqlalchemy", "sqlmodel", "alembic", "numpy"} & loaded


def test_a_wrong_setting_is_one_line_and_ends_with_2(tmp_path: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-m", "officesmart.cli", "migrate"],
        env={"OFFICESMART_DATA": str(tmp_path / "data"), "OFFICESMART_SIP_PORT": "sip"},
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert said.returncode == 2
    assert said.stderr.startswith("OFFICESMART_SIP_PORT is 'sip'")
    assert said.stderr.count("\n") == 1
    assert not (tmp_path / "data").exists()


def test_an_address_that_cannot_be_had_is_one_line_and_makes_no_office(
    run: Run, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setenv("OFFICESMART_PORT", str(taken.getsockname()[1]))
        said = run("run")
    assert said.code == 1
    (line,) = said.err.splitlines()
    assert "OFFICESMART_PORT" in line
    assert "choose another" in line
    monkeypatch.setenv("OFFICESMART_HOST", "203.0.113.9")
    said = run("run")
    (line,) = said.err.splitlines()
    assert "OFFICESMART_HOST" in line
    assert "0.0.0.0" in line
    assert not (data / "first-run.txt").exists(), "credentials nobody saw would be lost"


def test_a_database_that_cannot_be_had_is_one_line(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for url, why in (
        ("sqlite:////proc/none/office.db", "may be written"),
        ("nosuch://office", "driver"),
    ):
        monkeypatch.setenv("OFFICESMART_DATABASE_URL", url)
        said = run("migrate")
        assert said.code == 1
        (line,) = said.err.splitlines()
        assert "OFFICESMART_DATABASE_URL" in line
        assert why in line


def test_a_database_from_the_future_is_one_line(office: Database, run: Run) -> None:
    from sqlalchemy import text

    with office.session() as rows:
        rows.connection().execute(text("UPDATE alembic_version SET version_num = 'f00d'"))
    said = run("migrate")
    assert said.code == 1 and "f00d" in said.err and said.err.count("\n") == 1


def test_a_file_that_is_no_database_is_one_line(data: Path, run: Run) -> None:
    data.mkdir()
    (data / "officesmart.db").write_bytes(b"something else" * 100)
    said = run("migrate")
    assert said.code == 1 and "not a database" in said.err and said.err.count("\n") == 1


def secrets(office: Database) -> tuple[str, str, str]:
    with office.reading() as rows:
        line = rows.exec(select(Line).where(Line.extension == "201")).one()
        account = rows.exec(select(SipAccount).where(SipAccount.username == "201")).one()
        mailbox = rows.get(Mailbox, line.id)
        assert mailbox is not None
        return line.password_hash, account.ha1_md5, mailbox.pin_hash


def test_password_made_up(sample: Config, office: Database, run: Run) -> None:
    before = secrets(office)
    said = run("password", "201", "--generate")
    assert said.code == 0
    new = said.out.removeprefix("201: ").strip()
    after = secrets(office)
    assert credentials.verify(after[0], new)
    assert after[1:] == before[1:]
    sip = run("password", "201", "--generate", "--for", "sip").out.removeprefix("201: ").strip()
    assert secrets(office)[1] == credentials.ha1_md5("201", sip)
    pin = run("password", "201", "--generate", "--for", "pin").out.removeprefix("201: ").strip()
    assert credentials.verify(secrets(office)[2], pin)
    assert secrets(office)[0] == after[0]


def test_password_typed(sample: Config, office: Database, run: Run) -> None:
    before = secrets(office)
    for typed, said in (
        ("short\n", "fewer than 10 characters"),
        ("giallo-cavallo-77\ngiallo-cavallo-78\n", "different"),
    ):
        got = run("password", "201", typed=typed)
        assert got.code == 1 and said in got.err
        assert secrets(office) == before
    got = run("password", "201", typed="giallo-cavallo-77\ngiallo-cavallo-77\n")
    assert got.code == 0 and "giallo" not in got.out
    assert credentials.verify(secrets(office)[0], "giallo-cavallo-77")
    assert "there is no line 999" in run("password", "999").err


def said_about(findings: Sequence[Finding], what: str) -> list[tuple[State, str]]:
    return [(each.state, each.said) for each in findings if each.what.startswith(what)]


def test_the_doctor_makes_nothing(data: Path, run: Run) -> None:
    said = run("doctor")
    assert said.code == 1 and "officesmart run" in said.out
    assert not data.exists()


def free_ports(**more: Any) -> Config:
    """Settings whose ports nobody uses at the moment."""
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return Config(
            host="127.0.0.1",
            port=one.getsockname()[1],
            sip_host="127.0.0.1",
            sip_port=other.getsockname()[1],
            **more,
        )


def test_the_doctor_finds_a_taken_port() -> None:
    config = free_ports(rtp_ports=(40000, 40019))
    findings = list(doctor.ports(config, running=False))
    assert [each.state for each in findings[:3]] == [State.GOOD] * 3
    with socket.socket() as thief:
        thief.bind(("127.0.0.1", config.sip_port))
        thief.listen()
        ((state, said),) = said_about(list(doctor.ports(config, running=False)), "SIP port (TCP)")
        assert state is State.BAD and "OFFICESMART_SIP_PORT" in said
        running = list(doctor.ports(config, running=True))
        assert said_about(running, "SIP port (TCP)")[0][0] is State.GOOD
        # The office runs, but on another port than these settings say, and without its portal.
        assert said_about(running, "SIP port (UDP)")[0][0] is State.BAD
        assert said_about(running, "portal port")[0][0] is State.NOTE


def test_the_doctor_reads_the_database(sample: Config, office: Database) -> None:
    (finding,) = doctor.rows(sample, office)
    assert finding.state is State.GOOD
    assert "4 lines" in finding.said and "*86" in finding.said
    with office.session() as rows:
        for line in rows.exec(select(Line).where(Line.role == "admin")):
            line.active = False
    assert [each.state for each in doctor.rows(sample, office)] == [State.GOOD, State.BAD]


def test_the_doctor_says_that_first_passwords_lie_about(sample: Config) -> None:
    said = said_about(list(doctor.folder(sample)), "data folder")
    assert any("first-run.txt" in text for _, text in said)


def test_the_doctor_hears_every_prompt(tmp_path: Path) -> None:
    (finding,) = doctor.sounds(Config(data=tmp_path))
    assert finding.state is State.GOOD
    better = tmp_path / "it"
    better.mkdir()
    name = next((doctor.SOUNDS / "it").glob("*.wav")).name
    with wave.open(str(better / name), "wb") as sound:
        sound.setparams((2, 2, 44100, 0, "NONE", ""))
    (finding,) = doctor.sounds(Config(data=tmp_path, sounds=tmp_path))
    assert finding.state is State.BAD and name in finding.said


def test_the_doctor_knows_whether_the_office_runs(tmp_path: Path) -> None:
    config = Config(data=tmp_path)
    assert not doctor.is_running(config)
    with (tmp_path / doctor.LOCK).open("a+") as held:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        assert doctor.is_running(config)
    assert not doctor.is_running(config)


@pytest.mark.parametrize(
    ("url", "state"), [("", State.NOTE), ("smtp://127.0.0.1:1", State.BAD), ("open", State.GOOD)]
)
def test_the_doctor_tries_the_mail_server(url: str, state: State) -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        if url == "open":
            url = f"smtp+starttls://u:p@127.0.0.1:{server.getsockname()[1]}"
        (finding,) = doctor.mail(Config(smtp_url=url))
    assert finding.state is state


def accounts(office: Database) -> dict[str, str]:
    with office.reading() as rows:
        return {name: each.extension for name, each in build(rows).accounts.items()}


def test_the_line_test_has_an_account_of_its_own(sample: Config, office: Database) -> None:
    before = accounts(office)
    with guest_phone.guest_of(office) as guest:
        assert (guest.extension, guest.echo) == ("200", "*600")
        assert accounts(office) == before | {guest.username: "200"}
        assert guest.password not in repr(guest)
        with office.reading() as rows:
            account = build(rows).accounts[guest.username]
        assert account.ha1_md5 == credentials.ha1_md5(guest.username, guest.password)
    assert accounts(office) == before
    with guest_phone.guest_of(office, "202") as guest:
        assert guest.extension == "202"
        # A crash here leaves the account to the next test.
        with guest_phone.guest_of(office, "203") as other:
            assert accounts(office) == before | {other.username: "203"}
    with pytest.raises(guest_phone.NoLine), guest_phone.guest_of(office, "999"):
        pass


def test_each_step_of_the_line_test_is_told(
    sample: Config, office: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: dict[str, Any] = {}

    def run_probe(*, on_step: Callable[[Step], None], **more: Any) -> list[Step]:
        asked.update(more)
        steps = [Step("register", True, "i", "Signed in", 0.1), Step("call", False, "i", "No", 2)]
        for step in steps:
            on_step(step)
        return steps

    monkeypatch.setattr("pbx.probe.run_probe", run_probe)
    told: list[Finding] = []
    assert not doctor.line_test(sample, office, told.append)
    assert [(each.state, each.said) for each in told] == [
        (State.GOOD, "Signed in (0.1 s)"),
        (State.BAD, "No (2.0 s)"),
    ]
    assert (asked["host"], asked["port"], asked["target"]) == ("127.0.0.1", 5060, "*600")


@pytest.mark.parametrize(
    ("host", "reached"),
    [("", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("::", "127.0.0.1"), ("192.0.2.1", "192.0.2.1")],
)
def test_the_line_test_calls_where_the_office_listens(host: str, reached: str) -> None:
    assert doctor.reachable(host) == reached
