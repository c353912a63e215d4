"""Posta: the mail that waits, that could not be sent and why, and a mail to see whether it works.

Of the mail server's setting the page says where it leads and how, never the password.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlmodel import Session, col, select

from officesmart import mail
from officesmart.administration import audit
from officesmart.administration.audit import Author
from officesmart.desk import desk
from officesmart.i18n import say, when
from officesmart.jobs import job
from officesmart.jobs.outbox_mail import NAME
from officesmart.mail import KINDS, TOPIC, BadAddress
from officesmart.mailing import queue, reasons
from officesmart.mailing.server import BadServer, read_server
from officesmart.page import Page, Portal, admin, handler_of
from officesmart.pages import admin_mail_pieces as pieces
from officesmart.portal_address import portal_address
from pbx.tables import Line, OutboxItem

SHOWN = 200  # rows of each list; the count says how many there are
LATEST = 10


@dataclass(frozen=True)
class MailRow:
    """One mail, for the browser."""

    id: int
    kind: str
    address: str
    state: str
    why: str
    tries: int
    at: str
    next: str
    again: bool
    "Whether it can be tried again: nothing is left of one whose content was secret."


class Posta(Portal):
    """The outbox, live."""

    waiting: list[MailRow] = []
    lost: list[MailRow] = []
    sent: list[MailRow] = []
    all_waiting: int = 0
    all_lost: int = 0
    server: str = ""
    server_state: str = ""
    "'none', 'bad' or 'set'."
    server_how: str = ""
    server_fault: str = ""
    sender: str = ""
    signs_in: bool = False
    in_the_open: bool = False
    links: str = ""
    "Where links in mails lead; 'links_state' says how good that is."
    links_state: str = ""
    "'set', 'guess' or 'here' (nobody else's computer)."
    own: str = ""
    fault: str = ""
    "'', 'address' or 'server'."
    trial: str = ""
    "What became of the test mail: '', 'waiting', 'done' or 'given_up'."
    trial_to: str = ""
    trial_why: str = ""
    _trial: int = 0

    @admin(acts=False)
    async def enter(self) -> None:
        """The page opens, or its connection is back."""
        assert self._person is not None
        await self._enter(self._person, handler_of(Posta.news), sees_all=True)
        line_id = self._person.line_id
        self.own = await desk().database.read(lambda s: _address_of(s, line_id))
        await self._read()

    @admin(acts=False)
    async def news(self, topics: list[str]) -> None:
        """Pushed: something in the office moved."""
        assert self._person is not None
        await self._look(self._person, tuple(topics))
        if {TOPIC, "language", "messages"} & set(topics):
            await self._read()

    @admin
    async def retry(self, item: int) -> None:
        """Riprova adesso."""
        now = desk().now()
        if await self._change(
            self._noted("mail_retried", item, partial(queue.retry, row=item, now=now))
        ):
            self._toast("info", it="Riprovo adesso", en="Trying again now")

    @admin
    async def retry_all(self) -> None:
        """Riprova tutte."""
        now, author = desk().now(), self._author()

        def retry(session: Session) -> bool:
            many = queue.retry_all(session, now)
            if many:
                audit.note(session, author, "mail_retried", after={"many": many})
            return many > 0

        await self._change(retry)

    @admin
    async def give_up(self, item: int) -> None:
        """Rinuncia: stop trying; it stays on the list of what was not sent."""
        assert self._person is not None
        by = self._person.name
        deed = partial(queue.give_up, row=item, by=by)
        await self._change(self._noted("mail_given_up", item, deed))

    @admin
    async def remove(self, item: int) -> None:
        """Togli dall'elenco."""
        await self._change(self._noted("mail_removed", item, partial(queue.remove, row=item)))

    @admin
    async def send_test(self, form: dict[str, Any]) -> None:
        """Manda la prova: to the address typed."""
        assert self._person is not None
        who, here, to = self._person, desk(), str(form.get("address", ""))[:300].strip()
        self.fault = self.trial = ""
        if self._server() != "set":
            self.fault = "server"
            return

        author = self._author()

        def write(session: Session) -> int:
            item = mail.owe(
                session,
                "test_mail",
                to=to,
                cause=f"line {who.line_id}",
                at=here.now(),
                payload={"by": who.name},
                language=who.language,
            )
            audit.note(session, author, "mail_tested", after={"to": to})
            return item.id or 0

        try:
            self._trial = await here.database.run(write)
        except BadAddress:
            self.fault = "address"
            return
        self.trial_to = to
        await self._moved()

    def _author(self) -> Author:
        assert self._person is not None
        return Author(self._person.extension, self._person.name, desk().now())

    def _noted(
        self, what: str, row: int, deed: Callable[[Session], bool]
    ) -> Callable[[Session], bool]:
        """The same deed on one mail, with its entry in the log if it was done."""
        author, language = self._author(), self._language

        def noted(session: Session) -> bool:
            item = session.get(OutboxItem, row)
            kind = KINDS.get(item.kind) if item is not None else None
            to = str(item.payload.get("to", "")) if item is not None else ""
            told = {"kind": say(language, it=kind.it, en=kind.en)} if kind is not None else {}
            done = deed(session)
            if done:
                audit.note(session, author, what, after=told | ({"to": to} if to else {}))
            return done

        return noted

    # -- the database ---------------------------------------------------------------------------

    async def _change(self, deed: Callable[[Session], bool]) -> bool:
        done = await desk().database.run(deed)
        if not done:
            self._toast("info", it="Nel frattempo è cambiato", en="It has changed meanwhile")
        await self._moved()
        return done

    async def _moved(self) -> None:
        job.soon(NAME)
        desk().live.owe((), TOPIC)
        await self._read()

    async def _read(self) -> None:
        here, language, trial = desk(), self._language, self._trial
        now = here.now()

        def read(session: Session) -> _Outbox:
            waiting = queue.listing(session, ("waiting", "sending"), limit=SHOWN)
            lost = queue.listing(session, ("given_up",), limit=SHOWN)
            sent = queue.listing(session, ("done",), limit=LATEST)
            mine = session.get(OutboxItem, trial) if trial else None
            addresses = _addresses(session, (*waiting, *lost, *sent))
            row = partial(_row, addresses=addresses, language=language, now=now)
            return _Outbox(
                waiting=[row(each) for each in waiting],
                lost=[row(each) for each in lost],
                sent=[row(each) for each in sent],
                counts=queue.counts(session),
                trial=row(mine) if mine is not None else None,
            )

        read_now = await here.database.read(read)
        self.waiting, self.lost, self.sent = read_now.waiting, read_now.lost, read_now.sent
        self.all_waiting, self.all_lost = read_now.counts.waiting, read_now.counts.given_up
        mine = read_now.trial
        self.trial = "" if mine is None else "waiting" if mine.state == "sending" else mine.state
        self.trial_why = "" if mine is None else mine.why
        self.server_state = self._server()
        config = desk().config
        address = await desk().database.read(lambda s: portal_address(s, config))
        self.links = address.url
        self.links_state = "set" if address.set else "guess" if address.far else "here"

    def _server(self) -> str:
        """Say what the setting leads to; whether there is one that can be used."""
        language = self._language
        try:
            known = read_server(desk().config.smtp_url)
        except BadServer as wrong:
            self.server_fault = str(wrong)
            return "bad"
        if known is None:
            return "none"
        self.server = f"{known.host}:{known.port}"
        self.server_how = {
            "smtp": say(language, it="senza cifratura", en="without encryption"),
            "smtp+starttls": say(language, it="cifrato (STARTTLS)", en="encrypted (STARTTLS)"),
            "smtps": say(language, it="cifrato (TLS)", en="encrypted (TLS)"),
        }[known.scheme]
        self.sender, self.signs_in = str(known.sender), bool(known.user)
        self.in_the_open = known.open_password
        return "set"


