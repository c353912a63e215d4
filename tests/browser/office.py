"""An office for the browser tests: the real portal on a free port, over a seeded database.

Run as a program: `python -m tests.browser.office DATA PORT`. The PBX behind it is told what to
publish by JSON lines on standard input, so a test says what a phone does and looks at the page.
"""

from __future__ import annotations

import json
import math
import os
import random
import struct
import sys
import threading
import wave
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from officesmart import migrate
from officesmart.phone import phone
from pbx import credentials
from pbx.config import Config
from pbx.events import kinds
from pbx.events.board import Board
from pbx.events.bus import Bus, Reader
from pbx.events.kinds import Event, Party
from pbx.link import Diverted, Placed
from pbx.store.session import Database
from pbx.tables import CallRecord, Line, Mailbox, VoiceMessage

PASSWORD = "carta-e-penna-72"
LINES = {
    "201": ("Giulia Ferrante", "user", "+390255501201"),
    "202": ("Davide Conti", "user", ""),
    "203": ("Sara Lombardi", "admin", "+390255501203"),
}
QUOTED = json.dumps


class StandIn:
    """A link whose facts come from the test instead of from phones."""

    def __init__(self) -> None:
        self._bus = Bus()
        self._readers: dict[Reader, Any] = {}
        self._placed = 0
        self.asked: list[dict[str, Any]] = []

    def running(self) -> bool:
        return True

    def board(self) -> Board:
        return self._bus.board

    def events(self) -> Reader:
        import asyncio

        reader = Reader(asyncio.get_running_loop())
        self._readers[reader] = self._bus.listen(reader)
        return reader

    def close_events(self, reader: Reader) -> None:
        self._readers.pop(reader, lambda: None)()

    def publish(self, event: Event) -> None:
        self._bus.publish(event)

    async def call(self, line: str, number: str, *, key: str = "", origin: str = "") -> Placed:
        self._placed += 1
        call = f"web{self._placed}"
        now = datetime.now(UTC)
        me = Party(line, "", line)
        self.publish(kinds.CallStarted(call, now, me, party(number), from_web=True, origin=origin))
        self.publish(kinds.OriginRinging(call, now))
        self._tell({"call": call, "line": line, "number": number, "key": key, "origin": origin})
        return Placed(call)

    async def hang_up(self, call: str, *, line: str = "") -> bool:
        known = self.board().calls.get(call)
        if known is None or (line and not known.concerns(line)):
            return False
        self._tell({"hang_up": call, "line": line})
        self.publish(kinds.CallEnded(call, datetime.now(UTC), kinds.End.COMPLETED, "portal"))
        return True

    async def divert(self, call: str, *, line: str, to: str) -> Diverted:
        known = self.board().calls.get(call)
        if known is None or line not in known.rings:
            return Diverted(False, "La chiamata è già finita", "The call is already over")
        self._tell({"divert": call, "line": line, "to": to})
        now = datetime.now(UTC)
        self.publish(kinds.LineQuiet(call, now, line))
        if to == "mailbox":
            self.publish(kinds.CallAnswered(call, now, known.callee, "mailbox"))
            return Diverted(True, "Chi chiama va in segreteria", "The caller goes to voicemail")
        self.publish(kinds.CallRinging(call, now, party(to)))
        name = party(to).name
        return Diverted(True, f"Chiamata inoltrata a {name}", f"Call forwarded to {name}")

    async def sign_out_phone(self, phone: int, *, line: str = "") -> bool:
        known = self.board().phones.get(phone)
        if known is None or (line and known.line != line):
            return False
        self.publish(kinds.PhoneGone(known.line, phone, datetime.now(UTC), "removed"))
        return True

    async def mailbox_changed(self, line: str) -> None:
        self._tell({"lamp": line})
        self.publish(kinds.MailboxChanged(line))

    async def settings_changed(self) -> None:
        self._tell({"settings": True})

    async def try_trunk(self, trunk: int) -> kinds.TrunkChanged | None:
        known = self.board().trunks.get(trunk)
        if known is None:
            return None
        up = kinds.Why("Collegata al provider", "Signed in at the provider")
        now = kinds.TrunkChanged(trunk, known.name, "up", up, datetime.now(UTC))
        self.publish(now)
        return now

    def _tell(self, what: dict[str, Any]) -> None:
        print(QUOTED(what), flush=True)


