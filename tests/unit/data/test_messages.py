"""Voice messages: on disk before their row, one transaction with the mail owed, nothing lost."""

from __future__ import annotations

import errno
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select

from pbx.store import messages, outbox, spool
from pbx.store.messages import Counts
from pbx.store.session import Database
from pbx.store.spool import Deposit
from pbx.tables import Line, Mailbox, OutboxItem, VoiceMessage

NOW = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
AddLine = Callable[..., int]


def deposit(line: int, call: str = "c7f2", *, minute: int = 0, urgent: bool = False) -> Deposit:
    return Deposit(
        call_id=call,
        line_id=line,
        extension="201",
        left_at=NOW + timedelta(minutes=minute),
        caller_number="202",
        caller_name="Bruno",
        urgent=urgent,
    )


def recorded(database: Database, what: Deposit, sound: bytes = b"RIFF sound") -> Path:
    path = spool.begin(database.data, what)
    path.write_bytes(sound)
    return path


def kept(database: Database, what: Deposit, *, seconds: float = 12.5) -> int:
    recorded(database, what)
    with database.session() as rows:
        return messages.keep_message(rows, database.data, what, seconds=seconds, peaks="1,2")


def files(database: Database) -> list[str]:
    found = database.data.rglob("*")
    return sorted(
        str(path.relative_to(database.data))
        for path in found
        if path.is_file() and not path.name.startswith("office.db")
    )


def test_a_message_and_the_mail_it_owes_are_kept_together(
    database: Database, add_line: AddLine
) -> None:
    line = add_line("201")
    what = deposit(line)
    number = kept(database, what)
    with database.reading() as rows:
        (message,) = messages.listing(rows, line)
        (owed,) = rows.exec(select(OutboxItem)).all()
    assert message.id == number
    assert (message.caller_number, message.caller_name) == ("202", "Bruno")
    assert (message.seconds, message.state, message.left_at) == (12.5, "new", NOW)
    assert message.peaks == "1,2"
    assert message.file == "messages/201/20261122T140000Z-c7f2.wav"
    assert messages.sound_path(database.data, message).read_bytes() == b"RIFF sound"
    assert (owed.kind, owed.cause) == ("voicemail_mail", f"message {number}")
    assert owed.payload == {"message": number, "line": line}
    assert files(database) == [message.file]


def test_the_same_call_twice_is_one_message(database: Database, add_line: AddLine) -> None:
    line = add_line("201")
    assert kept(database, deposit(line)) == kept(database, deposit(line))
    with database.reading() as rows:
        assert len(messages.listing(rows, line)) == 1
        assert outbox.waiting(rows) == 1
    assert files(database) == ["messages/201/20261122T140000Z-c7f2.wav"]


def test_under_three_seconds_nothing_is_kept(database: Database, add_line: AddLine) -> None:
    line = add_line("201")
    assert kept(database, deposit(line), seconds=2.9) == 0
    with database.reading() as rows:
        assert messages.listing(rows, line) == ()
        assert outbox.waiting(rows) == 0
    assert files(database) == []


def test_a_transaction_that_fails_leaves_the_recording_to_the_next_start(
    database: Database, add_line: AddLine
) -> None:
    line = add_line("201")
    recorded(database, deposit(line))
    with pytest.raises(ZeroDivisionError), database.session() as rows:
        messages.keep_message(rows, database.data, deposit(line), seconds=9)
        _ = 1 / 0
    assert "spool/c7f2.json" in files(database)
    (number,) = messages.recover(database, lambda path: 9.0)
    with database.reading() as rows:
        message = messages.get(rows, line, number)
    assert message is not None
    assert messages.sound_path(database.data, message).read_bytes() == b"RIFF sound"
    assert files(database) == [message.file]


def test_kill_in_the_middle_of_a_recording_and_start_again(
    database: Database, add_line: AddLine
) -> None:
    line = add_line("201")
    recorded(database, deposit(line, "second", minute=1, urgent=True), b"cut short")
    recorded(database, deposit(line, "first"))
    recorded(database, deposit(line, "slip"), b"short")
    spool.begin(database.data, deposit(line, "nothing"))
    (database.data / "spool" / "bad.json").write_text("{}")
    (database.data / "spool" / "worse.json").write_text("no json")

    def mend(path: Path) -> float:
        sound = path.read_bytes()
        if not sound:
            raise EOFError
        return 1.0 if sound == b"short" else 61.5

    found = messages.recover(database, mend, peaks=lambda path: path.stem[-6:])
    with database.reading() as rows:
        got = messages.listing(rows, line)
        assert outbox.waiting(rows, kinds=[messages.MAIL]) == 2
    assert [each.call_id for each in got] == ["second", "first"]
    assert sorted(found) == sorted(each.id or 0 for each in got)
    assert (got[0].seconds, got[0].urgent, got[0].peaks) == (61.5, True, "second")
    assert got[0].left_at == NOW + timedelta(minutes=1)
    assert messages.recover(database, mend) == ()
    assert files(database) == [
        "messages/201/20261122T140000Z-first.wav",
        "messages/201/20261122T140100Z-second.wav",
        "spool/bad.bad",
        "spool/nothing.json.bad",
        "spool/worse.bad",
    ]


