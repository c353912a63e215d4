"""Load on the whole PBX, and its figures beside those of the issue's reference.

    make bench                                   # everything: some 10 minutes
    .venv/bin/python bench/office.py --exp cpsx --cps-rates 100,200

The office has lines 1001 to 1400. PBX and media workers get core 0, the load core 1. The load is
`../shared/bench/` (SIPp and an RTP generator in C), copied and built in a scratch folder. Every
figure goes to `bench/results/` as a line of JSON; the table in `bench/README.md` is made anew from
the newest lines. The machine is shared: read ratios, and `steal_pct` beside processor time.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
RESULTS = HERE / "results"
README = HERE / "README.md"
BEGIN, END = "<!-- figures: written by office.py -->", "<!-- end of figures -->"
COLUMNS = "extension,name,email,password,sip_password,mailbox_pin,number,site,role,language"
FIRST, LAST = 1001, 1400

# Asterisk 22 on one core of such a machine under this very load (the issue, section 6).
REFERENCE = {"registrations": 1500.0, "setups": 200.0, "delay": 3.0, "relay": 100.0, "fills": 300.0}


def lines_csv() -> str:
    """400 lines with the passwords that the load knows."""
    rows = [COLUMNS]
    for line in range(FIRST, LAST + 1):
        rows.append(f"{line},Linea {line},,bench-{line}-x,secret{line},73{line},,Banco,user,it")
    return "\n".join(rows) + "\n"


def free_port() -> int:
    """A SIP port nobody has, away from the audio ports of both sides."""
    for port in range(15060, 15960, 2):
        with (
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
            socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tcp,
        ):
            try:
                udp.bind(("127.0.0.1", port))
                tcp.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise SystemExit("no free SIP port between 15060 and 15960")


def environ(data: Path, port: int) -> dict[str, str]:
    """The PBX's settings."""
    return os.environ | {
        "OFFICESMART_DATA": str(data),
        "OFFICESMART_SIP_HOST": "127.0.0.1",
        "OFFICESMART_SIP_PORT": str(port),
        "OFFICESMART_RTP_PORTS": "20000-29999",
        "OFFICESMART_LOG": "WARNING",
        "PYTHONUNBUFFERED": "1",
    }


