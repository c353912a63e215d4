"""What hardly ever happens, and must not surprise anybody when it does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pbx.calls.api import Call
from pbx.calls.shown import name_addr
from pbx.calls.transfer import destination, redirected_to
from pbx.events.kinds import End, Party, PhoneRegistered
from pbx.media.engine import Recorded
from pbx.sip.info import digit_in_info
from pbx.sip.message import Request
from tests.flow.office import FlowOffice, story, story_of_a_fault
from tests.flow.phone import OFFICE, Phone


async def talking(office: FlowOffice) -> tuple[Phone, Phone]:
    """Anna has called Bruno."""
    anna, bruno = await office.phone("201"), await office.phone("202")
    await anna.dials("202")
    await bruno.answers()
    return anna, bruno


@story
async def test_other_requests_inside_a_call(office: FlowOffice) -> None:
    anna, bruno = await talking(office)
    for method, status in (("OPTIONS", 200), ("NOTIFY", 200), ("MESSAGE", 501)):
        anna.dialog.request(method, headers=[("Event", "talk")])
        await office.clock.settle()
        assert anna.replies[-1] == (method, status)
    assert anna.hears == bruno.host
    await anna.hangs_up()


@story
async def test_a_transfer_asked_for_where_none_can_be(office: FlowOffice) -> None:
    anna = await office.phone("201")
    await anna.dials("*600")
    await anna.transfers("202")
    assert anna.replies[-1] == ("REFER", 603) and anna.talks
    await anna.hangs_up()


@story
async def test_a_transfer_that_finds_no_call_and_wants_no_report(office: FlowOffice) -> None:
    anna, bruno = await talking(office)
    to = f"<sip:x@{OFFICE[0]}?Replaces=nothing%3Bto-tag%3Da%3Bfrom-tag%3Db>"
    anna.dialog.request("REFER", headers=[("Refer-To", to), ("Refer-Sub", "false")])
    await office.clock.settle()
    assert anna.replies[-1] == ("REFER", 603) and not anna.reports
    assert anna.hears == bruno.host
    await anna.hangs_up()


@story
async def test_a_call_may_not_replace_itself(office: FlowOffice) -> None:
    anna, bruno = await talking(office)
    await anna.joins(anna.dialog, anna.dialog)
    assert anna.reports[-1].startswith("SIP/2.0 481") and anna.hears == bruno.host
    await anna.hangs_up()


@story
async def test_a_chain_of_forwards_is_followed_to_its_end(office: FlowOffice) -> None:
    lines = dict(office.snapshot.last.lines)
    accounts = dict(office.snapshot.last.accounts)
    for number in range(205, 210):
        extension = str(number)
        lines[extension] = replace(
            lines["201"], line_id=number, extension=extension, name=extension
        )
        accounts[extension] = replace(
            accounts["201"], account_id=number, username=extension, extension=extension
        )
    office.snapshot.last = replace(office.snapshot.last, lines=lines, accounts=accounts)
    anna = await office.phone("201")
    rung: list[Phone] = []
    for number in range(202, 205):
        phone = await office.phone(str(number))
        phone.forwards = str(number + 1)
        rung.append(phone)
    await anna.dials("202")
    await office.clock.forward(1)
    assert [app for app, _ in office.served] == ["voicemail_deposit"]
    assert all(len(phone.dialogs) == 1 for phone in rung)
    # Nobody is registered at 205: the mailbox is that of whom the caller meant (RFC 4458).
    assert office.served[0][1] == "202 unavailable"
    await anna.hangs_up()


@story
async def test_an_application_that_is_not_installed_is_503(office: FlowOffice) -> None:
    del office.apps["echo"]
    anna = await office.phone("201")
    await anna.dials("*600")
    assert anna.statuses[-1] == 503 and office.story.end is End.FAILED


@story
async def test_an_announcement_whose_sound_is_missing(office: FlowOffice) -> None:
    def missing(prompt: str, language: str) -> Path:
        raise KeyError(prompt)

    office.switch.prompt = missing
    anna = await office.phone("201")
    await anna.dials("299")
    assert anna.statuses[-1] == 404


@story
async def test_a_proof_that_has_grown_old_is_asked_for_again(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    proof = next(m for m in office.wire.seen if b"Authorization" in m and b"201" in m[:300])
    await office.clock.forward(4000)
    office.wire.seen.clear()
    said = proof.partition(b"Authorization: ")[2].partition(b"\r\n")[0].decode()
    contact = [("Contact", f"<{anna.contact}>"), ("Expires", "600")]
    heard = await anna._ask("REGISTER", "201", [*contact, ("Authorization", said)])
    assert heard.status == 401 and heard.response is not None
    assert all("stale=true" in each for each in heard.response.get_all("WWW-Authenticate"))
    assert await anna.registers() == 200 and await bruno.registers() == 200


@story
async def test_a_phone_that_starts_again_is_told_its_lamp_but_not_all_the_time(
    office: FlowOffice,
) -> None:
    anna = await office.phone("201")

    async def starts_again() -> None:
        anna.call_id = f"again-{office.clock.now().timestamp()}@{anna.host}"
        assert await anna.registers() == 200

    await office.clock.forward(5)
    await starts_again()
    assert len([fact for fact in office.facts if isinstance(fact, PhoneRegistered)]) == 1
    await office.clock.forward(60)
    await starts_again()
    assert len([fact for fact in office.facts if isinstance(fact, PhoneRegistered)]) == 2
    assert len(anna.lamps) == 2 and len(office.bus.board.phones) == 1


@story
async def test_a_phone_that_takes_no_notify_gets_none(office: FlowOffice) -> None:
    deaf = Phone(office.wire, office.clock, office.media, "202", "10.0.0.60")
    contact = [("Contact", f"<{deaf.contact}>"), ("Allow", "INVITE, ACK, BYE, CANCEL, OPTIONS")]
    assert (await deaf.asks("REGISTER", "202", expires=600, headers=contact)).status == 200
    assert not deaf.lamps


@story
async def test_sound_over_ipv6_is_refused_before_anybody_hears_nothing(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    sdp = anna.says().replace(f"IN IP4 {anna.host}".encode(), b"IN IP6 2001:db8::1")
    await anna.dials("202", sdp=sdp)
    assert anna.statuses[-1] == 488 and not bruno.dialogs


@story
async def test_what_was_dialled_is_no_number(office: FlowOffice) -> None:
    anna = await office.phone("201")
    for number in ("%zz", "a" * 500, "", "2;02", "+++"):
        await anna.dials(number)
        await office.clock.forward(30)
        assert anna.statuses[-1] in (400, 404, 484, 503), number


def test_a_caller_without_a_number_is_anonymous() -> None:
    assert name_addr(Party(), "h") == '"Anonymous" <sip:anonymous@anonymous.invalid>'
    assert name_addr(Party("201", "", "201"), "::1") == "<sip:201@[::1]>"
    assert name_addr(Party("*86", 'a"b\\', ""), "h") == '"a\\"b\\\\" <sip:*86@h>'


@story_of_a_fault
async def test_a_failing_listener_ends_no_call(office: FlowOffice) -> None:
    def fails(fact: object) -> None:
        raise RuntimeError("a screen's mistake")

    office.bus.listen(fails)
    anna, bruno = await talking(office)
    assert anna.hears == bruno.host
    await anna.hangs_up()


@story_of_a_fault
async def test_counts_that_cannot_be_read_leave_the_lamp_as_it_was(office: FlowOffice) -> None:
    anna = await office.phone("201")
    anna.lamps.clear()
    office.counts_broken = True
    office.lamps.light("201")
    await office.clock.settle()
    assert not anna.lamps
    office.counts_broken = False
    office.lamps.light("201")
    await office.clock.settle()
    assert len(anna.lamps) == 1


@story
async def test_hanging_up_while_nobody_has_been_called_yet(office: FlowOffice) -> None:
    anna, _ = await office.phone("201"), await office.phone("202")
    office.media.seconds = 1.0
    await anna.dials("202")
    await office.clock.forward(1)
    await anna.hangs_up()
    await office.clock.forward(3)
    assert office.story.end is End.CANCELLED


def test_a_recording_ended_by_a_key_in_info(tmp_path: Path) -> None:
    made: list[Recorded] = []

    async def app(call: Call, argument: str) -> None:
        await call.answer()
        made.append(await call.record(tmp_path / "said.wav"))

    @story
    async def whole(office: FlowOffice) -> None:
        office.apps["echo"] = app
        anna = await office.phone("201")
        await anna.dials("*600")
        await office.clock.forward(3)
        await anna.sends_info("Signal=#\r\n")
        assert [each.ended for each in made] == ["stopped"]
        await anna.hangs_up()

    whole()


@pytest.mark.parametrize(
    ("kind", "body", "key"),
    [
        ("application/dtmf-relay", "Signal=5\r\nDuration=160\r\n", "5"),
        ("application/dtmf-relay; charset=x", "Duration=100\r\nSignal = *\r\n", "*"),
        ("Application/DTMF-Relay", "signal=d", "D"),
        ("application/dtmf-relay", "Signal=11", "#"),
        ("application/dtmf", "7", "7"),
        ("application/dtmf", " 10\r\n", "*"),
        ("application/dtmf", "12", ""),
        ("application/dtmf", "", ""),
        ("application/dtmf-relay", "Signal=\r\n", ""),
        ("application/dtmf-relay", "Signal=E", ""),
        ("text/plain", "Signal=5", ""),
        ("", "5", ""),
    ],
)
def test_keys_in_info(kind: str, body: str, key: str) -> None:
    request = Request("INFO", "sip:x@h", [("Content-Type", kind)] if kind else [])
    request.body = body.encode()
    assert digit_in_info(request) == key


@pytest.mark.parametrize(
    ("refer_to", "number", "replaces"),
    [
        ("<sip:203@10.0.0.1>", "203", None),
        ("sip:203@10.0.0.1", "203", None),
        ('"Carla" <sip:203@10.0.0.1;user=phone>', "203", None),
        ("<sip:%2A600@10.0.0.1>", "*600", None),
        ("<sip:*87203@10.0.0.1:5060;transport=tcp>", "*87203", None),
        ("<tel:+390255501201>", "+390255501201", None),
        (
            "<sip:203@h?Replaces=a%40b%3Bto-tag%3Dt%3Bfrom-tag%3Df&Require=replaces>",
            "203",
            ("a@b", "t", "f"),
        ),
        ("<sip:h?Replaces=c%3Bfrom-tag%3Df%3Bto-tag%3Dt>", "", ("c", "t", "f")),
    ],
)
def test_where_a_transfer_points(
    refer_to: str, number: str, replaces: tuple[str, str, str] | None
) -> None:
    found = destination(refer_to)
    assert (found.number, found.replaces) == (number, replaces)


@pytest.mark.parametrize(
    ("contact", "number"),
    [("<sip:203@h>", "203"), ("sip:203@h", "203"), ("<tel:+39>", "+39"), ("", ""), ("<>", ""),
     ("<http://x>", ""), ("*", "")],
)  # fmt: skip
def test_where_a_forward_points(contact: str, number: str) -> None:
    assert redirected_to(contact) == number