@dataclass(frozen=True, slots=True)
class _Outbox:
    waiting: list[MailRow]
    lost: list[MailRow]
    sent: list[MailRow]
    counts: mail.Counts
    trial: MailRow | None


def _address_of(session: Session, line_id: int) -> str:
    line = session.get(Line, line_id)
    return line.email if line is not None else ""


def _addresses(session: Session, found: Iterable[OutboxItem]) -> Mapping[int, str]:
    """The addresses of the lines whose mail names only the line."""
    lines = {each.payload.get("line") for each in found if "to" not in each.payload}
    wanted = select(col(Line.id), col(Line.email)).where(
        col(Line.id).in_([line for line in lines if isinstance(line, int)])
    )
    return {line: address for line, address in session.execute(wanted)}


def _row(
    item: OutboxItem, *, addresses: Mapping[int, str], language: str, now: datetime
) -> MailRow:
    kind, zone = KINDS[item.kind], desk().zone
    to = item.payload.get("to") or addresses.get(item.payload.get("line", 0), "")
    return MailRow(
        id=item.id or 0,
        kind=say(language, it=kind.it, en=kind.en),
        address=str(to) or say(language, it="nessun indirizzo", en="no address"),
        state=item.state,
        why=reasons.told(language, item.error),
        tries=item.tries,
        at=when(language, item.created_at, now, zone),
        next=when(language, item.due_at, now, zone)
        if item.state == "waiting" and item.due_at > now
        else "",
        again=item.state in ("waiting", "given_up") and not queue.spent(item),
    )


# -- pieces -------------------------------------------------------------------------------------


PAGE = Page(
    route=pieces.ROUTE,
    view=lambda: pieces.view(Posta),
    on_load=Posta.enter,
    it="Posta",
    en="Mail",
    icon="mail",
    needs="admin",
    shape="list",
)
