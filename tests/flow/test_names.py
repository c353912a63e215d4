"""What displays say: each line calls the other side as its own address book does, and nobody else
ever hears of that name."""

# A phone rings now and not a moment later: mypy takes the second assertion for unreachable.
# mypy: no-warn-unreachable
from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace

import pytest
from sqlalchemy import create_engine, update
from sqlmodel import Session, SQLModel

from pbx.calls.naming import Names, Wanted
from pbx.routing.office import ShortCode, SpeedDial
from pbx.sip.headers import NameAddr
from pbx.sip.message import Request, Response
from pbx.sip.parser import parse
from pbx.store import contacts
from pbx.tables import Contact, ContactNumber
from tests.flow.groups import group_story
from tests.flow.office import FlowOffice, story, story_of_a_fault
from tests.flow.phone import Phone
from tests.flow.test_attended import consulting
from tests.flow.test_calls_in import BRUNO, MOBILE, by_address
from tests.flow.test_calls_out import DIALLED, ROME, give_number, with_provider
from tests.flow.test_park import parked
from tests.flow.test_ring_plan import option, plan, row
from tests.flow.test_transfers import talking

OTHER = "+393337654321"


class Books:
    """The address books of the office, in a database of their own."""

    def __init__(self, office: FlowOffice) -> None:
        engine = create_engine("sqlite://")
        SQLModel.metadata.create_all(engine)
        self.rows = Session(engine)
        self.seconds = 0.0
        "How long an answer takes."
        self.broken = False
        self.asked: list[Wanted] = []
        office.switch.names = Names(self.names)

    def add(self, line: str, name: str, number: str) -> None:
        """A contact of this line; its id is its extension (see `settings`)."""
        contact = Contact(line_id=int(line), first_name=name)
        self.rows.add(contact)
        self.rows.flush()
        tail = "".join(sign for sign in number if sign.isdigit())[-9:]
        self.rows.add(
            ContactNumber(contact_id=contact.id or 0, line_id=int(line), number=number, tail=tail)
        )
        self.rows.flush()

    async def names(self, wanted: Wanted) -> Mapping[tuple[int, str], str]:
        """Asked as the PBX asks."""
        self.asked.append(wanted)
        if self.broken:
            raise OSError("the database cannot be read")
        await asyncio.sleep(self.seconds)
        return contacts.names(self.rows, wanted)


def shows(phone: Phone) -> tuple[str, str]:
    """Name and number on the display of a phone that rings."""
    assert phone.rings
    invite = phone.dialog.invite
    asserted = invite.get("P-Asserted-Identity")
    if asserted:
        assert NameAddr.parse(asserted).display == invite.from_.display
    return invite.from_.display, invite.from_.user


def told(office: FlowOffice, phone: Phone, status: int) -> list[tuple[str, str]]:
    """Whom this phone was told that it reaches, with each such answer to its call."""
    call_id = phone.dialog.call_id
    found = []
    for message in office.wire.seen:
        response = parse(message) if message.startswith(b"SIP/2.0 %d" % status) else None
        if isinstance(response, Response) and response.call_id == call_id:
            if text := response.get("P-Asserted-Identity"):
                found.append((NameAddr.parse(text).display, NameAddr.parse(text).user))
    return list(dict.fromkeys(found))


def updated(office: FlowOffice, phone: Phone) -> list[tuple[str, str]]:
    """Whom this phone was told that it talks to from now on."""
    found = []
    for message in office.wire.seen:
        request = parse(message) if message.startswith(b"UPDATE") else None
        if isinstance(request, Request) and phone.host in request.uri:
            one = NameAddr.parse(request.get("P-Asserted-Identity"))
            found.append((one.display, one.user))
    return list(dict.fromkeys(found))


def codes(office: FlowOffice, *known: ShortCode) -> None:
    """The office's short codes."""
    short_codes = {each.code: each for each in known}
    office.snapshot.last = replace(office.snapshot.last, short_codes=short_codes)


def called(name: str, number: str = MOBILE) -> str:
    """The From of a call whose network has a name for it."""
    return f'"{name}" <sip:{number}@192.0.2.10>'


# --- the order (behaviour.md s.10) ---------------------------------------------------------------


@story
async def test_ones_own_contact_comes_first(office: FlowOffice) -> None:
    books = Books(office)
    books.add("202", "La mia capa", "201")
    codes(office, ShortCode("4", "201", "Direzione"))
    anna, bruno = await office.phone("201"), await office.phone("202")
    await anna.dials("202")
    assert shows(bruno) == ("La mia capa", "201")
    await anna.hangs_up()


