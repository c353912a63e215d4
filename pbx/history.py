"""From what lives in the PBX to the rows that keep it: call stories, and phones' bindings."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime

from pbx.calls.story import CallStory
from pbx.routing.office import Office
from pbx.sip.registrar import Binding
from pbx.store.records import EndedCall
from pbx.store.registrations import StoredRegistration


def ended_call(story: CallStory, office: Office) -> EndedCall:
    """What is kept of this story. A line deleted meanwhile leaves its number in words only."""

    def line_id(extension: str) -> int | None:
        person = office.lines.get(extension)
        return person.line_id if person else None

    return EndedCall(
        call_id=story.id,
        started_at=story.started_at,
        ended_at=story.ended_at or story.started_at,
        from_line_id=line_id(story.from_line),
        to_line_id=line_id(story.to_line),
        caller_number=story.caller.number,
        caller_name=story.caller.name,
        dialled=story.dialled,
        callee_name=story.callee.name,
        rang_at=story.rang_at,
        answered_at=story.answered_at,
        answered_by=story.answered_by,
        answered_line_id=line_id(story.answered_line),
        ended_by=story.ended_by,
        status=story.status,
        why=story.end.value,
        from_web=story.from_web,
        phones=tuple(asdict(tried) for tried in story.tried),
        because=tuple(asdict(reason) for reason in story.because),
        message_left=story.message_left,
    )


def lines_of(call: EndedCall, office: Office) -> tuple[str, ...]:
    """The extensions whose pages show this row."""
    ids = {call.from_line_id, call.to_line_id, call.answered_line_id} - {None}
    return tuple(ext for ext, person in office.lines.items() if person.line_id in ids)


def stored(phone: int, account_id: int, binding: Binding) -> StoredRegistration:
    """A binding as it is kept."""

    def moment(seconds: float) -> datetime:
        return datetime.fromtimestamp(seconds, UTC)

    return StoredRegistration(
        phone=phone,
        account_id=account_id,
        binding=binding.key,
        contact=binding.contact,
        transport=binding.flow.transport,
        source_host=binding.flow.host,
        source_port=binding.flow.port,
        call_id=binding.call_id,
        cseq=binding.cseq,
        registered_at=moment(binding.registered_at),
        seen_at=moment(binding.seen_at),
        expires_at=moment(binding.expires_at),
        user_agent=binding.user_agent,
    )
