"""Digest authentication (RFC 7616, RFC 8760; RFC 2617 and 2069 for older phones), both sides.

Pure: the moment is an argument, and what is kept per nonce is bounded. The server works from
stored HA1 values; no password is ever needed here. Which user it is, and what to answer, is the
caller's: this says only whether the credentials are good for an HA1.

**Which algorithms, in which order.** Measured against real clients with both headers in one 401:
SIPp 3.6.1 takes the first and gives up when that is SHA-256; pyVoIP 1.6.8 keeps the first header
and computes MD5 whatever it says; baresip before version 3 refuses to register when any of them
says SHA-256, in either order. So MD5 comes first, SHA-256 second, both with the same nonce, and
`algorithms_for` leaves SHA-256 out for the programs known to choke on it. Phones that look for the
strongest get SHA-256 either way.
"""

from __future__ import annotations

import hmac
import re
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from hashlib import md5, sha256
from secrets import token_bytes, token_hex

from pbx.sip.grammar import quote, unquote

REALM = "officesmart"
NONCE_SECONDS = 300
"How long a nonce may begin to be used; after that a phone is told `stale` and tries again."
MAX_NONCES = 20_000
"Nonces in use that are remembered; beyond it the oldest is forgotten, and its user told `stale`."
MAX_COUNTS = 64
"Nonce counts remembered for one nonce; lower ones are refused."
MAX_LENGTH = 4096
"Characters of an Authorization header."

BOTH = ("MD5", "SHA-256")
# baresip below 3 is built on libre releases without SHA-256. To try before removing it: baresip
# 1.0.0 registering with BOTH.
_ONLY_MD5 = re.compile(r"baresip v[012]\.", re.IGNORECASE)

# Some phones leave the quotes off a uri or nonce, so whatever stands before the comma counts.
_PARAM = re.compile(
    r"[ \t,]*+([A-Za-z0-9\-.!%*_+`'~]++)[ \t]*+=[ \t]*+"
    r'(?:"((?:[^"\\]|\\.)*+)"[ \t]*+(?=,|$)|([^,]*+))'
)
_COUNT = re.compile("[0-9a-f]{1,8}")
_HASHES = {"MD5": md5, "SHA-256": sha256}


class Verdict(Enum):
    """What credentials are worth."""

    GOOD = "good"
    STALE = "stale"
    "The secret is right but the nonce is too old or its count used: challenge again, stale=true."
    WRONG = "wrong"
    "The secret, or anything else, is not right."
    BROKEN = "broken"
    "The header cannot be read: 400."


@dataclass(frozen=True, slots=True)
class Credentials:
    """One Authorization header."""

    username: str
    realm: str
    nonce: str
    uri: str
    response: str
    algorithm: str = "MD5"
    "'MD5' or 'SHA-256'; others as they came, in capitals."
    qop: str = ""
    nc: str = ""
    cnonce: str = ""
    opaque: str = ""


def params(value: str) -> dict[str, str]:
    """The parameters after `Digest`; names in lower case, quotes taken off, first of equals stands.

    Raises ValueError when it is not Digest or cannot be read.
    """
    if len(value) > MAX_LENGTH:
        raise ValueError("header too long")
    scheme, _, text = value.strip().partition(" ")
    if scheme.lower() != "digest":
        raise ValueError("not Digest")
    found: dict[str, str] = {}
    at, end = 0, len(text)
    while at < end:
        param = _PARAM.match(text, at)
        if param is None:
            if text[at:].strip(" \t,"):
                raise ValueError("parameter cannot be read")
            break
        name, quoted, bare = param.groups()
        if quoted is None:
            if bare[:1] == '"':
                raise ValueError("a quote is not closed")
            quoted = bare.rstrip()
        elif "\\" in quoted:
            quoted = unquote(f'"{quoted}"')
        found.setdefault(name.lower(), quoted)
        at = param.end()
    return found


def read(value: str) -> Credentials:
    """Read an Authorization or Proxy-Authorization header. Raises ValueError."""
    given = params(value)
    for name in ("username", "nonce", "response"):
        if not given.get(name):
            raise ValueError(f"no {name}")
    return Credentials(
        username=given["username"],
        realm=given.get("realm", ""),
        nonce=given["nonce"],
        uri=given.get("uri", ""),
        response=given["response"].lower(),
        algorithm=given.get("algorithm", "MD5").upper(),
        qop=given.get("qop", "").lower(),
        nc=given.get("nc", "").lower(),
        cnonce=given.get("cnonce", ""),
        opaque=given.get("opaque", ""),
    )


