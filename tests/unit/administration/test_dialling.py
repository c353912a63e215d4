"""Outside calls as administrators set them, asked of the PBX's own decision."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlmodel import Session, select

from officesmart.administration import dialling, trunks
from officesmart.administration.audit_words import shown
from officesmart.administration.clash import Clash
from officesmart.administration.dialling import DiallingValues, RuleValues, Trial, judge_rule
from officesmart.administration.lines import Gone, Refused
from officesmart.administration.trunk_rules import TrunkValues
from pbx.store.session import Database
from pbx.tables import AuditEntry, Line
from tests.unit.administration.conftest import NOW, SARA

ABROAD = RuleValues(prefix="+44", label="Londra", kind="international")


def add_trunk(session: Session, name: str, main: str) -> int:
    values = TrunkValues(
        name=name, registers=False, host="192.0.2.1", main_number=main,
        sources=f"192.0.2.{len(name)}",
    )  # fmt: skip
    return trunks.create(session, SARA, None, values, "")  # type: ignore[arg-type]


def tried(session: Session, number: str, line: str = "201") -> Trial:
    return dialling.try_number(session, number, line, at=NOW, zone="Europe/Rome", language="it")


def by(trial: Trial) -> tuple[str, ...]:
    return tuple(name for _, name in trial.trunks)


def line_id(session: Session, extension: str) -> int:
    return session.exec(select(Line.id).where(Line.extension == extension)).one() or 0


def test_a_number_says_its_class_its_trunk_and_what_is_shown(database: Database) -> None:
    with database.session() as session:
        add_trunk(session, "Uno", "+390255501200")
        second = add_trunk(session, "Secondo", "+390255501100")
        there = tried(session, "0 02 5550 7318")
        assert (there.may, there.kind, by(there), there.shown) == (
            True, "national", ("Uno", "Secondo"), "+390255501201",
        )  # fmt: skip
        # Davide has no number of his own: the trunk's main number is shown.
        assert tried(session, "0 02 5550 7318", "202").shown == "+390255501200"
        dialling.save_rule(
            session, SARA, RuleValues(prefix="02", kind="national", trunk_id=second), base=None
        )
        assert by(tried(session, "0 02 5550 7318")) == ("Secondo", "Uno")


def test_rights_rules_and_bars_decide(database: Database) -> None:
    with database.session() as session:
        add_trunk(session, "Uno", "+390255501200")
        refused = tried(session, "0 0044 20 7946 0018")
        assert (refused.may, refused.kind) == (False, "international") and refused.because
        ids = [line_id(session, "201"), line_id(session, "202")]
        assert dialling.set_right(session, SARA, ids, "international", True) == ("201", "202")
        assert dialling.set_right(session, SARA, ids, "international", True) == ()
        assert dialling.set_right(session, SARA, ids, "admin", True) == ()
        assert tried(session, "0 0044 20 7946 0018").may
        dialling.save_rule(session, SARA, replace(ABROAD, barred=True), base=None)
        assert not tried(session, "0 0044 20 7946 0018").may
        dialling.remove_rule(session, SARA, "+44")
        session.flush()
        assert tried(session, "0 0044 20 7946 0018").may
        with pytest.raises(Gone):
            dialling.remove_rule(session, SARA, "+44")


def test_emergency_passes_from_a_line_that_may_do_nothing(database: Database) -> None:
    with database.session() as session:
        add_trunk(session, "Uno", "+390255501200")
        for right in dialling.RIGHTS:
            dialling.set_right(session, SARA, [line_id(session, "202")], right, False)
        there = tried(session, "112", "202")
        assert (there.may, there.kind) == (True, "emergency")
    for prefix in ("112", "+39112", "118"):
        assert "prefix" in judge_rule({"prefix": prefix, "kind": "premium"})[1]
    assert "prefix" in judge_rule({"prefix": "11", "kind": "premium", "barred": "on"})[1]


@pytest.mark.parametrize(
    "prefix", ["", "abc", "+", "x" * 10_000, "📠", "\u202e02", "<b>", "'; DROP TABLE x; --"]
)
def test_a_beginning_is_digits(prefix: str) -> None:
    assert "prefix" in judge_rule({"prefix": prefix, "kind": "national"})[1]


def test_own_rules_stand_over_the_table(database: Database) -> None:
    with database.session() as session:
        dialling.save_rule(session, SARA, RuleValues(prefix="892", kind="free"), base=None)
        rows = {row.prefix: row for row in dialling.rule_rows(session)}
        assert rows["892"].own and not rows["800"].own
        assert rows["3"].values.kind == "mobile"
        with pytest.raises(Refused) as refused:
            dialling.save_rule(session, SARA, RuleValues(prefix="892"), base=None)
        assert "892" in refused.value.faults["prefix"].it
        with pytest.raises(Clash):
            dialling.save_rule(
                session, SARA, RuleValues(prefix="892", kind="premium"),
                base=RuleValues(prefix="892", kind="mobile"),
            )  # fmt: skip
        with pytest.raises(Refused):
            dialling.save_rule(session, SARA, RuleValues(prefix="7", trunk_id=99), base=None)


def test_the_outside_digit_collides_by_name_and_acts(database: Database) -> None:
    base = DiallingValues()
    with database.session() as session:
        add_trunk(session, "Uno", "+390255501200")
        with pytest.raises(Refused) as refused:
            dialling.save_dialling(
                session, SARA, base=base, values=replace(base, outside_prefix="2")
            )
        assert "Giulia Ferrante" in refused.value.faults["outside_prefix"].it
        dialling.save_dialling(session, SARA, base=base, values=replace(base, outside_prefix="9"))
        assert tried(session, "9 02 5550 7318").may
        with pytest.raises(Clash):
            dialling.save_dialling(
                session, SARA, base=base, values=replace(base, default_rights="internal")
            )
        session.flush()
        (entry,) = session.exec(
            select(AuditEntry).where(AuditEntry.what == "dialling_changed")
        ).all()
        assert (entry.before, entry.after) == (
            {"outside_prefix": "0"}, {"outside_prefix": "9"},
        )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value", "it", "en"),
    [
        ("rights", "internal mobile", "Interni dell'ufficio, Cellulari italiani",
         "Extensions of the office, Italian mobiles"),
        ("rights", "", "", ""),
        ("kind", "free", "Numeri gratuiti e di pubblica utilità",
         "Free and public service numbers"),
        ("services_order", "dnd_first", "vale Non disturbare", "do not disturb holds"),
        ("main_number", "+390255501200", "02 5550 1200", "02 5550 1200"),
        ("barred", True, "sì", "yes"),
    ],
)  # fmt: skip
def test_the_log_says_it_in_words(name: str, value: object, it: str, en: str) -> None:
    assert (shown("it", name, value), shown("en", name, value)) == (it, en)
