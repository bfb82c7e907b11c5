"""From an invoice and its context to the data that a theme draws: every string final, nothing left to compute."""

from .account import build_receipt as build_receipt
from .account import build_statement as build_statement
from .document import build_view as build_view
