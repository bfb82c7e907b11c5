"""Style sheet, scripts and fonts of the pages: put together at first use, named by their hash, kept by browsers for
ever. There is no build step and no collected folder: what is in the source is what is served.

`wasl.css` is tokens.css, dark.css (twice: see `_dark`), base.css, every component's style.css in alphabetical
order, the pages' own layout, and print.css.
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

from wasl.app.ui import fonts, pictures

UI = Path(__file__).resolve().parent
DARK = UI / "styles" / "dark.css"
PREFIX = "/assets/"
_PICTURE = re.compile(r'url\("asset:([a-z-]+\.svg)"\)')  # how a style sheet names a picture of ours
FOREVER = "public, max-age=31536000, immutable"
PICTURES = ("mark.png",)  # drawn from the SVG of that name, for programs that read no SVG
_TYPES = {"png": "image/png", "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "woff2": "font/woff2", "svg": "image/svg+xml"}


class Asset(NamedTuple):
    name: str  # as served: wasl.3f9a1c20.css
    data: bytes
    gzipped: bytes | None
    content_type: str


def style_sources() -> list[Path]:
    """Every style sheet in the order it is laid down."""
    styles = UI / "styles"
    return [styles / "tokens.css", styles / "base.css", *sorted(UI.glob("components/*/style.css")), *page_styles(), styles / "print.css"]


def page_styles() -> list[Path]:
    """Layout of whole pages: where things stand, never how a component looks."""
    return sorted((UI.parent / "portal" / "styles").glob("*.css")) + sorted((UI.parent / "console" / "styles").glob("*.css"))


def style_sheet() -> bytes:
    first, *others = [path.read_text(encoding="utf-8") for path in style_sources()]
    rules = _PICTURE.sub(lambda found: f'url("{PREFIX}{served_name(found[1])}")', "\n".join([first, _dark(), *others]))
    return (fonts.faces(lambda name: PREFIX + served_name(name)) + rules).encode()


def _dark() -> str:
    """The dark tokens for a device that asks for dark, and for a reader who chose dark on a light device. Paper stays white."""
    block = DARK.read_text(encoding="utf-8")
    by_device = block.replace('[data-theme="dark"]', ':root:not([data-theme="light"])')
    return f"@media screen and (prefers-color-scheme: dark){{{by_device}}}\n@media screen{{{block}}}"


def _gallery_sheet() -> bytes:
    """The style page's own: its layout, and a class for each token it shows."""
    from wasl.app.ui import gallery, palette

    shown = [f".swatch--{name}{{background:var(--{name})}}.pair--{name}{{color:var(--{name})}}" for name in palette.tokens("light")]
    property_of = {"text": "font-size", "space": "inline-size", "radius": "border-radius"}
    shown += [f".scale--{token}{{{property_of[kind]}:var(--{token})}}" for kind, tokens in gallery.SCALES.items() for token in tokens]
    return "\n".join([(UI / "styles" / "gallery.css").read_text(encoding="utf-8"), *shown]).encode()


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
    elif name == "gallery.css":
        data = _gallery_sheet()
    elif kind == "woff2":
        return Asset(served_name(name), fonts.woff2(fonts.part(name)), None, _TYPES[kind])
    elif kind == "png":
        data = pictures.png(_images()[f"{stem}.svg"].read_text("utf-8"))
        return Asset(f"{stem}.{hashlib.sha256(data).hexdigest()[:12]}.{kind}", data, None, _TYPES[kind])
    elif kind == "svg":
        data = _images()[name].read_bytes()
    else:
        data = _scripts()[name].read_bytes()
    digest = hashlib.sha256(data).hexdigest()[:12]
    return Asset(f"{stem}.{digest}.{kind}", data, gzip.compress(data, 9, mtime=0), _TYPES[kind])


def served_name(name: str) -> str:
    """"wasl.3f9a1c20.css". A font is named by what it will be made of: it need not exist yet."""
    stem, _, kind = name.rpartition(".")
    return f"{stem}.{fonts.digest(fonts.part(name))}.{kind}" if kind == "woff2" else asset(name).name


def _images() -> dict[str, Path]:
    return {path.name: path for path in (UI / "images").glob("*.svg")}


def names() -> list[str]:
    return ["wasl.css", "gallery.css", *(part.name for part in fonts.parts()), *_scripts(), *_images(), *PICTURES]


@lru_cache(maxsize=1)
def _plain_names() -> dict[str, str]:
    return {served_name(name): name for name in names()}


def url(name: str) -> str:
    """The address of an asset, with its hash in it. While developing, a changed style sheet is seen at once."""
    from django.conf import settings

    if settings.DEBUG:
        reload()
    return PREFIX + served_name(name)


def whole_url(name: str) -> str:
    """The same with the origin before it: for what is read away from our pages (link previews, mails)."""
    from django.conf import settings

    return settings.CONFIG.origin.rstrip("/") + url(name)


def reload() -> None:
    asset.cache_clear()
    _plain_names.cache_clear()


@require_safe
def serve(request: HttpRequest, name: str) -> HttpResponse:
    """`/assets/<name>`: the bytes, gzipped where the browser takes it."""
    plain = _plain_names().get(name)
    if plain is None:
        raise Http404
    found = asset(plain)
    zipped = found.gzipped is not None and "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(found.gzipped if zipped else found.data, content_type=found.content_type)
    if zipped:
        response["Content-Encoding"] = "gzip"
    response["Cache-Control"] = FOREVER
    response["Vary"] = "Accept-Encoding"
    response["X-Content-Type-Options"] = "nosniff"
    return response
