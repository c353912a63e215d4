"""Answering a challenge to a request of ours (RFC 3261 s.22.2), for trunks."""

from __future__ import annotations

from pbx.sip import digest
from pbx.sip.message import Request, Response

Credentials = tuple[str, str]
"User and password."


def authorize(request: Request, response: Response, credentials: Credentials | None) -> bool:
    """Put an answer to a 401 or 407 into the request, for the next try of it.

    False when there is nothing to answer with, or the answer was refused: the same challenge again
    that is not `stale` means that the password is wrong.
    """
    proxy = response.status == 407
    challenges = response.get_all("Proxy-Authenticate" if proxy else "WWW-Authenticate")
    name = "Proxy-Authorization" if proxy else "Authorization"
    if credentials is None or not challenges:
        return False
    if request.has(name) and "stale=true" not in " ".join(challenges).lower().replace('"', ""):
        return False
    user, password = credentials
    try:
        said = digest.answer(
            challenges, user=user, password=password, method=request.method, uri=request.uri
        )
    except ValueError:
        return False
    request.set(name, said)
    return True
