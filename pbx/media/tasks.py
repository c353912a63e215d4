"""What the streams of a worker are busy with: sounds being played, recordings being made.

Each has the token under which the parent waits for its end.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pbx.media import commands, prepared, wav
from pbx.media.commands import Message
from pbx.media.disk import Disk
from pbx.media.engine import File, Silence, Sound
from pbx.media.player import Player
from pbx.media.prepared import Ready
from pbx.media.recorder import Outcome, Recorder, Recording
from pbx.media.relay import Flow

Say = Callable[..., None]


class Plays:
    """The sounds being played in one worker."""

    def __init__(self, say: Say, disk: Disk) -> None:
        self._say, self._disk = say, disk
        self._store = prepared.Store()
        self._tokens: dict[Player, int] = {}

    def start(self, flow: Flow, token: int, sounds: Message, *, loop: bool) -> None:
        """Play these on a stream, instead of what plays there."""
        self.stop(flow, 0)
        wanted = commands.sounds_up(sounds)
        player = Player([None] * len(wanted), loop=loop)
        for index, sound in enumerate(wanted):
            self._prepare(player, index, sound)
        self._tokens[player] = token
        flow.voice.play(player)

    def stop(self, flow: Flow, token: int) -> None:
        """Stop what plays on a stream, if it has this token (0: whatever it is)."""
        player = flow.voice.player
        if player is None or token not in (0, self._tokens.get(player)):
            return
        flow.voice.play(None)
        self._say("played", self._tokens.pop(player), False)

    def ended(self, player: Player) -> None:
        """A player has come to its end."""
        self._say("played", self._tokens.pop(player), True)

    def _prepare(self, player: Player, index: int, sound: Sound) -> None:
        if isinstance(sound, File):
            path = sound.path
            self._disk.submit(
                lambda: _loaded(path, self._store),
                lambda answer: self._came(player, index, answer),
            )
        elif isinstance(sound, Silence):
            player.arrived(index, prepared.SilentSound(sound.seconds))
        else:
            try:
                player.arrived(index, prepared.ToneSound(sound.name, sound.seconds))
            except KeyError:
                self._came(player, index, f"no tone is called {sound.name!r}")

    def _came(self, player: Player, index: int, answer: Ready | str) -> None:
        if isinstance(answer, str):
            self._say("note", answer)
            player.arrived(index, None)
        else:
            player.arrived(index, answer)


def _loaded(path: Path, store: prepared.Store) -> Ready | str:
    """On the disk's thread: a file from the store or the disk, or why not."""
    try:
        key = prepared.stamp(path)
        found = store.get(key)
        if found is None:
            found = prepared.load(path)
            store.put(key, found)
        return found
    except (OSError, wav.NotWav) as error:
        return f"cannot play {path}: {error}"


class Tapes:
    """The recordings being made in one worker."""

    def __init__(self, say: Say, disk: Disk) -> None:
        self._say, self._disk = say, disk
        self._running: dict[Flow, int] = {}

    def start(self, flow: Flow, token: int, asked: Message, now: float) -> None:
        """Record a stream, instead of the recording that goes on there."""
        self.stop(flow, 0, "stopped", now)
        path, max_seconds, silence_seconds, stop_digits, both_ways = asked

        def finished(how: Outcome) -> None:
            self._say("recorded", token, (how.seconds, how.ended, how.digit, how.error, how.peaks))

        recording = Recording(
            path=path,
            max_seconds=max_seconds,
            silence_seconds=silence_seconds,
            stop_digits=stop_digits,
            both_ways=both_ways,
            rate_hz=16000 if flow.coding == "G722" else 8000,
        )
        self._running[flow] = token
        flow.recorder = Recorder(recording, self._disk, now=now, finished=finished)
        flow.plan()

    def stop(self, flow: Flow, token: int, ended: str, now: float) -> None:
        """End the recording of a stream, if it has this token (0: whatever it is)."""
        recorder = flow.recorder
        if recorder is None or token not in (0, self._running[flow]):
            return
        recorder.stop(ended, now)
        del self._running[flow]
        flow.recorder = None
        flow.plan()

    def tick(self, now: float) -> None:
        """Let them write, and part with those that are over."""
        for flow in list(self._running):
            if flow.recorder is not None:
                flow.recorder.tick(now)
                if flow.recorder.over:
                    self.stop(flow, 0, "stopped", now)
