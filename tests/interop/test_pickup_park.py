"""A colleague's call picked up, parked by transfer and taken back, on real phones."""

from __future__ import annotations

from collections.abc import Callable

from tests.interop.baresip import Baresip
from tests.interop.office import Office, eventually

Phone = Callable[..., Baresip]


def test_picked_up_parked_and_taken_back(phone: Phone, office: Office) -> None:
    office.pickup_group("Vendite", "202", "203")
    anna, bruno, carla = phone("201"), phone("202"), phone("203")
    anna.dial("202")
    bruno.wait("CALL_INCOMING")
    carla.dial("*8")
    carla.wait("CALL_ESTABLISHED")
    anna.wait("CALL_ESTABLISHED")
    bruno.wait("CALL_CLOSED")
    carla.transfer("*85")
    carla.wait("CALL_CLOSED", seconds=15)
    assert anna.count("CALL_CLOSED") == 0
    bruno.forget()
    bruno.dial("801")
    bruno.wait("CALL_ESTABLISHED")
    anna.wait_seconds(1)
    bruno.hang_up()
    anna.wait("CALL_CLOSED")
    assert anna.heard().level > -40

    def kept() -> list[dict[str, object]]:
        return [row for row in office.calls() if row["answered_by"] == "person"]

    first, second = eventually(lambda: kept() if len(kept()) == 2 else None, 10)
    lines = {row["id"]: row["extension"] for row in office.rows("SELECT id, extension FROM line")}
    assert (lines[first["to_line_id"]], lines[first["answered_line_id"]]) == ("202", "203")
    assert lines[second["answered_line_id"]] == "202" and second["dialled"] == "202"
