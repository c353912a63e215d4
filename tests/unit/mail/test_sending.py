"""The outbox meets mail servers: good ones, strict ones, slow ones and those that go away."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from email.parser import BytesHeaderParser
from typing import cast
from urllib.parse import quote

import pytest

from officesmart.jobs import outbox_mail
from officesmart.jobs.outbox_mail import Postroom
from officesmart.mailing.post import Limits
from pbx.tables import OutboxItem
from tests.unit.mail.office import START, Office, story
from tests.unit.mail.servers import SECRET, USER, Authority, Inbox, raw, server, until, up_to_data

LOGIN = f"{quote(USER, safe='')}:{quote(SECRET, safe='')}"


@story
async def test_a_mail_goes_out_and_is_done(office: Office) -> None:
    inbox = Inbox()
    row = office.owes()
    async with server(inbox) as port:
        office.at(port)
        await office.works()
        await office.works()
    assert [each.rcpt_tos for each in inbox.envelopes] == [["giulia@example.it"]]
    done = office.row(row)
    assert (done.state, done.tries, done.error) == ("done", 1, "")


@story
async def test_starttls_with_a_password(office: Office, authority: Authority) -> None:
    inbox = Inbox()
    row = office.owes()
    async with server(
        inbox, tls=authority.server(), auth_required=True, authenticator=inbox.auth
    ) as port:
        office.server(f"smtp+starttls://{LOGIN}@localhost:{port}?ca={authority.file}")
        await office.works()
    assert office.row(row).state == "done"
    assert inbox.envelopes[0].mail_from == USER


@story
async def test_implicit_tls_with_a_password(office: Office, authority: Authority) -> None:
    inbox = Inbox()
    row = office.owes()
    async with server(
        inbox,
        tls=authority.server(),
        implicit=True,
        auth_required=True,
        auth_require_tls=False,  # aiosmtpd only counts a TLS that began with STARTTLS
        authenticator=inbox.auth,
    ) as port:
        office.server(f"smtps://{LOGIN}@localhost:{port}?ca={authority.file}")
        await office.works()
    assert office.row(row).state == "done"


@story
async def test_a_wrong_password_is_named_and_tried_again(
    office: Office, authority: Authority
) -> None:
    inbox = Inbox()
    first, second = office.owes(), office.owes()
    async with server(
        inbox, tls=authority.server(), auth_required=True, authenticator=inbox.auth
    ) as port:
        office.server(f"smtp+starttls://{LOGIN}x@localhost:{port}?ca={authority.file}")
        await office.works()
    assert inbox.envelopes == []
    for row in (first, second):
        assert office.row(row).error.startswith("auth 535")
        assert (office.row(row).state, office.row(row).tries) == ("waiting", 1)
    assert inbox.connections <= 2, "one look is enough to know it of every mail"


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_a_certificate_nobody_vouches_for_ends_it(
    office: Office, authority: Authority, scheme: str
) -> None:
    inbox = Inbox()
    row = office.owes()

    async def told() -> None:
        tls = authority.server()
        async with server(inbox, tls=tls, implicit=scheme == "smtps") as port:
            office.server(f"{scheme}://{LOGIN}@localhost:{port}")
            await office.works()

    asyncio.run(told())
    assert office.row(row).error.startswith("certificate ")
    assert inbox.envelopes == []


@story
async def test_a_certificate_for_another_name_ends_it(office: Office, authority: Authority) -> None:
    row = office.owes()
    async with server(Inbox(), tls=authority.server("mail.example.org"), implicit=True) as port:
        office.server(f"smtps://localhost:{port}?ca={authority.file}")
        await office.works()
    assert office.row(row).error.startswith("certificate ")


@story
async def test_no_encryption_where_it_was_asked_for_sends_no_password(office: Office) -> None:
    heard: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mx.test\r\n")
        await until(reader, b"EHLO")
        writer.write(b"250 AUTH PLAIN\r\n")
        while line := await reader.readline():
            heard.append(line)

    row = office.owes()
    async with raw(talk) as port:
        office.server(f"smtp+starttls://{LOGIN}@127.0.0.1:{port}")
        await office.works()
    assert office.row(row).error.startswith("no_tls")
    assert not [line for line in heard if b"AUTH" in line]


@story
async def test_a_ca_file_that_is_gone_is_named(office: Office) -> None:
    row = office.owes()
    office.server("smtps://localhost:1?ca=/nowhere/ca.pem")
    await office.works()
    assert office.row(row).error.startswith("certificate /nowhere/ca.pem")


@story
async def test_pauses_grow_and_a_day_is_the_end(office: Office) -> None:
    inbox = Inbox()
    row = office.owes()
    pauses = []
    async with server(inbox) as port:
        office.at(port)
        inbox.answers["RCPT"] = ["451 4.7.1 Greylisted, try again later"] * 100
        while office.row(row).state == "waiting":
            office.clock.moment = max(office.clock.moment, office.row(row).due_at)
            await office.works()
            if office.row(row).state == "waiting":
                pauses.append((office.row(row).due_at - office.clock.moment) / timedelta(minutes=1))
    assert pauses[:7] == [1, 2, 5, 15, 30, 60, 60] and set(pauses[7:]) == {60}
    over = office.row(row)
    assert (over.state, over.error) == ("given_up", "later 451 4.7.1 Greylisted, try again later")
    waited = office.clock.moment - START
    assert timedelta(hours=24) <= waited <= timedelta(hours=25)
    assert inbox.envelopes == []


@story
async def test_greylisting_is_waited_out(office: Office) -> None:
    inbox = Inbox()
    row = office.owes()
    async with server(inbox) as port:
        office.at(port)
        inbox.answers["RCPT"] = ["451 4.7.1 Greylisted"]
        await office.works()
        await office.works()  # not yet due: nothing happens
        assert (office.row(row).tries, inbox.envelopes) == (1, [])
        office.clock.forward(minutes=1)
        await office.works()
    assert (office.row(row).state, office.row(row).tries) == ("done", 2)


@story
async def test_an_unknown_mailbox_is_given_up_at_once_and_the_next_mail_goes(
    office: Office,
) -> None:
    inbox = Inbox()
    lost, goes = office.owes(to="nessuno@example.it"), office.owes()
    async with server(inbox) as port:
        office.at(port)
        inbox.answers["RCPT"] = ["550 5.1.1 No such user here"]
        await office.works()
    assert (office.row(lost).state, office.row(lost).tries) == ("given_up", 1)
    assert office.row(lost).error == "refused 550 5.1.1 No such user here"
    assert office.row(goes).state == "done"
    assert inbox.connections == 1


@story
async def test_a_letter_refused_for_what_it_says_is_given_up(office: Office) -> None:
    inbox = Inbox()
    row = office.owes()
    async with server(inbox) as port:
        office.at(port)
        inbox.answers["DATA"] = ["554 5.7.1 Looks like spam"]
        await office.works()
    assert (office.row(row).state, office.row(row).error) == (
        "given_up",
        "refused 554 5.7.1 Looks like spam",
    )


@story
async def test_our_own_address_refused_is_nobodys_fault_but_ours(office: Office) -> None:
    inbox = Inbox()
    first, second = office.owes(), office.owes()
    async with server(inbox) as port:
        office.at(port)
        inbox.answers["MAIL"] = ["553 5.7.1 Sender not owned"]
        await office.works()
        assert [office.row(row).state for row in (first, second)] == ["waiting", "waiting"]
        assert office.row(second).error == "sender 553 5.7.1 Sender not owned"
        office.clock.forward(minutes=1)
        await office.works()
    assert [office.row(row).state for row in (first, second)] == ["done", "done"]


@story
async def test_a_server_that_goes_away_in_the_middle_of_a_letter(office: Office) -> None:
    ids: list[bytes] = []

    async def breaks(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await up_to_data(reader, writer)
        while line := await reader.readline():
            if line.startswith(b"Message-ID"):
                ids.append(line.split()[1])
                writer.transport.abort()
                return

    row = office.owes()
    async with raw(breaks) as port:
        office.at(port)
        await office.works()
    broken = office.row(row)
    assert (broken.state, broken.tries) == ("waiting", 1)
    assert broken.error.startswith("broken_off")
    assert len(ids) == 1, "what may have arrived is not sent again at once"
    inbox = Inbox()
    async with server(inbox) as port:
        office.at(port)
        office.clock.forward(minutes=1)
        await office.works()
    assert office.row(row).state == "done"
    assert inbox.read[0]["Message-ID"] == ids[0].decode(), "the server can drop the repeat"


@story
async def test_a_letter_that_breaks_off_on_a_kept_connection_is_not_sent_again_at_once(
    office: Office,
) -> None:
    begun = 0

    async def takes_one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal begun
        await up_to_data(reader, writer)
        while (await reader.readline()) != b".\r\n":
            pass
        writer.write(b"250 OK\r\n")
        for word, answer in ((b"MAIL", b"250"), (b"RCPT", b"250"), (b"DATA", b"354")):
            await until(reader, word)
            writer.write(answer + b" OK\r\n")
        begun += 1
        while (await reader.readline()) != b".\r\n":
            pass
        writer.transport.abort()

    goes, breaks = office.owes(), office.owes()
    async with raw(takes_one) as port:
        office.at(port)
        await office.works()
    assert office.row(goes).state == "done"
    assert office.row(breaks).error.startswith("broken_off")
    assert begun == 1


@story
async def test_a_connection_that_the_server_ends_between_two_mails(office: Office) -> None:
    inbox = Inbox()
    rows = [office.owes() for _ in range(3)]
    async with server(inbox) as port:
        office.at(port)
        inbox.answers["MAIL"] = ["250 OK", "421 4.7.0 Enough for one connection"]
        await office.works()
    assert [office.row(row).state for row in rows] == ["done"] * 3
    assert [office.row(row).tries for row in rows] == [1, 1, 1], "it was no mail's fault"
    assert inbox.connections == 2


@story
async def test_a_server_that_says_nothing_costs_a_limit_once(office: Office) -> None:
    silent = asyncio.Event()
    calls = 0

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal calls
        calls += 1
        await silent.wait()

    rows = [office.owes() for _ in range(20)]
    office.postroom = Postroom(limits=Limits(connect=0.05, answer=0.05, whole=0.1))
    async with raw(talk) as port:
        office.at(port)
        await office.works()
        silent.set()
    assert {office.row(row).error for row in rows} == {"timeout"}
    assert {office.row(row).tries for row in rows} == {1}
    assert calls == 1


@story
async def test_a_server_that_falls_asleep_in_a_letter_is_not_asked_twice(office: Office) -> None:
    silent = asyncio.Event()
    letters = 0

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal letters
        await up_to_data(reader, writer)
        while (await reader.readline()) not in (b".\r\n", b""):
            pass
        letters += 1
        await silent.wait()

    row = office.owes()
    office.postroom = Postroom(limits=Limits(connect=5, answer=0.05, whole=5))
    async with raw(talk) as port:
        office.at(port)
        await office.works()
        silent.set()
    assert (office.row(row).error, letters) == ("timeout", 1)


@story
async def test_a_server_that_drips_is_cut_off(office: Office) -> None:
    enough = asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mx.test\r\n")
        await until(reader, b"EHLO")
        writer.write(b"250 mx.test\r\n")
        while await reader.readline():
            await enough.wait()

    row = office.owes()
    office.postroom = Postroom(limits=Limits(connect=5, answer=5, whole=0.05))
    async with raw(talk) as port:
        office.at(port)
        await office.works()
        enough.set()
    assert office.row(row).error == "timeout"


@story
async def test_nobody_at_the_door(office: Office) -> None:
    async with raw(up_to_data) as port:
        pass  # the port is free again
    row = office.owes()
    office.at(port)
    await office.works()
    assert office.row(row).error.startswith(f"unreachable 127.0.0.1:{port}")


@pytest.mark.parametrize(
    "said",
    [b"554 go away\r\n", b"\xff\xfe\x00\r\n", b"220-" + b"x" * 40_000, b"HTTP/1.1 400 No\r\n\r\n"],
)
def test_whatever_answers_there_the_mail_waits(office: Office, said: bytes) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(said)
        await writer.drain()

    async def told() -> None:
        async with raw(talk) as port:
            office.at(port)
            await office.works()

    row = office.owes()
    asyncio.run(told())
    assert office.row(row).state == "waiting"
    assert office.row(row).error.split()[0] in ("unreachable", "later", "timeout")


# -- without a server, after a kill, with a stubborn database -----------------------------------


@story
async def test_without_a_server_mail_waits_and_says_so(office: Office) -> None:
    row = office.owes()
    await office.works()
    assert (office.row(row).state, office.row(row).error) == ("waiting", "no_server")
    assert office.row(row).tries == 0
    inbox = Inbox()
    async with server(inbox) as port:
        office.clock.forward(hours=20)
        office.at(port)
        await office.works()
    assert office.row(row).state == "done"


@story
async def test_a_setting_that_cannot_be_used_is_told(office: Office) -> None:
    row = office.owes()
    office.server("smtp://localhost?verify=off")
    await office.works()
    assert office.row(row).error.startswith("bad_setting")


@story
async def test_what_a_kill_cut_short_is_sent_once_more_under_the_same_id(office: Office) -> None:
    inbox = Inbox()
    row = office.owes()
    async with server(inbox) as port:
        office.at(port)
        await office.works()
        with office.here.database.session() as session:  # as if the kill came before the commit
            item = session.get(OutboxItem, row)
            assert item is not None
            item.state, item.tries = "sending", 0
        await office.works()
        assert len(inbox.envelopes) == 1, "nobody takes a row that is being sent"
        await office.postroom.begin(office.here)
        await office.works()
        await office.works()
    assert len(inbox.envelopes) == 2
    assert len({each["Message-ID"] for each in inbox.read}) == 1
    assert office.row(row).state == "done"


@story
async def test_what_the_database_would_not_take_down_is_not_sent_twice(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = Inbox()
    row = office.owes()

    def stubborn(*_: object) -> bool:
        raise OSError("database is locked")

    async with server(inbox) as port:
        office.at(port)
        with monkeypatch.context() as now:
            now.setattr(outbox_mail, "_settle", stubborn)
            for _ in range(3):
                with pytest.raises(OSError, match="locked"):
                    await office.works()
        assert (office.row(row).state, len(inbox.envelopes)) == ("sending", 1)
        await office.works()
    assert (office.row(row).state, len(inbox.envelopes)) == ("done", 1)


@story
async def test_a_new_start_tries_at_once_what_the_setting_failed(office: Office) -> None:
    async with raw(up_to_data) as port:
        pass
    failed = office.owes()
    office.at(port)
    for _ in range(4):
        await office.works()
        office.clock.moment = office.row(failed).due_at
    office.clock.moment -= timedelta(minutes=10)
    assert office.row(failed).due_at > office.clock.now()
    inbox = Inbox()
    async with server(inbox) as port:
        office.at(port)
        await office.postroom.begin(office.here)
        await office.works()
    assert office.row(failed).state == "done"


@story
async def test_a_thousand_mails_in_order_over_one_connection(office: Office) -> None:
    inbox = Inbox()
    with office.here.database.session() as session:
        for number in range(1000):
            outbox_row = OutboxItem(
                kind="test_mail",
                cause="many",
                payload={"to": f"u{number}@example.it", "by": "Sara"},
                created_at=office.clock.now() + timedelta(milliseconds=number),
                due_at=office.clock.now() + timedelta(milliseconds=number),
            )
            session.add(outbox_row)
    office.clock.forward(seconds=2)
    async with server(inbox) as port:
        office.at(port)
        await office.works()
    assert [each.rcpt_tos[0] for each in inbox.envelopes] == [
        f"u{number}@example.it" for number in range(1000)
    ]
    assert inbox.connections == 1
    assert {row.state for row in office.rows()} == {"done"}
    heads = [BytesHeaderParser().parsebytes(cast(bytes, each.content)) for each in inbox.envelopes]
    assert len({each["Message-ID"] for each in heads}) == 1000


@story
async def test_a_row_that_makes_no_sense_stops_no_other(office: Office) -> None:
    inbox = Inbox()
    with office.here.database.session() as session:
        for payload in ({}, {"to": "a@example.it", "what": "moon"}, {"to": 7, "what": "password"}):
            session.add(
                OutboxItem(
                    kind="security_notice",
                    payload=payload,
                    created_at=office.clock.now(),
                    due_at=office.clock.now(),
                )
            )
    good = office.owes()
    async with server(inbox) as port:
        office.at(port)
        await office.works()
    assert office.row(good).state == "done"
    assert [row.state for row in office.rows()] == ["given_up"] * 3 + ["done"]
