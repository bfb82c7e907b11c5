"""Why we think so, and what state it is in: matching's codes as sentences."""

from __future__ import annotations

from django.utils.translation import gettext as _
from markupsafe import Markup

from wasl.app.console.statements_in.queries import Movement, Suggested
from wasl.app.payments.statements.models import StatementFile
from wasl.app.payments.statements.returned import AMOUNT, PAYER, REFERENCE
from wasl.app.ui import format
from wasl.invoice.money import from_minor

STRONG, GOOD = 80, 60


def reason(way: Suggested, movement: Movement) -> str | Markup:
    """One short sentence."""
    if movement.is_reversal:
        return _("The bank marks it as a reversal: most often money that you had sent and that came back. It is never booked by itself.")
    by = format.isolate(format.money(from_minor(abs(way.difference), movement.currency), movement.currency))
    sentences = {
        "reference": _("The reference and the amount agree"),
        "cut": _("The amount agrees; the reference is cut in two, so compare it"),
        "several": _("Several invoices are named; together they make the amount"),
        "less": _("The reference agrees; the amount is %(by)s less") % {"by": by},
        "more": _("The reference agrees; the amount is %(by)s more") % {"by": by},
        "settled": _("The reference agrees, and the invoice is paid already; it becomes credit or goes back"),
        "payer": _("This payer owes exactly this amount"),
        "payer_many": _("This payer owes this amount on several invoices; the nearest due date was taken"),
        "two": _("Two invoices of this payer make the amount"),
        "all": _("All open invoices of this payer make the amount"),
        "amount": _("Only the amount agrees; look at the name"),
    }
    return sentences.get(way.reason, "")


def return_reason(why: str) -> str:
    """Why a movement may take a payment back."""
    return {
        REFERENCE: _("Same account and amount, and the reference agrees"),
        PAYER: _("Same account and amount, and the payer agrees"),
        AMOUNT: _("Same account and amount; compare the payer before you decide"),
    }[why]


def state(movement: Movement) -> tuple[str, str]:
    """(word, tone) of the pill."""
    if movement.state == "matched":
        return (_("Matched by itself"), "good") if movement.by_machine else (_("Accepted"), "good")
    if movement.is_reversal and movement.amount > 0 and movement.state in ("suggested", "unmatched"):
        return _("A reversal"), "soon"
    if movement.state == "suggested":
        best = movement.suggestions[0] if movement.suggestions else None
        if best is not None and best.reason in ("less", "more", "settled"):
            return {"less": (_("Part payment?"), "soon"), "more": (_("Overpaid?"), "soon"), "settled": (_("Paid twice?"), "soon")}[best.reason]
        return (_("Suggested"), "info") if best is not None and best.score >= GOOD else (_("Perhaps"), "wait")
    names = {
        "unmatched": (_("No match"), "off"), "twin": (_("Perhaps known"), "soon"), "ignored": (_("Not an invoice"), "off"),
        "return": (_("Taken back?"), "late"), "reversed": (_("Came back"), "off"),
        "outgoing": (_("Went out"), "off"), "new": (_("Being read"), "wait"),
    }  # fmt: skip
    return names[movement.state]


def file_state(file: StatementFile) -> tuple[str, str]:
    names = {
        StatementFile.PREVIEW: (_("To be checked by you"), "soon"), StatementFile.CHECKING: (_("Adding up"), "wait"),
        StatementFile.STORING: (_("Reading"), "wait"), StatementFile.MATCHING: (_("Looking for invoices"), "wait"),
        StatementFile.APPLYING: (_("Booking what is sure"), "wait"), StatementFile.DONE: (_("Imported"), "good"),
        StatementFile.REFUSED: (_("Not imported"), "late"), StatementFile.DISCARDED: (_("Thrown away"), "off"),
    }  # fmt: skip
    return names[file.state]


def kind(code: str) -> str:
    """How people call the file's format."""
    return {"camt.053": "CAMT.053", "mt940": "MT940", "ofx": "OFX", "table": _("Table")}.get(code, code)


def roles() -> list[tuple[str, str]]:
    """What a column can be, for the mapper."""
    return [
        ("", _("(not used)")), ("booked", _("Day")), ("value", _("Value date")), ("amount", _("Amount, + and −")), ("credit", _("Money in")),
        ("debit", _("Money out")), ("sign", _("In or out")), ("balance", _("Balance after it")), ("name", _("Payer")),
        ("account", _("Payer's account")),
        ("references", _("Reference")), ("text", _("Description")), ("bank_reference", _("The bank's number")), ("currency", _("Currency")),
    ]  # fmt: skip
