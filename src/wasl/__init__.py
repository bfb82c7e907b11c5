"""Wasl (وَصْل): Arabic-first, bilingual e-invoicing. Floors 0 and 1 are usable as a library.

>>> import wasl
>>> data = open("invoice.xml", "rb").read()
>>> sent = wasl.read(data)                     # UBL, CII, Wasl JSON, a sheet with one invoice, or a PDF that carries one
>>> wasl.validate(data).valid                  # the official rules that the document asks for
True
>>> other = wasl.convert(data, to="cii")       # another syntax; what it cannot carry is named

What stands here is imported on first use: `import wasl` costs nothing. Ten minutes with it: docs/guide/library.en.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wasl.errors import WaslError
    from wasl.formats.convert import convert
    from wasl.formats.read import read
    from wasl.formats.write import write
    from wasl.invoice.model import Invoice
    from wasl.invoice.totals import totals
    from wasl.ledger.trust import TrustStore
    from wasl.ledger.verify import verify
    from wasl.render.context import RenderContext
    from wasl.render.html import render_html
    from wasl.render.pdf import render_pdf
    from wasl.render.pdf import render_pdf as render
    from wasl.rules.fix import fix
    from wasl.rules.given import explain, validate

__version__ = "0.1.0"
__all__ = [
    "Invoice", "RenderContext", "TrustStore", "WaslError", "convert", "explain", "fix", "read", "render", "render_html", "render_pdf",
    "totals", "validate", "verify", "write",
]  # fmt: skip

_HOME = {
    "Invoice": "invoice.model",
    "RenderContext": "render.context",
    "TrustStore": "ledger.trust",
    "WaslError": "errors",
    "convert": "formats.convert",
    "explain": "rules.given",
    "fix": "rules.fix",
    "read": "formats.read",
    "render_html": "render.html",
    "render_pdf": "render.pdf",
    "totals": "invoice.totals",
    "validate": "rules.given",
    "verify": "ledger.verify",
    "write": "formats.write",
}


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name == "render":  # the package, which can be called
        return import_module("wasl.render")
    if name not in _HOME:
        raise AttributeError(f"module 'wasl' has no attribute {name!r}")
    value = getattr(import_module(f"wasl.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
