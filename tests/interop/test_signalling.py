"""What SIPp sees: cancelling, forking, transfers and refusals, message by message."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Callable

import pytest

from tests.interop import ports
from tests.interop.baresip import Baresip
from tests.interop.office import Office, eventually
from tests.interop.sipp import Sipp

Phone = Callable[..., Baresip]
Scenario = Callable[..., Sipp]


def sign_in(scenario: Scenario, line: str, port: int, expires: int = 300) -> None:
    scenario("register", line, port=port, keys={"expires": str(expires)}).run()


def test_a_caller_gives_up_and_no_phone_rings_on(
    phone: Phone, scenario: Scenario, office: Office
) -> None:
    bruno = phone("202")
    scenario("caller_cancels", "201", dialled="202").run()
    bruno.wait("CALL_INCOMING")
    bruno.wait("CALL_CLOSED", seconds=3)
    (record,) = eventually(office.calls)
    assert (record["why"], record["ended_by"]) == ("cancelled", "caller")
    assert not record["answered_at"]


def test_all_phones_of_a_line_ring_and_the_others_are_told_why(
    phone: Phone, scenario: Scenario
) -> None:
    port = ports.row(2)
    sign_in(scenario, "202", port)
    other = scenario("callee_rings", "202", port=port).start()
    first, second = phone("202"), phone("202")
    anna = phone("201")
    anna.dial("202")
    first.wait("CALL_INCOMING")
    second.wait("CALL_INCOMING")
    second.answer()
    anna.wait("CALL_ESTABLISHED")
    first.wait("CALL_CLOSED", seconds=3)
    other.finish()
    assert 'SIP;cause=200;text="Call completed elsewhere"' in other.noted()
    anna.hang_up()


def test_a_busy_line_lets_the_mailbox_answer(
    phone: Phone, scenario: Scenario, office: Office
) -> None:
    port = ports.row(2)
    sign_in(scenario, "202", port)
    busy = scenario("callee_busy", "202", port=port).start()
    anna = phone("201")
    anna.dial("202")
    anna.wait("CALL_ESTABLISHED")
    busy.finish()
    anna.hang_up()
    (record,) = eventually(office.calls)
    assert record["answered_by"] == "mailbox"
    assert any(tried["status"] == 486 for tried in json.loads(record["phones"]))


def test_sipp_talks_to_baresip(phone: Phone, scenario: Scenario) -> None:
    phone("202", answers="auto")
    caller = scenario("caller_talks", "201", dialled="202").run()
    assert "SIP/2.0 180" in caller.flow()


def test_keys_by_info_end_the_echo(scenario: Scenario) -> None:
    scenario("caller_presses_info", "201", dialled="*600").run()


def test_blind_transfer_by_refer_is_told_to_who_asked(
    phone: Phone, scenario: Scenario, office: Office
) -> None:
    bruno, carla = phone("202", answers="auto", tone=440), phone("203", answers="auto", tone=1000)
    asked = scenario("caller_refers", "201", dialled="202", keys={"target": "203"}).run()
    progress = re.findall(r"progress ([0-9]+)", asked.noted())
    assert progress[0] == "100" and progress[-1] == "200"
    carla.wait("CALL_ESTABLISHED")
    carla.wait_seconds(2.0)
    carla.hang_up()
    bruno.wait("CALL_CLOSED")
    assert carla.heard().seconds_of(440) > 1.2


def test_attended_transfer_joins_the_two(phone: Phone, scenario: Scenario, office: Office) -> None:
    bruno, carla = phone("202", answers="auto", tone=440), phone("203", answers="auto", tone=1000)
    scenario("caller_attended", "201", dialled="202", keys={"target": "203"}).run()
    bruno.wait_seconds(2.0)
    assert bruno.never("CALL_CLOSED") and carla.never("CALL_CLOSED")
    carla.hang_up()
    bruno.wait("CALL_CLOSED")
    assert carla.heard().seconds_of(440) > 1.2


def exchange(office: Office, request: str) -> str:
    """Send one request by UDP; the first final answer."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.bind((ports.LOOPBACK, 0))
        client.settimeout(3)
        host, port = client.getsockname()
        text = request.replace("HERE", f"{host}:{port}").replace("\n", "\r\n")
        client.sendto(text.encode(), (ports.LOOPBACK, office.port))
        while True:
            answer = client.recv(8192).decode()
            if not answer.startswith("SIP/2.0 1"):
                return answer


def register(user: str, *, number: int, authorization: str = "") -> str:
    return (
        "REGISTER sip:127.0.0.1 SIP/2.0\nVia: SIP/2.0/UDP HERE;branch=z9hG4bK"
        f"{user}{number};rport\nMax-Forwards: 70\nFrom: <sip:{user}@127.0.0.1>;tag=t\n"
        f"To: <sip:{user}@127.0.0.1>\nCall-ID: {user}-guess\nCSeq: {number} REGISTER\n"
        f"Contact: <sip:{user}@HERE>\n{authorization}Expires: 60\nContent-Length: 0\n\n"
    )


def shape(answer: str, user: str) -> str:
    """An answer without what differs by right: the user, tags, ports, nonces."""
    answer = answer.replace(user, "USER")
    answer = re.sub(r'nonce="[^"]+"', "nonce", answer)
    answer = re.sub(r"tag=[^\s;]+", "tag", answer)
    return re.sub(r"(127\.0\.0\.1:|rport=)\d+", r"\1PORT", answer)


def test_a_guesser_cannot_tell_known_lines_from_unknown_ones(office: Office) -> None:
    seen = []
    for user in ("201", "299"):
        first = exchange(office, register(user, number=1))
        nonce = re.search(r'nonce="([^"]+)"', first)
        assert first.startswith("SIP/2.0 401") and nonce
        proof = (
            f'Authorization: Digest username="{user}", realm="officesmart", nonce="{nonce[1]}", '
            f'uri="sip:127.0.0.1", response="{"0" * 32}", algorithm=MD5\n'
        )
        second = exchange(office, register(user, number=2, authorization=proof))
        assert second.startswith("SIP/2.0 401")
        seen.append((shape(first, user), shape(second, user)))
    assert seen[0] == seen[1]


def test_a_wrong_password_signs_nobody_in(phone: Phone, office: Office) -> None:
    wrong = phone("201", password="nope", sign_in=False)
    wrong.wait("REGISTER_FAIL")
    assert office.rows("SELECT * FROM registration") == []


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_registrations_survive_a_restart(phone: Phone, office: Office, transport: str) -> None:
    bruno = phone("202", transport=transport)
    assert eventually(lambda: office.rows("SELECT * FROM registration"))
    office.kill()
    office.start()
    anna = phone("201")
    anna.dial("202")
    bruno.wait("CALL_INCOMING")
    anna.hang_up()


def test_a_phone_that_signs_out_rings_no_more(phone: Phone, office: Office) -> None:
    bruno = phone("202")
    assert eventually(lambda: office.rows("SELECT * FROM registration"))
    bruno.stop()
    assert eventually(lambda: not office.rows("SELECT * FROM registration"))


def test_a_caller_who_insists_gets_ringing_he_can_rely_on(phone: Phone, scenario: Scenario) -> None:
    bruno = phone("202")
    caller = scenario("caller_reliable", "201", dialled="202").start()
    bruno.wait("CALL_INCOMING")
    bruno.wait_seconds(0.5)
    bruno.answer()
    caller.finish()
    bruno.wait("CALL_CLOSED")


def test_a_caller_keeps_his_session_alive(phone: Phone, scenario: Scenario) -> None:
    phone("202", answers="auto")
    scenario("caller_refreshes", "201", dialled="202").run()
