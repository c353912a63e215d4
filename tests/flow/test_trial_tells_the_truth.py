"""«Prova una chiamata» tells the truth: for hundreds of settings and whatever phones do, the call
that is really made rings the same phones from the same moment to the same moment, is taken by the
same person or ends in the same place, for the same reasons."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from functools import partial
from random import Random
from typing import Any

import pytest

from pbx.calls.api import Call
from pbx.routing.callers import Caller
from pbx.routing.decide import decide
from pbx.routing.facts import CallFacts
from pbx.routing.features.ring_plan import faults
from pbx.routing.office import Office
from pbx.routing.plan import Announce, Mailbox, Outside, Plan, Reject
from pbx.routing.rehearsal import Behaves, Rehearsal, rehearse
from pbx.sip import agent as sip
from tests.flow.loop import run
from tests.flow.office import FlowOffice
from tests.flow.phone import Phone
from tests.flow.provider import Provider

LINES = ("201", "202", "203", "204")
OWN_NUMBER = "+390255501202"
STRANGER = "+393339876543"
MOBILE, ROME, LONDON = "+393331112233", "+390612345678", "+442079460000"
FAR = (MOBILE, ROME, LONDON)
"The last may be called by those with the right only."
DELAY = 0.3
"Seconds that anybody takes to answer, or to press a key."
EXACT = 1.0
"Seconds by which the two may differ."
SETTINGS = 240
LONGEST = 1000
"Seconds of a call: five forwards of 45, and plans of 170."
Rang = tuple[str, float, float]
"Who, from when to when."


# --- what people set, and what phones do ---------------------------------------------------------


def some_line(rnd: Random, line: str) -> dict[str, Any]:
    """The options of one line; most services are off, as with most people."""

    def forward(chance: float, **more: Any) -> dict[str, Any]:
        number = rnd.choice((*LINES, *LINES, *FAR, OWN_NUMBER, "*86"))
        return {"enabled": rnd.random() < chance, "number": number, **more}

    def on(chance: float) -> dict[str, Any]:
        return {"enabled": rnd.random() < chance}

    found = {
        "anonymous_reject": on(0.2),
        "selective_reject": on(0.15),
        "priority_callers": on(0.4),
        "selective_forward": forward(0.3),
        "forward_all": forward(0.15, notify=rnd.random() < 0.6),
        "do_not_disturb": on(0.12),
        "barred_incoming": on(0.03),
        "call_waiting": on(0.7),
        "forward_busy": forward(0.35),
        "forward_unavailable": forward(0.35),
        "forward_no_answer": forward(0.4, seconds=rnd.choice((5, 12, 25, 40, 60))),
        "mailbox": {"seconds": rnd.choice((0, 7, 20, 30, 60, 400))},
    }
    if rnd.random() < (0.75 if line == "202" else 0.2):
        found["ring_plan"] = some_plan(rnd, line)
    return found


def some_plan(rnd: Random, line: str) -> dict[str, Any]:
    """A ring plan with colleagues and phones outside."""
    periods = [rnd.choice((1, 5, 9, 12, 18, 30)) for _ in range(rnd.randint(1, 4))]
    others = [*(each for each in LINES if each != line), *FAR]
    numbers = ["", *rnd.sample(others, rnd.randint(1, 4))]
    if rnd.random() < 0.2:
        numbers.remove("")
    rnd.shuffle(numbers)
    return {
        "mode": rnd.choice(("in_order", "in_order", "together")),
        "periods": periods,
        "longest_seconds": rnd.choice((10, 25, 120)),
        "phones": [
            {
                "number": number,
                "rings": [rnd.random() < 0.55 for _ in periods],
                "confirm": rnd.choice((None, True, False)),
            }
            for number in numbers
        ],
    }


def some_list(rnd: Random) -> tuple[Caller, ...]:
    """Entries of a list of callers."""
    entries = (
        Caller("number", STRANGER, "Maria", 1, frozenset({STRANGER})),
        Caller("extension", "201", "Anna Bianchi", 2, frozenset({"201"})),
        Caller("anonymous", entry_id=3),
        Caller("prefix", "+39333", entry_id=4),
    )
    return tuple(rnd.sample(entries, rnd.choice((0, 0, 1, 1, 2))))


@dataclass(frozen=True)
class Case:
    """What is supposed."""

    options: dict[str, dict[str, Any]]
    callers: dict[str, dict[str, tuple[Caller, ...]]]
    mailboxes: frozenset[str]
    abroad: frozenset[str]
    "Lines that may call abroad."
    dnd_first: bool
    who: str
    "'colleague', 'stranger' or 'anonymous'."
    behaves: dict[str, Behaves]
    knows: bool
    """Whether the office knows who is busy; else their phones say so when called. It always
    knows where that makes a difference (behaviour.md s.1.1, step 9, and s.1.2): the trial means a
    line that can take no further call. See `knows_of`."""

    def knows_of(self, line: str) -> bool:
        """Whether the office knows that this line is busy: its plan may ring others all the same,
        or its mailbox answer before anything is called."""
        options = self.options[line]
        return self.knows or "ring_plan" in options or not options["mailbox"]["seconds"]

    def set_in(self, office: Office) -> Office:
        """The office with all that."""
        lines = {
            line: replace(
                person,
                options=self.options[line],
                callers=self.callers[line],
                has_mailbox=line in self.mailboxes,
                rights=person.rights | ({"international"} if line in self.abroad else set()),
            )
            for line, person in office.lines.items()
        }
        lines["202"] = replace(lines["202"], number=OWN_NUMBER, shown=OWN_NUMBER)
        numbers = {**office.numbers, OWN_NUMBER: "202"}
        return replace(office, lines=lines, numbers=numbers, dnd_first=self.dnd_first)


def some_case(seed: int) -> Case:
    """The same for the same seed."""
    rnd = Random(f"trial {seed}")
    inside: tuple[Behaves, ...] = (
        "silent", "silent", "silent", "silent", "answers", "in_call", "busy", "off", "declines",
    )  # fmt: skip
    outside: tuple[Behaves, ...] = ("silent", "silent", "answers", "busy", "off", "declines")
    who = rnd.choice(("colleague", "stranger", "stranger", "anonymous"))
    behaves: dict[str, Behaves] = {line: rnd.choice(inside) for line in LINES}
    if who == "colleague":  # whoever calls has a phone to do so
        behaves["201"] = rnd.choice(("silent", "answers", "declines"))
    return Case(
        options={line: some_line(rnd, line) for line in LINES},
        callers={
            line: {
                name: some_list(rnd)
                for name in ("selective_reject", "priority_callers", "selective_forward")
            }
            for line in LINES
        },
        mailboxes=frozenset(line for line in LINES if rnd.random() < 0.6),
        abroad=frozenset(line for line in LINES if rnd.random() < 0.5),
        dnd_first=rnd.random() < 0.4,
        who=who,
        behaves={**behaves, **{number: rnd.choice(outside) for number in FAR}},
        knows=rnd.random() < 0.8,
    )


# --- phones that do it ---------------------------------------------------------------------------


@dataclass
class Heard:
    """What telephones noticed, by the loop's clock."""

    rang: list[Rang] = field(default_factory=list)
    splashed: list[str] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)
    open: dict[sip.Dialog, tuple[str, float]] = field(default_factory=dict)


