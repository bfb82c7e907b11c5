"""Style sheet, scripts and fonts of the pages: put together in memory at first use, named by their hash, kept by
browsers for ever. There is no build step and no collected folder: what is in the source is what is served.

`wasl.css` is tokens.css, dark.css (twice: see `_dark`), base.css and then every component's style.css in alphabetical order.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from wasl.app.ui import fonts

UI = Path(__file__).resolve().parent
DARK = UI / "styles" / "dark.css"
PREFIX = "/assets/"
_PICTURE = re.compile(r'url\("asset:([a-z-]+\.svg)"\)')  # how a style sheet names a picture of ours
FOREVER = "public, max-age=31536000, immutable"
_TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "woff": "font/woff", "svg": "image/svg+xml"}


class Asset(NamedTuple):
    name: str  # as served: wasl.3f9a1c20.css
    data: bytes
    gzipped: bytes | None
    content_type: str


def style_sources() -> list[Path]:
    """Every style sheet in the order it is laid down."""
    return [UI / "styles" / "tokens.css", UI / "styles" / "base.css", *sorted(UI.glob("components/*/style.css")), *page_styles()]


def page_styles() -> list[Path]:
    """Layout of whole pages: where things stand, never how a component looks."""
    return sorted((UI.parent / "portal" / "styles").glob("*.css")) + sorted((UI.parent / "console" / "styles").glob("*.css"))


def style_sheet() -> bytes:
    faces = "".join(
        '@font-face{font-family:"Wasl Plex";font-style:normal;font-display:swap;'
        f'font-weight:{weight};src:url("{PREFIX}{asset(f"plex-{weight}.woff").name}") format("woff")}}\n'
        for weight in fonts.WEIGHTS
    )
    first, *others = [path.read_text(encoding="utf-8") for path in style_sources()]
    rules = "\n".join([first, _dark(), *others])
    return (faces + _PICTURE.sub(lambda found: f'url("{PREFIX}{asset(found[1]).name}")', rules)).encode()


def _dark() -> str:
    """The dark tokens for a device that asks for dark, and for a reader who chose dark on a light device. Paper stays white."""
    block = DARK.read_text(encoding="utf-8")
    by_device = block.replace(":root", ':root:not([data-theme="light"])')
    by_choice = block.replace(":root", ':root[data-theme="dark"]')
    return f"@media screen and (prefers-color-scheme: dark){{{by_device}}}\n@media screen{{{by_choice}}}"


def _scripts() -> dict[str, Path]:
    import django_htmx

    htmx = Path(django_htmx.__file__).parent / "static" / "django_htmx" / "htmx-2.min.js"
    return {"htmx.js": htmx} | {path.name: path for path in (UI / "scripts").glob("*.js")}


@lru_cache(maxsize=64)
def asset(name: str) -> Asset:
    """One asset by its plain name ("wasl.css"); KeyError where there is none."""
    stem, _, kind = name.rpartition(".")
    if name == "wasl.css":
        data = style_sheet()
    elif kind == "woff":
        data = fonts.woff(int(stem.removeprefix("plex-")))
    elif kind == "svg":
        data = _images()[name].read_bytes()
    else:
        data = _scripts()[name].read_bytes()
    digest = hashlib.sha256(data).hexdigest()[:12]
    packed = None if kind == "woff" else gzip.compress(data, 9, mtime=0)
    return Asset(f"{stem}.{digest}.{kind}", data, packed, _TYPES[kind])


def _images() -> dict[str, Path]:
    return {path.name: path for path in (UI / "images").glob("*.svg")}


def names() -> list[str]:
    return ["wasl.css", *(f"plex-{weight}.woff" for weight in fonts.WEIGHTS), *_scripts(), *_images()]


@lru_cache(maxsize=1)
def _by_served_name() -> dict[str, Asset]:
    return {found.name: found for found in map(asset, names())}


def url(name: str) -> str:
    """The address of an asset, with its hash in it. While developing, a changed style sheet is seen at once."""
    from django.conf import settings

    if settings.DEBUG:
        reload()
    return PREFIX + asset(name).name


def reload() -> None:
    asset.cache_clear()
    _by_served_name.cache_clear()


@require_safe
def serve(request: HttpRequest, name: str) -> HttpResponse:
    """`/assets/<name>`: the bytes, gzipped where the browser takes it."""
    found = _by_served_name().get(name)
    if found is None:
        raise Http404
    zipped = found.gzipped is not None and "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(found.gzipped if zipped else found.data, content_type=found.content_type)
    if zipped:
        response["Content-Encoding"] = "gzip"
    response["Cache-Control"] = FOREVER
    response["Vary"] = "Accept-Encoding"
    response["X-Content-Type-Options"] = "nosniff"
    return response
