"""Calls to the outside world: the outside-line digit, rules by beginning of number, rights.

The built-in table of classes is pbx/routing/rights.py's; the office's own rules beat it. Plain
functions over a session; each change and its entry in the log are one transaction.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from officesmart.administration import audit, clash
from officesmart.administration.audit import Author
from officesmart.administration.lines import Gone, Refused
from officesmart.administration.rules import UNPRINTABLE, Fault
from officesmart.administration.trunk_rules import on, text
from pbx.numbers import SEPARATORS
from pbx.printable import printable
from pbx.routing import written
from pbx.routing.decide import decide
from pbx.routing.dialled import outside
from pbx.routing.dialplan import EMERGENCY, LONGEST_PREFIX
from pbx.routing.facts import CallFacts
from pbx.routing.plan import Because, Outside
from pbx.routing.rights import CLASSES, DEAR, ITALY, WORDS, class_of
from pbx.store import settings
from pbx.store.dialplan import read_dial_plan
from pbx.store.snapshot import build
from pbx.tables import DialRule, Line, Trunk

NAMES = {
    "prefix": ("comincia con", "begins with"),
    "label": ("nome", "name"),
    "kind": ("tipo", "kind"),
    "trunk": ("linea esterna", "trunk"),
    "barred": ("vietato", "barred"),
    "rights": ("permessi", "rights"),
    "outside_prefix": ("cifra della linea esterna", "outside-line digit"),
    "default_rights": ("permessi delle nuove linee", "rights of new lines"),
}
"The fields as sentences and the change log call them."
KINDS = (*(each.name for each in CLASSES if each.name != "internal"), "free")
RIGHTS = tuple(each.name for each in CLASSES)
LONGEST_LABEL = 80


@dataclass(frozen=True, slots=True)
class RuleValues:
    """The office's own word on numbers that begin so."""

    prefix: str = ""
    label: str = ""
    kind: str = "national"
    trunk_id: int = 0
    "The trunk tried first; 0: the usual order."
    barred: bool = False


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A beginning of numbers as the table shows it: our own rule, or the built-in one."""

    prefix: str
    values: RuleValues
    own: bool
    built_in: str
    "The class that the built-in table gives it; '' when it has no entry of its own."
    trunk: str = ""


# -- rules --------------------------------------------------------------------------------------


def rule_rows(session: Session) -> list[RuleRow]:
    """Own rules first, then the built-in table where no own rule has the same beginning."""
    names = dict(session.exec(select(Trunk.id, Trunk.name)).all())
    own = {
        row.prefix: RuleRow(
            row.prefix,
            _values(row),
            own=True,
            built_in=_built_in(row.prefix),
            trunk=names.get(row.trunk_id or 0, ""),
        )
        for row in session.exec(select(DialRule))
    }
    told = [
        RuleRow(prefix, RuleValues(prefix=prefix, kind=kind), own=False, built_in=kind)
        for prefix, kind in (*ITALY.items(), *DEAR.items())
        if prefix not in own
    ]
    return [*sorted(own.values(), key=_order), *sorted(told, key=_order)]


def judge_rule(typed: Mapping[str, object]) -> tuple[RuleValues, dict[str, Fault]]:
    """A form as it was sent: the values of what is right, and what is wrong by field."""
    faults: dict[str, Fault] = {}
    prefix = SEPARATORS.sub("", text(typed.get("prefix"))[:60])
    if prefix.startswith("00"):
        prefix = "+" + prefix[2:]
    if not re.fullmatch(r"\+?[0-9]{1,15}", prefix):
        faults["prefix"] = Fault(
            "Scrivi le prime cifre del numero, come 899, 06 o +44",
            "Give the first digits of the number, such as 899, 06 or +44",
        )
    elif any(number.startswith(prefix.removeprefix("+39")) for number in EMERGENCY) and (
        prefix.removeprefix("+39") in EMERGENCY or on(typed.get("barred"))
    ):
        faults["prefix"] = Fault(
            "Qui comincia un numero di emergenza, che si può sempre chiamare",
            "An emergency number begins so, and may always be called",
        )
    label = text(typed.get("label"))
    if len(label) > LONGEST_LABEL:
        faults["label"] = Fault("Al massimo 80 caratteri", "At most 80 characters")
    elif not printable(label):
        faults["label"] = UNPRINTABLE
    kind, trunk = text(typed.get("kind")), text(typed.get("trunk_id"))
    if kind not in KINDS:
        faults["kind"] = Fault("Scegli il tipo di numeri", "Choose the kind of numbers")
    values = RuleValues(
        prefix=prefix[:16],
        label=label[:LONGEST_LABEL],
        kind=kind if kind in KINDS else KINDS[0],
        trunk_id=int(trunk) if re.fullmatch(r"[0-9]{1,9}", trunk) else 0,
        barred=on(typed.get("barred")),
    )
    return values, faults


def save_rule(
    session: Session, author: Author, values: RuleValues, *, base: RuleValues | None
) -> None:
    """Keep a rule, made from `base` (None: a new one). Raises clash.Clash, Refused, Gone."""
    row = _rule(session, base.prefix) if base is not None else None
    if base is not None:
        if row is None:
            raise Gone
        clash.refuse_old(session, base, _values(row), deeds=("rule_kept",), about=base.prefix)
    other = _rule(session, values.prefix)
    if other is not None and other is not row:
        said = other.label or WORDS[other.kind].it
        raise Refused(
            {
                "prefix": Fault(
                    f"C'è già una regola per {values.prefix} («{said}»): cambia quella",
                    f"There is a rule for {values.prefix} already (“{said}”): change that one",
                )
            }
        )
    if values.trunk_id and session.get(Trunk, values.trunk_id) is None:
        raise Refused(
            {
                "trunk_id": Fault(
                    "Questa linea esterna non c'è più: scegline un'altra",
                    "This trunk is gone: choose another",
                )
            }
        )
    if values == base:
        return
    before = _shown(session, _values(row)) if row is not None else None
    row = row or DialRule(prefix=values.prefix, kind=values.kind)
    row.prefix, row.label, row.kind = values.prefix, values.label, values.kind
    row.trunk_id, row.barred = values.trunk_id or None, values.barred
    session.add(row)
    session.flush()
    audit.note(
        session, author, "rule_kept", line_name=values.prefix,
        before=before, after=_shown(session, values),
    )  # fmt: skip


def remove_rule(session: Session, author: Author, prefix: str) -> str:
    """Back to what the built-in table says; answers the beginning. Raises Gone."""
    row = _rule(session, prefix)
    if row is None:
        raise Gone
    audit.note(
        session, author, "rule_removed", line_name=prefix, before=_shown(session, _values(row))
    )
    session.delete(row)
    return prefix


# -- the office's own word ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DiallingValues:
    """What holds for the whole office."""

    outside_prefix: str = "0"
    default_rights: str = "internal national mobile"


def dialling_of(session: Session) -> DiallingValues:
    """The settings as they are."""
    return DiallingValues(
        outside_prefix=settings.read(session, settings.OUTSIDE_PREFIX),
        default_rights=_in_order(settings.read(session, settings.RIGHTS).split()),
    )


def judge_dialling(typed: Mapping[str, object]) -> tuple[DiallingValues, dict[str, Fault]]:
    """A form as it was sent: the digit, and a switch for each class."""
    prefix = text(typed.get("outside_prefix"))
    faults = {}
    if not re.fullmatch(rf"[0-9]{{1,{LONGEST_PREFIX}}}", prefix):
        faults["outside_prefix"] = Fault(
            f"Scrivi da 1 a {LONGEST_PREFIX} cifre, di solito 0",
            f"Give 1 to {LONGEST_PREFIX} digits, usually 0",
        )
    given = [name for name in RIGHTS if name == "internal" or on(typed.get(f"right_{name}"))]
    return DiallingValues(prefix[:LONGEST_PREFIX], " ".join(given)), faults


def save_dialling(
    session: Session, author: Author, *, base: DiallingValues, values: DiallingValues
) -> DiallingValues:
    """Set what holds for the office, made from `base`. Raises clash.Clash, Refused."""
    now = dialling_of(session)
    clash.refuse_old(session, base, now, deeds=("dialling_changed",))
    if values == now:
        return now
    if values.outside_prefix != now.outside_prefix:
        taken = read_dial_plan(session).conflict(
            "outside_prefix", values.outside_prefix, but=now.outside_prefix
        )
        if taken is not None:
            raise Refused({"outside_prefix": Fault(taken.it, taken.en)})
    settings.write(session, settings.OUTSIDE_PREFIX, values.outside_prefix)
    settings.write(session, settings.RIGHTS, values.default_rights)
    audit.note(session, author, "dialling_changed", before=asdict(now), after=asdict(values))
    return values


# -- rights -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LineRights:
    """A line in the matrix."""

    id: int
    extension: str
    name: str
    site: str
    rights: frozenset[str]


def matrix(session: Session) -> list[LineRights]:
    """Every line with its rights, by extension."""
    columns = (Line.id, Line.extension, Line.name, Line.site, Line.rights)
    found = session.execute(select(*columns).order_by(col(Line.extension)))  # type: ignore[call-overload]
    return [
        LineRights(line_id, extension, name, site, frozenset(rights.split()))
        for line_id, extension, name, site, rights in found
    ]


def set_right(
    session: Session, author: Author, ids: Collection[int], right: str, given: bool
) -> tuple[str, ...]:
    """Give these lines a right, or take it; answers the extensions that changed.

    A right that is no class changes nothing.
    """
    if right not in RIGHTS:
        return ()
    done = []
    for line in session.exec(select(Line).where(col(Line.id).in_(ids))):
        had = line.rights.split()
        has = _in_order([*had, right] if given else [each for each in had if each != right])
        if has == _in_order(had):
            continue
        audit.note(
            session, author, "rights_changed", line=line.extension, line_name=line.name,
            before={"rights": _in_order(had)}, after={"rights": has},
        )  # fmt: skip
        line.rights = has
        session.add(line)
        done.append(line.extension)
    return tuple(done)


# -- trying -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Trial:
    """What would happen if a line dialled this number now."""

    may: bool
    "The call would leave the office."
    number: str
    "E.164 or the digits of a service; '' when the digits mean no outside number."
    kind: str
    "Its class; '' when the digits reach no outside number."
    trunks: tuple[tuple[int, str], ...]
    "Ids and names, in the order of trying."
    shown: str
    "E.164 that the called party sees; '' when it is hidden or unknown."
    withheld: bool
    because: tuple[Because, ...]


def try_number(
    session: Session, dialled: str, extension: str, *, at: datetime, zone: str, language: str
) -> Trial:
    """Ask the PBX's own decision; nothing is dialled. at: the moment it is asked for, aware."""
    office = build(session, language=language, zone=zone)
    person = office.lines.get(extension)
    digits = written.plain(dialled)
    facts = CallFacts(
        dialled=digits,
        at=at,
        from_line=extension,
        caller_number=person.number if person is not None else "",
        caller_name=person.name if person is not None else "",
        registered=frozenset(office.lines),
    )
    plan = decide(facts, office)
    number = outside(digits, office.outside_prefix)
    kind = class_of(number, office.rules) if number else ""
    step = next((each for each in plan.steps if isinstance(each, Outside)), None)
    if step is None:
        return Trial(False, number, kind, (), "", False, plan.because)
    trunks = [office.trunks[each] for each in step.trunks if each in office.trunks]
    return Trial(
        may=bool(trunks),
        number=step.number,
        kind=class_of(step.number, office.rules),
        trunks=tuple((each.id, each.name) for each in trunks),
        shown="" if step.withheld or not trunks else step.shown or trunks[0].main_number,
        withheld=step.withheld,
        because=plan.because,
    )


# -- pieces -------------------------------------------------------------------------------------


def _rule(session: Session, prefix: str) -> DialRule | None:
    return session.exec(select(DialRule).where(DialRule.prefix == prefix)).first()


def _values(row: DialRule) -> RuleValues:
    return RuleValues(
        prefix=row.prefix,
        label=row.label,
        kind=row.kind if row.kind in WORDS else "premium",
        trunk_id=row.trunk_id or 0,
        barred=row.barred,
    )


def _shown(session: Session, values: RuleValues) -> dict[str, object]:
    trunk = session.get(Trunk, values.trunk_id) if values.trunk_id else None
    return {
        "label": values.label,
        "kind": values.kind,
        "trunk": trunk.name if trunk is not None else "",
        "barred": values.barred,
    }


def _built_in(prefix: str) -> str:
    return DEAR.get(prefix, "") or ITALY.get(prefix.removeprefix("+39"), "")


def _order(row: RuleRow) -> tuple[bool, str]:
    """Italian beginnings first."""
    return row.prefix.startswith("+"), row.prefix


def _in_order(rights: Iterable[str]) -> str:
    given = set(rights)
    return " ".join(name for name in RIGHTS if name in given)
