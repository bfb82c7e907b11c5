"""An invoice as one accessible, self-contained page in both languages: no script, nothing from elsewhere."""

from .page import policy as policy
from .page import render_html as render_html