class Behaving:
    """What one telephone does with a call, and when it did so."""

    def __init__(self, phone: Phone, heard: Heard) -> None:
        self.phone, self.heard = phone, heard
        self.loop = asyncio.get_running_loop()

    def on_event(self, event: sip.Event, number: str, does: Behaves) -> None:
        """After the phone itself has seen it."""
        if isinstance(event, sip.InviteArrived):
            if "ring-splash" in event.request.get("Alert-Info"):
                self.heard.splashed.append(number)
            elif event.dialog.state is sip.DialogState.EARLY:
                self.heard.open[event.dialog] = number, self.loop.time()
                if does == "answers":
                    self.loop.call_later(DELAY, self._answer, event.dialog, number)
        elif isinstance(event, sip.Ended):
            self.silent(event.dialog)

    def silent(self, dialog: sip.Dialog) -> None:
        """It rings no more."""
        if dialog in self.heard.open:
            number, began = self.heard.open.pop(dialog)
            self.heard.rang.append((number, began, self.loop.time()))

    def _answer(self, dialog: sip.Dialog, number: str) -> None:
        if dialog.state is sip.DialogState.EARLY:
            self.silent(dialog)
            self.heard.answered.append(number)
            dialog.accept(self.phone._answer(dialog))
            self.phone.pump()
            self.loop.call_later(DELAY, self._press, dialog)

    def _press(self, dialog: sip.Dialog) -> None:
        stream = self.phone.media.by_port.get(self.phone.offers[dialog].port)
        if stream is not None and stream.playing and not dialog.over:  # it is being asked
            stream.press("1")


