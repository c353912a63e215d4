"""Builds the portal's pages once, and again only when what they are made of has changed.

`python -m officesmart.build` is called before a run or a test. Reflex compiles in a folder of its
own under `build/`, so that a checkout stays as it is and a running portal keeps its pages.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MADE_OF = ("officesmart", "assets", "rxconfig.py", "requirements.txt", "reflex.lock")
INLINE = re.compile(rb"<script(?P<attributes>[^>]*)>(?P<body>.*?)</script>", re.DOTALL)
LIVE = re.compile(r"`(?P<scheme>ws|http)://localhost:\d+(?P<path>/[^`]*)`")
KEPT = 3  # builds on disk: this one, and what portals still running may serve


class NotBuilt(Exception):
    """The pages could not be built; the text says what Reflex said."""


def sources(root: Path = ROOT) -> Iterator[Path]:
    """Every file whose change asks for new pages, in a fixed order."""
    for name in MADE_OF:
        path = root / name
        if path.is_file():
            yield path
        elif path.is_dir():
            yield from sorted(
                file
                for file in path.rglob("*")
                if file.is_file() and "__pycache__" not in file.parts
            )


def stamp(root: Path = ROOT) -> str:
    """A short name for exactly these sources."""
    digest = hashlib.sha256()
    for file in sources(root):
        digest.update(str(file.relative_to(root)).encode() + b"\0")
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:16]


def pages(root: Path = ROOT) -> Path | None:
    """Where the pages of the present sources are; None when they must be built first."""
    folder = root / "build" / "pages" / stamp(root)
    return folder if (folder / "built.json").is_file() else None


def ensure(root: Path = ROOT, *, keep_lock: bool = False) -> Path:
    """The folder of up-to-date pages, built now if need be. Raises NotBuilt."""
    ready = pages(root)
    if ready is not None and not keep_lock:
        return ready
    (root / "build").mkdir(exist_ok=True)
    with (root / "build" / "pages.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two runs at once build once
        ready = pages(root)
        return ready if ready is not None and not keep_lock else _build(root, keep_lock=keep_lock)


def _build(root: Path, *, keep_lock: bool) -> Path:
    name = stamp(root)
    work = root / "build" / "work"
    work.mkdir(exist_ok=True)
    for entry in ("officesmart", "pbx", "rxconfig.py"):
        link = work / entry
        if link.is_symlink() and link.readlink() != root / entry:
            link.unlink()  # a copied checkout would build the pages of the one it came from
        if not link.is_symlink():
            link.symlink_to(root / entry)
    for entry in ("assets", "reflex.lock"):
        shutil.rmtree(work / entry, ignore_errors=True)
        if (root / entry).is_dir():
            shutil.copytree(root / entry, work / entry)
    # Reflex keeps a file of its last build that looks newer: a copied checkout, an older version.
    shutil.rmtree(work / ".web" / "public", ignore_errors=True)
    said = subprocess.run(  # the interpreter is ours, the words are fixed
        [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip"],
        cwd=work,
        env={
            **os.environ,
            "OFFICESMART_PBX": "off",
            "REFLEX_TELEMETRY_ENABLED": "false",
            # Reflex would look for a faster mirror of the package registry on each build.
            "NPM_CONFIG_REGISTRY": os.environ.get(
                "NPM_CONFIG_REGISTRY", "https://registry.npmjs.org"
            ),
            "PYTHONPATH": str(work),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    client = work / ".web" / "build" / "client"
    if said.returncode or not (client / "index.html").is_file():
        raise NotBuilt((said.stdout + said.stderr)[-4000:])
    if keep_lock:
        shutil.copytree(work / "reflex.lock", root / "reflex.lock", dirs_exist_ok=True)
        name = stamp(root)
    fresh = root / "build" / "pages" / f".{name}"
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(client, fresh)
    _follow_the_address(fresh)
    (fresh / "built.json").write_text(json.dumps({"scripts": script_hashes(fresh)}))
    ready = fresh.with_name(name)
    shutil.rmtree(ready, ignore_errors=True)
    fresh.rename(ready)
    _forget_old(ready)
    return ready


def _follow_the_address(folder: Path) -> None:
    """Let the pages call the address they came from: Reflex writes one port into them."""
    for file in (folder / "assets").glob("reflex-env-*.js"):
        text = LIVE.sub(
            lambda at: (
                '((typeof location=="undefined"?"http://localhost":location.origin)'
                + ('.replace(/^http/,"ws")' if at["scheme"] == "ws" else "")
                + f'+"{at["path"]}")'
            ),
            file.read_text(),
        )
        file.write_text(text)
        file.with_name(file.name + ".gz").unlink(missing_ok=True)


def script_hashes(folder: Path) -> list[str]:
    """The `script-src` sources that allow exactly the inline scripts of these pages (CSP 3)."""
    found: set[str] = set()
    for page in folder.rglob("*.html"):
        for script in INLINE.finditer(page.read_bytes()):
            if b"src=" not in script["attributes"]:
                digest = hashlib.sha256(script["body"]).digest()
                found.add(f"'sha256-{b64encode(digest).decode()}'")
    return sorted(found)


def _forget_old(ready: Path) -> None:
    builds = sorted(
        (folder for folder in ready.parent.iterdir() if folder.is_dir()),
        key=lambda folder: folder.stat().st_mtime,
        reverse=True,
    )
    for folder in builds[KEPT:]:
        if folder != ready:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    try:
        print(ensure(keep_lock="--lock" in sys.argv[1:]))  # noqa: T201
    except NotBuilt as failure:
        sys.exit(f"The pages could not be built:\n{failure}")
