"""One trunk's life: signs in at its provider and stays signed in, or asks every half minute whether
the provider is there; says how it stands and why. The provider itself is `provider.py`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from enum import Enum

from pbx.events.kinds import Why
from pbx.peers import trunk_words as words
from pbx.peers.provider import Provider, Tools, is_host
from pbx.routing.office import TrunkFacts
from pbx.sip import agent as sip
from pbx.sip.registration import Phase, Registration, granted_seconds, number_in

log = logging.getLogger(__name__)
LOOK = 30.0  # seconds between two OPTIONS to a provider that wants no sign-in
ANSWER = 8.0  # seconds after which a provider that says nothing is down: four sendings by UDP
KEEP = {"udp": (24.0, 29.0), "tcp": (95.0, 120.0)}  # seconds between keep-alives (RFC 5626 s.4.4)
BROKEN = (0.2, 1.0)  # seconds from a lost connection to the next sign-in
GOODBYE = 2.0  # seconds a provider gets to take our farewell


class State(Enum):
    """How a trunk stands."""

    OFF = "off"
    TRYING = "trying"
    UP = "up"
    DOWN = "down"


class Trunk:
    """One trunk, from its settings to its end. Belongs to the PBX's loop."""

    def __init__(
        self,
        facts: TrunkFacts,
        tools: Tools,
        *,
        changed: Callable[[Trunk], None],
        found: Callable[[], None],
    ) -> None:
        """changed: called whenever state or reason is another; found: when its addresses are."""
        self.provider = Provider(facts, tools)
        self.state = State.OFF
        self.why: Why = words.OFF
        self.doubted = False
        "A call met no answer, or its connection broke; it has not answered since."
        self._tools = tools
        self._changed = changed
        self._found = found
        self._loop = asyncio.get_running_loop()
        self._registration = Registration(facts.expires, random=tools.random)
        self._asked: sip.Exchange | None = None
        "The REGISTER or OPTIONS under way."
        self._trying: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._patience: asyncio.TimerHandle | None = None
        self._keeper: asyncio.TimerHandle | None = None
        self._heard: list[asyncio.Future[None]] = []

    # --- what calls see ------------------------------------------------------------------------

    @property
    def facts(self) -> TrunkFacts:
        """Its settings; those that name no other `machine` may be replaced while it stands."""
        return self.provider.facts

    @facts.setter
    def facts(self, facts: TrunkFacts) -> None:
        self.provider.facts = facts

    @property
    def up(self) -> bool:
        """Calls may go by it."""
        return self.state is State.UP

    # --- beginning and end ---------------------------------------------------------------------

    def begin(self) -> None:
        """Try from now on."""
        if not self.facts.enabled:
            return
        self._stand(State.TRYING, words.TRYING)
        self._registration.begin(self._loop.time())
        self._arm()

    def hurry(self, seconds: float = 0.0) -> None:
        """Try in so many seconds at the latest; whatever is under way goes on."""
        self._registration.hurry(self._loop.time() + seconds)
        self._arm()

    def doubt(self) -> None:
        """Somebody met no answer there: look at once, and go by others first until it answers."""
        if self.state is State.UP and not self.doubted:
            self.doubted = True
            self.hurry()

    def broken(self) -> None:
        """The connection to it ended."""
        if self.state is State.UP:
            self.doubted = True
            first, last = BROKEN
            self.hurry(first + (last - first) * self._tools.random())

    async def settled(self) -> None:
        """Wait until the attempt that is due or under way has been answered, or failed."""
        if self.state is State.OFF:
            return
        heard = self._loop.create_future()
        self._heard.append(heard)
        await heard

    def detach(self) -> None:
        """Tell nobody any more: another takes its place."""
        self._changed = lambda trunk: None

    async def end(self, *, sign_out: bool = True) -> None:
        """Try no more; tell the provider, and wait a moment for its answer."""
        bound = self._registration.end(self._loop.time())
        for timer in (self._timer, self._patience, self._keeper):
            if timer is not None:
                timer.cancel()
        if self._trying is not None:
            self._trying.cancel()
        self._asked = None
        self.doubted = False
        self._stand(State.OFF, words.OFF)
        self._tell_waiting()
        if bound and sign_out and self.facts.registers and self.provider.flow is not None:
            heard = self._loop.create_future()

            def answered(event: sip.Event) -> None:
                if not heard.done():
                    heard.set_result(None)

            self.provider.register(0, answered)
            try:
                async with asyncio.timeout(GOODBYE):
                    await heard
            except TimeoutError:
                log.info("trunk %s: no answer to the farewell", self.facts.name)

    # --- trying --------------------------------------------------------------------------------

    def _arm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        due = self._registration.due
        self._timer = None if due is None else self._loop.call_at(due, self._try)

    def _try(self) -> None:
        if self._trying is not None and not self._trying.done():
            return
        self._registration.sent()
        self._trying = self._loop.create_task(self._attempt())
        self._trying.add_done_callback(self._tried)

    def _tried(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and task.exception() is not None:
            log.error("trunk %s", self.facts.name, exc_info=task.exception())
            self._fail(words.NO_ANSWER)

    async def _attempt(self) -> None:
        provider = self.provider
        host, _ = provider.place
        for each in (self.facts.host, host):
            if not is_host(each):
                self._deny(words.no_host(each))
                return
        if not provider.open_secret():
            self._deny(words.NO_SECRET)
            return
        try:
            moved = await provider.look_up()
        except (OSError, TimeoutError, UnicodeError) as error:
            log.info("trunk %s: %s: %s", self.facts.name, host, error or "no answer")
            self._fail(words.no_name(host))
            return
        if moved:
            self._found()
        try:
            provider.reach(stay=self.up)
        except (OSError, ValueError) as error:
            log.info("trunk %s: no way to %s: %s", self.facts.name, host, error)
            self._fail(words.no_way(host))
            return
        if self.facts.registers:
            self._asked = provider.register(self._registration.wish, self._on_registered)
        else:
            self._asked = provider.look(self._on_looked)
        self._patience = self._loop.call_later(ANSWER, self._too_long)

    # --- answers -------------------------------------------------------------------------------

    def _on_registered(self, event: sip.Event) -> None:
        if not isinstance(event, sip.Replied) or event.exchange is not self._asked:
            return
        self._answered()
        response, now = event.response, self._loop.time()
        if response is None:
            self._silent(event.status)
        elif event.status < 300:
            seconds = granted_seconds(
                response, self.provider.contact, asked=self._registration.wish
            )
            self.provider.path = tuple(response.get_all("Service-Route")[:8])
            self._registration.granted(seconds, now)
            self._came_up(words.SIGNED_IN)
        elif event.status == 423:
            if self._registration.too_brief(number_in(response, "Min-Expires"), now):
                self._arm()
                return
            self._came_down(words.refused(423))
        elif event.status >= 500 or event.status == 408:
            self._fail(words.refused(event.status), number_in(response, "Retry-After"))
        else:
            self._deny(words.refused(event.status), number_in(response, "Retry-After"))

    def _on_looked(self, event: sip.Event) -> None:
        if not isinstance(event, sip.Replied) or event.exchange is not self._asked:
            return
        self._answered()
        if event.response is None:
            self._silent(event.status)
        elif event.status in (503, 504):
            self._fail(words.refused(event.status))
            self._look_again()
        else:  # whatever it says, it is there
            self._registration.granted(int(LOOK), self._loop.time())
            self._look_again()
            self._came_up(words.ANSWERS)

    def _answered(self) -> None:
        self._asked = None
        if self._patience is not None:
            self._patience.cancel()

    def _too_long(self) -> None:
        """Nothing yet: it is down, and the request goes on being repeated (timer F)."""
        if self._asked is not None:
            self._stand(State.DOWN, words.NO_ANSWER)
            self._tell_waiting()

    def _silent(self, status: int) -> None:
        """No answer came, or the request could not be sent."""
        self.provider.turn()
        host, port = self.provider.place
        broken = status == 503 and self.facts.transport != "udp"
        self._fail(words.no_connection(host, port) if broken else words.NO_ANSWER)
        if not self.facts.registers:
            self._look_again()

    def _look_again(self) -> None:
        """By address: every half minute, whatever came of the last time."""
        self._registration.due = self._loop.time() + LOOK
        self._arm()

    def _fail(self, why: Why, retry_after: int = 0) -> None:
        self._registration.failed(self._loop.time(), retry_after=retry_after)
        self._came_down(why)

    def _deny(self, why: Why, retry_after: int = 0) -> None:
        self._registration.denied(self._loop.time(), retry_after=retry_after)
        self._came_down(why)

    # --- standing ------------------------------------------------------------------------------

    def _came_up(self, why: Why) -> None:
        self.doubted = False
        self._arm()
        self._keep_alive()
        self._stand(State.UP, why)
        self._tell_waiting()

    def _came_down(self, why: Why) -> None:
        self._arm()
        if self._registration.phase is not Phase.OFF:
            self._stand(State.DOWN, why)
        self._tell_waiting()

    def _stand(self, state: State, why: Why) -> None:
        if state is not State.UP and self._keeper is not None:
            self._keeper.cancel()
            self._keeper = None
        if (state, why) == (self.state, self.why):
            return
        self.state, self.why = state, why
        level = logging.WARNING if state is State.DOWN else logging.INFO
        log.log(level, "trunk %s is %s: %s", self.facts.name, state.value, why.en)
        self._changed(self)

    def _tell_waiting(self) -> None:
        waiting, self._heard = self._heard, []
        for heard in waiting:
            if not heard.done():
                heard.set_result(None)

    # --- keep-alive ----------------------------------------------------------------------------

    def _keep_alive(self) -> None:
        """Routers in between forget a way that nobody uses; OPTIONS keep it open by themselves."""
        if not self.facts.registers or self.provider.flow is None:
            return
        if self._keeper is not None:
            self._keeper.cancel()
        first, last = KEEP.get(self.facts.transport, KEEP["udp"])
        pause = first + (last - first) * self._tools.random()
        self._keeper = self._loop.call_later(pause, self._ping)

    def _ping(self) -> None:
        self.provider.ping()
        self._keep_alive()
