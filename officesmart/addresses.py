"""Where the portal's own doors are, and where somebody is sent who stands at the wrong one."""

from __future__ import annotations

import re
from urllib.parse import urlencode, urlsplit

from officesmart.auth import Person

HOME = "/"
SIGN_IN = "/accesso"
SECOND_STEP = "/accesso/verifica"
WELCOME_PAGE = "/benvenuto"
FORBIDDEN = "/riservata"
LANDING = "/centralino"
"Where the administrator's role begins when no page was asked for."
PROOF = "/amministratore"
"Where an administrator takes the role on."


def go_on(address: str) -> str:
    """An address of ours to go on to, or the home page: never another site."""
    split = urlsplit(address)
    if split.scheme or split.netloc or not re.match(r"^/(?![/\\])", address):
        return "/"
    path = split.path.rstrip("/")
    door = path in (SIGN_IN, WELCOME_PAGE, FORBIDDEN, PROOF) or path.startswith(f"{SIGN_IN}/")
    return address if not door else "/"


def where_to_be_admitted(who: Person, path: str, query: str = "") -> str:
    """Where somebody who is not in the administrator's role goes from a page that needs it."""
    if who.viewed_by:
        return HOME
    asked = go_on(f"{path}?{query}" if query else path)
    return f"{PROOF}?{urlencode({'per': asked})}" if who.admin else FORBIDDEN
