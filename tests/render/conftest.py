"""Documents rendered once for the whole folder."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from wasl.render import RenderedPdf, render_pdf

sys.path.insert(0, str(Path(__file__).parent))  # pdf_samples.py, pdf_broken.py: of this folder only

import pdf_samples as samples


@cache
def _rendered(name: str) -> RenderedPdf:
    if name == "credit-note":
        return render_pdf(samples.credit_note(), context=samples.context())
    if name == "jordanian":
        return render_pdf(samples.jordanian(), context=samples.context(tax_qr=None))
    language, _, count = name.partition("-")
    make = samples.english if language == "en" else samples.invoice
    return render_pdf(make(int(count)), context=samples.context(language=language))


@pytest.fixture(scope="session")
def rendered() -> Callable[[str], RenderedPdf]:
    """rendered("ar-10"), rendered("en-60"), rendered("credit-note"), rendered("jordanian")."""
    return _rendered
