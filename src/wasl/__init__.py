"""Wasl (وَصْل): Arabic-first, bilingual e-invoicing. Floors 0 and 1 are usable as a library.

>>> import wasl
>>> sent = wasl.read(open("invoice.xml", "rb").read())   # UBL, Wasl JSON, or a PDF that carries one
>>> wasl.validate(sent.source).valid                     # the official EN 16931 rules
True

What stands here is imported on first use: `import wasl` costs nothing. (`wasl.render` is the package; its function is `render_pdf`.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wasl.errors import WaslError
    from wasl.formats.read import read
    from wasl.formats.ubl.writer import write
    from wasl.invoice.model import Invoice
    from wasl.invoice.totals import totals
    from wasl.ledger.trust import TrustStore
    from wasl.ledger.verify import verify
    from wasl.render.context import RenderContext
    from wasl.render.pdf import render_pdf
    from wasl.rules.engine import validate

__version__ = "0.1.0"
__all__ = ["Invoice", "RenderContext", "TrustStore", "WaslError", "read", "render_pdf", "totals", "validate", "verify", "write"]

_HOME = {
    "Invoice": "invoice.model",
    "RenderContext": "render.context",
    "TrustStore": "ledger.trust",
    "WaslError": "errors",
    "read": "formats.read",
    "render_pdf": "render.pdf",
    "totals": "invoice.totals",
    "validate": "rules.engine",
    "verify": "ledger.verify",
    "write": "formats.ubl.writer",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'wasl' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"wasl.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