@story
async def test_a_colleague_is_known_by_the_lines_own_number_too(office: FlowOffice) -> None:
    Books(office).add("202", "Anna dal lavoro", "+390255501201")
    give_number(office, "201", "+390255501201")
    anna, bruno = await office.phone("201"), await office.phone("202")
    await anna.dials("202")
    assert shows(bruno) == ("Anna dal lavoro", "201")
    await anna.hangs_up()


@story
async def test_then_the_extension(office: FlowOffice) -> None:
    Books(office).add("203", "Of somebody else", "201")
    codes(office, ShortCode("4", "201", "Direzione"))
    anna, bruno = await office.phone("201"), await office.phone("202")
    await anna.dials("202")
    assert shows(bruno) == ("Anna Bianchi", "201")
    await anna.hangs_up()


@pytest.mark.parametrize("number", [MOBILE, "333 1234567"])
def test_then_the_short_code(number: str) -> None:
    @story
    async def told(office: FlowOffice) -> None:
        Books(office).add("203", "Of somebody else", MOBILE)
        codes(office, ShortCode("4", number, "Corriere"))
        provider, bruno = await by_address(office), await office.phone("202")
        await provider.calls_in(BRUNO, from_=called("ROSSI M"))
        assert shows(bruno) == ("Corriere", MOBILE)
        await provider.hangs_up()

    told()


@story
async def test_then_the_name_that_the_network_has(office: FlowOffice) -> None:
    Books(office).add("203", "Of somebody else", MOBILE)
    provider, bruno = await by_address(office), await office.phone("202")
    await provider.calls_in(BRUNO, from_=called("ROSSI M"))
    assert shows(bruno) == ("ROSSI M", MOBILE)
    await provider.hangs_up()


@pytest.mark.parametrize(
    ("kept", "known"),
    [
        (MOBILE, True),
        ("333 123 45 67", True),  # Italian without its country: read as E.164
        ("99333 1234567", True),  # no number of any country: nine digits decide
        ("+443331234567", False),  # both have a country, and it is another
        ("+393331234568", False),
    ],
)
def test_e164_decides_then_the_last_nine_digits(kept: str, known: bool) -> None:
    @story
    async def told(office: FlowOffice) -> None:
        Books(office).add("202", "Mario", kept)
        provider, bruno = await by_address(office), await office.phone("202")
        await provider.calls_in(BRUNO, from_=called("ROSSI M"))
        assert shows(bruno) == ("Mario" if known else "ROSSI M", MOBILE)
        await provider.hangs_up()

    told()


# --- each line its own ---------------------------------------------------------------------------


@story
async def test_several_lines_in_one_ring_see_each_their_own_name(office: FlowOffice) -> None:
    books = Books(office)
    books.add("202", "Papà", MOBILE)
    books.add("203", "Ing. Rossi", MOBILE)
    provider = await by_address(office)
    bruno, carla, dario = [await office.phone(line) for line in ("202", "203", "204")]
    plan(office, row("", "xxx"), row("203", "xxx"), row("204", "xxx"))
    await provider.calls_in(BRUNO, from_=called("ROSSI M"))
    assert shows(bruno) == ("Papà", MOBILE)
    assert shows(carla) == ("Ing. Rossi", MOBILE)
    assert shows(dario) == ("ROSSI M", MOBILE)
    assert len(books.asked) == 1, "one question for all of them"
    await provider.hangs_up()
    assert office.story.caller.name == "ROSSI M", "the record is everybody's"


@story
async def test_a_forward_shows_the_target_its_own_name(office: FlowOffice) -> None:
    books = Books(office)
    books.add("202", "Papà", MOBILE)
    books.add("203", "Ing. Rossi", MOBILE)
    provider, carla = await by_address(office), await office.phone("203")
    bruno = await office.phone("202")
    option(office, "202", "forward_all", enabled=True, number="203", notify=True)
    await provider.calls_in(BRUNO)
    assert shows(carla) == ("Ing. Rossi", MOBILE)
    assert shows(bruno) == ("Papà", MOBILE), "the splash"
    await provider.hangs_up()


@group_story
async def test_a_call_that_comes_back_from_its_orbit_is_named_behind_it(office: FlowOffice) -> None:
    Books(office).add("202", "La capa", "201")
    anna, bruno, _ = await parked(office)
    await office.clock.forward(121)
    assert shows(bruno) == ("Parcheggio 801: La capa", "201")
    await anna.hangs_up()
    office.untold = 1


