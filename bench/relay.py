"""What one media worker carries: relayed G.711 calls, and players of one prompt, without SIP.

    .venv/bin/python bench/relay.py --calls 100,500,900        # worker and PBX on core 0, load on 1
    .venv/bin/python bench/relay.py --players 100 --seconds 60

The load is a process of its own: each leg sends 50 packets of 172 bytes a second, spread over the
20 ms, by `sendmmsg`; it reads the kernel's receive stamps by `recvmmsg`. Delay is that stamp less
the moment before the batch was sent. Printed are microseconds of the worker's processor time for a
packet relayed (in and out), loss, and the delay's percentiles; quote ratios from one run.
"""

from __future__ import annotations

import argparse
import asyncio
import ctypes
import json
import os
import socket
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pbx.media import wav
from pbx.media.engine import Codec, Far, File
from pbx.media.workers import Workers

LIBC = ctypes.CDLL(None, use_errno=True)
SO_TIMESTAMPNS = 35
SO_RCVBUFFORCE, SO_SNDBUFFORCE = 33, 32
PACKET = 172
SLICES = 20
LEGS_A_SOCKET = 60
BATCH = 1024


class _Iov(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("len", ctypes.c_size_t)]


class _Msg(ctypes.Structure):
    _fields_ = [
        ("name", ctypes.c_void_p),
        ("namelen", ctypes.c_uint),
        ("iov", ctypes.c_void_p),
        ("iovlen", ctypes.c_size_t),
        ("control", ctypes.c_void_p),
        ("controllen", ctypes.c_size_t),
        ("flags", ctypes.c_long),  # an int and four bytes of padding
        ("len", ctypes.c_ulong),  # of the mmsghdr, padded likewise
    ]


def _messages(count: int, size: int, control: int = 0) -> tuple:
    """Buffers for so many datagrams, as sendmmsg and recvmmsg want them, and numpy's view."""
    data = np.zeros((count, size), np.uint8)
    rest = np.zeros((count, max(control, 16)), np.uint8)
    iovs, messages = (_Iov * count)(), (_Msg * count)()
    for index in range(count):
        iovs[index].base = data.ctypes.data + index * size
        iovs[index].len = size
        messages[index].iov = ctypes.addressof(iovs[index])
        messages[index].iovlen = 1
        if control:
            messages[index].control = rest.ctypes.data + index * rest.shape[1]
            messages[index].controllen = control
        else:
            messages[index].name = rest.ctypes.data + index * rest.shape[1]
            messages[index].namelen = 16
    return messages, data, rest, iovs


