"""Errors that belong to the command line alone."""

from __future__ import annotations

from wasl.errors import UnreadableInput, WaslError


class NotAnInvoice(UnreadableInput):
    """Neither XML nor JSON nor PDF."""

    code = "WASL-CLI-01"
    en = "This is neither XML nor Wasl JSON nor PDF. Give an invoice in one of these."
    ar = "ليس هذا الملف XML ولا Wasl JSON ولا PDF. أعطِ فاتورة بإحدى هذه الصيغ."


class UnknownRule(WaslError):
    """A rule id that no installed sheet has."""

    code = "WASL-CLI-02"
    en = "There is no rule {rule}. {nearest}See `wasl rules list`."
    ar = "لا توجد قاعدة بالرمز {rule}. راجع قائمة القواعد."
    exit_code = 2