@group_story
async def test_an_orbit_is_nobodys_number(office: FlowOffice) -> None:
    Books(office).add("202", "Somebody", "801")
    provider = await by_address(office)
    bruno = await office.phone("202")
    await provider.calls_in(BRUNO, from_="<sip:anonymous@anonymous.invalid>")
    await bruno.answers()
    await bruno.transfers("*85")
    await bruno.hangs_up()
    await office.clock.forward(121)
    assert shows(bruno) == ("Parcheggio 801", "801")
    await provider.hangs_up()
    office.untold = 1


@group_story
async def test_who_picks_up_sees_who_calls(office: FlowOffice) -> None:
    Books(office).add("203", "Il mio Dario", "204")
    _, carla, dario = [await office.phone(line) for line in ("202", "203", "204")]
    await dario.dials("202")
    await carla.dials("*8")
    assert told(office, carla, 200) == [("Il mio Dario", "204")]
    office.untold = 1
    await dario.hangs_up()


# --- whom I reach --------------------------------------------------------------------------------


@story
async def test_who_dials_sees_whom_he_reaches(office: FlowOffice) -> None:
    Books(office).add("201", "Brunello", "202")
    anna, bruno = await office.phone("201"), await office.phone("202")
    await anna.dials("202")
    assert told(office, anna, 180) == [("Brunello", "202")]
    await bruno.answers()
    assert told(office, anna, 200) == [("Brunello", "202")]
    await anna.hangs_up()


@story
async def test_outside_too(office: FlowOffice) -> None:
    Books(office).add("201", "Zia di Roma", ROME)
    codes(office, ShortCode("4", ROME, "Corriere"))
    provider = await with_provider(office)
    anna, dario = await office.phone("201"), await office.phone("204")
    for phone, name in ((anna, "Zia di Roma"), (dario, "Corriere")):
        await phone.dials(DIALLED)
        await provider.answers()
        assert told(office, phone, 180) == [(name, ROME)]
        assert told(office, phone, 200) == [(name, ROME)]
        await phone.hangs_up()


@story
async def test_where_a_colleague_has_his_calls_go_is_his_affair(office: FlowOffice) -> None:
    Books(office).add("201", "Zia di Roma", ROME)
    give_number(office, "202", BRUNO)
    provider = await with_provider(office)
    anna = await office.phone("201")
    option(office, "202", "forward_all", enabled=True, number=ROME)
    await anna.dials("202")
    assert provider.rings
    await provider.answers()
    assert told(office, anna, 180) == told(office, anna, 200) == []
    await anna.hangs_up()


@story
async def test_nor_is_the_number_of_a_phone_in_a_ring_plan_told(office: FlowOffice) -> None:
    Books(office).add("201", "Zia di Roma", ROME)
    give_number(office, "202", BRUNO)
    provider = await with_provider(office)
    anna = await office.phone("201")
    plan(office, row(ROME, "xxx", confirm=False))
    await anna.dials("202")
    assert provider.rings
    await provider.answers()
    assert anna.talks and told(office, anna, 200) == []
    await anna.hangs_up()


@story
async def test_the_name_of_a_speed_dial_is_in_its_owners_record_alone(office: FlowOffice) -> None:
    office.sets("201", speed_dials={"5": SpeedDial(ROME, "Clinica")})
    provider = await with_provider(office)
    anna = await office.phone("201")
    await anna.dials("5#")
    await provider.answers()
    assert anna.talks
    assert ROME in str(office.facts) and "Clinica" not in str(office.facts)
    await anna.hangs_up()
    assert (office.story.callee.number, office.story.callee.name) == (ROME, "Clinica")


# --- transfers -----------------------------------------------------------------------------------


@story
async def test_after_a_blind_transfer_both_displays_say_who_is_there(office: FlowOffice) -> None:
    books = Books(office)
    books.add("203", "La capa", "201")
    books.add("201", "Carlina", "203")
    anna, bruno, carla = await talking(office)
    await bruno.transfers("203")
    await bruno.hangs_up()
    assert shows(carla) == ("La capa", "201")
    await carla.answers()
    assert updated(office, anna) == [("Carlina", "203")] and updated(office, carla) == []
    await anna.hangs_up()


@story
async def test_after_an_attended_transfer_too(office: FlowOffice) -> None:
    books = Books(office)
    books.add("202", "Carlina", "203")
    books.add("203", "Brunello", "202")
    anna, bruno, carla, first, second = await consulting(office)
    await anna.joins(first, second)
    assert updated(office, bruno) == [("Carlina", "203")]
    assert updated(office, carla) == [("Brunello", "202")]
    assert updated(office, anna) == []
    await office.clock.forward(6)
    await bruno.hangs_up()


