"""An invoice as one accessible, self-contained page in both languages: no script, nothing from elsewhere."""

from .page import policy as policy
from .page import render_html as render_html
from .page import render_receipt_html as render_receipt_html
from .page import render_statement_html as render_statement_html
