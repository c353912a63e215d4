"""Every message of whole calls, read by a strict stranger (`sipmessage`), and what RFC 3261 wants
in each (tables 2 and 3): so that no phone has a reason to refuse us.
"""

from __future__ import annotations

import pytest
import sipmessage

from pbx.sip.message import Request

from .test_loss import answered_call, cancelled_call, nothing, refused_call
from .wire import Wire

ALWAYS = ("Via", "From", "To", "Call-ID", "CSeq", "Content-Length")


@pytest.mark.parametrize("story", [answered_call, cancelled_call, refused_call])
def test_a_strict_reader_reads_all_we_write(story: object) -> None:
    assert callable(story)
    wire: Wire = story(nothing)
    assert len(wire.messages) >= 4
    for message, data in zip(wire.messages, wire.raw, strict=True):
        read = sipmessage.Message.parse(data)
        for header in ALWAYS:
            assert data.count(f"\r\n{header}: ".encode()) == 1, (header, data)
        if isinstance(message, Request):
            assert isinstance(read, sipmessage.Request)
            assert message.get("Max-Forwards") == "70"
            assert message.via.branch.startswith("z9hG4bK") and message.from_.tag
            if message.method in ("INVITE", "UPDATE"):
                assert message.contact is not None and message.has("Allow")
            if message.method in ("ACK", "CANCEL") and not message.body:
                assert not message.has("Content-Type")
        else:
            assert isinstance(read, sipmessage.Response)
            assert message.status == 100 or message.to.tag
            if message.cseq[1] == "INVITE" and 100 < message.status < 300:
                assert message.contact is not None and message.has("Allow")
            if message.cseq[1] == "INVITE" and 200 <= message.status < 300:
                assert message.has("Supported")
        assert bool(message.body) == message.has("Content-Type")


def test_branches_and_tags_are_never_used_twice() -> None:
    wires = [answered_call(nothing) for _ in range(5)]
    branches = [
        (m.via.branch, m.method)
        for wire in wires
        for m in wire.messages
        if isinstance(m, Request) and m.method not in ("ACK", "CANCEL")
    ]
    assert len(set(branches)) == len(branches)
    assert len({m.from_.tag for wire in wires for m in wire.messages}) == 10


def test_an_ack_to_a_refusal_is_on_the_branch_of_its_invite_and_one_to_an_answer_is_not() -> None:
    for story, same in ((refused_call, True), (answered_call, False)):
        wire = story(nothing)
        invite = next(m for m in wire.messages if isinstance(m, Request))
        ack = next(m for m in wire.messages if isinstance(m, Request) and m.method == "ACK")
        assert (ack.via.branch == invite.via.branch) is same
        assert ack.cseq == (invite.cseq[0], "ACK")
    wire = cancelled_call(nothing)
    invite = next(m for m in wire.messages if isinstance(m, Request))
    cancel = wire.message("a CANCEL")
    assert isinstance(cancel, Request)
    assert (cancel.get("Via"), cancel.uri, cancel.get("To"), cancel.from_.tag) == (
        invite.get("Via"), invite.uri, invite.get("To"), invite.from_.tag,
    )  # fmt: skip
    assert cancel.cseq == (invite.cseq[0], "CANCEL")