@story
async def test_whoever_shows_no_callers_is_shown_none_later(office: FlowOffice) -> None:
    option(office, "203", "caller_id", shows_caller=False)
    anna, bruno, carla, first, second = await consulting(office)
    await anna.joins(first, second)
    assert updated(office, carla) == [] and updated(office, bruno) == [("Carla De Luca", "203")]
    await office.clock.forward(6)
    await bruno.hangs_up()


@story
async def test_who_withheld_his_number_takes_the_transferors_place_on_the_display(
    office: FlowOffice,
) -> None:
    provider, bruno = await by_address(office), await office.phone("202")
    carla = await office.phone("203")
    await provider.calls_in(BRUNO, from_="<sip:anonymous@anonymous.invalid>")
    await bruno.answers()
    first = bruno.dialog
    await bruno.holds()
    second = await bruno.dials("203")
    await carla.answers()
    await bruno.joins(first, second)
    assert updated(office, carla) == [("Anonymous", "anonymous")]
    assert updated(office, provider) == [], "nothing of the office is told outside"
    await office.clock.forward(6)
    await provider.hangs_up()


# --- what must not be told -----------------------------------------------------------------------


@pytest.mark.parametrize("stated", ["<sip:anonymous@anonymous.invalid>", called("Mario")])
def test_who_withholds_his_number_is_nobodys_contact(stated: str) -> None:
    @story
    async def told(office: FlowOffice) -> None:
        books = Books(office)
        books.add("202", "Mario", MOBILE)
        books.add("202", "Nobody", "")
        provider, bruno = await by_address(office), await office.phone("202")
        await provider.calls_in(
            BRUNO,
            from_=stated,
            headers=[("P-Asserted-Identity", f"<sip:{MOBILE}@h>"), ("Privacy", "id")],
        )
        assert shows(bruno) == ("Anonymous", "anonymous")
        assert not bruno.dialog.invite.has("P-Asserted-Identity")
        assert not any(b"Mario" in m for m in office.wire.seen if m.startswith(b"INVITE sip:202"))
        assert not books.asked, "there is nothing to ask for"
        await provider.hangs_up()

    told()


@story
async def test_private_names_stay_in_the_office(office: FlowOffice) -> None:
    """Whatever goes by a trunk says the line's own name and number, or the network's name."""
    books = Books(office)
    for line in ("201", "202", "203"):
        books.add(line, "SEGRETISSIMO", MOBILE)
        books.add(line, "SEGRETISSIMO", ROME)
        books.add(line, "SEGRETISSIMO", "202")
    give_number(office, "202", BRUNO)
    provider = await with_provider(office, diversion="both")
    anna, bruno = await office.phone("201"), await office.phone("202")
    await anna.dials(DIALLED)
    await provider.answers()
    await anna.hangs_up()
    option(office, "202", "forward_all", enabled=True, number=ROME, notify=True)
    provider.wants_proof = False
    await provider.calls_in("+390255501202", from_=called("ROSSI M"))
    assert shows(bruno)[0] == "SEGRETISSIMO", "at home it is shown"
    await provider.answers()
    await provider.hangs_up()
    option(office, "202", "forward_all", enabled=False, number=ROME)
    await provider.calls_in("+390255501202", from_=called("ROSSI M"))
    await bruno.answers()
    await bruno.transfers(DIALLED)
    await provider.answers()
    for dialog in provider.dialogs:
        await provider.hangs_up(dialog)
    await office.clock.forward(6)
    outside = [m for m in office.wire.seen if b"192.0.2.10" in m]
    assert len(outside) > 20 and not any(b"SEGRETISSIMO" in m for m in outside)
    facts = " ".join(map(repr, office.facts)) + " ".join(map(repr, office.stories))
    assert "SEGRETISSIMO" not in facts, "lamps, boards and records are everybody's"


@story
async def test_a_telephone_that_rings_first_is_told_no_private_name(office: FlowOffice) -> None:
    """A call from a page begins in the meeting room, or at a mobile: neither is the line's own."""
    books = Books(office)
    books.add("201", "SEGRETISSIMO", ROME)
    books.add("201", "SEGRETISSIMO", "202")
    provider = await with_provider(office)
    anna, bruno = await office.phone("201"), await office.phone("202")
    room = await office.phone("204")
    for number, name in (("202", "Bruno Conti"), (DIALLED, "")):
        call = office.hub.dial("201", number, origin="204")
        await office.clock.settle()
        assert room.dialog.invite.from_.display == name
        await room.answers()
        await (bruno.answers() if number == "202" else provider.answers())
        office.hub.hang_up(call)
        await office.clock.settle()
        await office.clock.forward(5)
    call = office.hub.dial("201", "202", origin=MOBILE)
    await office.clock.settle()
    assert provider.rings and provider.invite.from_.display == "Bruno Conti"
    office.hub.hang_up(call)
    await office.clock.settle()
    assert not any(b"SEGRETISSIMO" in message for message in office.wire.seen)
    call = office.hub.dial("201", "202")
    await office.clock.settle()
    assert anna.dialog.invite.from_.display == "SEGRETISSIMO", "the line's own phones do"
    office.hub.hang_up(call)


