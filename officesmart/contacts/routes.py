"""Files of contacts that people send and take: CSV and vCards.

Like administration/files.py, beside the live connection; each sees only his own address book.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from officesmart.administration.files import NO_STORE, Sent, Who, name_of, waiting
from officesmart.auth import Person
from officesmart.contacts import book, csv_file, vcards
from officesmart.contacts.incoming import MOST_BYTES
from officesmart.desk import desk

SEND = "/contatti/file/rubrica"
CSV, VCARD = "/contatti/file/contatti.csv", "/contatti/file/contatti.vcf"
KIND = "contacts"


def contact_routes(person: Who) -> list[Route]:
    """The routes; `person` says who asks (see routes.py)."""
    guarded = partial(_for_persons, person)
    return [
        Route(SEND, guarded(contacts_in), methods=["POST"]),
        Route(CSV, guarded(csv_out), methods=["GET"]),
        Route(VCARD, guarded(vcards_out), methods=["GET"]),
    ]


def _for_persons(
    person: Who, deed: Callable[[Request, Person], Awaitable[Response]]
) -> Callable[[Request], Awaitable[Response]]:
    async def route(request: Request) -> Response:
        who = await person(request)
        if who is None or (who.viewed_by and request.method == "POST"):
            if request.method == "POST":
                return JSONResponse({"error": "away"}, 401)
            return PlainTextResponse("Sign in first.", 401)
        return await deed(request, who)

    return route


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
    """The whole address book for a spreadsheet."""
    text = await desk().database.read(lambda s: csv_file.write(book.cards(s, who.line_id)))
    return _attachment(text, "contatti.csv", "text/csv; charset=utf-8")


async def vcards_out(request: Request, who: Person) -> Response:
    """The whole address book for telephones and mail programmes."""
    version = "3.0" if request.query_params.get("versione") == "3" else "4.0"
    text = await desk().database.read(
        lambda s: vcards.write(book.cards(s, who.line_id), version=version)
    )
    return _attachment(text, "contatti.vcf", "text/vcard; charset=utf-8")


def _attachment(text: str, name: str, kind: str) -> Response:
    return Response(
        text.encode(),
        media_type=kind,
        headers={**NO_STORE, "Content-Disposition": f'attachment; filename="{name}"'},
    )
