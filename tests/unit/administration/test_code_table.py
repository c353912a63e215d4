"""The table of star codes: changed, switched, reset; every collision names the other."""

from __future__ import annotations

import pytest
from sqlmodel import Session, select

from officesmart.administration import star_codes as codes
from officesmart.administration.lines import Gone, Refused
from pbx.routing.star_codes import DEEDS, PROFILES
from pbx.store.session import Database
from pbx.store.snapshot import build
from pbx.tables import AuditEntry, ShortCode
from tests.unit.administration.conftest import SARA


def table(session: Session) -> dict[str, str]:
    return {each.code: each.app for each in codes.listed(session)}


def test_a_code_moves_and_the_next_call_follows(database: Database) -> None:
    with database.session() as session:
        assert codes.change(session, SARA, "*86", to="*88") == "*88"
        session.flush()
        office = build(session)
        assert "*86" not in office.services and office.services["*88"].app == "voicemail_menu"
        codes.switch(session, SARA, "*88", False)
        session.flush()
        assert "*88" not in build(session).services
        with pytest.raises(Gone):
            codes.change(session, SARA, "*86", to="*89")
        (moved, off) = session.exec(select(AuditEntry).order_by(AuditEntry.id)).all()  # type: ignore[arg-type]
        assert (moved.before, moved.after) == ({"code": "*86"}, {"code": "*88"})
        assert off.after == {"enabled": False}


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("201", "Giulia Ferrante"),
        ("*87", "Lascia un messaggio"),
        ("112", "emergenza"),
        ("805", "parcheggio"),
        ("77", "Reception"),
        ("", "Comincia"),
        ("*", "Comincia"),
        ("*123456", "Comincia"),
        ("x" * 10_000, "Comincia"),
        ("*2️⃣", "Comincia"),
        ("*٢١", "Comincia"),
        ("'; --", "Comincia"),
    ],
)
def test_a_code_that_cannot_be_says_why(database: Database, code: str, said: str) -> None:
    with database.session() as session:
        session.add(ShortCode(code="77", name="Reception", number="201"))
        session.flush()
        with pytest.raises(Refused) as changed:
            codes.change(session, SARA, "*86", to=code)
        with pytest.raises(Refused) as added:
            codes.add(session, SARA, code, "echo")
        for refused in (changed, added):
            assert said in refused.value.faults["code"].it


@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_a_profile_does_what_its_preview_says(database: Database, profile: str) -> None:
    with database.session() as session:
        codes.add(session, SARA, "*98", "do_not_disturb.on")
        session.flush()
        told = codes.preview(session, profile)
        codes.reset(session, SARA, profile)
        session.flush()
        after = {code: app for code, app in table(session).items() if app in DEEDS}
        assert after == dict(PROFILES[profile])
        assert "*98" in {move.code for move in told if move.kind == "gone"}
        assert {"*86", "600"} <= set(table(session))  # applications keep theirs
        assert codes.preview(session, profile) == []


def test_the_american_87_is_a_deeds_and_the_mailbox_for_others_makes_room(
    database: Database,
) -> None:
    with database.session() as session:
        codes.switch(session, SARA, "*87", False)
        session.flush()
        moves = {move.code: move.kind for move in codes.preview(session, "us")}
        assert (moves["*87"], moves["*88"]) == ("changed", "new")
        codes.reset(session, SARA, "us")
        session.flush()
        assert table(session)["*87"] == "anonymous_reject.off"
        moved = next(each for each in codes.listed(session) if each.code == "*88")
        assert (moved.app, moved.with_extension, moved.enabled) == (
            *("voicemail_deposit", True, False),
        )
        codes.reset(session, SARA, "italian")
        session.flush()
        after = table(session)
        assert after["*87"] == "voicemail_deposit" and "*88" not in after
        assert codes.preview(session, "italian") == []


def test_somebody_who_has_88_keeps_it_and_the_american_87_is_left_out(database: Database) -> None:
    with database.session() as session:
        codes.change(session, SARA, "*600", to="*88")
        session.flush()
        (refused,) = [each for each in codes.preview(session, "us") if each.kind == "refused"]
        assert refused.code == "*87"
        codes.reset(session, SARA, "us")
        session.flush()
        assert (table(session)["*87"], table(session)["*88"]) == ("voicemail_deposit", "echo")


def test_a_profile_leaves_out_what_somebody_has(database: Database) -> None:
    code = "*72"
    with database.session() as session:
        codes.reset(session, SARA, "italian")
        session.flush()
        codes.change(session, SARA, "*87", to=code)
        session.flush()
        (refused,) = [each for each in codes.preview(session, "us") if each.kind == "refused"]
        assert refused.code == code and refused.why is not None
        assert "Lascia un messaggio" in refused.why.it
        codes.reset(session, SARA, "us")
        session.flush()
        assert table(session)[code] == "voicemail_deposit"


def test_every_code_says_in_both_languages_what_it_does() -> None:
    for app, name in codes.choices():
        told = codes.explained(app)
        assert name.it and name.en and told.it and told.en
    assert codes.dialled("*61", "number seconds", is_app=False, with_extension=False,
                         language="it") == "*61*numero*secondi#"  # fmt: skip
    assert codes.dialled("*87", "", is_app=True, with_extension=True, language="en") == (
        "*87extension"
    )
