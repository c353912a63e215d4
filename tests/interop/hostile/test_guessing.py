"""Who guesses, listens in and tries again: nothing that was proved once proves anything else."""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import cast

import pytest

from pbx.peers.prove import Proofs
from pbx.routing.office import Office as Directory
from pbx.sip.flow import Flow
from pbx.sip.message import Request
from pbx.sip.parser import parse
from tests.interop.hostile.phone import Phone, sdp
from tests.interop.hostile.stranger import Heard, Proof, Stranger, fresh, nonce_of, whole
from tests.interop.office import Office, sip_password

Phones = Callable[..., Phone]


def nonce(somebody: Stranger, user: str = "201") -> str:
    somebody.send(whole(somebody.request("REGISTER", to=user, user=user)))
    return nonce_of(somebody.final())


def register(
    somebody: Stranger, proof: str, *, user: str = "201", call_id: str = "", seq: int = 1
) -> Heard:
    text = somebody.request(
        "REGISTER", to=user, user=user, call_id=call_id, seq=seq, more=f"Expires: 600\n{proof}"
    )
    somebody.send(whole(text))
    answer = somebody.final()
    assert answer is not None
    return answer


def good(somebody: Stranger, *, user: str = "201", **lies: str | int) -> str:
    proof = Proof(user, sip_password("201"), nonce(somebody))
    for name, value in lies.items():
        setattr(proof, name, value)
    return proof.header("REGISTER")


@pytest.mark.parametrize(
    "lie",
    [
        {"realm": "elsewhere"},
        {"nonce": "0" * 44},
        {"nonce": ""},
        {"nonce": "\u00e9" * 44},
        {"password": "guess"},
        {"claimed": "SHA-256"},  # computed by MD5
        {"claimed": "SHA-512-256"},
        {"claimed": "MD5-sess"},
        {"claimed": "none"},
        {"claimed": ""} | {"algorithm": "SHA-256", "qop": ""},
        {"qop": "auth-int"},
        {"nc": 0},
        {"user": "202"},
        {"user": ""},
        {"user": "201\\"},
        {"user": "a" * 3000},
    ],
)
def test_a_proof_with_one_lie_is_refused(office: Office, lie: dict[str, str]) -> None:
    with Stranger(office.port) as somebody:
        answer = register(somebody, good(somebody, **lie))
        assert answer.status == 401, answer.text
        assert register(somebody, good(somebody)).status == 200
        somebody.send(
            whole(somebody.request("REGISTER", more=f"Contact: *\nExpires: 0\n{good(somebody)}"))
        )
        assert (answer := somebody.final()) and answer.status == 200  # type: ignore[assignment]


@pytest.mark.parametrize(
    "garbage",
    ["", "Digest", "Digest ,,,=", 'Digest username="', "Basic MjAxOng=", "Digest " + "a=b," * 9000,
     'Digest username="201", realm="officesmart", nonce="x", response="\\', "\0",
     "Digest \xff=\xff"],
)  # fmt: skip
def test_garbage_is_no_proof(office: Office, garbage: str) -> None:
    with Stranger(office.port) as somebody:
        assert register(somebody, f"Authorization: {garbage}").status == 401


@pytest.mark.parametrize("qop", ["auth", ""])
def test_a_proof_that_was_overheard_opens_nothing_else(office: Office, qop: str) -> None:
    with Stranger(office.port) as owner, Stranger(office.port) as thief:
        proof = good(owner, qop=qop)
        call_id = fresh()
        assert register(owner, proof, call_id=call_id, seq=5).status == 200
        answer = register(thief, proof)  # his own contact, under the owner's name
        assert answer.status == 401 and "stale=true" in answer.text
        text = thief.request("INVITE", to="202", more=f"Content-Type: application/sdp\n{proof}")
        thief.send(whole(text, sdp(40000)))
        assert (answer := thief.final()) and answer.status == 401  # type: ignore[assignment]
        rows = office.rows("SELECT contact FROM registration")
        assert not any(thief.here in row["contact"] for row in rows)


def test_counts_may_come_late_but_not_twice(office: Office) -> None:
    with Stranger(office.port) as owner:
        known = nonce(owner)
        for nc, status in ((1, 200), (3, 200), (2, 200), (3, 401), (1, 401), (200, 200), (4, 401)):
            proof = Proof("201", sip_password("201"), known, nc=nc).header("REGISTER")
            assert register(owner, proof).status == status, nc


