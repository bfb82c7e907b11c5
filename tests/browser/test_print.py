"""The invoice page on paper: white whatever the theme, nothing to press, everything that counts, on few sheets."""

from __future__ import annotations

import io
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.ci]
SHEETS_MAX = 3


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_the_invoice_page_on_paper(open_page: Any, sellers: Any, scene: Any, lang: str) -> None:
    import pypdfium2

    row = scene.issue(sellers["sanad"], lang=lang)
    scene.send(row)
    scene.work()
    page = open_page(scene.shown(row).payer, lang=lang)
    page.emulate_media(media="print", color_scheme="dark")
    document = pypdfium2.PdfDocument(io.BytesIO(page.pdf(format="A4", prefer_css_page_size=True)))
    image = document[0].render(scale=1).to_pil().convert("RGB")
    text = "\n".join(each.get_textpage().get_text_range() for each in document)

    assert len(document) <= SHEETS_MAX
    assert image.getpixel((5, 5)) == (255, 255, 255) == image.getpixel((image.width // 2, image.height - 5))
    assert "31,583.93" in text and "INV" in text
    assert page.locator("button:visible, .bar__side:visible, .dock:visible").count() == 0