def load(ports: list[int], sockets: list[int], seconds: float, warm: float) -> dict:
    """Send to all ports from the sockets and count what comes back."""
    legs = len(ports)
    messages, data, names, _keep = _messages(legs, PACKET)
    view = data.view()
    for index, port in enumerate(ports):
        name = struct.pack("=H", socket.AF_INET) + struct.pack("!H", port) + bytes([127, 0, 0, 1])
        names[index, :8] = np.frombuffer(name, np.uint8)
    view[:, 0], view[:, 12:] = 0x80, 0xD5
    view[:, 8:12] = (np.arange(legs, dtype=">u4") + 1).view(np.uint8).reshape(legs, 4)
    into, got_data, got_control, _keep2 = _messages(BATCH, 256, 64)
    controllen_at = _Msg.controllen.offset
    lens = np.frombuffer(into, np.uint8).reshape(BATCH, ctypes.sizeof(_Msg))
    size = ctypes.sizeof(_Msg)
    delays: list[np.ndarray] = []
    sent = received = 0
    start = time.monotonic()
    slot, slice_number, sequence = start, 0, 0
    bounds = [legs * number // SLICES for number in range(SLICES + 1)]
    group = [(low, min(low + LEGS_A_SOCKET, legs)) for low in range(0, legs, LEGS_A_SOCKET)]
    end = start + warm + seconds

    def receive(counting: bool) -> int:
        total = 0
        for descriptor in sockets:
            while True:
                count = LIBC.recvmmsg(descriptor, ctypes.byref(into), BATCH, 0x40, None)
                if count <= 0:
                    break
                total += count
                if counting:
                    stamps = got_control[:count, 16:32].copy().view(np.int64)
                    when = stamps[:, 0] * 1_000_000_000 + stamps[:, 1]
                    left = got_data[:count, 20:28].copy().view(np.int64)[:, 0]
                    # What is transcoded bears no stamp that could be read.
                    ours = (left > 0) & (abs(when - left) < 60_000_000_000)
                    delays.append(np.where(ours, when - left, 0)[left != 0])
                lens[:count, controllen_at] = 64
                if count < BATCH:
                    break
        return total

    while (now := time.monotonic()) < end:
        counting = now - start > warm
        low, high = bounds[slice_number], bounds[slice_number + 1]
        header = np.empty((high - low, 6), np.uint8)
        header[:] = np.frombuffer(struct.pack("!HI", sequence & 0xFFFF, sequence * 160), np.uint8)
        view[low:high, 1], view[low:high, 2:8] = 0, header
        stamp = np.array([time.time_ns() if counting else 0], np.int64).view(np.uint8)
        view[low:high, 20:28] = stamp
        for number, (first, last) in enumerate(group):
            a, b = max(low, first), min(high, last)
            if a < b:
                done = LIBC.sendmmsg(sockets[number], ctypes.byref(messages, a * size), b - a, 0)
                sent += done
        got = receive(counting)
        received += got
        slice_number += 1
        if slice_number == SLICES:
            slice_number, sequence = 0, sequence + 1
        slot += 0.02 / SLICES
        time.sleep(max(0.0, slot - time.monotonic()))
    late = time.monotonic() - slot
    time.sleep(0.3)
    received += receive(True)
    all_delays = np.concatenate(delays) / 1e6 if delays else np.zeros(1)
    return {
        "sent": sent,
        "received": received,
        "loss_percent": round(100 * (1 - received / max(1, sent)), 4),
        "delay_ms": {
            str(share): round(float(np.percentile(all_delays, share)), 2)
            for share in (50, 99, 99.9)
        },
        "load_late_ms": round(late * 1000, 1),
    }


def _cpu(pid: int) -> np.ndarray:
    """Seconds on a core and seconds spent waiting for one."""
    return np.array(Path(f"/proc/{pid}/schedstat").read_text().split()[:2], float) / 1e9


def _megabytes(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def _sockets(count: int) -> list[socket.socket]:
    made = []
    for _ in range(count):
        one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        one.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        for option in (SO_RCVBUFFORCE, SO_SNDBUFFORCE):
            one.setsockopt(socket.SOL_SOCKET, option, 1 << 24)
        one.bind(("127.0.0.1", 0))
        made.append(one)
    return made


async def relay(calls: int, arguments: argparse.Namespace) -> dict:
    """One step: so many calls."""
    engine = Workers(ports=(22000, 22000 + calls * 4 + 400), bind_host="127.0.0.1")
    await engine.start()
    legs = calls * 2
    load_sockets = _sockets(-(-legs // LEGS_A_SOCKET))
    begun = time.perf_counter()
    streams = [await engine.open() for _ in range(legs)]
    far_codec = [Codec("PCMU", 0), Codec(arguments.transcode or "PCMU", 0)]
    digits = None if arguments.inband else 101
    for index, stream in enumerate(streams):
        port = load_sockets[index // LEGS_A_SOCKET].getsockname()[1]
        stream.aim(Far("127.0.0.1", port, send=far_codec[index % 2], digits=digits))
    for one, other in zip(streams[::2], streams[1::2], strict=True):
        engine.connect(one, other)
    await streams[-1].figures()
    set_up = time.perf_counter() - begun
    pid = engine.workers()[0].pid
    os.sched_setaffinity(pid, {arguments.core})
    if arguments.realtime:
        os.sched_setscheduler(pid, os.SCHED_RR, os.sched_param(1))
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        __file__,
        "--load",
        json.dumps(
            [
                [stream.port for stream in streams],
                [one.fileno() for one in load_sockets],
                arguments.seconds,
                4.0,
                arguments.load_core,
                arguments.realtime,
            ]
        ),
        pass_fds=[one.fileno() for one in load_sockets],
        stdout=subprocess.PIPE,
    )
    await asyncio.sleep(4.0)  # by then each socket is pinned
    cpu, at = _cpu(pid), time.monotonic()
    await asyncio.sleep(arguments.seconds * 0.9)
    busy, waited = (_cpu(pid) - cpu) / (time.monotonic() - at)
    assert process.stdout is not None
    answer = json.loads(await process.stdout.read())
    memory = _megabytes(pid)
    await engine.stop()
    return {
        "calls": calls,
        "busy_percent": round(100 * busy, 1),
        "waited_percent": round(100 * waited, 1),
        "us_a_packet": round(busy / (calls * 100) * 1e6, 2),
        **answer,
        "worker_mb": round(memory),
        "opens_a_second": round(legs / set_up),
    }


async def players(count: int, arguments: argparse.Namespace) -> dict:
    """So many listeners of one prompt: is each packet there, and at its time to the end?"""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "prompt.wav"
        sound = (8000 * np.sin(np.arange(8000 * 5) * 0.3)).astype("<i2").tobytes()
        path.write_bytes(wav.header(8000, len(sound)) + sound)
        engine = Workers(ports=(22000, 29000), bind_host="127.0.0.1")
        await engine.start()
        pid = engine.workers()[0].pid
        os.sched_setaffinity(pid, {arguments.core})
        ears = _sockets(count)
        tasks = []
        for ear in ears:
            stream = await engine.open()
            stream.aim(Far("127.0.0.1", ear.getsockname()[1]))
            tasks.append(asyncio.ensure_future(stream.play([File(path)], loop=True)))
        cpu = _cpu(pid)
        await asyncio.sleep(arguments.seconds)
        busy = (_cpu(pid) - cpu)[0] / arguments.seconds
        await engine.stop()
        await asyncio.gather(*tasks, return_exceptions=True)
    drift, gaps, missing = [], [], 0
    for ear in ears:
        stamps, numbers = [], []
        ear.setblocking(False)
        try:
            while True:
                data, control, _, _ = ear.recvmsg(2048, 64)
                seconds, rest = struct.unpack("qq", control[0][2])
                stamps.append(seconds + rest / 1e9)
                numbers.append(int.from_bytes(data[4:8], "big"))
        except BlockingIOError:
            pass
        ear.close()
        span = ((numbers[-1] - numbers[0]) % 2**32) / 8000
        # How late the last hundred are against the first, the middle one of each: a drift is what
        # adds up, not the moment when one packet had to wait for the core.
        late = np.array(stamps) - stamps[0] - (np.array(numbers) - numbers[0]) % 2**32 / 8000
        drift.append((np.median(late[-100:]) - np.median(late[:100])) * 1000)
        gaps.extend(np.diff(stamps))
        missing += round(span / 0.02) + 1 - len(stamps)
    return {
        "players": count,
        "seconds": arguments.seconds,
        "busy_percent": round(100 * busy, 1),
        "drift_ms_worst": round(max(map(abs, drift)), 2),
        "gap_ms": {
            str(share): round(1000 * float(np.percentile(gaps, share)), 2)
            for share in (0.1, 50, 99.9)
        },
        "missing": missing,
    }


def main() -> None:
    """Read the arguments and print one line an experiment."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--calls", default="")
    parser.add_argument("--players", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--transcode", default="", help="coding of every other leg: PCMA or G722")
    parser.add_argument(
        "--realtime", action="store_true", help="keep a busy machine out of the figures (root)"
    )
    parser.add_argument("--inband", action="store_true", help="look for keys in the sound")
    parser.add_argument("--core", type=int, default=0)
    parser.add_argument("--load-core", type=int, default=1)
    parser.add_argument("--load", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.load:
        ports, sockets, seconds, warm, core, realtime = json.loads(arguments.load)
        os.sched_setaffinity(0, {core})
        if realtime:
            os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
        print(json.dumps(load(ports, sockets, seconds, warm)))
        return
    for calls in filter(None, arguments.calls.split(",")):
        print(json.dumps(asyncio.run(relay(int(calls), arguments))), flush=True)
    if arguments.players:
        print(json.dumps(asyncio.run(players(arguments.players, arguments))))


if __name__ == "__main__":
    main()
