"""The second step: codes of an authenticator, codes on paper, and what a line has of both."""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime
from typing import Any

import pyotp
import pytest
from sqlmodel import select

from officesmart.identity import Factors, factors, lost, recovery, sessions, totp
from officesmart.tables import RecoveryCode, RememberedBrowser, Totp, WebSession
from pbx import vault
from tests.unit.identity.conftest import GIULIA, SARA, Office

# RFC 6238 appendix B, SHA-1, the last six of the eight digits.
VECTORS = ((59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (2000000000, "279037"))


def switched_on(office: Office) -> tuple[str, tuple[str, ...]]:
    """The seed and the recovery codes of Giulia's line, just set up."""
    with office.database.session() as session:
        setup = totp.begin(session, office.data, office.line(session))
    code = pyotp.TOTP(setup.secret).at(office.now)
    with office.database.session() as session:
        line = office.line(session)
        codes = totp.confirm(session, office.data, line, code, now=office.now, by=GIULIA)
    return setup.secret, codes


def check(office: Office, code: str, extension: str = "201") -> bool:
    with office.database.session() as session:
        line_id = office.line(session, extension).id or 0
        return totp.check_totp(session, office.data, line_id, code, office.now)


def use(office: Office, code: str, extension: str = "201") -> bool:
    with office.database.session() as session:
        line_id = office.line(session, extension).id or 0
        return recovery.use_recovery(session, line_id, code, office.now)


def has(office: Office, extension: str = "201") -> Factors:
    with office.database.reading() as session:
        return factors(session, office.line(session, extension).id or 0)


@pytest.mark.parametrize(("moment", "code"), VECTORS)
def test_the_standards_own_codes_are_accepted(office: Office, moment: int, code: str) -> None:
    seed = base64.b32encode(b"12345678901234567890").decode()
    office.now = datetime.fromtimestamp(moment, UTC)
    with office.database.session() as session:
        session.add(
            Totp(
                line_id=office.line(session).id or 0,
                sealed_secret=vault.seal(office.data, seed),
                confirmed_at=office.now,
            )
        )
    assert check(office, code)


def test_it_is_on_only_after_the_first_code(office: Office) -> None:
    with office.database.session() as session:
        setup = totp.begin(session, office.data, office.line(session))
    assert not has(office).any
    assert not check(office, pyotp.TOTP(setup.secret).at(office.now))
    with office.database.session() as session:
        line = office.line(session)
        wrong = totp.confirm(session, office.data, line, "", now=office.now, by=GIULIA)
    assert wrong == () and office.mails() == []
    secret, codes = switched_on(office)
    assert has(office) == Factors(totp=True, recovery_left=10)
    assert len(set(codes)) == 10
    assert all(re.fullmatch(r"(?:[a-z2-9]{5}-){2}[a-z2-9]{5}", code) for code in codes)
    assert office.mails() == [("security_notice", "201@example.it", "two_factor_on")]
    assert not any(word in office.everything() for word in (secret, *codes))
    with office.database.reading() as session:
        assert secret not in session.exec(select(Totp)).one().sealed_secret


def test_a_code_is_good_once_and_none_older_after_it(office: Office) -> None:
    secret, _ = switched_on(office)
    clock = pyotp.TOTP(secret)
    assert not check(office, clock.at(office.now))  # it switched the thing on
    office.forward(seconds=60)
    before, now = clock.at(office.now, counter_offset=-1), clock.at(office.now)
    assert check(office, now)
    assert not check(office, now)
    assert not check(office, before)
    assert check(office, clock.at(office.now, counter_offset=1))


@pytest.mark.parametrize(("steps", "good"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_clock_may_be_wrong_by_one_step(office: Office, steps: int, good: bool) -> None:
    secret, _ = switched_on(office)
    office.forward(minutes=10)
    assert check(office, pyotp.TOTP(secret).at(office.now, counter_offset=steps)) is good


@pytest.mark.parametrize("code", ["", "x" * 10_000, "٠١٢٣٤٥", "😀", "' OR 1=1 --", "<b>1</b>"])
def test_nothing_odd_is_a_code(office: Office, code: str) -> None:
    switched_on(office)
    office.forward(minutes=5)
    assert not check(office, code)
    assert not use(office, code)


def test_another_lines_code_is_none_of_mine(office: Office) -> None:
    secret, codes = switched_on(office)
    office.forward(minutes=5)
    assert not check(office, pyotp.TOTP(secret).at(office.now), "203")
    assert not use(office, codes[0], "203")


def test_a_code_on_paper_is_good_once_however_it_is_typed(office: Office) -> None:
    _, codes = switched_on(office)
    assert use(office, f"  {codes[3].upper().replace('-', ' ')} ")
    assert not use(office, codes[3])
    assert has(office).recovery_left == 9
    assert office.deeds()[-1] == ("201", "recovery_code_used", "201")
    with office.database.reading() as session:
        kept = " ".join(row.code_hash for row in session.exec(select(RecoveryCode)))
    assert not any(code in kept for code in codes)


def test_new_codes_void_the_old_ones(office: Office) -> None:
    _, old = switched_on(office)
    with office.database.session() as session:
        new = recovery.new_codes(session, office.line(session), now=office.now, by=GIULIA)
    assert not use(office, old[0]) and use(office, new[0])
    assert office.mails()[-1] == ("security_notice", "201@example.it", "recovery_codes")


def test_switching_it_off_takes_everything_along(office: Office) -> None:
    _, codes = switched_on(office)
    with office.database.session() as session:
        assert totp.switch_off(session, office.line(session), now=office.now, by=GIULIA)
    assert has(office) == Factors()
    assert not use(office, codes[0])
    assert office.mails()[-1] == ("security_notice", "201@example.it", "two_factor_off")
    with office.database.session() as session:
        assert not totp.switch_off(session, office.line(session), now=office.now, by=GIULIA)


def test_an_administrator_helps_who_lost_everything(office: Office) -> None:
    _, codes = switched_on(office)
    told: dict[str, Any] = {"by": SARA, "now": office.now}
    with office.database.session() as session:
        assert lost.drop_factors(session, office.line(session), **told)
        assert not lost.drop_factors(session, office.line(session), **told)
        assert [row.token_hash for row in session.exec(select(WebSession))] == ["sara"]
    assert has(office) == Factors()
    assert not use(office, codes[0])
    assert office.mails()[-1] == ("security_notice", "201@example.it", "two_factor_off")
    assert office.deeds()[-1] == ("203", "two_factor_off", "201")


def test_one_that_is_on_is_not_begun_again(office: Office) -> None:
    switched_on(office)
    with pytest.raises(ValueError), office.database.session() as session:
        totp.begin(session, office.data, office.line(session))


def test_the_picture_is_an_svg_of_its_own(office: Office) -> None:
    with office.database.session() as session:
        setup = totp.begin(session, office.data, office.line(session))
    assert setup.uri.startswith("otpauth://totp/Office%20Smart")
    assert "<svg" in totp.picture(setup.uri) and "<script" not in totp.picture(setup.uri)
    assert setup.secret not in repr(setup)


# -- browsers -----------------------------------------------------------------------------------


def test_browsers_in_use_are_listed_and_the_idle_ones_not(office: Office) -> None:
    with office.database.reading() as session:
        line_id = office.line(session).id or 0
        found = sessions.of_line(session, line_id, office.now)
        assert {row.token_hash for row in found} == {"here", "there"}
        assert sessions.of_line(session, line_id, office.forward(minutes=30)) == []
        assert len(sessions.remembered(session, line_id)) == 1


def test_a_browser_is_signed_out_by_its_owner_only(office: Office) -> None:
    with office.database.session() as session:
        rows = {row.token_hash: row.id or 0 for row in session.exec(select(WebSession))}
        mine = office.line(session)
        told: dict[str, Any] = {"by": GIULIA, "now": office.now}
        assert sessions.sign_out(session, mine, rows["sara"], **told) == ""
        assert sessions.sign_out(session, mine, rows["there"], **told) == "there"
        assert sessions.sign_out(session, mine, rows["there"], **told) == ""
        kept = {r.token_hash: r.id or 0 for r in session.exec(select(RememberedBrowser))}
        assert not sessions.forget(session, mine, kept["kept 203"], **told)
        assert sessions.forget(session, mine, kept["kept 201"], **told)
    assert [deed for _, deed, _ in office.deeds()] == ["browser_signed_out", "browser_forgotten"]


def test_everywhere_means_everywhere(office: Office) -> None:
    with office.database.session() as session:
        sessions.sign_out_everywhere(session, office.line(session), by=GIULIA, now=office.now)
        assert [row.token_hash for row in session.exec(select(WebSession))] == ["sara"]
        assert [r.token_hash for r in session.exec(select(RememberedBrowser))] == ["kept 203"]
    assert office.mails() == [("security_notice", "201@example.it", "signed_out_everywhere")]
