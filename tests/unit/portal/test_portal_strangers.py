"""Connections of strangers leave nothing behind."""

from __future__ import annotations

import asyncio

from reflex.istate.manager.memory import StateManagerMemory
from reflex.istate.manager.token import BaseStateToken
from reflex.state import State

from officesmart.strangers import forget_strangers


def test_the_states_of_closed_connections_are_forgotten() -> None:
    async def story() -> None:
        manager = StateManagerMemory(token_expiration=3600)  # type: ignore[abstract]
        tokens = {name: BaseStateToken(ident=name, cls=State) for name in ("a", "b", "c", "d")}
        for token in tokens.values():
            await manager.get_state(token)
        assert len(manager.states) == 4
        async with manager.modify_state(tokens["d"]):  # a handler is at work
            assert forget_strangers(manager, connected={"a"}, watched={"b"}) == 1
        assert len(manager.states) == 3
        assert forget_strangers(manager, connected={"a"}, watched={"b"}) == 1
        assert {key.split("_")[0] for key in manager.states} == {"a", "b"}
        await manager.close()  # type: ignore[no-untyped-call]

    asyncio.run(story())
