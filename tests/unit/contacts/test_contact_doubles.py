"""Contacts that look alike: found quickly, put side by side, merged as wished, put back."""

from __future__ import annotations

import time

import pytest
from sqlmodel import Session, select

from officesmart.contacts import book, doubles, groups, incoming, undoing
from officesmart.contacts.book import Wrong
from officesmart.contacts.card import Address, Card, Number
from officesmart.contacts.incoming import Incoming, Verdict
from pbx.tables import CallerEntry, ContactApart
from tests.unit.contacts.conftest import DAVIDE, GIULIA

TERESA = Card("Teresa", "Olivari", numbers=(Number("work", "0163555021"),))


def numbers_of(session: Session, known: int) -> list[str]:
    card = book.read(session, GIULIA, known)
    assert card is not None
    return [each.number for each in card.numbers]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (TERESA, Card("Olivari", "Teresà"), True),
        (TERESA, Card("T.", "Olivari", numbers=TERESA.numbers), True),
        (TERESA, Card("Bruno", "Olivari", numbers=TERESA.numbers), False),
        (TERESA, Card("Gianni", "Moretti", numbers=TERESA.numbers), False),
        (TERESA, Card("T.", "Olivari"), False),
        (Card("🤷"), Card("🤷"), False),
    ],
)
def test_who_looks_like_whom(session: Session, one: Card, other: Card, same: bool) -> None:
    ids = (book.add(session, GIULIA, one), book.add(session, GIULIA, other))
    book.add(session, DAVIDE, one)
    assert doubles.doubles(session, GIULIA) == ((ids,) if same else ())


def test_colleagues_behind_one_switchboard_are_no_doubles(session: Session) -> None:
    for n in range(30):
        book.add(session, GIULIA, Card("Ada", f"Olivari{n}", numbers=TERESA.numbers))
        book.add(session, GIULIA, Card("A.", f"Olivari{n}", numbers=TERESA.numbers))
    assert doubles.doubles(session, GIULIA) == ()


def test_said_to_be_two_is_remembered(session: Session) -> None:
    ids = [book.add(session, GIULIA, TERESA) for _ in range(2)]
    his = book.add(session, DAVIDE, TERESA)
    doubles.apart(session, GIULIA, [*ids, his])
    doubles.apart(session, GIULIA, ids)
    assert len(session.exec(select(ContactApart)).all()) == 1
    assert doubles.doubles(session, GIULIA) == ()
    third = book.add(session, GIULIA, TERESA)
    assert doubles.doubles(session, GIULIA) == ((*ids, third),), "a third may be either of them"


def test_what_differs_is_chosen_and_all_can_be_put_back(session: Session) -> None:
    first = book.add(session, GIULIA, Card("Teresa", "Olivari", "Cartiera", numbers=TERESA.numbers))
    second = book.add(
        session,
        GIULIA,
        Card("Teresa", "Olivari", "Valsesia", "Ordini", numbers=(Number("mobile", "3355550870"),)),
    )
    group = groups.keep(session, GIULIA, "Fornitori", "truck", [second])
    session.add(
        CallerEntry(line_id=GIULIA, service="priority_callers", kind="contact", contact_id=second)
    )
    side = doubles.side_by_side(session, GIULIA, [first, second])
    assert [(each.field, each.values) for each in side.differs] == [
        ("company", ((first, "Cartiera"), (second, "Valsesia")))
    ]
    was = undoing.remember(session, GIULIA, [first, second])
    kept = doubles.merge(
        session, GIULIA, [first, second], wins={"company": second, "role": 999, "x": second}
    )
    card = book.read(session, GIULIA, kept)
    assert card is not None
    assert (kept, card.company, card.role) == (first, "Valsesia", "Ordini")
    assert numbers_of(session, kept) == ["+390163555021", "+393355550870"]
    assert undoing.put_back(session, GIULIA, was) == 2
    assert numbers_of(session, first) == ["+390163555021"]
    assert numbers_of(session, second) == ["+393355550870"]
    (kept_group,) = groups.groups(session, GIULIA)
    assert (kept_group.id, kept_group.members) == (group, (second,))
    lists = session.exec(select(CallerEntry)).all()
    assert [each.contact_id for each in lists] == [second]
    assert undoing.put_back(session, DAVIDE, ()) == 0


