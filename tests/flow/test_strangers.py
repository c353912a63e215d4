"""Who may call and who may not, and how much the house takes."""

from __future__ import annotations

from pbx.hub import CALLS
from pbx.sip.digest import answer as digest_answer
from tests.flow.office import FlowOffice, story
from tests.flow.phone import OFFICE, Phone
from tests.flow.test_troubles import talking


@story
async def test_an_invite_without_credentials_is_401_and_nothing_else(office: FlowOffice) -> None:
    anna = await office.phone("201")
    bare = anna.agent.invite(
        f"sip:202@{OFFICE[0]}",
        flow=anna.flow,
        from_=f"<sip:201@{OFFICE[0]}>",
        to=f"<sip:202@{OFFICE[0]}>",
        sdp=anna.says(),
    )
    bare.owner = anna._on_event
    await office.clock.settle()
    assert anna.statuses == [401] and not office.stories
    assert office.node.agent.dialogs() == 0


@story
async def test_wrong_password_and_unknown_user_are_the_same_401(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    answers = []
    for line, password in (("201", "wrong"), ("999", "wrong"), ("x" * 300, "wrong")):
        anna.line, anna.password = line, password
        before = len(office.wire.seen)
        await anna.dials("202")
        assert anna.statuses[-1] == 401 and not bruno.dialogs
        refusal = [m for m in office.wire.seen[before:] if m.startswith(b"SIP/2.0 4")][-1]
        names = [row.partition(b":")[0] for row in refusal.partition(b"\r\n\r\n")[0].split(b"\r\n")]
        answers.append(names)
    assert answers[0] == answers[1] == answers[2]
    assert not office.stories


@story
async def test_ten_wrong_passwords_make_a_pause(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    bruno.password = "wrong"
    for _ in range(10):
        assert await bruno.registers() in (401, 403)
    bruno.password = anna.password
    assert await bruno.registers() == 403
    assert await anna.registers() == 200  # nobody else pays for it
    await office.clock.forward(61)
    assert await bruno.registers() == 200


@story
async def test_no_hop_left_is_483(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    await anna.dials("202", headers=[("Max-Forwards", "0")])
    assert anna.statuses == [483] and not bruno.dialogs


@story
async def test_hops_are_counted(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    await anna.dials("202", headers=[("Max-Forwards", "2")])
    assert bruno.rings and bruno.dialog.invite.max_forwards == 1
    await anna.hangs_up()


@story
async def test_a_full_house_says_when_to_try_again(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    (theirs,) = [office.hub.dial("204", "202")]
    await office.clock.settle()
    office.hub.calls |= dict.fromkeys((f"call {n}" for n in range(CALLS)), None)  # type: ignore[arg-type]
    await anna.dials("202")
    assert anna.statuses[-1] == 503 and not bruno.dialogs and theirs
    refusal = next(m for m in reversed(office.wire.seen) if m.startswith(b"SIP/2.0 503"))
    assert b"Retry-After: 5" in refusal
    office.hub.calls.clear()
    await anna.dials("202")
    assert bruno.rings
    await anna.hangs_up()


@story
async def test_a_transferred_or_forwarded_call_is_no_way_round_the_password(
    office: FlowOffice,
) -> None:
    anna, bruno = await talking(office)
    stranger = Phone(office.wire, office.clock, office.media, "201", "10.0.0.99")
    for method, status in (("REFER", 405), ("NOTIFY", 481), ("BYE", 481), ("MESSAGE", 405)):
        before = len(office.wire.seen)
        await stranger._ask(method, "202", [("Refer-To", f"<sip:203@{OFFICE[0]}>")])
        replies = [m for m in office.wire.seen[before:] if m.startswith(b"SIP/2.0")]
        assert replies[-1].startswith(b"SIP/2.0 %d" % status), method
    assert anna.hears == bruno.host
    await anna.hangs_up()


@story
async def test_an_old_proof_is_not_taken_twice(office: FlowOffice) -> None:
    anna = await office.phone("201")
    contact = [("Contact", f"<sip:201@{anna.host}>"), ("Expires", "600")]
    first = await anna._ask("REGISTER", "201", contact)
    assert first.response is not None
    proof = digest_answer(
        first.response.get_all("WWW-Authenticate"),
        user="201",
        password=anna.password,
        method="REGISTER",
        uri=f"sip:{OFFICE[0]}",
    )
    assert (await anna._ask("REGISTER", "201", [*contact, ("Authorization", proof)])).status == 200
    assert (await anna._ask("REGISTER", "201", [*contact, ("Authorization", proof)])).status == 401


@story
async def test_options_is_answered_to_anybody(office: FlowOffice) -> None:
    stranger = Phone(office.wire, office.clock, office.media, "", "10.0.0.99")
    heard = await stranger._ask("OPTIONS", "x", [])
    assert heard.status == 200 and heard.response is not None
    assert "INVITE" in heard.response.get_all("Allow")
    assert "application/sdp" in heard.response.get("Accept")