def test_a_line_deleted_while_its_caller_spoke(database: Database, add_line: AddLine) -> None:
    line = add_line("201")
    recorded(database, deposit(line))
    with database.session() as rows:
        rows.delete(rows.get(Line, line))
    with database.session() as rows:
        assert messages.keep_message(rows, database.data, deposit(line), seconds=9) == 0
    assert files(database) == []


def test_a_note_is_all_there_before_the_first_sound(
    database: Database, add_line: AddLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    what = deposit(add_line("201"))
    path = spool.begin(database.data, what)
    assert not path.exists() and path.parent == database.data / "spool"
    assert json.loads((path.parent / "c7f2.json").read_text())["caller_number"] == "202"
    assert spool.left_behind(database.data) == (what,)
    spool.discard(database.data, what.call_id)
    assert files(database) == []

    def no_room(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", no_room)
    with pytest.raises(OSError, match="No space"):
        spool.begin(database.data, what)
    assert files(database) == []


@pytest.mark.parametrize(
    ("call", "extension"),
    [("../x", "201"), ("", "201"), ("a/b", "201"), ("c", "../.."), ("c", ""), ("c\n", "201")],
)
def test_no_name_leads_out_of_the_folder(call: str, extension: str) -> None:
    with pytest.raises(ValueError, match="no file name"):
        Deposit(call_id=call, line_id=1, extension=extension, left_at=NOW)


@pytest.mark.parametrize("file", ["../x.wav", "/etc/passwd", "messages/../office.db", "x.wav"])
def test_no_row_leads_out_of_the_folder(database: Database, add_line: AddLine, file: str) -> None:
    line = add_line("201")
    (database.data / "x.wav").write_bytes(b"")
    message = VoiceMessage(line_id=line, call_id="a", left_at=NOW, seconds=9, file=file)
    message.state = "deleted"
    with pytest.raises(ValueError, match="outside"):
        messages.sound_path(database.data, message)
    with database.session() as rows:
        rows.add(message)
    with database.session() as rows:
        assert messages.purge_all(rows, database.data, line) == 1
    assert (database.data / "x.wav").exists()


def change(database: Database, work: Callable[[Session], bool]) -> bool:
    with database.session() as rows:
        return work(rows)


def test_a_message_is_heard_deleted_restored_and_purged(
    database: Database, add_line: AddLine
) -> None:
    line = add_line("201")
    number = kept(database, deposit(line))
    (sound,) = files(database)

    def counts() -> Counts:
        with database.reading() as rows:
            assert messages.counts(rows, "201") == messages.counts(rows, line)
            return messages.counts(rows, line)

    data = database.data
    assert counts() == Counts(new=1)
    assert change(database, lambda rows: messages.mark_heard(rows, line, number))
    assert not change(database, lambda rows: messages.mark_heard(rows, line, number))
    assert counts() == Counts(old=1)
    assert not change(database, lambda rows: messages.purge(rows, data, line, number))
    assert change(database, lambda rows: messages.delete(rows, line, number, at=NOW))
    assert not change(database, lambda rows: messages.delete(rows, line, number, at=NOW))
    assert not change(database, lambda rows: messages.mark_new(rows, line, number))
    assert counts() == Counts()
    with database.reading() as rows:
        assert messages.listing(rows, line) == ()
        (gone,) = messages.listing(rows, line, deleted=True)
        assert gone.deleted_at == NOW
    assert change(database, lambda rows: messages.restore(rows, line, number))
    assert not change(database, lambda rows: messages.restore(rows, line, number))
    assert counts() == Counts(old=1)
    assert change(database, lambda rows: messages.mark_new(rows, line, number))
    assert change(database, lambda rows: messages.delete(rows, line, number, at=NOW))
    assert change(database, lambda rows: messages.restore(rows, line, number))
    assert counts() == Counts(new=1)
    assert change(database, lambda rows: messages.delete(rows, line, number, at=NOW))
    with pytest.raises(ZeroDivisionError), database.session() as rows:
        messages.purge(rows, data, line, number)
        _ = 1 / 0
    assert files(database) == [sound]
    assert change(database, lambda rows: messages.purge(rows, data, line, number))
    assert files(database) == []
    with database.reading() as rows:
        assert messages.listing(rows, line, deleted=True) == ()


def test_nobody_reaches_into_another_mailbox(database: Database, add_line: AddLine) -> None:
    line, other = add_line("201"), add_line("202")
    number = kept(database, deposit(line))
    deeds: list[Callable[[Session], bool]] = [
        lambda rows: messages.mark_heard(rows, other, number),
        lambda rows: messages.mark_new(rows, other, number),
        lambda rows: messages.delete(rows, other, number, at=NOW),
        lambda rows: messages.restore(rows, other, number),
        lambda rows: messages.purge(rows, database.data, other, number),
        lambda rows: messages.purge_all(rows, database.data, other) > 0,
        lambda rows: messages.get(rows, other, number) is not None,
    ]
    assert [change(database, deed) for deed in deeds] == [False] * len(deeds)
    with database.reading() as rows:
        assert messages.counts(rows, line) == Counts(new=1)


def test_purging_by_age(database: Database, add_line: AddLine) -> None:
    line = add_line("201")
    old, young, alive = (kept(database, deposit(line, name)) for name in "abc")
    with database.session() as rows:
        messages.delete(rows, line, old, at=NOW - timedelta(days=31))
        messages.delete(rows, line, young, at=NOW)
    with database.session() as rows:
        before = NOW - timedelta(days=30)
        assert messages.purge_all(rows, database.data, line, before=before) == 1
    with database.reading() as rows:
        assert [each.id for each in messages.listing(rows, line, deleted=True)] == [young]
        assert [each.id for each in messages.listing(rows, line)] == [alive]
    assert len(files(database)) == 2


def test_urgent_messages_are_heard_first_then_the_oldest(
    database: Database, add_line: AddLine
) -> None:
    line = add_line("201")
    for call, minute, urgent in (("b", 2, False), ("a", 1, False), ("d", 4, True), ("c", 3, True)):
        kept(database, deposit(line, call, minute=minute, urgent=urgent))
    with database.reading() as rows:
        heard = messages.to_hear(rows, line, new=True)
        assert [each.call_id for each in heard] == ["c", "d", "a", "b"]
        assert messages.to_hear(rows, line, new=False) == ()
        assert messages.counts(rows, line) == Counts(new=4, urgent_new=2)
        assert [each.call_id for each in messages.listing(rows, line)] == ["d", "c", "b", "a"]


def test_deleted_messages_fill_a_mailbox_too(database: Database, add_line: AddLine) -> None:
    line, bare = add_line("201"), add_line("202", mailbox=False)
    with database.session() as rows:
        mailbox = rows.get(Mailbox, line)
        assert mailbox is not None
        mailbox.max_messages, mailbox.max_seconds = 2, 60
    number = kept(database, deposit(line, "a"), seconds=50)
    with database.session() as rows:
        messages.delete(rows, line, number, at=NOW)
        assert messages.room(rows, line) == messages.Room(messages=1, seconds=10.0)
        assert not messages.room(rows, line).full
    kept(database, deposit(line, "b"), seconds=8)
    with database.reading() as rows:
        assert messages.room(rows, line).full
        assert messages.room(rows, bare).full
    assert messages.Room(messages=5, seconds=2.0).full


def test_the_pin_of_a_mailbox(database: Database, add_line: AddLine) -> None:
    line = add_line("201")
    add_line("202", mailbox=False)
    with database.session() as rows:
        mailbox = rows.get(Mailbox, line)
        assert mailbox is not None
        mailbox.pin_hash = "digest"
    with database.reading() as rows:
        assert messages.pin_hash(rows, "201") == (line, "digest")
        assert messages.pin_hash(rows, "202") == (0, "")
        assert messages.pin_hash(rows, "999") == (0, "")


def test_what_is_owed_is_tried_with_growing_pauses_for_a_day(database: Database) -> None:
    with database.session() as rows:
        number = outbox.owe(rows, "mail", cause="message 1", at=NOW).id or 0
        outbox.owe(rows, "fax", cause="fax 1", at=NOW)
    at = NOW + timedelta(days=3)  # a mail server was set three days later
    pauses = []
    with database.session() as rows:
        assert [each.id for each in outbox.due(rows, at, kinds=["mail"])] == [number]
        assert outbox.due(rows, NOW - timedelta(seconds=1), kinds=["mail"]) == ()
        while outbox.failed(rows, number, at=at, error="x" * 1000):
            (item,) = (each for each in rows.exec(select(OutboxItem)) if each.id == number)
            pauses.append((item.due_at - at).total_seconds())
            assert outbox.due(rows, at, kinds=["mail"]) == ()
            at = item.due_at
    assert pauses[:9] == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]
    assert sum(pauses[:-1]) < 24 * 3600 <= sum(pauses)
    with database.session() as rows:
        item = rows.get(OutboxItem, number)  # type: ignore[assignment]
        assert (item.state, len(item.error)) == ("given_up", 500)
        assert outbox.waiting(rows) == 1
        assert not outbox.failed(rows, number, at=at, error="again")
        outbox.done(rows, 2)
        assert outbox.waiting(rows) == 0
