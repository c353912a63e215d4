"""Trunks as administrators set them: what is refused, who wins, what the log says, who signs in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from officesmart.administration import audit, trunks
from officesmart.administration.clash import Clash, merged
from officesmart.administration.lines import Gone, Refused
from officesmart.administration.trunk_rules import TrunkValues, is_host, is_place, judge, networks
from pbx import vault
from pbx.store.session import Database
from pbx.store.snapshot import build
from pbx.tables import AuditEntry, DialRule, Trunk
from tests.unit.administration.conftest import NOW, SARA

SECRET = "segreto-del-fornitore"
ELSE = audit.Author("202", "Davide Conti", NOW + timedelta(minutes=1))
FIRST = TrunkValues(name="Primo", host="sip.fornitore.it", username="0255501200")
BY_ADDRESS = TrunkValues(
    name="Secondo", registers=False, host="192.0.2.10", sources="192.0.2.10 192.0.2.32/28"
)


def make(database: Database, values: TrunkValues, password: str = SECRET) -> int:
    with database.session() as session:
        return trunks.create(session, SARA, database.data, values, password)


def save(
    database: Database,
    trunk: int,
    base: TrunkValues,
    values: TrunkValues,
    *,
    password: str = "",
    author: audit.Author = SARA,
) -> TrunkValues:
    with database.session() as session:
        return trunks.save(
            session, author, database.data, trunk, base=base, values=values, password=password
        )


def entries(database: Database) -> list[AuditEntry]:
    with database.reading() as session:
        return list(session.exec(select(AuditEntry).order_by(AuditEntry.id)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", ""),
        ("name", "x" * 81),
        ("host", ""),
        ("host", "sip fornitore"),
        ("host", "-sip.it"),
        ("host", "192.0.2.300"),
        ("host", "https://sip.it"),
        ("host", "x" * 500),
        ("port", "0"),
        ("port", "65536"),
        ("port", "5060 "),
        ("proxy", "proxy:99999"),
        ("username", ""),
        ("username", "a b"),
        ("sources", "192.0.2"),
        ("sources", "0.0.0.0/0"),
        ("sources", "::/8"),
        ("main_number", "123"),
        ("expires", "59"),
        ("capacity", "-1"),
        ("codecs", ""),
        ("codecs", "OPUS"),
        ("name", "a\x00b"),
        ("host", "\u202eti.pis"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(field: str, typed: str) -> None:
    good = {
        "name": "Primo", "host": "sip.fornitore.it", "username": "02", "registers": True,
        "codecs": "PCMA",
    }  # fmt: skip
    assert judge(good)[1] == {}
    if (field, typed) == ("port", "5060 "):
        assert judge({**good, field: typed})[0].port == 5060  # a space is no fault
    else:
        assert field in judge({**good, field: typed})[1]


def test_addresses_are_kept_in_one_form() -> None:
    assert networks("192.0.2.10, 192.0.2.40/28\n192.0.2.10;2001:db8::1") == (
        "192.0.2.10 192.0.2.32/28 2001:db8::1",
        None,
    )
    assert is_host("sip.fornitore.it") and is_host("192.0.2.1") and is_host("[2001:db8::1]")
    assert is_place("proxy.it:5080") and is_place("[2001:db8::1]:5060") and not is_place("a:b:c")


def test_a_provider_known_by_address_needs_no_password_but_addresses() -> None:
    form = {"name": "S", "host": "sip.it", "registers": False, "codecs": "PCMA"}
    assert set(judge(form)[1]) == {"sources"}
    values, faults = judge({**form, "host": "192.0.2.10"})
    assert not faults and values.sources == "192.0.2.10"


def test_a_trunk_reaches_the_pbx_with_its_password_sealed(database: Database) -> None:
    trunk = make(database, FIRST)
    with database.reading() as session:
        facts = build(session).trunks[trunk]
        row = session.get(Trunk, trunk)
    assert row is not None and SECRET not in row.sealed_password
    assert vault.unseal(database.data, facts.sealed_password) == SECRET
    assert (facts.host, facts.username, facts.codecs) == (
        "sip.fornitore.it", "0255501200", ("PCMA", "PCMU", "G722"),
    )  # fmt: skip


def test_the_log_knows_of_a_new_password_and_not_what_it_is(database: Database) -> None:
    trunk = make(database, FIRST)
    save(database, trunk, FIRST, replace(FIRST, port=5080), password="un-altro-segreto")
    made, changed = entries(database)
    assert (made.what, changed.what) == ("trunk_created", "trunk_changed")
    assert changed.before == {"port": 5060} and changed.after == {"port": 5080, "password": "•••"}
    assert SECRET not in str(made.after) and "un-altro" not in str(changed.after)


def test_an_empty_password_stays_and_none_is_refused(database: Database) -> None:
    with pytest.raises(Refused) as refused:
        make(database, FIRST, "")
    assert "password" in refused.value.faults
    trunk = make(database, FIRST)
    save(database, trunk, FIRST, replace(FIRST, capacity=4))
    with database.reading() as session:
        row = session.get(Trunk, trunk)
    assert row is not None and vault.unseal(database.data, row.sealed_password) == SECRET
    # Known by address from now on: there is nothing left to sign in with.
    save(
        database, trunk, replace(FIRST, capacity=4),
        replace(BY_ADDRESS, name="Primo"),
    )  # fmt: skip
    with database.reading() as session:
        row = session.get(Trunk, trunk)
    assert row is not None and row.sealed_password == ""


def test_the_same_account_name_or_address_names_the_other(database: Database) -> None:
    make(database, FIRST)
    make(database, BY_ADDRESS, "")
    for values, field, other in (
        (replace(FIRST, name="PRIMO", username="x"), "name", "Primo"),
        (replace(FIRST, name="Terzo"), "username", "Primo"),
        (replace(BY_ADDRESS, name="Terzo", sources="192.0.2.33"), "sources", "Secondo"),
    ):
        with pytest.raises(Refused) as refused:
            make(database, values)
        assert other in refused.value.faults[field].it


def test_the_second_editor_is_told_and_may_keep_both(database: Database) -> None:
    trunk = make(database, FIRST)
    save(database, trunk, FIRST, replace(FIRST, port=5080), author=ELSE)
    mine = replace(FIRST, capacity=10)
    with pytest.raises(Clash) as clash:
        save(database, trunk, FIRST, mine)
    assert (clash.value.who, clash.value.fields) == ("Davide Conti", ("port",))
    both = merged(FIRST, mine, clash.value.theirs)
    kept = save(database, trunk, clash.value.theirs, both)
    assert (kept.port, kept.capacity) == (5080, 10)


def test_the_order_of_trying_is_what_the_pbx_sees(database: Database) -> None:
    one, two = make(database, FIRST), make(database, BY_ADDRESS, "")
    with database.session() as session:
        assert trunks.move(session, SARA, two, -1)
        assert not trunks.move(session, SARA, two, -1)
        assert list(build(session).trunks) == [two, one]
        trunks.switch(session, SARA, two, False)
        session.flush()
        assert not build(session).trunks[two].enabled
        with pytest.raises(Gone):
            trunks.move(session, SARA, 99, 1)


def test_deleting_says_what_names_it_and_leaves_that(database: Database) -> None:
    trunk = make(database, FIRST)
    with database.session() as session:
        session.add(DialRule(prefix="+44", kind="international", trunk_id=trunk))
        session.flush()
        assert trunks.going(session, trunk) == trunks.Going("Primo", 1, 0)
        assert trunks.remove(session, SARA, trunk) == "Primo"
    with database.reading() as session:
        assert session.exec(select(DialRule.trunk_id)).all() == [None]
        with pytest.raises(Gone):
            trunks.values_of(session, trunk)
