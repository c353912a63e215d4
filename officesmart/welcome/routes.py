"""The routes of what is handed out: sheets as PDF (administrators), settings for a softphone.

The second is for whoever holds the address: a phone signs in nowhere. It answers once.
"""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from officesmart.administration import audit
from officesmart.administration.audit import Author
from officesmart.auth import Person
from officesmart.desk import desk
from officesmart.welcome import facts, paper
from officesmart.welcome.handing import handings
from officesmart.welcome.softphone import linphone

SHEET = "/admin/file/benvenuto.pdf"
PHONE = "/telefono"
"Followed by the key."
NO_STORE = {"Cache-Control": "no-store"}


async def sheets_out(request: Request, who: Person) -> Response:
    """Welcome sheets: `linee` names the lines' ids; `con` the key of secrets just made."""
    here = desk()
    ids = _ids(request.query_params.get("linee", ""))
    key = request.query_params.get("con", "")
    handing = handings.to_print(who.session, key, here.now()) if key else None
    if key and handing is None:
        return PlainTextResponse("The credentials are not shown any more: make new ones.", 410)
    if handing is not None:
        ids = handing.lines
    if not 0 < len(ids) <= paper.MOST_SHEETS:
        return PlainTextResponse(f"Choose 1 to {paper.MOST_SHEETS} lines.", 400)
    made = handing.secrets if handing is not None else None
    found = await here.database.read(lambda s: facts.sheets(s, here.config, ids, secrets=made))
    if not found:
        return PlainTextResponse("These lines are gone.", 410)
    content = await asyncio.to_thread(paper.write, found)
    author = Author(who.extension, who.name, here.now())
    told = {"lines": len(found), "with_secrets": made is not None}
    one = found[0] if len(found) == 1 else None
    await here.database.run(
        lambda s: audit.note(
            s,
            author,
            "sheet_printed",
            line=one.extension if one else "",
            line_name=one.name if one else "",
            after=told,
        )
    )
    name = f"benvenuto-{one.extension}.pdf" if one else f"benvenuto-{len(found)}-linee.pdf"
    return Response(
        content,
        media_type="application/pdf",
        headers={**NO_STORE, "Content-Disposition": f'attachment; filename="{name}"'},
    )


async def softphone_out(request: Request) -> Response:
    """An account for the softphone that scanned the code; gone once it was fetched."""
    phone = handings.fetch(str(request.path_params["key"])[:64], desk().now())
    if phone is None:
        return PlainTextResponse("Used, or too old: make a new code.", 410, headers=NO_STORE)
    return Response(linphone(phone), media_type="application/xml", headers=NO_STORE)


def _ids(text: str) -> tuple[int, ...]:
    said = text[: 12 * (paper.MOST_SHEETS + 1)].split(",")[: paper.MOST_SHEETS + 1]
    numbers = (each for each in said if each.isascii() and each.isdigit() and len(each) < 12)
    return tuple(dict.fromkeys(map(int, numbers)))
