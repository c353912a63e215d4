"""Call set-ups through a trunk, beside those from phone to phone under the same load.

    .venv/bin/python bench/trunk.py --rates 50,100,150 --dur 5

The callers are `../shared/bench/`'s (SIPp, digest, at a fixed rate); who is called answers at once:
phones of the office first, then numbers outside by one trunk without a sign-in. Each figure goes to
`bench/results/` as a line of JSON. See office.py for cores and for what a step must do to pass.
"""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from datetime import datetime
from pathlib import Path

from office import FIRST, LAST, RESULTS, ROOT, build_load, environ, free_port, furnish, start_pbx

HERE = Path(__file__).resolve().parent
PROVIDER = "127.0.0.3"


def add_trunk(database: Path, port: int) -> None:
    """One trunk, known by its address."""
    row = {
        "name": "Banco", "enabled": 1, "position": 0, "registers": 0, "host": PROVIDER,
        "port": port, "transport": "udp", "proxy": "", "username": "", "auth_username": "",
        "sealed_password": "", "sources": PROVIDER, "expires": 600, "codecs": "PCMA PCMU",
        "number_format": "e164", "caller_id": "pai", "main_number": "+390255501000",
        "diversion": "none", "capacity": 0,
    }  # fmt: skip
    marks = ", ".join("?" for _ in row)
    with closing(sqlite3.connect(database)) as rows:
        rows.execute(f"INSERT INTO trunk ({', '.join(row)}) VALUES ({marks})", tuple(row.values()))
        rows.execute("UPDATE revision SET value = value + 1")
        rows.commit()


def provider(core: str, port: int, folder: Path) -> subprocess.Popen[bytes]:
    """It answers until it is ended."""
    words = ["taskset", "-c", core, "sipp", "127.0.0.1", "-sf", str(HERE / "sipp/provider.xml")]
    words += ["-i", PROVIDER, "-p", str(port), "-mp", "31300", "-nostdin", "-timer_resol", "1"]
    words += ["-buff_size", "4000000", "-l", "20000"]
    silent = subprocess.DEVNULL
    return subprocess.Popen(words, cwd=folder, stdout=silent, stderr=silent)


def steps(
    load: Path, wanted: argparse.Namespace, pid: int, port: int, kind: str
) -> list[dict[str, object]]:
    """bench.py's own ladder; for the trunk its callers dial numbers outside."""
    script = load / f"bench_{kind}.py"
    text = (load / "bench.py").read_text()
    if kind == "trunk":  # the third field is whom they call
        text = text.replace(";{lo+half+i}\\n", ";00612{340000+i}\\n")
    script.write_text(text)
    out = load / f"{kind}.jsonl"
    subprocess.run(
        [
            *(sys.executable, str(script), "--name", "officesmart", "--exp", "cps"),
            *("--port", str(port), "--pids", str(pid), "--core", wanted.load_core),
            *("--users", f"{FIRST}-{LAST}", "--password", "secret%d", "--out", str(out)),
            *("--cps-rates", wanted.rates, "--dur", str(wanted.dur), "--quiet-wait", "3"),
        ],
        cwd=load,
        check=False,
        stdout=subprocess.DEVNULL,
    )
    return [json.loads(line) for line in out.read_text().splitlines()] if out.exists() else []


def main() -> None:
    """Both, one after the other, in one office."""
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    ask.add_argument("--rates", default="50,100,150,200")
    ask.add_argument("--dur", type=int, default=5)
    ask.add_argument("--load", type=Path, default=ROOT.parent / "shared" / "bench")
    ask.add_argument("--core", default="0")
    ask.add_argument("--load-core", default="1")
    wanted = ask.parse_args()
    if shutil.which("sipp") is None:
        raise SystemExit("sipp is missing (Debian: sip-tester)")
    out = RESULTS / f"trunk-{datetime.now().astimezone():%Y%m%d-%H%M%S}.jsonl"
    with tempfile.TemporaryDirectory(prefix="office-bench-") as scratch:
        folder = Path(scratch)
        load = build_load(wanted.load, folder)
        port = free_port()
        env = environ(folder / "data", port)
        furnish(env, folder)
        there = port + 40
        add_trunk(folder / "data" / "officesmart.db", there)
        company = provider(wanted.load_core, there, folder)
        pbx = start_pbx(env, wanted.core, folder / "pbx.log")
        try:
            time.sleep(1)  # the first OPTIONS
            for kind in ("phones", "trunk"):
                for row in steps(load, wanted, pbx.pid, port, kind):
                    row["exp"] = f"{kind}_{row['exp']}"  # office.py's table is not made of these
                    with out.open("a") as file:
                        file.write(json.dumps(row) + "\n")
                    if "target_rate" in row:
                        print(
                            f"{kind} {row['target_rate']}/s: pass {row['pass']}, failed "
                            f"{row['failed']}, retrans {row['retrans']}, "
                            f"{row['server_cpu_ms_per_op']} ms a call, steal {row['steal_pct']} %"
                        )
        finally:
            pbx.send_signal(signal.SIGTERM)
            pbx.wait(20)
            company.kill()
            company.wait()
            print((folder / "pbx.log").read_text()[-2000:])


if __name__ == "__main__":
    main()
