"""From an invoice and its context to the data that a theme draws: every string final, nothing left to compute."""

from .document import build_view as build_view
