"""A logo comes from outside: pictures within bounds, drawings without anything that acts or fetches."""

from __future__ import annotations

import io
import time

import pdf_samples as samples
import pytest
from PIL import Image

from wasl.render import check_logo, render_pdf, structure, themes
from wasl.render.html import render_html
from wasl.render.logo import LOGO_BYTES_MAX, LogoRefused, prepare_logo

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 20 10">{}</svg>'


def picture(kind: str, size: tuple[int, int] = (60, 30), mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize("logo", [picture("PNG"), picture("PNG", mode="RGBA"), picture("JPEG"), picture("JPEG", mode="L"), samples.LOGO])
def test_a_logo_is_drawn_within_the_standards(logo):
    made = render_pdf(samples.invoice(1), context=samples.context(logo=logo))
    without = render_pdf(samples.invoice(1), context=samples.context(logo=None))

    assert structure.check(made.data) == []
    assert made.data != without.data


def test_the_shape_of_a_picture_is_read_from_its_head():
    assert prepare_logo(picture("PNG")).ratio == prepare_logo(picture("JPEG")).ratio == 2.0


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<rect width="9" height="9" onload="alert(1)"/>',
        '<rect width="9" height="9" ONCLICK="alert(1)"/>',
        "<foreignObject><p>x</p></foreignObject>",
        '<image href="http://x.example/a.png"/>',
        '<image href="file:///etc/passwd"/>',
        '<use xlink:href="http://x.example/a.svg#b"/>',
        '<use href="data:image/svg+xml;base64,AAAA"/>',
        '<rect width="9" height="9" fill="url(http://x.example/a)"/>',
        '<rect width="9" height="9" style="fill:url(//x.example/a)"/>',
        "<style>@import 'http://x.example/a.css';</style>",
        '<a href="javascript:alert(1)"><rect width="9" height="9"/></a>',
        '<animate attributeName="x"/>',
        "<text>letters need fonts</text>",
        "<?xml-stylesheet href='http://x.example/a.css'?>",
        "<x xmlns='urn:other'/>",
    ],
)
def test_t38_a_drawing_that_acts_or_fetches_is_refused(inside):
    with pytest.raises(LogoRefused) as refusal:
        prepare_logo(SVG.format(inside).encode())

    assert "logo" in refusal.value.message("en")
    assert "الشعار" in refusal.value.message("ar")


def test_a_drawing_may_refer_to_itself():
    inside = '<defs><linearGradient id="g"><stop offset="0"/></linearGradient></defs><rect width="9" height="9" fill="url(#g)"/>'

    assert prepare_logo(SVG.format(inside).encode()).ratio == 2.0


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a",
        b"not a picture",
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 40,
        b"\xff\xd8\xff\xe0",
        b"<html/>",
        b"<svg/>",
        b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">&x;</svg>',
        b"x" * (LOGO_BYTES_MAX + 1),
        picture("PNG", (4000, 4000)),
        SVG.format("<g/>" * 3000).encode(),
    ],
)
def test_anything_else_is_refused(data):
    with pytest.raises(LogoRefused):
        prepare_logo(data)


def doubled(inner: str, times: int) -> bytes:
    groups = "".join(f'<g id="a{i}">{inner.format(i - 1) * 2}</g>' for i in range(1, times))
    return SVG.format('<g id="a0"><rect width="1" height="1"/></g>' + groups).encode()


MASK = '<mask id="a{0}"><rect width="9" mask="url(#a{1})"/><rect width="9" mask="url(#a{1})"/></mask>'
BOMBS = {
    "use": doubled('<use href="#a{}"/>', 30),
    "xlink": doubled('<use xlink:href="#a{}"/>', 30),
    "itself": SVG.format('<g id="a"><use href="#a"/></g>').encode(),
    "chain": SVG.format("".join(f'<g id="a{i}"><use href="#a{i + 1}"/></g>' for i in range(900))).encode(),
    "masks": SVG.format('<mask id="a0"><rect width="9" height="9"/></mask>' + "".join(MASK.format(i, i - 1) for i in range(1, 30))).encode(),
    "pixels": picture("PNG", (4000, 4000), mode="1"),
    "said-pixels": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (100_000).to_bytes(4, "big") * 2 + b"\x08\x06\x00\x00\x00" + b"\x00" * 20,
    "bytes": b"\xff\xd8\xff" + b"x" * LOGO_BYTES_MAX,
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
@pytest.mark.parametrize("theme", themes())
def test_t36_a_huge_logo_is_refused_at_once_by_every_theme(theme, name):
    began = time.monotonic()

    with pytest.raises(LogoRefused):
        render_pdf(samples.invoice(1), context=samples.context(theme=theme, logo=BOMBS[name]))
    with pytest.raises(LogoRefused):
        render_html(samples.invoice(1), context=samples.context(logo=BOMBS[name]))

    assert time.monotonic() - began < 3


NONSENSE = SVG.format('<path d="M0 0L"/><rect width="-1" height="a"/>').encode()


@pytest.mark.parametrize("cut", [picture("PNG")[:45], picture("JPEG")[:200], NONSENSE])
def test_a_damaged_file_is_refused_at_upload_or_drawn_and_never_a_crash(cut):
    try:
        check_logo(cut, at=samples.AT)
    except LogoRefused as refusal:
        assert "damaged" in refusal.message("en")
    else:
        assert structure.check(render_pdf(samples.invoice(1), context=samples.context(logo=cut)).data) == []


def test_a_good_logo_passes_the_check_at_upload():
    assert check_logo(samples.LOGO, at=samples.AT) is None
