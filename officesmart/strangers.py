"""What strangers leave behind: the state that each websocket makes, forgotten once it is closed.

Anybody may open the sign-in page, and each connection gets a state of its own that Reflex would
keep for an hour. A tab of somebody who is signed in keeps its state while it is watched (live.py).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from reflex.istate.manager.memory import StateManagerMemory


def forget_strangers(manager: Any, *, connected: Collection[str], watched: Collection[str]) -> int:
    """Drop the states of closed connections that no tab of ours comes back to; how many.

    connected, watched: tokens of tabs. A state that a handler is working on is left for later.
    """
    if not isinstance(manager, StateManagerMemory):
        return 0  # Redis expires them itself
    gone = [
        token
        for _, token in manager._token_expires_at.values()
        if token.ident not in connected
        and token.ident not in watched
        and not _is_busy(manager, token)
    ]
    for token in gone:
        manager._purge_token(token)
    return len(gone)


def _is_busy(manager: StateManagerMemory, token: Any) -> bool:
    lock = manager._states_locks.get(token.lock_key)
    return lock is not None and lock.locked()
