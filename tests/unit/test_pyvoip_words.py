"""The vocabulary shared with pyVoIP."""

from __future__ import annotations

import subprocess
import sys

import pytest

from pbx.pyvoip import EVENT_NAME, STATIC_AUDIO, CallState, SIPStatus, TransmitType, phrase


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (180, "Ringing"),
        (200, "OK"),
        (404, "Not Found"),
        (417, "Unknown Resource-Priority"),  # RFC 4412 s.12.4; misspelt in pyVoIP 1.6.8
        (423, "Interval Too Brief"),  # RFC 3261 s.21.4.17; misspelt in pyVoIP 1.6.8
        (480, "Temporarily Unavailable"),
        (486, "Busy Here"),
        (488, "Not Acceptable Here"),
        (603, "Decline"),
        (499, "Bad Request"),  # unknown: read as x00 of its class (RFC 3261 s.8.1.3.2)
        (699, "Busy Everywhere"),
        (99, ""),
        (700, ""),
        (-1, ""),
    ],
)
def test_the_words_of_a_status(status: int, words: str) -> None:
    assert phrase(status) == words


def test_payload_types_are_those_of_rfc_3551() -> None:
    assert STATIC_AUDIO == {"PCMU": 0, "PCMA": 8, "G722": 9}
    assert EVENT_NAME == "telephone-event"


def test_states_and_directions_keep_their_names() -> None:
    assert {state.name for state in CallState} == {"DIALING", "RINGING", "ANSWERED", "ENDED"}
    assert {str(way) for way in TransmitType} == {"sendrecv", "sendonly", "recvonly", "inactive"}
    assert int(SIPStatus(486)) == 486


def test_importing_it_starts_nothing_and_prints_nothing() -> None:
    look = "import threading, pbx.pyvoip; assert threading.active_count() == 1"
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", look], capture_output=True, timeout=30, check=False
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, b"", b"")