def ha1(user: str, realm: str, password: str) -> tuple[str, str]:
    """What is stored instead of the password: H(user:realm:password) by MD5 and by SHA-256."""
    secret = f"{user}:{realm}:{password}".encode()
    return md5(secret).hexdigest(), sha256(secret).hexdigest()


def expected(credentials: Credentials, secret: str, method: str) -> str:
    """The response that HA1 `secret` gives for these credentials (RFC 7616 s.3.4.1)."""
    make = _HASHES[credentials.algorithm]
    ha2 = make(f"{method}:{credentials.uri}".encode("utf-8", "replace")).hexdigest()
    if credentials.qop:
        middle = f"{credentials.nonce}:{credentials.nc}:{credentials.cnonce}:{credentials.qop}"
    else:
        middle = credentials.nonce
    return make(f"{secret}:{middle}:{ha2}".encode("utf-8", "replace")).hexdigest()


def algorithms_for(user_agent: str) -> tuple[str, ...]:
    """What to offer to this program, in order; see the head of this file."""
    return ("MD5",) if _ONLY_MD5.search(user_agent) else BOTH


def _given_at(nonce: str) -> float:
    return int(nonce[:12], 16) / 1000


@dataclass(slots=True)
class _Uses:
    """The counts used with one nonce: the highest, and which message each of the last used."""

    highest: int = 0
    seen: dict[int, str] = field(default_factory=dict)


class Authenticator:
    """Gives out nonces and judges credentials. One for the life of the process.

    A nonce carries its own time and an HMAC of it, so that nothing is kept for challenges that
    nobody answers; only nonces used with the right secret are remembered, for their counts.
    """

    def __init__(
        self,
        *,
        realm: str = REALM,
        key: bytes = b"",
        nonce_seconds: float = NONCE_SECONDS,
        max_nonces: int = MAX_NONCES,
    ) -> None:
        self.realm = realm
        self._key = key or token_bytes(32)
        self._nonce_seconds = nonce_seconds
        self._max_nonces = max_nonces
        self._uses: OrderedDict[str, _Uses] = OrderedDict()
        self._forgotten = float("-inf")
        # For users that do not exist: as much work, and never right.
        self._nobody = {"MD5": token_hex(16), "SHA-256": token_hex(32)}

    def nonce(self, now: float, host: str = "") -> str:
        """A fresh nonce: the time in ms, 4 random bytes, and an HMAC over both and the host that it
        is given to, in hex."""
        stamp = b"%012x" % int(now * 1000) + token_bytes(4).hex().encode()
        return stamp.decode() + self._seal(stamp, host)

    def _seal(self, stamp: bytes, host: str) -> str:
        return hmac.digest(self._key, stamp + host.encode(), "sha256")[:12].hex()

    def gave(self, nonce: str, host: str = "") -> bool:
        """Whether we gave it to this host, however long ago: it heard our challenge then, and no
        datagram with its address forged can say so."""
        if len(nonce) != 44 or not nonce.isascii():
            return False
        return hmac.compare_digest(self._seal(nonce[:20].encode(), host), nonce[20:])

    def challenges(
        self,
        now: float,
        *,
        algorithms: tuple[str, ...] = BOTH,
        stale: bool = False,
        host: str = "",
    ) -> list[str]:
        """The values of as many WWW-Authenticate headers, in this order, with one nonce."""
        nonce = self.nonce(now, host)
        tail = ", stale=true" if stale else ""
        return [
            f'Digest realm={quote(self.realm)}, nonce="{nonce}", algorithm={name}, qop="auth"{tail}'
            for name in algorithms
        ]

    def judge(
        self,
        credentials: Credentials,
        method: str,
        *,
        ha1_md5: str = "",
        ha1_sha256: str = "",
        message: str = "",
        now: float,
        host: str = "",
    ) -> Verdict:
        """Are these credentials good for this method now, from this host?

        ha1_md5, ha1_sha256: as `ha1` gives them, '' when the user does not exist or has none of
        that kind; the work done is the same. message: what tells one request from another and
        stays the same in its retransmissions (Call-ID and CSeq): a nonce count may come again
        only with the same. The URI is not compared with the Request-URI: phones differ there
        with reason (proxies, transport parameters).
        """
        secrets = {"MD5": ha1_md5, "SHA-256": ha1_sha256}
        algorithm = credentials.algorithm
        if algorithm not in secrets:
            return Verdict.WRONG
        known = bool(secrets[algorithm])
        secret = secrets[algorithm] or self._nobody[algorithm]
        right = hmac.compare_digest(
            expected(credentials, secret, method).encode(),
            credentials.response.encode("utf-8", "replace"),
        )
        gave = self.gave(credentials.nonce, host)
        if not (right and known) or credentials.realm != self.realm:
            return Verdict.WRONG
        if credentials.qop not in ("", "auth"):
            return Verdict.WRONG
        if not credentials.qop and algorithm != "MD5":
            return Verdict.WRONG  # RFC 2069 knew only MD5; whoever does SHA-256 does qop
        if not gave:
            return Verdict.STALE  # of a process before this one: the secret is right
        return self._count(credentials, message, now - _given_at(credentials.nonce))

    def _count(self, credentials: Credentials, message: str, age: float) -> Verdict:
        """Has this nonce count been used before (RFC 7616 s.3.4, nc)?"""
        nonce = credentials.nonce
        if age > self._nonce_seconds:
            return Verdict.STALE
        uses = self._uses.get(nonce)
        if uses is None:
            if _given_at(nonce) <= self._forgotten:
                return Verdict.STALE  # its counts may have been forgotten: it could be a replay
            uses = self._uses[nonce] = _Uses()
            if len(self._uses) > self._max_nonces:
                oldest, _ = self._uses.popitem(last=False)
                self._forgotten = max(self._forgotten, _given_at(oldest))
        if not credentials.qop:  # without a count a nonce is good for one message
            return Verdict.GOOD if uses.seen.setdefault(0, message) == message else Verdict.STALE
        count = int(credentials.nc, 16) if _COUNT.fullmatch(credentials.nc) else 0
        if count <= 0:
            return Verdict.WRONG
        earlier = uses.seen.get(count)
        if earlier is not None:
            return Verdict.GOOD if earlier == message else Verdict.STALE
        if count <= uses.highest - MAX_COUNTS:
            return Verdict.STALE
        uses.seen[count] = message
        uses.highest = max(uses.highest, count)
        while len(uses.seen) > MAX_COUNTS:
            del uses.seen[min(uses.seen)]
        return Verdict.GOOD