def party(text: str) -> Party:
    """A line by its extension, else a number; '' is withheld."""
    if text in LINES:
        return Party(text, LINES[text][0], text)
    return Party(text)


def obey(link: StandIn, database: Database, told: dict[str, Any]) -> None:
    """One thing that happens in the office."""
    now = datetime.now(UTC)
    match told["do"]:
        case "register":
            link.publish(
                kinds.PhoneRegistered(
                    line=told["line"],
                    phone=told["phone"],
                    at=now,
                    contact=f"sip:{told['line']}@192.0.2.10",
                    source=f"192.0.2.{told['phone']}:5060",
                    transport="udp",
                    user_agent=told.get("agent", "Yealink SIP-T54W 96.86.0.100"),
                    expires_at=now + timedelta(hours=1),
                )
            )
        case "park":
            place = (told["call"], now, told["orbit"], told["by"], party(told["who"]))
            link.publish(kinds.CallParked(*place))
        case "quiet":
            link.publish(kinds.DoNotDisturb(told["line"], told["on"]))
        case "gone":
            link.publish(kinds.PhoneGone(told["line"], told["phone"], now, "expired"))
        case "start":
            link.publish(
                kinds.CallStarted(told["call"], now, party(told["from"]), party(told["to"]))
            )
        case "ring":
            link.publish(kinds.CallRinging(told["call"], now, party(told["to"])))
            through = kinds.Through(
                told.get("through", ""), party(told.get("who", "")), told.get("orbit", "")
            )
            can = tuple(told.get("may", ("decline", "mailbox", "colleague")))
            if told["to"] in LINES and told.get("popup", True):
                link.publish(kinds.LineRings(told["call"], now, told["to"], through, can))
        case "quiet_line":
            link.publish(kinds.LineQuiet(told["call"], now, told["line"]))
        case "origin_rings":
            link.publish(kinds.OriginRinging(told["call"], now))
        case "origin_answers":
            link.publish(kinds.OriginAnswered(told["call"], now))
        case "answer":
            by = told.get("by", "person")
            link.publish(kinds.CallAnswered(told["call"], now, party(told["to"]), by))
        case "hold":
            link.publish(kinds.CallHeld(told["call"], now, told["line"], told["held"]))
        case "end":
            end = kinds.End(told.get("end", "completed"))
            link.publish(kinds.CallEnded(told["call"], now, end, "caller"))
        case "message":
            with database.session() as session:
                line = session.get(Line, list(LINES).index(told["line"]) + 1)
                assert line is not None
                made = leave(
                    session, database.data, line, told["call"], told.get("from", ""), now, 6
                )
            link.publish(kinds.VoicemailLeft(told["line"], made, now))
        case "trunk":
            why = kinds.Why("Il provider non risponde", "The provider does not answer")
            link.publish(kinds.TrunkChanged(told["trunk"], told["name"], told["state"], why, now))
        case "worker":
            link.publish(kinds.WorkerChanged(told["worker"], 4000 + told["worker"], told["alive"]))
        case "settings":
            link.publish(kinds.SettingsChanged(revision=0))
        case "trouble":
            link.publish(
                kinds.Trouble(
                    "disk_full",
                    now,
                    it="Il disco è pieno: i messaggi non si possono registrare.",
                    en="The disk is full: messages cannot be recorded.",
                    over=told.get("over", False),
                )
            )