def furnish(env: Mapping[str, str], folder: Path) -> float:
    """Import the 400 lines; the seconds it took."""
    table = folder / "lines.csv"
    table.write_text(lines_csv())
    started = time.monotonic()
    subprocess.run(
        [sys.executable, "-m", "officesmart.cli", "import", "--allow-weak", str(table)],
        cwd=ROOT,
        env=dict(env),
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return time.monotonic() - started


def start_pbx(env: Mapping[str, str], core: str, log: Path) -> subprocess.Popen[str]:
    """The PBX alone, on its core, ready."""
    pbx = subprocess.Popen(
        ["taskset", "-c", core, sys.executable, "-m", "pbx"],
        cwd=ROOT,
        env=dict(env),
        stdout=subprocess.PIPE,
        stderr=log.open("w"),
        text=True,
    )
    assert pbx.stdout is not None
    if not pbx.stdout.readline().startswith("ready"):
        pbx.kill()
        raise SystemExit(f"the PBX did not start:\n{log.read_text()[-3000:]}")
    return pbx


def build_load(source: Path, folder: Path) -> Path:
    """A built copy of the load."""
    if not (source / "bench.py").exists():
        raise SystemExit(f"the load is not at {source}: name it with --load")
    load = folder / "load"
    shutil.copytree(source, load)
    subprocess.run(["make", "-s"], cwd=load, check=True)
    return load


def run_load(load: Path, wanted: argparse.Namespace, pid: int, port: int, out: Path) -> None:
    """bench.py with our numbers; its lines also as a readable table."""
    words: list[str] = [
        *(sys.executable, str(load / "bench.py"), "--name", "officesmart"),
        *("--host", "127.0.0.1", "--port", str(port), "--pids", str(pid)),
        *("--core", wanted.load_core, "--users", f"{FIRST}-{LAST}", "--password", "secret%d"),
        *("--echo", "*600", "--vm", f"*87{LAST}", "--exp", wanted.exp, "--out", str(out)),
        *("--max-loss", "0.1", "--max-p99", "20", "--dur", str(wanted.dur)),
        *("--tries", str(wanted.tries), "--quiet-wait", str(wanted.quiet_wait)),
    ]
    for name in ("reg_rates", "cps_rates", "relay_calls"):
        if getattr(wanted, name):
            words += ["--" + name.replace("_", "-"), getattr(wanted, name)]
    running = subprocess.Popen(words, cwd=load, stdout=subprocess.PIPE)
    subprocess.run([sys.executable, str(load / "show.py")], stdin=running.stdout, check=False)
    running.wait()


def rows_of(paths: list[Path]) -> list[dict[str, Any]]:
    """Every figure, oldest first."""
    return [json.loads(line) for path in paths for line in path.read_text().splitlines()]


def newest(rows: list[dict[str, Any]], **like: object) -> dict[str, Any]:
    """The last figure of that kind, or nothing."""
    fitting = [row for row in rows if all(row.get(key) == value for key, value in like.items())]
    return fitting[-1] if fitting else {}


def ratio(ours: float | None, theirs: float) -> str:
    """How many times the reference's figure."""
    return f"{ours / theirs:.2f}" if ours is not None else "-"


def table(rows: list[dict[str, Any]]) -> str:
    """The newest figures as Markdown."""
    reg, cps = newest(rows, exp="reg_max"), newest(rows, exp="cps_max")
    regs, calls = reg.get("max_rate"), cps.get("max_rate")
    at100 = newest(rows, exp="cps_rtpload", target_rate=100)
    delay = at100.get("pdd_ms_from_first_invite", {}).get("p50")
    relay, idle = newest(rows, exp="relay_max"), newest(rows, exp="idle")
    both, loss = relay.get("max_calls_loss_and_p99_ok"), relay.get("max_calls_loss_ok")
    steps = [r for r in rows if r.get("exp") == "relay" and "lat_ms" in r]
    most = next((r for r in reversed(steps) if r.get("calls") == both), {})

    def say(value: object, unit: str = "") -> str:
        return "not measured" if value is None else f"{value}{unit}"

    per_call = None
    if most and idle:
        per_call = round((most["server_rss_mb"] - idle["server_rss_mb"]) / most["calls"], 2)
    lines = [
        "| measure, all on one core | reference | here | ratio |",
        "| --- | ---: | ---: | ---: |",
        f"| registrations/s with digest | 1500 | {say(regs)} | "
        f"{ratio(regs, REFERENCE['registrations'])} |",
        f"| processor per registration | 0.6 ms | "
        f"{say(reg.get('at_max', {}).get('server_cpu_ms_per_op') if regs else None, ' ms')} | |",
        f"| call set-ups/s without a retransmission | 200 | {say(calls)} | "
        f"{ratio(calls, REFERENCE['setups'])} |",
        f"| processor per call | 4.5 ms | "
        f"{say(cps.get('at_max', {}).get('server_cpu_ms_per_op') if calls else None, ' ms')} | |",
        f"| median from first INVITE to 180 at 100/s | 3 ms | {say(delay, ' ms')} | "
        f"{ratio(delay, REFERENCE['delay'])} |",
        f"| relayed calls, loss < 0.1 % and 99 % under 20 ms | 100 | {say(both)} | "
        f"{ratio(both, REFERENCE['relay'])} |",
        f"| relayed calls, loss < 0.1 % | about 300 | {say(loss)} | "
        f"{ratio(loss, REFERENCE['fills'])} |",
        f"| added delay at that load, median / 99 % | - / 20 ms | "
        f"{say(most.get('lat_ms', {}).get('p50'))} / {say(most.get('lat_ms', {}).get('p99'))} ms "
        "| |",
        f"| memory idle, without the portal | - | {say(idle.get('server_rss_mb'), ' MB')} | |",
        f"| memory a call | - | {say(per_call, ' MB')} | |",
    ]
    return "\n".join(lines)


def write_table(rows: list[dict[str, Any]]) -> None:
    """Put the newest figures into the README."""
    text = README.read_text()
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    when = datetime.now().astimezone().strftime("%Y-%m-%d")
    README.write_text(f"{before}{BEGIN}\n\nMeasured {when}.\n\n{table(rows)}\n\n{END}{after}")


def main() -> None:
    """Run what is asked for."""
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    ask.add_argument("--exp", default="idle,floor,reg,cps,cpsx,relay,vm")
    ask.add_argument("--load", type=Path, default=ROOT.parent / "shared" / "bench")
    ask.add_argument("--reg-rates", default="500,1000,1500,2000,2500,3000")
    ask.add_argument("--cps-rates", default="50,100,150,200,250,300,400")
    ask.add_argument("--relay-calls", default="50,100,200,300,400,500,600,700,800,900")
    ask.add_argument("--dur", type=int, default=10)
    ask.add_argument("--tries", type=int, default=2)
    ask.add_argument("--quiet-wait", type=int, default=20)
    ask.add_argument("--core", default="0", help="of the PBX and its media workers")
    ask.add_argument("--load-core", default="1")
    ask.add_argument("--table-only", action="store_true", help="only write the README's table")
    wanted = ask.parse_args()
    RESULTS.mkdir(exist_ok=True)
    if not wanted.table_only:
        for program in ("sipp", "make", "gcc", "taskset"):
            if shutil.which(program) is None:
                raise SystemExit(
                    f"{program} is missing (Debian: sip-tester, make, gcc, util-linux)"
                )
        out = RESULTS / f"{datetime.now().astimezone():%Y%m%d-%H%M%S}.jsonl"
        with tempfile.TemporaryDirectory(prefix="office-bench-") as scratch:
            measure(wanted, Path(scratch), out)
    write_table(rows_of(sorted(RESULTS.glob("*.jsonl"))))


def measure(wanted: argparse.Namespace, folder: Path, out: Path) -> None:
    """One office, one run of the load."""
    load = build_load(wanted.load, folder)
    port = free_port()
    env = environ(folder / "data", port)
    seconds = furnish(env, folder)
    with out.open("a") as file:
        row = {"pbx": "officesmart", "exp": "import_400", "seconds": round(seconds, 2)}
        file.write(json.dumps(row) + "\n")
    print(f"400 lines imported in {seconds:.1f} s; PBX on port {port}, core {wanted.core}")
    log = folder / "pbx.log"
    pbx = start_pbx(env, wanted.core, log)
    try:
        run_load(load, wanted, pbx.pid, port, out)
    finally:
        if pbx.poll() is not None:
            print(f"the PBX ended by itself ({pbx.returncode}):\n{log.read_text()[-3000:]}")
        pbx.send_signal(signal.SIGTERM)
        try:
            pbx.wait(20)
        except subprocess.TimeoutExpired:
            pbx.kill()
        if warnings := log.read_text():
            print(f"the PBX said:\n{warnings[-3000:]}")


if __name__ == "__main__":
    main()