def answer(
    challenges: list[str],
    *,
    user: str,
    password: str,
    method: str,
    uri: str,
    cnonce: str = "",
    count: int = 1,
) -> str:
    """Our Authorization for a trunk's challenge: the strongest of those that we can do.

    challenges: every WWW-Authenticate (or Proxy-Authenticate) value of the 401 (407).
    Raises ValueError when none of them can be answered.
    """
    best: Mapping[str, str] = {}
    for value in challenges:
        try:
            given = params(value)
        except ValueError:
            continue
        name = given.get("algorithm", "MD5").upper()
        offered = [option.strip().lower() for option in given.get("qop", "").split(",")]
        if name not in _HASHES or "nonce" not in given:
            continue
        if "qop" in given and "auth" not in offered:
            continue
        if not best or (name == "SHA-256" and best["algorithm"] == "MD5"):
            best = {**given, "algorithm": name, "qop": "auth" if "qop" in given else ""}
    if not best:
        raise ValueError("no challenge that we can answer")
    name = best["algorithm"]
    realm = best.get("realm", "")
    cnonce = cnonce or token_hex(8)
    credentials = Credentials(
        user, realm, best["nonce"], uri, "", name, best["qop"], f"{count:08x}", cnonce
    )
    md5_secret, sha_secret = ha1(user, realm, password)
    response = expected(credentials, md5_secret if name == "MD5" else sha_secret, method)
    said = [
        f"username={quote(user)}",
        f"realm={quote(realm)}",
        f"nonce={quote(best['nonce'])}",
        f"uri={quote(uri)}",
        f'response="{response}"',
        f"algorithm={name}",
    ]
    if best["qop"]:
        said += ["qop=auth", f"nc={count:08x}", f'cnonce="{cnonce}"']
    if "opaque" in best:
        said.append(f"opaque={quote(best['opaque'])}")
    return "Digest " + ", ".join(said)
