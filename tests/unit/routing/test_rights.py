"""Which kind of call a number is, and who may make it."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from pbx.routing.rights import (
    ALWAYS,
    CLASSES,
    DEAR,
    ITALY,
    WORDS,
    Rule,
    class_of,
    is_barred,
    may_call,
    rule_for,
)


@dataclass
class Somebody:
    rights: frozenset[str] = field(default_factory=frozenset)


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("+390612345678", "national"),
        ("+390255501201", "national"),
        ("+3955123456", "national"),
        ("+393331234567", "mobile"),
        ("+39800123456", "free"),
        ("800123456", "free"),
        ("803803", "free"),
        ("848123456", "national"),
        ("+39840123456", "national"),
        ("199123456", "premium"),
        ("+39178123456", "premium"),
        ("892424", "premium"),
        ("+39892424", "premium"),
        ("899123456", "premium"),
        ("166123456", "premium"),
        ("48888", "premium"),
        ("1240", "premium"),
        ("187", "free"),
        ("1522", "free"),
        ("116117", "free"),
        ("112", "emergency"),
        ("118", "emergency"),
        ("1088", "premium"),
        ("+442079460000", "international"),
        ("+12125550123", "international"),
        ("+19005550123", "premium"),
        ("+449098790000", "premium"),
        ("+881612345678", "premium"),
        ("+979123456789", "premium"),
        ("+80012345678", "free"),
        ("+33899123456", "premium"),
        ("+99999", "international"),
        ("77", "premium"),
    ],
)
def test_the_numbers_of_italy_and_of_the_world(number: str, kind: str) -> None:
    assert class_of(number) == kind


def test_every_class_of_the_tables_is_one_that_can_be_given() -> None:
    assert {*ITALY.values(), *DEAR.values()} <= {*WORDS}
    assert [each.name for each in CLASSES] == [
        *("internal", "national", "mobile", "international", "premium"),
    ]
    assert all(each.it and each.en for each in (*CLASSES, *ALWAYS))


RULES = {
    rule.prefix: rule
    for rule in (
        Rule("+39", "national", trunk=1),
        Rule("06", "free", trunk=2),
        Rule("+390612", "premium"),
        Rule("892", "national"),
        Rule("+41", "national"),
        Rule("+4190", "premium", barred=True),
        Rule("112", "premium", barred=True),
        Rule("+1", "nonsense"),
    )
}


@pytest.mark.parametrize(
    ("number", "kind", "prefix"),
    [
        ("+390287654321", "national", "+39"),
        ("+390698765432", "free", "06"),  # as long as +3906
        ("+390612345678", "premium", "+390612"),
        ("+39892424", "national", "892"),
        ("892424", "national", "892"),
        ("+41441234567", "national", "+41"),
        ("+41901123456", "premium", "+4190"),
        ("+442079460000", "international", ""),
        ("+12125550123", "international", "+1"),  # a class that does not exist is passed over
        ("112", "emergency", "112"),
    ],
)
def test_the_longest_beginning_wins(number: str, kind: str, prefix: str) -> None:
    rule = rule_for(number, RULES)
    assert (rule.prefix if rule else "") == prefix
    assert class_of(number, RULES) == kind


def test_nobody_may_call_what_is_barred_but_help_always() -> None:
    assert is_barred("+41901123456", RULES)
    assert not is_barred("+41441234567", RULES)
    assert not is_barred("112", RULES)
    assert not is_barred("+442079460000", RULES)


def test_rights() -> None:
    anna = Somebody(frozenset({"internal", "mobile"}))
    assert may_call(anna, "mobile")
    assert not may_call(anna, "national")
    assert may_call(Somebody(), "emergency")
    assert may_call(Somebody(), "free")
    assert not may_call(Somebody(), "internal")