def test_too_many_numbers_are_left_out_by_hand(session: Session) -> None:
    ids = [
        book.add(
            session,
            GIULIA,
            Card(
                "A",
                numbers=tuple(Number("work", f"2{n}{m}") for m in range(4)),
                emails=(f"a{n}@x.it", f"b{n}@x.it"),
                addresses=(Address("work", f"Via {n}"), Address("home", f"Corso {n}")),
            ),
        )
        for n in range(2)
    ]
    with pytest.raises(Wrong) as wrong:
        doubles.merge(session, GIULIA, ids)
    assert set(wrong.value.faults) == {"numbers", "emails", "addresses"}
    assert "togline 2" in wrong.value.faults["numbers"].it
    dropped = {"200", "213", "a0@x.it", "b1@x.it", "address-0", "address-3"}
    doubles.merge(session, GIULIA, ids, dropped=dropped)
    assert numbers_of(session, ids[0]) == ["201", "202", "203", "210", "211", "212"]
    for forged in ([], [ids[0]], [ids[0], 999], [ids[0]] * 3, [*range(1, 20)]):
        with pytest.raises(LookupError):
            doubles.merge(session, GIULIA, forged)


def test_a_namesake_is_found(session: Session) -> None:
    known = book.add(session, GIULIA, TERESA)
    book.add(session, GIULIA, Card("Teresa", "Olivarini"))
    found = book.namesakes(session, GIULIA, Card("olivari", "TERESA"))
    assert [each.id for each in found] == [known]
    assert book.namesakes(session, DAVIDE, TERESA) == ()
    assert book.namesakes(session, GIULIA, Card("🤷")) == ()


@pytest.mark.parametrize(
    ("same_name", "outcome", "numbers"),
    [("merge", "merged", 2), ("skip", "skipped", 1), ("add", "new", 1)],
)
def test_an_import_meets_somebody_it_knows(
    session: Session, same_name: incoming.SameName, outcome: str, numbers: int
) -> None:
    known = book.add(session, GIULIA, TERESA)
    source = [
        Incoming("2", Card("Teresa", "Olivari", "Cartiera", numbers=(Number("home", "203"),))),
        Incoming("3", TERESA, groups=("Fornitori",)),
    ]
    trial = incoming.try_out(session, GIULIA, source, same_name=same_name)
    assert [each.outcome for each in trial.verdicts] == [outcome, "same"]
    incoming.take_over(session, GIULIA, trial.chosen)
    assert len(numbers_of(session, known)) == numbers
    again = incoming.try_out(session, GIULIA, source, same_name="merge")
    if same_name != "skip":
        assert again.chosen == []


def test_another_company_is_another_person(session: Session) -> None:
    book.add(session, GIULIA, Card("Mario", "Rossi", "ACME"))
    source = [Incoming("2", Card("Mario", "Rossi", "Cartiera"))]
    assert incoming.try_out(session, GIULIA, source).count("new") == 1


def test_one_that_was_deleted_since_the_trial_is_added(session: Session) -> None:
    known = book.add(session, GIULIA, TERESA)
    verdict = Verdict(
        "2", "x", "merged", Card("Teresa", numbers=(Number("work", "203"),)), into=known
    )
    book.remove(session, GIULIA, [known])
    assert incoming.take_over(session, GIULIA, [verdict]) == 1
    assert book.count(session, GIULIA) == 1


def test_groups_come_with_their_contacts(session: Session) -> None:
    groups.keep(session, GIULIA, "fornitori", "truck", [])
    source = [
        Incoming("2", Card("Ada"), groups=("Fornitori", "Clienti")),
        Incoming("3", Card("Bea"), groups=("Clienti", "x" * 500, "\u202e")),
    ]
    incoming.take_over(session, GIULIA, incoming.try_out(session, GIULIA, source).chosen)
    found = {each.name: len(each.members) for each in groups.groups(session, GIULIA)}
    assert found == {"fornitori": 1, "Clienti": 2, "x" * 80: 1}


def test_doubles_of_a_full_book_take_no_time(session: Session) -> None:
    """Half of 20,000 have one name, and all have one number: whoever compares pairs never ends."""
    source = [
        Verdict(
            str(n),
            "",
            "new",
            Card("Ada" if n % 2 else f"Nome{n}", numbers=(Number("work", "+390255500000"),)),
        )
        for n in range(20_000)
    ]
    incoming.take_over(session, GIULIA, source)
    began = time.process_time()
    ((*ada,),) = doubles.doubles(session, GIULIA)
    assert len(ada) == doubles.MOST_TOGETHER
    assert time.process_time() - began < 2
