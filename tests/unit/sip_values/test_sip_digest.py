"""Digest: the standards' own examples, and what is refused."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from pbx.sip import digest
from pbx.sip.digest import Authenticator, Credentials, Verdict

SECRETS = digest.ha1("201", digest.REALM, "s3cret")


def signed(office: Authenticator, now: float, *, algorithm: str = "MD5", **how: str) -> Credentials:
    """What the phone 201 answers to a fresh challenge."""
    return again(office.challenges(now, algorithms=(algorithm,)), 1, **how)


def again(challenges: list[str], count: int = 1, **how: str) -> Credentials:
    said = {"user": "201", "password": "s3cret", "method": "REGISTER", "uri": "sip:pbx"} | how
    return digest.read(
        digest.answer(
            challenges,
            user=said["user"],
            password=said["password"],
            method=said["method"],
            uri=said["uri"],
            count=count,
        )
    )


def judge(
    office: Authenticator,
    credentials: Credentials,
    *,
    now: float,
    message: str = "call 1",
    method: str = "REGISTER",
    secrets: tuple[str, str] = SECRETS,
) -> Verdict:
    return office.judge(
        credentials, method, ha1_md5=secrets[0], ha1_sha256=secrets[1], message=message, now=now
    )


def test_rfc_7616_example_sha_256() -> None:
    """RFC 7616 s.3.9.1."""
    secrets = digest.ha1("Mufasa", "http-auth@example.org", "Circle of Life")
    given = Credentials(
        "Mufasa",
        "http-auth@example.org",
        "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
        "/dir/index.html",
        "",
        "SHA-256",
        "auth",
        "00000001",
        "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
    )
    assert digest.expected(given, secrets[1], "GET") == (
        "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"
    )
    md5 = replace(given, algorithm="MD5")
    assert digest.expected(md5, secrets[0], "GET") == "8ca523f5e9506fed4657c9700eebdbec"


def test_rfc_2617_example() -> None:
    """RFC 2617 s.3.5, and without qop as in RFC 2069 (with the erratum's value)."""
    value = (
        'Digest username="Mufasa", realm="testrealm@host.com", '
        'nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", uri="/dir/index.html", qop=auth, '
        'nc=00000001, cnonce="0a4f113b", response="6629fae49393a05397450978507c4ef1", '
        'opaque="5ccc069c403ebaf9f0171e9517f40e41"'
    )
    given = digest.read(value)
    secret = digest.ha1("Mufasa", "testrealm@host.com", "Circle Of Life")[0]
    assert digest.expected(given, secret, "GET") == given.response
    old = replace(given, qop="")
    secret = digest.ha1("Mufasa", "testrealm@host.com", "CircleOfLife")[0]
    assert digest.expected(old, secret, "GET") == "1949323746fe6a43ef61f9606e7febea"


@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256"])
def test_a_phone_with_the_right_password(algorithm: str) -> None:
    office = Authenticator()
    given = signed(office, 1000.0, algorithm=algorithm)
    assert given.algorithm == algorithm
    assert judge(office, given, now=1001.0) is Verdict.GOOD


@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256"])
@pytest.mark.parametrize(
    ("what", "value"), [("password", "wrong"), ("method", "INVITE"), ("user", "202")]
)
def test_wrong(algorithm: str, what: str, value: str) -> None:
    office = Authenticator()
    given = again(office.challenges(1000.0, algorithms=(algorithm,)), 1, **{what: value})
    assert judge(office, given, now=1001.0) is Verdict.WRONG


def test_tampered() -> None:
    office = Authenticator()
    given = signed(office, 1000.0)
    for changed in (
        replace(given, uri="sip:other"),
        replace(given, realm="elsewhere"),
        replace(given, cnonce="x"),
        replace(given, nc="00000002"),
        replace(given, algorithm="SHA-256"),
        replace(given, algorithm="SHA-512-256"),
        replace(given, algorithm="MD5-SESS"),
        replace(given, qop="auth-int"),
        replace(given, response=""),
        replace(given, response="è" * 32),
    ):
        assert judge(office, changed, now=1001.0) is Verdict.WRONG


def test_unknown_users_look_like_wrong_passwords() -> None:
    office = Authenticator()
    given = signed(office, 1000.0)
    assert judge(office, given, now=1001.0, secrets=("", "")) is Verdict.WRONG
    dummy = replace(given, response=digest.expected(given, office._nobody["MD5"], "REGISTER"))
    assert judge(office, dummy, now=1001.0, secrets=("", "")) is Verdict.WRONG
    assert judge(office, given, now=1001.0, secrets=("", SECRETS[1])) is Verdict.WRONG


def test_nonces_of_others_and_old_ones_are_stale_only_with_the_right_secret() -> None:
    office = Authenticator()
    for given, now in (
        (signed(Authenticator(), 1000.0), 1001.0),  # the process before this one
        (signed(office, 1000.0), 1000.0 + digest.NONCE_SECONDS + 1),
        (again(['Digest realm="officesmart", nonce="short", qop="auth"']), 1000.0),
        (again(['Digest realm="officesmart", nonce="' + "è" * 44 + '", qop="auth"']), 1000.0),
    ):
        assert judge(office, given, now=now) is Verdict.STALE
        bad = replace(given, response="0" * 32)
        assert judge(office, bad, now=now) is Verdict.WRONG


def test_a_forged_date_does_not_prolong_a_nonce() -> None:
    office = Authenticator()
    nonce = office.nonce(1000.0)
    later = f"{int(9000.0 * 1000):012x}{nonce[12:]}"
    given = again([f'Digest realm="officesmart", nonce="{later}", qop="auth"'])
    assert judge(office, given, now=9001.0) is Verdict.STALE


def test_counts() -> None:
    """RFC 7616 s.3.4: a count may come again only in the same message."""
    office = Authenticator()
    challenges = office.challenges(1000.0)
    first, second, third = (again(challenges, count) for count in (1, 2, 3))
    assert judge(office, first, now=1001.0, message="a") is Verdict.GOOD
    assert judge(office, third, now=1001.0, message="c") is Verdict.GOOD
    assert judge(office, second, now=1001.0, message="b") is Verdict.GOOD, "out of order"
    assert judge(office, first, now=1001.0, message="a") is Verdict.GOOD, "a retransmission"
    assert judge(office, first, now=1001.0, message="x") is Verdict.STALE, "a replay"
    zero = again(challenges, 0)
    assert judge(office, zero, now=1001.0) is Verdict.WRONG


@pytest.mark.parametrize("nc", ["", "0_000001", "0000000g", "-0000001", "+0000001", "0x000001"])
def test_counts_that_are_none(nc: str) -> None:
    office = Authenticator()
    given = replace(signed(office, 1000.0), nc=nc)
    given = replace(given, response=digest.expected(given, SECRETS[0], "REGISTER"))
    assert judge(office, given, now=1001.0) is Verdict.WRONG


def test_memory_of_counts_and_nonces_is_bounded() -> None:
    office = Authenticator(max_nonces=5)
    challenges = office.challenges(1000.0)
    for count in range(1, digest.MAX_COUNTS + 10):
        given = again(challenges, count)
        assert judge(office, given, now=1001.0, message=str(count)) is Verdict.GOOD
    assert judge(office, again(challenges), now=1001.0, message="1") is Verdict.STALE
    assert all(len(uses.seen) <= digest.MAX_COUNTS for uses in office._uses.values())

    later = [signed(office, 1001.0 + n) for n in range(6)]
    for given in later:
        assert judge(office, given, now=1010.0) is Verdict.GOOD
    assert len(office._uses) == 5
    replayed = again(challenges, 200)
    assert judge(office, replayed, now=1010.0, message="replay") is Verdict.STALE, (
        "a nonce whose counts were forgotten is not fresh again"
    )


def test_old_phones_without_qop() -> None:
    """RFC 2069 with MD5 only (pyVoIP 1.6.8 does so)."""
    office = Authenticator()
    nonce = office.nonce(1000.0)
    old = again([f'Digest realm="officesmart", nonce="{nonce}"'])
    assert old.qop == ""
    assert judge(office, old, now=1001.0) is Verdict.GOOD
    new = again([f'Digest realm="officesmart", nonce="{nonce}", algorithm=SHA-256'])
    assert judge(office, new, now=1001.0) is Verdict.WRONG


def test_challenges_carry_one_nonce_and_md5_first() -> None:
    values = Authenticator().challenges(1000.0, stale=True)
    assert ["MD5" in values[0], "SHA-256" in values[1]] == [True, True]
    nonces = {digest.params(value)["nonce"] for value in values}
    assert len(nonces) == 1
    assert digest.params(values[0])["stale"] == "true"
    assert "stale" not in digest.params(Authenticator().challenges(1000.0)[0])
    assert re.fullmatch(r"[0-9a-f]{44}", nonces.pop())


def test_pyvoip_reads_our_challenge_as_its_first_header() -> None:
    """pyVoIP 1.6.8 keeps the first WWW-Authenticate and takes parameters by this expression."""
    found = dict(re.findall(r'(\w+)=("[^",]+"|[^ \t,]+)', Authenticator().challenges(1.0)[0]))
    assert found["realm"] == '"officesmart"' and found["algorithm"] == "MD5"


@pytest.mark.parametrize(
    ("program", "algorithms"),
    [
        ("baresip v1.0.0 (x86_64/linux)", ("MD5",)),
        ("baresip v2.4.0 (x86_64/Linux)", ("MD5",)),
        ("baresip v3.5.1 (x86_64/Linux)", digest.BOTH),
        ("pyVoIP 1.6.8", digest.BOTH),
        ("", digest.BOTH),
    ],
)
def test_algorithms_by_program(program: str, algorithms: tuple[str, ...]) -> None:
    assert digest.algorithms_for(program) == algorithms


@pytest.mark.parametrize(
    "value",
    [
        'Digest username="201",realm="r",nonce="n,n",uri="sip:x;a=b",response="AB",algorithm=md5',
        'digest  username = "201" , realm="r", nonce="n,n", uri=sip:x;a=b, response=AB',
        'DIGEST username="2\\01", realm=r, nonce="n,n",, uri="sip:x;a=b", response="ab",username=x',
    ],
)
def test_credentials_as_phones_write_them(value: str) -> None:
    given = digest.read(value)
    assert (given.username, given.realm, given.nonce) == ("201", "r", "n,n")
    assert (given.uri, given.response, given.algorithm) == ("sip:x;a=b", "ab", "MD5")


@pytest.mark.parametrize(
    "value",
    ["", "Digest", "Basic abc=", 'Digest username="a"', 'Digest username="a', "Digest ===",
     'Digest username="a", nonce="b"', 'Digest username="a" nonce="b" response="c"',
     "Digest " + "a=b," * 2000],
)  # fmt: skip
def test_credentials_refused(value: str) -> None:
    with pytest.raises(ValueError):
        digest.read(value)


def test_answering_a_trunk_takes_the_strongest() -> None:
    challenges = [
        'Basic realm="x"',
        'Digest realm="x", nonce="1", algorithm=MD5, qop="auth,auth-int", opaque="o"',
        'Digest realm="x", nonce="2", algorithm=SHA-256, qop="auth"',
        'Digest realm="x", nonce="3", algorithm=SHA-512-256, qop="auth"',
    ]
    said = digest.params(
        digest.answer(challenges, user="u", password="p", method="INVITE", uri="sip:x")
    )
    assert said["algorithm"] == "SHA-256" and said["nonce"] == "2" and "opaque" not in said
    said = digest.params(
        digest.answer(challenges[:2], user="u", password="p", method="INVITE", uri="sip:x", count=2)
    )
    assert said["algorithm"] == "MD5" and said["opaque"] == "o"
    assert said["qop"] == "auth" and said["nc"] == "00000002"
    for hopeless in ([], challenges[:1], challenges[3:], ['Digest nonce="1", qop="auth-int"']):
        with pytest.raises(ValueError):
            digest.answer(hopeless, user="u", password="p", method="INVITE", uri="sip:x")
