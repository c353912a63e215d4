"""What one dialog knows of its far end: tags, target, route, numbers (RFC 3261 s.12.1.1, s.12.1.2).

A forked INVITE has several of these until one is confirmed.
"""

from __future__ import annotations

from functools import lru_cache
from ipaddress import ip_address

from pbx.sip import uri as uris
from pbx.sip.flow import Flow, bracketed
from pbx.sip.headers import NameAddr
from pbx.sip.matching import new_branch, own_via
from pbx.sip.message import Message, Request, Response
from pbx.sip.uri import escape_user


@lru_cache(maxsize=256)
def _methods(names: tuple[str, ...]) -> frozenset[str]:
    """One set for all the phones of a kind."""
    return frozenset(names)


MAX_ROUTE = 16  # entries; a longer Record-Route is somebody's mistake or worse


class Side:
    """The far end of one dialog, and how to write to it."""

    __slots__ = (
        "allows", "call_id", "contact", "flow", "local", "local_seq", "local_tag", "remote",
        "remote_seq", "remote_tag", "route", "rseq", "target",
    )  # fmt: skip

    def __init__(
        self, call_id: str, *, local: NameAddr, remote: NameAddr, target: str, flow: Flow
    ) -> None:
        self.call_id = call_id
        self.local = local
        "From of our requests, with our tag."
        self.remote = remote
        self.local_tag = local.tag
        self.remote_tag = remote.tag
        self.target = target
        self.route: tuple[str, ...] = ()
        self.local_seq = 0
        self.remote_seq = -1
        "-1: no request of theirs yet."
        self.rseq = 0
        "The last reliable provisional of theirs; 0: none."
        self.allows: frozenset[str] = frozenset()
        "Methods of their Allow; empty when they did not say."
        self.flow = flow
        self.contact = contact_uri(local, flow)

    def fork(self, response: Response) -> Side:
        """The far end that this answer to our INVITE comes from: the same call, another tag."""
        other = Side(
            self.call_id, local=self.local, remote=response.to, target=self.target, flow=self.flow
        )
        other.local_seq = self.local_seq
        other.learn(response)
        return other

    def learn(self, message: Message) -> None:
        """Take target, route and Allow from the message that makes or confirms the dialog.

        The route set is their Record-Route: in order for who answers, reversed for who asked.
        """
        records = message.get_all("Record-Route")[:MAX_ROUTE]
        if isinstance(message, Response):
            records.reverse()
        self.route = tuple(records)
        self.refresh(message)

    def refresh(self, message: Message) -> None:
        """Take a new target (RFC 3261 s.12.2.1.2) and Allow, when the message has them."""
        contact = message.contact
        if contact is not None:
            self.target = contact.uri
        if message.has("Allow"):
            self.allows = _methods(tuple(message.get_all("Allow")[:64]))

    def lose_connection(self) -> None:
        """Its stream is gone: the next request opens one to their Contact, as far as that says an
        address, else to where they were."""
        host, port = self.flow.host, self.flow.port
        try:
            uri = uris.parse(self.target)
            ip_address(uri.address)
            host, port = uri.address, uri.port or 5060
        except ValueError:
            pass
        self.flow = Flow(self.flow.transport, host, port, 0, self.flow.local)

    def request(self, method: str, *, seq: int = 0) -> Request:
        """A request in the dialog, with the next CSeq (or `seq`: an ACK has its INVITE's)."""
        if not seq:
            self.local_seq += 1
            seq = self.local_seq
        target, route = self.target, self.route
        if route and ";lr" not in route[0].lower():
            # A strict router wants itself in the Request-URI (RFC 3261 s.12.2.1.1).
            route, target = (*route[1:], f"<{target}>"), _address(route[0])
        headers = [
            ("Via", own_via(self.flow, new_branch())),
            ("Max-Forwards", "70"),
            *[("Route", entry) for entry in route],
            ("From", str(self.local)),
            ("To", str(self.remote)),
            ("Call-ID", self.call_id),
            ("CSeq", f"{seq} {method}"),
        ]
        if method in MAKES_TARGET:
            headers.append(("Contact", f"<{self.contact}>"))
        return Request(method, target, headers)


MAKES_TARGET = frozenset({"INVITE", "UPDATE", "SUBSCRIBE", "NOTIFY", "REFER"})
"Requests that need a Contact (RFC 3261 s.12.2.1.1, RFC 3311, RFC 6665)."


def contact_uri(local: NameAddr, flow: Flow) -> str:
    """Where we can be reached, as this far end sees us."""
    user = local.user
    host, port = flow.local
    transport = "" if flow.transport == "udp" else f";transport={flow.transport}"
    at = f"{escape_user(user)}@" if user else ""
    return f"sip:{at}{bracketed(host)}:{port}{transport}"


def _address(route: str) -> str:
    try:
        return NameAddr.parse(route).uri
    except ValueError:
        return route.strip("<>")
