"""A star code dialled on a real phone, and the call that then goes where it says."""

from __future__ import annotations

import json
from collections.abc import Callable

from tests.interop.baresip import Baresip
from tests.interop.office import Office

Phone = Callable[..., Baresip]


def test_a_forward_set_by_code_rings_the_other_phone(phone: Phone, office: Office) -> None:
    anna, bruno, carla = phone("201"), phone("202"), phone("203")
    # As many phones do, # goes out escaped (RFC 3261 s.25.1 has no bare # in a user part).
    carla.dial("*21*202%23")
    carla.wait("CALL_ESTABLISHED")
    carla.wait("CALL_CLOSED", seconds=30)
    (row,) = office.rows("SELECT options FROM featureoption WHERE feature = 'forward_all'")
    assert json.loads(row["options"]) == {"enabled": True, "number": "202"}
    assert carla.heard().level > -40  # the confirmation was said
    anna.dial("203")
    bruno.wait("CALL_INCOMING")
    bruno.answer()
    anna.wait("CALL_ESTABLISHED")
    anna.hang_up()
    bruno.wait("CALL_CLOSED")
    assert carla.never("CALL_INCOMING")
    carla.dial("%2321%23")
    carla.wait("CALL_CLOSED", seconds=30)
    anna.dial("203")
    carla.wait("CALL_INCOMING")
    anna.hang_up()