def shape(answer: Heard, user: str) -> str:
    """All of an answer but what must differ."""
    text = re.sub(r'nonce="[^"]+"', "nonce", answer.text.replace(f"sip:{user}@", "sip:USER@"))
    text = re.sub(r"(tag|branch)=[^;\r]+", r"\1", text)
    return re.sub(r"(?m)^Call-ID: .*$", "Call-ID", text)


@pytest.mark.parametrize(
    "method", ["REGISTER", "INVITE", "SUBSCRIBE", "OPTIONS", "MESSAGE", "REFER"]
)
def test_known_and_unknown_lines_look_the_same(office: Office, method: str) -> None:
    with Stranger(office.port) as somebody:
        for proof in ("", Proof("{}", "guess", nonce(somebody)).header(method)):
            seen = set()
            for user in ("201", "299"):
                text = somebody.request(method, to=user, user=user, more=proof.replace("{}", user))
                somebody.send(whole(text))
                answer = somebody.final(method=method)
                assert answer is not None
                seen.add(shape(answer, user))
                somebody.all(0.05)
            assert len(seen) == 1, seen


def guess(proofs: Proofs, host: str, known: str) -> tuple[int, str]:
    """A wrong password from there: the status, and the nonce to try next."""
    told: list[tuple[int, str]] = []
    proof = Proof("201", "guess", known).header("REGISTER")
    text = (
        f"REGISTER sip:x SIP/2.0\r\nVia: SIP/2.0/UDP x;branch=z9hG4bK1\r\nFrom: <sip:a@x>;tag=1\r\n"
        f"To: <sip:a@x>\r\nCall-ID: c\r\nCSeq: 1 REGISTER\r\n{proof}\r\n\r\n"
    )
    request = parse(text.encode())
    assert isinstance(request, Request)

    def refuse(status: int, reason: str, headers: list[tuple[str, str]]) -> None:
        told.append((status, re.findall(r'nonce="([^"]*)"', headers[0][1] + ' nonce=""')[0]))

    empty = cast(Directory, SimpleNamespace(accounts={}))
    assert proofs.account(request, Flow("udp", host, 5060), empty, refuse) is None
    return told[0]


def test_a_forged_address_shuts_nobody_out() -> None:
    proofs = Proofs(lambda: 1000.0)
    _, mine = guess(proofs, "198.51.100.1", "made up")
    for _ in range(100):  # the attacker's own challenge, used under another's address
        assert guess(proofs, "203.0.113.9", mine)[0] == 401
        assert guess(proofs, "203.0.113.9", "made up")[0] == 401
    _, theirs = guess(proofs, "203.0.113.9", "of yesterday")
    assert guess(proofs, "203.0.113.9", theirs)[0] == 401, "they may still try"


def test_who_guesses_from_his_own_addresses_waits() -> None:
    proofs = Proofs(lambda: 1000.0)
    for one in ("198.51.100.1", "2001:db8:1:2::%x"):  # a subscriber of IPv6 has 2**64 of them
        seen = []
        for number in range(30):
            host = one % number if "%" in one else one
            known = guess(proofs, host, "made up")[1]
            seen.append(guess(proofs, host, known)[0])
        assert seen == [401] * 10 + [403] * 20


def test_guessing_takes_as_long_for_unknown_lines(office: Office) -> None:
    with Stranger(office.port) as somebody:
        known = nonce(somebody)
        took: dict[str, list[float]] = {"201": [], "299": []}
        for number in range(600):
            user = ("201", "299")[number % 2]
            proof = Proof(user, "guess", known, nc=number + 1).header("REGISTER")
            text = whole(somebody.request("REGISTER", to=user, user=user, more=proof))
            begin = time.perf_counter()
            somebody.send(text)
            answer = somebody.hear()
            took[user].append(time.perf_counter() - begin)
            assert answer is not None and answer.status == 401
    one, other = (statistics.median(times) for times in took.values())
    noise = max(statistics.quantiles(times, n=4)[2] - min(times) for times in took.values())
    assert abs(one - other) < max(noise, 20e-6), (one, other, noise)
