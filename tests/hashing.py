"""Argon2 at a price that a test of pages can pay: what a digest costs is judged elsewhere.

tests/unit/data/test_credentials.py, and what else asks for no `cheap_hashes`, keeps the real price.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from argon2 import PasswordHasher

from pbx import credentials

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@contextmanager
def cheap_hashing() -> Iterator[None]:
    """Passwords and PINs at next to no cost, while this lasts."""
    credentials._nobody.cache_clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(credentials, "PASSWORDS", CHEAP)
        patch.setattr(credentials, "PINS", CHEAP)
        yield
    credentials._nobody.cache_clear()