def leave(
    session: Any,
    data: Path,
    line: Line,
    call: str,
    caller: str,
    at: datetime,
    seconds: float,
    *,
    state: str = "new",
    name: str = "",
    urgent: bool = False,
) -> int:
    """A message with a sound that can be heard: a tone that comes and goes."""
    file = f"messages/{line.extension}/{call}.wav"
    path = data / file
    path.parent.mkdir(parents=True, exist_ok=True)
    shape = random.Random(call)
    levels = [
        max(4, min(100, round(shape.gauss(45, 30) * (0.3 + abs(math.sin(n / 9))))))
        for n in range(150)
    ]
    samples = [
        round(3000 * levels[n * 150 // int(8000 * seconds)] / 100 * math.sin(n * 0.35))
        for n in range(int(8000 * seconds))
    ]
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(struct.pack(f"<{len(samples)}h", *samples))
    row = VoiceMessage(
        line_id=line.id or 0,
        call_id=call,
        caller_number=caller,
        caller_name=name,
        left_at=at,
        seconds=seconds,
        file=file,
        state=state,
        urgent=urgent,
        peaks=",".join(map(str, levels)),
    )
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def seed(database: Database) -> None:
    """Three people; Giulia has messages and calls of three days."""
    now = datetime.now(UTC).replace(microsecond=0)
    kept = credentials.hash_password(PASSWORD)
    with database.session() as session:
        lines = []
        for extension, (name, role, number) in LINES.items():
            line = Line(
                extension=extension,
                name=name,
                number=number,
                role=role,
                password_hash=kept,
                security_email=f"{extension}@ufficio.example",
                welcomed_at=now,
                created_at=now,
            )
            session.add(line)
            session.flush()
            session.add(Mailbox(line_id=line.id or 0))
            lines.append(line)
        giulia, davide, _ = lines
        for call, ago, seconds, caller, name, state, urgent in (
            ("m1", timedelta(minutes=4), 12, "+390163555021", "Teresa Olivari", "new", False),
            ("m2", timedelta(minutes=80), 8, "+390255507318", "Ottica Marzorati", "new", True),
            ("m3", timedelta(minutes=130), 14, "+390255506643", "", "new", False),
            ("m4", timedelta(days=1, hours=2), 9, "202", "Davide Conti", "heard", False),
            ("m5", timedelta(days=1, hours=5), 11, "", "", "heard", False),
            ("m6", timedelta(days=2), 5, "+390255507741", "Marco Bellandi", "heard", False),
        ):
            leave(
                session, database.data, giulia, call, caller, now - ago, seconds,
                state=state, name=name, urgent=urgent,
            )  # fmt: skip
        gone = leave(session, database.data, giulia, "m7", "203", now - timedelta(days=3), 4)
        row = session.get(VoiceMessage, gone)
        assert row is not None
        row.state, row.state_before_deletion, row.deleted_at = "deleted", "heard", now
        leave(session, database.data, davide, "d1", "201", now - timedelta(hours=1), 5)
        for call, ago, out, number, name, talked, why, message in (
            ("m1", timedelta(minutes=4), False, "+390163555021", "Teresa Olivari", 0,
             "message_left", True),
            ("c2", timedelta(minutes=30), False, "+390255507318", "Ottica Marzorati", 0,
             "cancelled", False),
            ("c3", timedelta(hours=3), False, "202", "Davide Conti", 132, "completed", False),
            ("c4", timedelta(hours=4), True, "0255507741", "Marco Bellandi", 65, "completed",
             False),
            ("c5", timedelta(hours=5), True, "203", "Sara Lombardi", 0, "no_answer", False),
            ("c6", timedelta(days=1, hours=1), False, "", "", 0, "no_answer", False),
        ):  # fmt: skip
            at = now - ago
            session.add(
                CallRecord(
                    call_id=call,
                    from_line_id=giulia.id if out else None,
                    to_line_id=None if out else giulia.id,
                    caller_number="201" if out else number,
                    caller_name="Giulia Ferrante" if out else name,
                    dialled=number if out else "201",
                    callee_name=name if out else "Giulia Ferrante",
                    started_at=at,
                    answered_at=at + timedelta(seconds=4) if talked else None,
                    ended_at=at + timedelta(seconds=4 + talked),
                    answered_by="person" if talked else "mailbox" if message else "",
                    answered_line_id=giulia.id if talked and not out else None,
                    why=why,
                    message_left=message,
                    from_web=out,
                )
            )


def main() -> None:
    data, port = Path(sys.argv[1]), int(sys.argv[2])
    config = Config(data=data, port=port, smtp_url=os.environ.get("OFFICESMART_SMTP_URL", ""))
    database = Database(config.url, data)
    if not (data / "seeded").exists():
        migrate.upgrade(database)
        seed(database)
        (data / "seeded").touch()
    os.environ.update(OFFICESMART_DATA=str(data), OFFICESMART_PORT=str(port), OFFICESMART_PBX="off")
    link = StandIn()
    if os.environ.get("STAND_IN", "yes") == "yes":
        phone.use(link)

    def listen() -> None:
        for line in sys.stdin:
            obey(link, database, json.loads(line))

    threading.Thread(target=listen, daemon=True).start()
    from officesmart import server

    server.main(config)


if __name__ == "__main__":
    main()
