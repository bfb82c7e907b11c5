"""Errors that belong to the command line alone."""

from __future__ import annotations

from wasl.errors import WaslError


class UnknownRule(WaslError):
    """A rule id that no installed sheet has."""

    code = "WASL-CLI-02"
    en = "There is no rule {rule}. {nearest}See `wasl rules list`."
    ar = "لا توجد قاعدة بالرمز {rule}. راجع قائمة القواعد."
    exit_code = 2
