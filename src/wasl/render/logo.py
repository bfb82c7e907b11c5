"""The seller's logo: PNG, JPEG or a plain SVG drawing, turned into one SVG for the theme.

A logo comes from a user, so it is looked at before the typesetter sees it: limits on bytes, pixels and elements;
an SVG may hold shapes, gradients and groups only. Scripts, event handlers, links, styles that fetch, embedded
pages, text and pictures are refused, not cleaned: what is printed is what the seller looked at.
"""

from __future__ import annotations

import base64
import re
import struct
from dataclasses import dataclass

from wasl.errors import WaslError
from wasl.formats.xml import Element, parse

LOGO_BYTES_MAX = 512 * 1024  # every PDF carries it
LOGO_PIXELS_MAX = 4_000_000  # 2000 x 2000: decoded, 16 MB
SVG_ELEMENTS_MAX = 2_000  # a drawing of more is a picture
SVG_DEPTH_MAX = 100  # of groups in groups, references followed
WIDTH_FACTOR_MAX = 4.0  # the widest logo is four times its height

_SVG = "{http://www.w3.org/2000/svg}"
_SHAPES = frozenset(
    re.findall(
        r"\w+",
        "svg g path rect circle ellipse line polyline polygon defs linearGradient radialGradient stop clipPath mask title desc use symbol",
    )
)
_METADATA = frozenset({"title", "desc"})
_FETCHES = re.compile(r"url\(\s*(?!['\"]?#)|@import|expression\s*\(|javascript:|data:", re.IGNORECASE)
_REFERENCES = re.compile(r"^\s*#(\S+)|url\(\s*['\"]?#([^)'\"\s]+)")
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")


class LogoRefused(WaslError):
    """A logo that is too large, of another kind, or more than a drawing."""

    code = "WASL-RENDER-02"
    en = "This logo cannot be used: {en_reason}. Give a PNG, a JPEG or a plain SVG drawing of at most 512 KB."
    ar = "لا يمكن استخدام هذا الشعار: {ar_reason}. أرفق صورة PNG أو JPEG أو رسم SVG بسيطًا لا يزيد على 512 كيلوبايت."


@dataclass(frozen=True)
class Logo:
    """`svg` is safe to typeset; `ratio` is width / height."""

    svg: str
    ratio: float


def prepare_logo(data: bytes) -> Logo:
    """Check a logo and give it as SVG; raises LogoRefused."""
    if len(data) > LOGO_BYTES_MAX:
        raise LogoRefused(en_reason=f"it has {len(data)} bytes", ar_reason=f"حجمه {len(data)} بايت")
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return _wrap(data, "image/png", *_png_size(data))
    if data.startswith(b"\xff\xd8\xff"):
        return _wrap(data, "image/jpeg", *_jpeg_size(data))
    return _drawing(data)


def _wrap(data: bytes, mime: str, width: int, height: int) -> Logo:
    if width < 1 or height < 1 or width * height > LOGO_PIXELS_MAX:
        raise LogoRefused(en_reason=f"it has {width} x {height} pixels", ar_reason=f"أبعاده {width} × {height} بكسل")
    picture = base64.b64encode(data).decode()
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f'<image href="data:{mime};base64,{picture}" width="{width}" height="{height}"/></svg>'
    )
    return Logo(svg, width / height)


def _png_size(data: bytes) -> tuple[int, int]:
    if data[12:16] != b"IHDR" or len(data) < 33:
        raise damaged_logo()
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def _jpeg_size(data: bytes) -> tuple[int, int]:
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):  # a start-of-frame segment
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    raise damaged_logo()


def damaged_logo() -> LogoRefused:
    """The refusal of a file that is no logo at all."""
    return LogoRefused(en_reason="it is damaged or of another kind", ar_reason="الملف تالف أو من نوع آخر")


def _drawing(data: bytes) -> Logo:
    try:
        root = parse(data)
    except WaslError as error:
        raise damaged_logo() from error
    if root.tag != f"{_SVG}svg":
        raise damaged_logo()
    elements = list(root.iter())
    if len(elements) > SVG_ELEMENTS_MAX:
        raise LogoRefused(en_reason=f"it has {len(elements)} elements", ar_reason=f"فيه {len(elements)} عنصرًا")
    for element in elements:
        _check_element(element)
    if _drawn(root, {e.get("id"): e for e in elements if e.get("id")}, {}) > SVG_ELEMENTS_MAX:
        raise LogoRefused(en_reason="its parts repeat each other too often", ar_reason="أجزاؤه يكرر بعضها بعضًا أكثر مما يُقبل")
    return Logo(data.decode(), _svg_ratio(root.get("viewBox"), root.get("width"), root.get("height")))


def _drawn(element: Element, by_id: dict[str | None, Element], known: dict[Element, int], depth: int = 0) -> int:
    """Elements once every reference stands for what it repeats: doubling in each of thirty steps is a thousand million."""
    if element not in known:
        known[element] = SVG_ELEMENTS_MAX + 1  # whatever repeats itself never ends
        if depth < SVG_DEPTH_MAX:
            named = [name for value in element.attrib.values() for pair in _REFERENCES.findall(str(value)) for name in pair if name]
            targets = [by_id[name] for name in named if name in by_id]
            total = 1 + sum(_drawn(each, by_id, known, depth + 1) for each in (*element, *targets))
            known[element] = min(total, SVG_ELEMENTS_MAX + 1)
    return known[element]


def _check_element(element: object) -> None:
    tag = getattr(element, "tag", None)
    if not isinstance(tag, str):  # comments and processing instructions: an xml-stylesheet fetches
        raise LogoRefused(en_reason="it holds a comment or an instruction", ar_reason="فيه تعليق أو تعليمة")
    name = tag.removeprefix(_SVG)
    if not tag.startswith(_SVG) or name not in _SHAPES:
        raise LogoRefused(en_reason=f"it holds <{tag.rpartition('}')[2]}>", ar_reason=f"فيه العنصر <{tag.rpartition('}')[2]}>")
    for key, value in element.attrib.items():  # type: ignore[attr-defined]
        attribute = key.rpartition("}")[2]
        link_out = attribute == "href" and not value.strip().startswith("#")
        if attribute.lower().startswith("on") or link_out or _FETCHES.search(value):
            ar_reason = f"الخاصية {attribute} فيه تنفّذ أو تجلب شيئًا"
            raise LogoRefused(en_reason=f"its attribute {attribute} acts or fetches", ar_reason=ar_reason)


def _svg_ratio(view_box: str | None, width: str | None, height: str | None) -> float:
    box = [float(n) for n in _NUMBER.findall(view_box or "")]
    if len(box) == 4 and box[2] > 0 and box[3] > 0:
        return box[2] / box[3]
    sides = [_NUMBER.match(side or "") for side in (width, height)]
    if sides[0] and sides[1] and float(sides[1][0]) > 0 and float(sides[0][0]) > 0:
        return float(sides[0][0]) / float(sides[1][0])
    raise damaged_logo()
