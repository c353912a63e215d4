"""Where secrets are typed and shown: plain posts, so that no page's state ever holds one.

routes.Guard has refused other sites. Each post here asks who is signed in, is small, and wants the
present password beside what it changes: a browser left open changes nothing. What is shown once is
the answer itself (docs/decisions/identity.md).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from officesmart.auth import Person
from officesmart.desk import Desk, desk
from officesmart.identity import factors, passkeys, recovery, secrets, totp
from officesmart.identity.passkeys import NoSite
from officesmart.identity.posting import (
    Asked,
    accept,
    body_of,
    forgive,
    line_of,
    refuse,
    unproved,
    without_password,
    wrong_code,
)
from officesmart.identity.told import By
from officesmart.page import SIGN_IN
from pbx import vault
from pbx.credentials import Fault
from pbx.tables import Mailbox

WRONG_PIN = Fault("present", it="Non è il tuo PIN attuale", en="This is not your present PIN")
NOT_THE_SAME = Fault(
    "again", it="Non coincide con quanto scritto sopra", en="It is not the same as above"
)
NO_CODE = Fault(
    "code",
    it="Il codice non è giusto, o è già stato usato: aspetta il prossimo",
    en="The code is wrong, or was used already: wait for the next one",
)
WATCHING = Fault(
    "watching",
    it="Stai guardando il portale di un'altra persona: qui non si cambia nulla",
    en="You are looking at somebody else's portal: nothing is changed here",
)

Who = Callable[[Request], Awaitable[Person | None]]
Deed = Callable[[Desk, Asked], Awaitable[Response]]


def identity_routes(person: Who) -> list[Route]:
    """The routes; `person` says who asks (see routes.py)."""
    return [
        Route(f"/identity/{name}", _guarded(person, deed), methods=["POST"])
        for name, deed in DEEDS.items()
    ]


def _guarded(person: Who, deed: Deed) -> Callable[[Request], Awaitable[Response]]:
    async def route(request: Request) -> Response:
        answer = await _answered(person, deed, request)
        answer.headers["Cache-Control"] = "no-store"
        return answer

    return route


async def _answered(person: Who, deed: Deed, request: Request) -> Response:
    who = await person(request)
    if who is None:
        return JSONResponse({"next": f"{SIGN_IN}?fine=1"}, 401)
    told = await body_of(request)
    if told is None:
        return JSONResponse({"error": "away"}, 400)
    here = desk()
    asked = Asked(
        who=who,
        by=By(who.extension, who.name, request.client.host if request.client else ""),
        told=told,
        origin=request.headers.get("origin", ""),
        now=here.now(),
    )
    if who.viewed_by:
        return refuse(asked, {"": [WATCHING]}, 403)
    return await deed(here, asked)


# -- password, PIN, e-mail ----------------------------------------------------------------------


async def password(here: Desk, asked: Asked) -> Response:
    """Modifica password (guide 10.3.1)."""
    new = asked.text("new")
    if new != asked.text("again"):
        return refuse(asked, {"again": [NOT_THE_SAME]})
    refused = await without_password(here, asked)
    if refused is not None:
        return refused
    faults = await here.database.run(
        lambda s: secrets.set_password(
            s, line_of(s, asked), new, now=asked.now, by=asked.by, keep=asked.who.session
        )
    )
    return refuse(asked, {"new": faults}) if faults else accept(here, asked)


async def pin(here: Desk, asked: Asked) -> Response:
    """Modifica PIN della Casella Vocale (guide 10.3.4): by the present PIN, or the password.

    Who has no PIN yet, or has forgotten it, gives the password.
    """
    new = asked.text("new")
    if new != asked.text("again"):
        return refuse(asked, {"again": [NOT_THE_SAME]})

    def kept_pin(session: Session) -> str:
        box = session.get(Mailbox, asked.who.line_id)
        return box.pin_hash if box is not None else ""

    if asked.told.get("by") == "pin":
        kept = await here.database.read(kept_pin)
        refused = await unproved(here, asked, kept, asked.text("present"), fault=WRONG_PIN)
    else:
        refused = await without_password(here, asked)
    if refused is not None:
        return refused
    faults = await here.database.run(
        lambda s: secrets.set_pin(s, line_of(s, asked), new, now=asked.now, by=asked.by)
    )
    return refuse(asked, {"new": faults}) if faults else accept(here, asked)


async def email(here: Desk, asked: Asked) -> Response:
    """Modifica E-mail (guide 10.3.3): a code goes to the new address."""
    refused = await without_password(here, asked)
    if refused is not None:
        return refused
    address = asked.text("address")
    faults = await here.database.run(
        lambda s: secrets.set_security_email(
            s, line_of(s, asked), address, now=asked.now, by=asked.by
        )
    )
    return refuse(asked, {"address": faults}) if faults else accept(here, asked)


async def email_code(here: Desk, asked: Asked) -> Response:
    """The code that was mailed: the new address counts."""
    code = asked.text("code")
    faults = await here.database.run(
        lambda s: secrets.confirm_security_email(
            s, line_of(s, asked), code, now=asked.now, by=asked.by
        )
    )
    return refuse(asked, {"code": faults}) if faults else accept(here, asked)


# -- the second step ----------------------------------------------------------------------------


async def totp_begin(here: Desk, asked: Asked) -> Response:
    """A seed, as a picture and as text; it counts once a code of it is given."""
    refused = await without_password(here, asked)
    if refused is not None:
        return refused
    try:
        setup = await here.database.run(
            lambda s: totp.begin(s, here.database.data, line_of(s, asked))
        )
    except ValueError:  # switched on in another window meanwhile
        return accept(here, asked)
    except (OSError, vault.Unreadable):
        return refuse(asked, {"": [_keyless()]}, 500)
    secret = " ".join(setup.secret[at : at + 4] for at in range(0, len(setup.secret), 4))
    return JSONResponse({"secret": secret, "picture": totp.picture(setup.uri)})


async def totp_on(here: Desk, asked: Asked) -> Response:
    """The first code: from now on it is asked for. Answers the recovery codes."""
    code = asked.text("code")
    try:
        codes = await here.database.run(
            lambda s: totp.confirm(
                s, here.database.data, line_of(s, asked), code, now=asked.now, by=asked.by
            )
        )
    except (OSError, vault.Unreadable):
        return refuse(asked, {"": [_keyless()]}, 500)
    return accept(here, asked, codes=codes) if codes else refuse(asked, {"code": [NO_CODE]})


async def totp_off(here: Desk, asked: Asked) -> Response:
    """Off again: with the password, and a code of the application or one on paper."""
    refused = await without_password(here, asked)
    if refused is not None:
        return refused
    code = asked.text("code")

    def off(session: Session) -> bool:
        line = line_of(session, asked)
        if not _knows_code(session, here, asked, code):
            return False
        return totp.switch_off(session, line, now=asked.now, by=asked.by)

    if not await here.database.run(off):
        return await wrong_code(here, asked, NO_CODE)
    forgive(asked, code=True)
    return accept(here, asked)


def _knows_code(session: Session, here: Desk, asked: Asked, code: str) -> bool:
    line_id = asked.who.line_id
    try:
        if totp.check_totp(session, here.database.data, line_id, code, asked.now):
            return True
    except (OSError, vault.Unreadable):
        pass  # the office's key is gone: paper codes still count
    return recovery.use_recovery(session, line_id, code, asked.now)


async def new_codes(here: Desk, asked: Asked) -> Response:
    """Ten new recovery codes; those before are void."""
    refused = await without_password(here, asked)
    if refused is not None:
        return refused

    def make(session: Session) -> tuple[str, ...]:
        if not factors(session, asked.who.line_id).any:
            return ()
        return recovery.new_codes(session, line_of(session, asked), now=asked.now, by=asked.by)

    return accept(here, asked, codes=await here.database.run(make))


async def passkey_begin(here: Desk, asked: Asked) -> Response:
    """What the browser needs to make a passkey."""
    refused = await without_password(here, asked)
    if refused is not None:
        return refused
    site = await here.database.read(lambda s: passkeys.site_of(s, asked.origin))
    if isinstance(site, NoSite):
        return refuse(asked, {"": [Fault("site", it=site.it, en=site.en)]})
    try:
        options = await here.database.read(
            lambda s: passkeys.begin_registration(
                s, line_of(s, asked), site=site, key=asked.who.session, now=asked.now
            )
        )
    except ValueError:
        most = passkeys.MOST
        many = Fault(
            "many",
            it=f"Hai già {most} passkey: togline una prima",
            en=f"You have {most} passkeys already: remove one first",
        )
        return refuse(asked, {"": [many]})
    return JSONResponse({"options": options})


async def passkey_made(here: Desk, asked: Asked) -> Response:
    """The passkey that the browser made."""
    site = await here.database.read(lambda s: passkeys.site_of(s, asked.origin))
    added = None
    if not isinstance(site, NoSite):
        added = await here.database.run(
            lambda s: passkeys.finish_registration(
                s,
                line_of(s, asked),
                asked.told.get("answer"),
                asked.text("name"),
                site=site,
                key=asked.who.session,
                now=asked.now,
                by=asked.by,
            )
        )
    if added is None:
        late = Fault(
            "late",
            it="La passkey non è stata accettata: riprova dall'inizio",
            en="The passkey was not accepted: try again from the start",
        )
        return refuse(asked, {"": [late]})
    return accept(here, asked, codes=added.codes)


async def passkey_remove(here: Desk, asked: Asked) -> Response:
    """A passkey of one's own goes."""
    refused = await without_password(here, asked)
    if refused is not None:
        return refused
    which = asked.text("passkey")
    number = int(which) if which.isascii() and which.isdigit() and len(which) < 16 else 0
    await here.database.run(
        lambda s: passkeys.remove(s, line_of(s, asked), number, now=asked.now, by=asked.by)
    )
    return accept(here, asked)  # one that was gone already is gone


def _keyless() -> Fault:
    return Fault(
        "key",
        it="La chiave dell'ufficio non si legge: avvisa l'amministratore",
        en="The office's key cannot be read: tell the administrator",
    )


DEEDS: dict[str, Deed] = {
    "password": password,
    "pin": pin,
    "email": email,
    "email/code": email_code,
    "totp": totp_begin,
    "totp/on": totp_on,
    "totp/off": totp_off,
    "recovery": new_codes,
    "passkey": passkey_begin,
    "passkey/made": passkey_made,
    "passkey/remove": passkey_remove,
}
