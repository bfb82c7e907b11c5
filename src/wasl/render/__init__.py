"""An invoice on paper: Typst themes -> PDF/A-3a with the sealed original inside. Floor 0: no Django, no network.

`wasl.render(invoice, context=...)` is `render_pdf`: the package can be called, as `wasl.read` and `wasl.validate` can.
"""

import sys
from types import ModuleType
from typing import Any

from .account import Allocation as Allocation
from .account import OpenItem as OpenItem
from .account import PaymentReceipt as PaymentReceipt
from .account import Statement as Statement
from .account import StatementRow as StatementRow
from .context import RenderContext as RenderContext
from .context import RenderedPdf as RenderedPdf
from .pdf import cache_key as cache_key
from .pdf import check_logo as check_logo
from .pdf import render_pdf as render_pdf
from .pdf import render_receipt as render_receipt
from .pdf import render_statement as render_statement
from .qr import qr as qr
from .qr import qr_png as qr_png
from .text import check_characters as check_characters
from .text import check_printable as check_printable
from .text import substitutions as substitutions
from .theme import Theme as Theme
from .theme import find_theme as find_theme
from .theme import read_theme as read_theme
from .theme import themes as themes


class _Verb(ModuleType):
    def __call__(self, *args: Any, **kwargs: Any) -> RenderedPdf:
        return render_pdf(*args, **kwargs)


sys.modules[__name__].__class__ = _Verb
