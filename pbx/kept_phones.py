"""A phone's binding as a row, and back: what survives a restart of the registrar."""

from __future__ import annotations

from datetime import UTC, datetime

from pbx.peers.phones import Known
from pbx.sip import uri
from pbx.sip.flow import Flow
from pbx.sip.registrar import Binding
from pbx.store.registrations import StoredRegistration


def stored(phone: int, account_id: int, binding: Binding) -> StoredRegistration:
    """A phone's binding as it is kept."""
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
        registered_at=datetime.fromtimestamp(binding.registered_at, UTC),
        seen_at=datetime.fromtimestamp(binding.seen_at, UTC),
        expires_at=datetime.fromtimestamp(binding.expires_at, UTC),
        user_agent=binding.user_agent,
    )


def known(kept: StoredRegistration) -> Known:
    """A phone's binding as it comes back."""
    flow = Flow(kept.transport, kept.source_host, _port(kept))
    binding = Binding(
        key=kept.binding,
        contact=kept.contact,
        call_id=kept.call_id,
        cseq=kept.cseq,
        expires_at=kept.expires_at.timestamp(),
        flow=flow,
        user_agent=kept.user_agent,
        registered_at=kept.registered_at.timestamp(),
        seen_at=kept.seen_at.timestamp(),
    )
    return Known(kept.phone, kept.account_id, flow.host, flow.port, flow.transport, binding)


def _port(kept: StoredRegistration) -> int:
    """Where the phone is reached now.

    Its connection went with the process, and nobody listens at that end of it: a phone that is
    not behind a router is called where its Contact says (RFC 3261 s.18.1.1).
    """
    try:
        contact = uri.parse(kept.contact)
    except ValueError:
        return kept.source_port
    if kept.transport == "udp" or contact.host != kept.source_host:
        return kept.source_port
    return contact.port or 5060
