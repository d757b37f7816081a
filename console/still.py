"""The files that stay the same: style sheets, scripts, and the libraries copied to `static/vendor` with their licences.

Their address holds a digest of them all, so that a browser keeps them until one changes.
"""

import hashlib
import mimetypes
from functools import cache
from pathlib import Path

from aiohttp import web

_FOLDER = Path(__file__).parent / "static"
_SHOWN = {".css", ".js", ".svg"}
_KEPT = "public, max-age=31536000, immutable"


@cache
def files() -> dict[str, bytes]:
    """What may be asked for, by its name below `static`."""
    found = sorted(path for path in _FOLDER.rglob("*") if path.suffix in _SHOWN)
    return {path.relative_to(_FOLDER).as_posix(): path.read_bytes() for path in found}


@cache
def version() -> str:
    digest = hashlib.sha256()
    for name, content in files().items():
        digest.update(f"{name}\n{len(content)}\n".encode() + content)
    return digest.hexdigest()[:12]


def address(name: str) -> str:
    """Where a file is fetched; KeyError when there is none."""
    if name not in files():
        raise KeyError(name)
    return f"/console/static/{version()}/{name}"


async def show(request: web.Request) -> web.Response:
    """A file. Under another version's address it is shown too, and not kept."""
    content = files().get(request.match_info["name"])
    if content is None:
        return web.Response(status=404)
    kind = mimetypes.guess_type(request.match_info["name"])[0] or "application/octet-stream"
    kind = "text/javascript" if kind == "application/javascript" else kind
    response = web.Response(body=content, content_type=kind, charset="utf-8")
    response.headers["Cache-Control"] = _KEPT if request.match_info["version"] == version() else "no-store"
    response.enable_compression()
    return response
