"""Card numbers that somebody typed into a message are masked before anything is stored (T82): by the one function for all texts."""

from __future__ import annotations

from wasl.app.payments.pan import masked

__all__ = ["masked"]