REFUSES = {"declines": 603, "busy": 486, "in_call": 486, "off": 480}


class World:
    """An office with these settings, its phones, and whoever is outside."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.office = FlowOffice(apps={})
        self.office.apps.update(
            {name: partial(self._serve, name) for name in ("voicemail_deposit", "voicemail_menu")}
        )
        self.office.apps["echo"] = self._talk
        self.heard = Heard()
        self.plans: list[Plan] = []
        self.phones: dict[str, Phone] = {}
        self.caller: Phone
        self.call: sip.Dialog

    async def _serve(self, name: str, call: Call, argument: str) -> None:
        self.office.served.append((name, argument))
        await call.answer()
        await call.get_dtmf(1, 3.0)

    async def _talk(self, call: Call, argument: str) -> None:
        await call.answer()
        await call.get_dtmf(1, 10_000.0)

    def _decide(self, facts: CallFacts, office: Office) -> Plan:
        plan = decide(facts, office)
        self.plans.append(plan)
        return plan

    async def opens(self) -> None:
        """Everybody is there, and does what is supposed."""
        office, case = self.office, self.case
        provider = self.provider = Provider(office, "192.0.2.10", "sip.provider.example")
        provider.wants_proof = False
        office.snapshot.last = case.set_in(office.snapshot.last)
        office.set_trunks(provider.trunk())
        await office.clock.settle()
        self._watch(provider, lambda dialog: "+" + dialog.invite.uri[5:].partition("@")[0])
        for line in LINES:
            does = case.behaves[line]
            if does == "off":
                continue
            phone = self.phones[line] = await office.phone(line)
            knows = case.knows_of(line)
            if does == "declines" or (does == "busy" and not knows):
                phone.refuses = REFUSES[does]
            for _ in range({"in_call": 1, "busy": 2 * knows}.get(does, 0)):
                await phone.dials("*600")
            self._watch(phone, lambda dialog, line=line: line)
        self.caller = self.phones["201"] if case.who == "colleague" else provider

    def _watch(self, phone: Phone, named: Any) -> None:
        behaving, before = Behaving(phone, self.heard), phone._on_event

        def on_event(event: sip.Event) -> None:
            number = named(event.dialog) if isinstance(event, sip.InviteArrived) else ""
            does = self.case.behaves.get(number, "silent")
            if number and phone is self.provider:
                phone.refuses = REFUSES.get(does, 0)
            before(event)
            if isinstance(event, sip.InviteArrived):
                event.dialog.owner = on_event
            behaving.on_event(event, number, does)

        phone._on_event = phone.listener = on_event  # type: ignore[method-assign]

    def facts(self) -> CallFacts:
        """The call that is to be made, as the office knows it beforehand."""
        facts = self.office.switch.as_it_is_now(
            CallFacts("202", self.office.clock.now(), from_trunk=1)
        )
        if self.case.who == "colleague":
            return replace(
                facts, from_trunk=0, from_line="201", caller_number="201", caller_name="Anna"
            )
        facts = replace(facts, dialled=OWN_NUMBER)
        if self.case.who == "anonymous":
            return replace(facts, withheld=True)
        return replace(facts, caller_number=STRANGER)

    async def calls(self) -> None:
        """Make the call, and wait until it is taken or over."""
        office = self.office
        office.switch.decide = self._decide
        if self.case.who == "colleague":
            self.call = await self.caller.dials("202")
        elif self.case.who == "anonymous":
            self.call = await self.provider.calls_in(OWN_NUMBER, "anonymous")
        else:
            self.call = await self.provider.calls_in(OWN_NUMBER, STRANGER)
        for _ in range(LONGEST // 10):
            if self.call.over or self.call.state is sip.DialogState.CONFIRMED:
                break
            await office.clock.forward(10)

    async def goes_home(self) -> None:
        """Everybody hangs up."""
        for phone in (*self.phones.values(), self.provider):
            for dialog in phone.dialogs:
                dialog.end()
            phone.pump()
        await self.office.at_rest()

    def said(self) -> str:
        """The announcement that the caller heard; "" for none."""
        offer = self.caller.offers.get(self.call)
        stream = self.office.media.by_port.get(offer.port) if offer is not None else None
        said = [each for each in stream.heard if each.startswith("announce.")] if stream else []
        return said[-1] if said else ""


# --- what is compared ----------------------------------------------------------------------------


def joined(rang: list[Rang]) -> list[Rang]:
    """Who rang, with what follows at once put together."""
    found: list[Rang] = []
    for who, began, ended in sorted(rang):
        if found and found[-1][0] == who and began - found[-1][2] < EXACT:
            found[-1] = who, found[-1][1], ended
        else:
            found.append((who, began, ended))
    return found


def foretold(trial: Rehearsal) -> tuple[list[Rang], list[str]]:
    """Who rings from when to when, and whose phones give a short ring."""
    rang: list[Rang] = []
    splashed = []
    for leg in trial.legs:
        for at, moment in enumerate(leg.moments):
            if moment.kind == "splash":
                splashed.append(leg.line)
            if moment.kind != "rings":
                continue
            taken = leg.moments[at + 1 :] and leg.moments[at + 1].kind == "answered"
            until = moment.at + (0 if taken else moment.seconds)
            rang += [(each.number, moment.at, until) for each in moment.called if each.rings]
    return joined(rang), splashed


def end_foretold(trial: Rehearsal) -> tuple[str, str]:
    """Where it comes to rest."""
    end = trial.end
    match end.step:
        case _ if end.kind == "answered":
            return "answered", ""
        case Mailbox(line, greeting):
            return "mailbox", f"{line} {greeting}"
        case Announce(prompt):
            return "says", prompt
        case Reject(status):
            return "ends", "busy" if status == 486 else ""
        case _:
            return end.kind, ""


def end_of(world: World) -> tuple[str, str]:
    """The same of the real call."""
    office = world.office
    if office.served:
        name, argument = office.served[0]
        return ("mailbox", argument) if name == "voicemail_deposit" else ("service", "")
    if world.call.state is sip.DialogState.CONFIRMED:
        return "answered", ""
    if said := world.said():
        return "says", said
    status = world.caller.statuses[-1]
    assert status >= 400, "still waiting"
    return "ends", "busy" if status == 486 else ""


async def compared(seed: int) -> None:
    """One setting: the trial, then the call."""
    case = some_case(seed)
    world = World(case)
    office = world.office
    for line in LINES:
        person = case.set_in(office.snapshot.last).lines[line]
        wrong = faults(person.options.get("ring_plan", {}), person, office.snapshot.last)
        assert all(fault.field.startswith("phones") for fault in wrong)
    await world.opens()
    trial = rehearse(world.facts(), office.snapshot.last, case.behaves)
    began = asyncio.get_running_loop().time()
    await world.calls()
    heard, end = world.heard, end_of(world)
    for dialog in list(heard.open):  # nobody rings on in a call that is over
        assert dialog.over, heard.open[dialog]
    rings, splashes = foretold(trial)
    real = joined([(who, a - began, b - began) for who, a, b in heard.rang])
    assert end == end_foretold(trial)
    assert splashes == heard.splashed
    assert [who for who, *_ in real] == [who for who, *_ in rings], f"{real}\n{rings}"
    for (who, *told), (_, *found) in zip(rings, real, strict=True):
        assert told == pytest.approx(found, abs=EXACT), (who, told, found)
    if end[0] == "answered":
        assert set(heard.answered) <= {each.number for each in trial.end.called}
        assert heard.answered
    because = [leg.explained.plan.because for leg in trial.legs]
    if case.knows:
        assert [plan.because for plan in world.plans] == because
    named = {each.feature for reasons in because for each in reasons}
    if any(each.kind == "rings" for each in trial.legs[-1].moments):
        # That phones turned out to be busy or away needs no words of its own: they are listed.
        named |= {"busy", "unavailable"}
    assert trial.end.feature in named | {""}
    assert trial.end.feature or isinstance(trial.legs[-1].moments[0].step, Outside)
    await world.goes_home()


@pytest.mark.parametrize("part", range(8))
def test_the_call_goes_as_the_trial_said(part: int) -> None:
    for seed in range(part, SETTINGS, 8):
        try:
            run(compared(seed))
        except BaseException as failure:
            failure.add_note(f"setting {seed}: {some_case(seed)}")
            raise
