"""Files of contacts that people send and take: CSV and vCards.

Like administration/files.py, beside the live connection; each sees only his own address book.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import partial

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from officesmart.administration.files import (
    NO_STORE,
    Sent,
    Who,
    for_persons,
    name_of,
    waiting,
)
from officesmart.auth import Person
from officesmart.contacts import book, csv_file, groups, vcards
from officesmart.contacts.card import Card
from officesmart.contacts.incoming import MOST_BYTES
from officesmart.desk import desk

SEND = "/contatti/file/rubrica"
CSV, VCARD = "/contatti/file/contatti.csv", "/contatti/file/contatti.vcf"
KIND = "contacts"
CHOSEN = "contacts chosen"
"Ids of the contacts that are to be taken out, as the page has them."


def contact_routes(person: Who) -> list[Route]:
    """The routes; `person` says who asks (see routes.py)."""
    guarded = partial(for_persons, person)
    return [
        Route(SEND, guarded(contacts_in), methods=["POST"]),
        Route(CSV, guarded(csv_out), methods=["GET"]),
        Route(VCARD, guarded(vcards_out), methods=["GET"]),
    ]


async def contacts_in(request: Request, who: Person) -> Response:
    """A file of contacts; the page judges it."""
    content = bytearray()
    async for piece in request.stream():
        content += piece
        if len(content) > MOST_BYTES:
            return JSONResponse({"error": "large"}, 413)
    if not content:
        return JSONResponse({"error": "empty"}, 400)
    waiting.put(
        who.session, KIND, Sent(name_of(request), desk().now(), bytes(content), size=len(content))
    )
    return JSONResponse({"size": len(content)})


async def csv_out(request: Request, who: Person) -> Response:
    """The address book for a spreadsheet: all of it, or the contacts that were chosen."""
    only = _chosen(request, who)
    text = await desk().database.read(lambda s: csv_file.write(_with_groups(s, who, only)))
    return _attachment(text, "contatti.csv", "text/csv; charset=utf-8")


async def vcards_out(request: Request, who: Person) -> Response:
    """The same for telephones and mail programmes."""
    only = _chosen(request, who)
    version = "3.0" if request.query_params.get("versione") == "3" else "4.0"
    text = await desk().database.read(
        lambda s: vcards.write(_with_groups(s, who, only), version=version)
    )
    return _attachment(text, "contatti.vcf", "text/vcard; charset=utf-8")


def choose(who: Person, ids: Collection[int]) -> None:
    """What `?scelti=1` takes out for this session, in place of the whole address book."""
    listed = ",".join(str(known) for known in ids).encode()
    waiting.put(who.session, CHOSEN, Sent("", desk().now(), listed, size=len(listed)))


def _chosen(request: Request, who: Person) -> frozenset[int] | None:
    if request.query_params.get("scelti") != "1":
        return None
    sent = waiting.get(who.session, CHOSEN)
    return frozenset(int(known) for known in sent.content.split(b",") if known) if sent else None


def _with_groups(
    session: Session, who: Person, only: Collection[int] | None
) -> Iterator[tuple[Card, tuple[str, ...]]]:
    named = groups.of_contacts(session, who.line_id)
    for known, card in book.cards_by_id(session, who.line_id):
        if only is None or known in only:
            yield card, named.get(known, ())


def _attachment(text: str, name: str, kind: str) -> Response:
    return Response(
        text.encode(),
        media_type=kind,
        headers={**NO_STORE, "Content-Disposition": f'attachment; filename="{name}"'},
    )
