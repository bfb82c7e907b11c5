"""The style sheet (report.css) and the mark of reports and of the validator's page, and what a policy calls an inline style by."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

MARK = (
    '<svg class="mark" viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="8" fill="#0b4f4a"/>'
    '<rect x="8" y="9" width="16" height="3.4" rx="1.7" fill="#fff"/><rect x="8" y="15.6" width="16" height="3.4" rx="1.7" fill="#fff"/>'
    '<circle cx="10" cy="23.4" r="2.9" fill="#e0a030"/></svg>'
)

SHEET = Path(__file__).with_name("report.css").read_text(encoding="utf-8")

# For a page of a server that serves the two weights beside it; a report by itself uses what the machine has.
FONTS = """
@font-face { font-family: "IBM Plex Sans Arabic"; font-weight: 400; font-display: swap; src: url("font-400.ttf") format("truetype"); }
@font-face { font-family: "IBM Plex Sans Arabic"; font-weight: 600; font-display: swap; src: url("font-600.ttf") format("truetype"); }
"""


def digest(text: str) -> str:
    """What a content security policy calls an inline style or script by."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
