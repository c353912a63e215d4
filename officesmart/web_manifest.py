"""The web manifest: the portal installed on a telephone or a desk carries the office's name.

The file is built with the portal; only the names in it are the office's. Browsers ask for it
without a session, so it says nothing but that name.
"""

from __future__ import annotations

import json
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from officesmart.desk import desk
from pbx.store import settings

PATH = "/manifest.webmanifest"
SHORT = 14  # characters; what stands below an icon


def named(manifest: str, office: str) -> str:
    """The manifest of this office; an empty name leaves ours."""
    if not office:
        return manifest
    said = json.loads(manifest)
    said["name"] = office
    if len(office) <= SHORT:
        said["short_name"] = office
    return json.dumps(said, ensure_ascii=False, indent=2)


def manifest_routes(folder: Path) -> list[Route]:
    """The manifest out of the folder with the built pages."""

    async def manifest(request: Request) -> Response:
        ours = await run_in_threadpool((folder / PATH.lstrip("/")).read_text, "utf-8")
        office = await desk().database.read(lambda s: settings.read(s, settings.OFFICE_NAME))
        return Response(
            named(ours, office),
            media_type="application/manifest+json",
            headers={"Cache-Control": "no-cache"},
        )

    return [Route(PATH, manifest, methods=["GET"])]
