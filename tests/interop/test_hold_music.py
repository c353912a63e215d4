"""Music that an administrator uploads is what somebody on hold hears, from the next hold on."""

from __future__ import annotations

import asyncio
import math
import struct
import wave
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from officesmart.administration import hold_music
from officesmart.administration.audit import Author
from pbx.config import Config
from pbx.remote import RemoteLink
from pbx.store.session import Database
from tests.interop.baresip import Baresip
from tests.interop.office import Office
from tests.interop.sound import read

UPLOADED = 620


def tone(path: Path, seconds: float = 5) -> Path:
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(44_100)
        for n in range(int(44_100 * seconds)):
            value = round(3000 * math.sin(2 * math.pi * UPLOADED * n / 44_100))
            sound.writeframesraw(struct.pack("<h", value))
    return path


def upload(office: Office, path: Path) -> None:
    """As the page does: converted, kept, and the PBX told through its door."""
    config = Config(data=office.data)

    async def told() -> None:
        now = datetime.now(UTC)
        file = await hold_music.convert(path, office.data, at=now)
        database = Database(config.url, office.data)
        with database.session() as session:
            author = Author("201", "Persona 201", now)
            hold_music.use(session, author, office.data, file=file, name=path.name)
        database.close()
        link = RemoteLink(office.data)
        reaching = asyncio.create_task(link.keep_up())
        async with asyncio.timeout(10):
            while not link.running():
                await asyncio.sleep(0.05)
            await link.settings_changed()
        reaching.cancel()
        await asyncio.gather(reaching, return_exceptions=True)

    asyncio.run(told())


def test_uploaded_music_is_heard_in_the_same_call(
    office: Office, phone: Callable[..., Baresip], tmp_path: Path
) -> None:
    anna, bruno = phone("201", tone=440), phone("202", tone=1000, answers="auto")
    anna.dial("202")
    anna.wait("CALL_ESTABLISHED")
    bruno.wait("CALL_ESTABLISHED")
    bruno.hold()
    anna.wait_seconds(2)
    bruno.resume()
    upload(office, tone(tmp_path / "attesa.wav"))
    bruno.hold()
    anna.wait_seconds(3)
    bruno.resume()
    anna.wait_seconds(1)
    anna.hang_up()
    bruno.wait("CALL_CLOSED")
    heard = [
        (piece.share(UPLOADED, 20), piece.level)
        for path in anna.recordings()
        for sound in [read(path)]
        for n in range(int(sound.seconds * 5))
        for piece in [sound.between(n / 5, (n + 1) / 5)]
    ]
    uploaded = [n for n, (share, level) in enumerate(heard) if share > 0.9 and level > -35]
    assert len(uploaded) >= 10, "two seconds of the uploaded tone"
    assert uploaded[0] > 10, "not before it was uploaded"
    levels = [heard[n][1] for n in uploaded[1:-1]]
    assert all(abs(level - hold_music.LEVEL_DBFS) < 3 for level in levels), levels