# --- when something is wrong ---------------------------------------------------------------------


@story_of_a_fault
async def test_a_slow_database_costs_a_tenth_of_a_second(office: FlowOffice) -> None:
    books = Books(office)
    books.add("202", "Mario", MOBILE)
    books.seconds = 5
    provider, bruno = await by_address(office), await office.phone("202")
    await provider.calls_in(BRUNO, from_=called("ROSSI M"))
    await office.clock.forward(0.09)
    assert not bruno.dialogs
    await office.clock.forward(0.02)
    assert shows(bruno) == ("ROSSI M", MOBILE)
    await provider.hangs_up()
    books.seconds = 0.0
    await provider.calls_in(BRUNO, from_=called("ROSSI M"))
    assert shows(bruno) == ("Mario", MOBILE), "asked anew once it is well"
    await provider.hangs_up()


@story_of_a_fault
async def test_a_database_that_is_away_costs_nothing(office: FlowOffice) -> None:
    Books(office).broken = True
    anna, bruno = await office.phone("201"), await office.phone("202")
    await anna.dials("202")
    assert shows(bruno) == ("Anna Bianchi", "201")
    await bruno.answers()
    await anna.hangs_up()


@story
async def test_names_are_kept_until_something_changes(office: FlowOffice) -> None:
    books = Books(office)
    books.add("202", "Mario", MOBILE)
    provider, bruno = await by_address(office), await office.phone("202")
    for _ in range(3):
        await provider.calls_in(BRUNO)
        assert shows(bruno) == ("Mario", MOBILE)
        await provider.hangs_up()
    assert len(books.asked) == 1
    books.rows.execute(update(Contact).values(first_name="Mariolino"))
    office.snapshot.last = replace(office.snapshot.last, revision=2)
    await provider.calls_in(BRUNO)
    assert shows(bruno) == ("Mariolino", MOBILE)
    await provider.hangs_up()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ('Rossi "il Mago" \\', 'Rossi "il Mago" \\'),
        ("Ma\r\nrio: x\t\x00 ", "Ma rio: x"),
        ("‮oiraM 🧙🏽‍♂️", "oiraM 🧙🏽‍♂️"),
        ("Nicolò D'Àngelo; <sip:999@evil>", "Nicolò D'Àngelo; <sip:999@evil>"),
        ("A" * 300, "A" * 63 + "…"),
        ("Ditta " + "Fratelli " * 40, "Ditta " + " ".join(["Fratelli"] * 6) + "…"),
    ],
)
def test_any_name_is_a_header_that_phones_can_read(name: str, shown: str) -> None:
    @story
    async def told(office: FlowOffice) -> None:
        Books(office).add("202", name, "201")
        anna, bruno = await office.phone("201"), await office.phone("202")
        await anna.dials("202")
        assert shows(bruno) == (shown, "201")
        assert len(bruno.dialog.invite.get("From").encode()) < 400
        await anna.hangs_up()

    told()


@story
async def test_the_switch_names_a_number_for_a_line(office: FlowOffice) -> None:
    books = Books(office)
    books.add("202", "Mario", MOBILE)
    name_for = office.switch.name_for
    assert await name_for("202", MOBILE, network="ROSSI M") == "Mario"
    assert await name_for("202", "0" + MOBILE.removeprefix("+39")) == "Mario", "as it is dialled"
    assert await name_for("203", MOBILE, network="ROSSI M") == "ROSSI M"
    assert await name_for("203", "201", network="x") == "Anna Bianchi"
    assert await name_for("203", "", network="x") == "x"
    assert await name_for("999", OTHER) == "", "no line of the office"


@story
async def test_an_emergency_call_asks_nobody(office: FlowOffice) -> None:
    books = Books(office)
    provider = await with_provider(office)
    anna = await office.phone("201")
    await anna.dials("112")
    assert provider.rings and not books.asked
    await provider.refuses_call(486)
    await office.clock.forward(1)
    await anna.hangs_up()
