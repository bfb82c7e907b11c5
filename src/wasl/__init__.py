"""Wasl (وَصْل): Arabic-first, bilingual e-invoicing. Floors 0 and 1 are usable as a library."""

__version__ = "0.1.0"
