"""The log of changes as a CSV file: what the page shows, every entry of it, oldest last."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from officesmart.administration import audit
from officesmart.administration.audit import Author
from officesmart.administration.audit_words import changes, deed_words, who_words
from officesmart.administration.files import NO_STORE, Who, for_admins
from officesmart.auth import Person
from officesmart.cells import written
from officesmart.desk import desk
from officesmart.i18n import say
from pbx.tables import AuditEntry

PATH = "/admin/file/registro.csv"
LONGEST_SEARCH = 200  # characters
MOST = 50_000  # entries; a year of a busy office is a few thousand


def log_routes(person: Who) -> list[Route]:
    """The route; `person` says who asks (see routes.py)."""
    return [Route(PATH, for_admins(person, log_out), methods=["GET"])]


async def log_out(request: Request, who: Person) -> Response:
    """The entries that the page's search finds; that they were taken is noted too."""
    here, language = desk(), who.language
    text = request.query_params.get("cerca", "")[:LONGEST_SEARCH]
    author = Author(who.extension, who.name, here.now())

    def read(session: Session) -> tuple[AuditEntry, ...]:
        return audit.search(session, text, limit=MOST).entries

    entries = await here.database.read(read)
    await here.database.run(lambda s: audit.note(s, author, "log_exported"))
    rows = in_rows(entries, language=language, zone=here.zone)
    name = f"registro-{author.at.astimezone(here.zone):%Y-%m-%d}.csv"
    return Response(
        "".join(written(rows)),
        media_type="text/csv; charset=utf-8",
        headers={**NO_STORE, "Content-Disposition": f'attachment; filename="{name}"'},
    )


def in_rows(
    entries: tuple[AuditEntry, ...], *, language: str, zone: ZoneInfo
) -> Iterator[tuple[str, ...]]:
    """The heads, then one row for each field changed, or one for an entry that changed none."""

    def words(it: str, en: str) -> str:
        return say(language, it=it, en=en)

    yield (
        *(words("quando", "when"), words("interno", "extension"), words("chi", "who")),
        *(words("che cosa", "what"), words("linea", "line"), words("campo", "field")),
        *(words("prima", "before"), words("dopo", "after")),
    )
    for each in entries:
        begins = (
            each.at.astimezone(zone).isoformat(timespec="seconds"),
            each.who,
            who_words(language, each),
            deed_words(language, each.what),
            f"{each.line} {each.line_name}".strip(),
        )
        fields = [(change.name, change.before, change.after) for change in changes(language, each)]
        for field in fields or [("", "", "")]:
            yield (*begins, *field)
