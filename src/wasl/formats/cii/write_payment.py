"""Writing payment instructions (BG-16) and terms: one ram:SpecifiedTradeSettlementPaymentMeans for each account."""

from __future__ import annotations

import re

from wasl.formats.cii.markup import day, text, wrapped
from wasl.invoice.model import CreditTransfer, Invoice, PaymentInstructions

# CII has one element for an IBAN and another for any other account number (BT-84).
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]){11,30}\Z")


def payment_means(out: list[str], value: PaymentInstructions | None) -> None:
    """BG-16 but for what CII keeps elsewhere: BT-83 and BT-90 in the settlement, BT-89 in the terms."""
    if value is None or _kept_elsewhere(value):
        return
    _means(out, value, value.credit_transfers[0] if value.credit_transfers else None, first=True)
    for each in value.credit_transfers[1:]:
        _means(out, value, each, first=False)


def payment_terms(out: list[str], invoice: Invoice) -> None:
    """BT-20, BT-9, BT-89."""
    debit = invoice.payment.direct_debit if invoice.payment else None
    mandate = debit.mandate if debit else None
    if invoice.payment_terms is None and invoice.due_date is None and mandate is None:
        return
    out.append("<ram:SpecifiedTradePaymentTerms>\n")
    text(out, "Description", invoice.payment_terms)
    day(out, "DueDateDateTime", invoice.due_date)
    text(out, "DirectDebitMandateID", mandate)
    out.append("</ram:SpecifiedTradePaymentTerms>\n")


def _kept_elsewhere(value: PaymentInstructions) -> bool:
    """Whether nothing of it needs an element here, and something of it stands elsewhere."""
    if value.means_code is not None or value.means_text is not None or value.credit_transfers or value.card is not None:
        return False
    debit = value.direct_debit
    if debit is None:
        return value.remittance_information is not None
    return debit.debited_account is None and (debit.mandate is not None or debit.creditor is not None)


def _means(out: list[str], value: PaymentInstructions, transfer: CreditTransfer | None, *, first: bool) -> None:
    out.append("<ram:SpecifiedTradeSettlementPaymentMeans>\n")
    text(out, "TypeCode", value.means_code)
    if first:
        text(out, "Information", value.means_text)
        _card(out, value)
        _debited(out, value)
    if transfer is not None:
        _transfer(out, transfer)
    out.append("</ram:SpecifiedTradeSettlementPaymentMeans>\n")


def _card(out: list[str], value: PaymentInstructions) -> None:
    """BG-18."""
    if value.card is not None:
        out.append("<ram:ApplicableTradeSettlementFinancialCard>\n")
        text(out, "ID", value.card.account_number)
        text(out, "CardholderName", value.card.holder_name)
        out.append("</ram:ApplicableTradeSettlementFinancialCard>\n")


def _debited(out: list[str], value: PaymentInstructions) -> None:
    """BT-91; the element alone says that there is a direct debit, where nothing else does."""
    debit = value.direct_debit
    if debit is not None and (debit.debited_account is not None or (debit.mandate is None and debit.creditor is None)):
        out.append("<ram:PayerPartyDebtorFinancialAccount>\n")
        text(out, "IBANID", debit.debited_account)
        out.append("</ram:PayerPartyDebtorFinancialAccount>\n")


def _transfer(out: list[str], value: CreditTransfer) -> None:
    """BG-17."""
    if value.account is not None or value.account_name is not None or value.service_provider is None:
        out.append("<ram:PayeePartyCreditorFinancialAccount>\n")
        is_iban = value.account is not None and _IBAN.match(value.account) is not None
        text(out, "IBANID", value.account if is_iban else None)
        text(out, "AccountName", value.account_name)
        text(out, "ProprietaryID", None if is_iban else value.account)
        out.append("</ram:PayeePartyCreditorFinancialAccount>\n")
    wrapped(out, "PayeeSpecifiedCreditorFinancialInstitution", "BICID", value.service_provider)
