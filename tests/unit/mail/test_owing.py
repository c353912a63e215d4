"""What is owed, to whom, and when nothing is: kinds, lines' wishes, what the administrator does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

import pytest
from sqlmodel import Session

from officesmart import mail
from officesmart.contacts import book
from officesmart.contacts.card import Card, Number
from officesmart.jobs.outbox_mail import sweep
from officesmart.mailing import queue, reasons
from pbx.tables import Line, OutboxItem, VoiceMessage
from tests.unit.mail.office import Office, story
from tests.unit.mail.servers import Inbox, server

LINK = "https://pbx.example.it/nuova?chiave=molto-segreta"


def change(office: Office, **fields: Any) -> None:
    with office.here.database.session() as session:
        line = session.get(Line, 1)
        assert line is not None
        for name, value in fields.items():
            setattr(line, name, value)


def the_message(session: Session) -> VoiceMessage:
    message = session.get(VoiceMessage, 1)
    assert message is not None
    return message


@story
async def test_a_new_message_is_announced_in_the_lines_language(office: Office) -> None:
    inbox = Inbox()
    first = office.voicemail("c1")
    change(office, language="en")
    async with server(inbox) as port:
        office.at(port)
        await office.works()
    assert inbox.subjects == ["New message from Teresa Olivari"]
    assert inbox.envelopes[0].rcpt_tos == ["giulia@example.it"]
    body = inbox.read[0].get_body(("plain",))
    assert body is not None
    said = body.get_content()
    assert "0163 555021" in said and "Saturday 21 November 2026, 09:00" in said
    assert "48 s" in said and "*86" in said
    assert office.row(first).state == "done"


@story
async def test_the_mail_names_the_caller_as_its_reader_does(office: Office) -> None:
    inbox = Inbox()
    with office.here.database.session() as session:
        for line, name in ((1, "Teresa della carta"), (2, "Of somebody else")):
            numbers = (Number("work", "0163 555021"),)
            book.add(session, line, Card(name, numbers=numbers))
    office.voicemail("c1", caller_name="CARTIERA SPA")
    office.voicemail("c2", caller_number="", caller_name="")
    async with server(inbox) as port:
        office.at(port)
        await office.works()
    assert sorted(inbox.subjects) == [
        "Nuovo messaggio da Teresa della carta",
        "Nuovo messaggio da numero riservato",
    ]


@pytest.mark.parametrize("why", ["not_wanted", "heard", "gone"])
def test_some_messages_are_announced_to_nobody(office: Office, why: str) -> None:
    inbox = Inbox()
    row = office.voicemail()
    with office.here.database.session() as session:
        match why:
            case "not_wanted":
                mail.set_notice(session, 1, enabled=False)
            case "heard":
                the_message(session).state = "heard"
            case "gone":
                session.delete(the_message(session))

    @story
    async def told() -> None:
        async with server(inbox) as port:
            office.at(port)
            await office.works()

    told()
    assert (office.row(row).state, office.row(row).error, inbox.envelopes) == ("done", why, [])


def test_the_wish_is_on_until_somebody_switches_it_off(office: Office) -> None:
    with office.here.database.session() as session:
        assert mail.wants_notice(session, 1)
        mail.set_notice(session, 1, enabled=False)
        assert not mail.wants_notice(session, 1) and mail.wants_notice(session, 2)
        mail.set_notice(session, 1, enabled=True)
        assert mail.wants_notice(session, 1)


@story
async def test_a_line_without_an_address_never_waits_for_a_server(office: Office) -> None:
    row = office.voicemail(line=2)
    await office.works()
    assert (office.row(row).state, office.row(row).error) == ("done", "not_wanted")


@story
async def test_every_kind_goes_out(office: Office) -> None:
    inbox = Inbox()
    office.owes("password_reset", payload={"link": LINK, "minutes": 30}, name="Giulia")
    office.owes("security_notice", payload={"what": "two_factor_on"}, language="en", name="Giulia")
    office.owes("test_mail", payload={"by": "Sara Lombardi"})
    async with server(inbox) as port:
        office.at(port)
        await office.works()
    assert inbox.subjects == [
        "Nuova password per il portale",
        "Security notice",
        "Prova di Office Smart",
    ]
    reset = inbox.read[0].get_body(("plain",))
    assert reset is not None and LINK in reset.get_content()


@story
async def test_a_link_that_opens_a_door_stays_in_no_row(office: Office) -> None:
    inbox = Inbox()
    sent = office.owes("password_reset", payload={"link": LINK})
    refused = office.owes("password_reset", payload={"link": LINK}, to="nessuno@example.it")
    async with server(inbox) as port:
        office.at(port)
        inbox.answers["RCPT"] = ["250 OK", "550 no"]
        await office.works()
    assert [office.row(row).state for row in (sent, refused)] == ["done", "given_up"]
    for row in (sent, refused):
        assert set(office.row(row).payload) == {"to", "name", "language"}
    with office.here.database.session() as session:
        assert not queue.retry(session, refused, office.clock.now())


@story
async def test_a_link_that_has_run_out_is_not_sent(office: Office) -> None:
    inbox = Inbox()
    row = office.owes("password_reset", payload={"link": LINK})
    office.clock.forward(minutes=31)
    async with server(inbox) as port:
        office.at(port)
        await office.works()
    assert (office.row(row).state, office.row(row).error) == ("given_up", "too_old")
    assert "link" not in office.row(row).payload and inbox.envelopes == []


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("love_letter", {}),
        ("password_reset", {}),
        ("security_notice", {"payload": {"what": "the weather"}}),
        ("test_mail", {"to": "nobody"}),
        ("test_mail", {"to": "a@example.it\r\nRCPT TO:<b@example.it>"}),
    ],
)
def test_what_cannot_become_a_letter_is_refused_at_once(
    office: Office, kind: str, told: dict[str, Any]
) -> None:
    with pytest.raises(ValueError):
        office.owes(kind, **told)
    assert office.rows() == []


@story
async def test_accented_addresses_go_where_they_are_taken(office: Office) -> None:
    inbox = Inbox()
    local = office.owes(to="perché@example.it", name="Perché")
    domain = office.owes(to="info@caffè.it")
    async with server(inbox, enable_SMTPUTF8=True) as port:
        office.at(port)
        await office.works()
    assert [office.row(row).state for row in (local, domain)] == ["done", "done"]
    assert [each.rcpt_tos[0] for each in inbox.envelopes] == [
        "perché@example.it",
        "info@xn--caff-8oa.it",
    ]
    assert "<perché@example.it>".encode() in cast(bytes, inbox.envelopes[0].content)
    assert inbox.envelopes[0].mail_options[0].upper() == "SMTPUTF8"


@story
async def test_and_are_named_where_they_are_not(office: Office) -> None:
    inbox = Inbox()
    local = office.owes(to="perché@example.it")
    domain = office.owes(to="info@caffè.it")
    async with server(inbox) as port:
        office.at(port)
        await office.works()
    assert (office.row(local).state, office.row(local).error) == (
        "given_up",
        "no_utf8 perché@example.it",
    )
    assert office.row(domain).state == "done"


# -- the administrator --------------------------------------------------------------------------


@story
async def test_one_given_up_can_be_tried_again_with_a_new_day(office: Office) -> None:
    inbox = Inbox()
    row = office.owes()
    async with server(inbox) as port:
        office.at(port)
        inbox.answers["RCPT"] = ["550 no", "450 busy"]
        await office.works()
        office.clock.forward(days=10)
        with office.here.database.session() as session:
            assert queue.retry(session, row, office.clock.now())
        await office.works()
        again = office.row(row)
        assert (again.state, again.tries) == ("waiting", 1)
        office.clock.forward(hours=23)
        await office.works()
    assert office.row(row).state == "done"
    assert len(inbox.envelopes) == 1


def test_what_is_being_sent_is_left_alone(office: Office) -> None:
    row = office.owes()
    with office.here.database.session() as session:
        item = session.get(OutboxItem, row)
        assert item is not None
        item.state = "sending"
        session.flush()
        now = office.clock.now()
        assert not queue.retry(session, row, now)
        assert not queue.give_up(session, row, by="Sara")
        assert not queue.remove(session, row)
        assert queue.retry_all(session, now) == 0


def test_giving_up_and_taking_off_the_list(office: Office) -> None:
    row = office.owes()
    with office.here.database.session() as session:
        assert not queue.remove(session, row)
        assert mail.trouble(session, office.clock.now()) is None
        assert queue.give_up(session, row, by="Sara\r\nLombardi")
        assert queue.counts(session) == queue.Counts(waiting=0, given_up=1)
        told = mail.trouble(session, office.clock.now())
        assert told is not None and "non è stato spedito" in told.it and "One mail" in told.en
    assert reasons.told("it", office.row(row).error) == "Fermato da Sara Lombardi"
    assert reasons.told("en", office.row(row).error) == "Stopped by Sara Lombardi"
    with office.here.database.session() as session:
        assert queue.remove(session, row)
        assert not queue.remove(session, row)
    assert office.rows() == []


@pytest.mark.parametrize("deed", ["retry", "give_up", "remove"])
def test_other_peoples_rows_are_not_mail(office: Office, deed: str) -> None:
    """A fax in the same outbox is nothing that this page may touch."""
    from pbx.store import outbox

    with office.here.database.session() as session:
        item = outbox.owe(session, "fax", cause="fax 1", at=office.clock.now())
        item.state = "given_up" if deed == "remove" else "waiting"
        session.flush()
        assert item.id is not None
        told: dict[str, Any] = {"give_up": {"by": "Sara"}}.get(deed, {})
        arguments = [office.clock.now()] if deed == "retry" else []
        assert not getattr(queue, deed)(session, item.id, *arguments, **told)
        assert queue.counts(session) == queue.Counts()
        assert queue.listing(session, ("waiting", "given_up"), limit=9) == ()


def test_every_reason_is_said_in_both_languages() -> None:
    for code in reasons.REASONS:
        it, en = reasons.told("it", f"{code} 550 x"), reasons.told("en", f"{code} 550 x")
        assert it != en and it.endswith("550 x") and en.endswith("550 x")
    assert reasons.told("it", "") == ""
    assert reasons.told("it", "from an older version") == "from an older version"


@story
async def test_the_night_forgets_what_is_long_over(office: Office) -> None:
    inbox = Inbox()
    done, lost = office.owes(), office.owes(to="nessuno@example.it")
    async with server(inbox) as port:
        office.at(port)
        inbox.answers["RCPT"] = ["250 OK", "550 no"]
        await office.works()
    office.server("")
    office.clock.forward(days=31)
    waits = office.owes()
    await office.works()
    await sweep(office.here)
    assert [row.id for row in office.rows()] == [lost, waits]
    office.clock.forward(days=4)
    await sweep(office.here)
    assert (office.row(waits).state, office.row(waits).error) == ("given_up", "too_old")
    assert office.row(waits).due_at < office.clock.now() - timedelta(days=3)
    assert done not in [row.id for row in office.rows()]
