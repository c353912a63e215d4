"""Somebody else is faster twice: what they set and took back meanwhile does not come back."""

from __future__ import annotations

from typing import Any

from sqlmodel import select

from officesmart.administration import dialling, trunks
from officesmart.administration.dialling import DiallingValues, RuleValues
from officesmart.administration.outside_limits import NUMBERS, values_of
from officesmart.administration.trunk_rules import TrunkValues
from officesmart.desk import Desk
from officesmart.pages.admin_dialling import Dialling
from officesmart.pages.admin_lines import Lines
from officesmart.pages.admin_trunks import Trunks
from pbx import vault
from pbx.tables import Trunk
from tests.unit.administration.conftest import SARA
from tests.unit.administration.tab import Tab

TRUNK = TrunkValues(
    name="Primo", registers=False, host="sip.fornitore.it", sources="192.0.2.10", capacity=5
)


def trunk_form(**said: str) -> dict[str, Any]:
    shown = {name: str(getattr(TRUNK, name)) for name in TrunkValues.__dataclass_fields__}
    return {**shown, "enabled": "on", "kind": "address", **said}


def password_of(here: Desk) -> str:
    with here.database.reading() as session:
        sealed = session.exec(select(Trunk.sealed_password)).one()
    return vault.unseal(here.config.data, sealed)


def test_of_a_trunk(here: Desk) -> None:
    with here.database.session() as session:
        trunk = trunks.create(session, SARA, here.config.data, TRUNK, "")
    one, two = Tab(here, Trunks), Tab(here, Trunks)
    for tab in (one, two):
        tab.does("open", trunk)
    one.does("save", trunk_form(capacity="9"))
    two.does("save", trunk_form(main_number="+390255501200"))
    assert two.clash.startswith("Sara Lombardi ha cambiato")
    one.does("save", trunk_form())
    two.does("keep_mine")
    assert two.clash, "faster a second time"
    two.does("keep_mine")
    with here.database.reading() as session:
        (kept,) = trunks.listed(session)
    assert (kept.values.capacity, kept.values.main_number) == (5, "+390255501200")
    assert not two.clash


def test_a_trunks_new_password_waits_for_the_answer_and_goes_with_it(here: Desk) -> None:
    signs_in = {"kind": "sign-in", "username": "0255501200"}
    one = Tab(here, Trunks)
    one.does("open_new", "sign-in")
    one.does("save", {**trunk_form(**signs_in), "password": "segreto-del-fornitore"})
    two = Tab(here, Trunks)
    two.does("open", one.opened)
    assert two.enrolled
    one.does("save", trunk_form(**signs_in, capacity="9"))
    two.does("save", {**trunk_form(**signs_in), "password": "un-altro-segreto"})
    assert two.clash
    two.does("keep_mine")
    assert password_of(here) == "un-altro-segreto" and two.enrolled
    one.does("open", one.opened)
    one.does("save", trunk_form(**signs_in, capacity="7"))
    two.does("save", {**trunk_form(**signs_in), "password": "un-terzo-segreto"})
    two.does("keep_theirs")
    assert password_of(here) == "un-altro-segreto"
    assert (two.clash, two.card.capacity, two._password) == ("", "7", "")
    assert two.enrolled and not two.by_address
    two.does("open_new", "address")
    assert two.by_address and not two.enrolled


def test_of_a_rule(here: Desk) -> None:
    with here.database.session() as session:
        rule = RuleValues(prefix="+44", label="Londra", kind="international")
        dialling.save_rule(session, SARA, rule, base=None)
    one, two = Tab(here, Dialling), Tab(here, Dialling)
    shown = {"prefix": "+44", "label": "Londra", "kind": "international", "trunk_id": "0"}
    for tab in (one, two):
        tab.does("open", "+44")
    one.does("save_rule", {**shown, "barred": "on"})
    two.does("save_rule", {**shown, "label": "Regno Unito"})
    assert two.clash.startswith("Sara Lombardi ha cambiato")
    one.does("open", "+44")
    one.does("save_rule", shown)
    two.does("keep_mine")
    assert two.clash, "faster a second time"
    two.does("keep_mine")
    with here.database.reading() as session:
        kept = next(row for row in dialling.rule_rows(session) if row.prefix == "+44")
    assert (kept.values.label, kept.values.barred) == ("Regno Unito", False)


def test_of_the_offices_word(here: Desk) -> None:
    one, two = Tab(here, Dialling), Tab(here, Dialling)
    shown = {"outside_prefix": "0", "right_national": "on", "right_mobile": "on"}
    one.does("save_office", {**shown, "right_international": "on"})
    two.does("save_office", {**shown, "outside_prefix": "9"})
    assert two.clash
    one.does("save_office", shown)
    two.does("keep_mine")
    assert two.clash, "faster a second time"
    two.does("keep_mine")
    with here.database.reading() as session:
        assert dialling.dialling_of(session) == DiallingValues(outside_prefix="9")


def test_of_the_limits(here: Desk) -> None:
    one, two = Tab(here, Dialling), Tab(here, Dialling)
    shown = {**one.limits, "closed_hours": "0"}
    one.does("save_limits", {**shown, NUMBERS[0]: "2"})
    two.does("save_limits", {**shown, NUMBERS[1]: "1"})
    assert two.limits_clash
    one.does("save_limits", shown)
    two.does("keep_my_limits")
    assert two.limits_clash, "faster a second time"
    two.does("keep_my_limits")
    with here.database.reading() as session:
        now = values_of(session)
    assert [str(getattr(now, name)) for name in NUMBERS[:2]] == [shown[NUMBERS[0]], "1"]


def test_of_a_lines_services(here: Desk) -> None:
    one, two = Tab(here, Lines), Tab(here, Lines)
    for tab in (one, two):
        tab.does("open", one.rows[0].id)
    shown = {"forward_no_answer_seconds": "20"}
    one.does("save_services", {**shown, "do_not_disturb": "on"})
    two.does("save_services", {**shown, "hide_id": "on"})
    assert two.services_clash
    one.does("save_services", shown)
    two.does("keep_my_services")
    assert two.services_clash, "faster a second time"
    two.does("keep_my_services")
    assert two.services.hide_id and not two.services.do_not_disturb
