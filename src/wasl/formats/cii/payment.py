"""Reading payment instructions (BG-16): CII repeats the means for every account and keeps four terms elsewhere."""

from __future__ import annotations

from wasl.formats.cursor import Group
from wasl.formats.lexical import XML_SPACE
from wasl.invoice.model import Card, CreditTransfer, DirectDebit, PaymentInstructions


def instructions(settlement: Group, mandate: str | None) -> PaymentInstructions | None:
    """BG-16; `mandate` is BT-89, which stands in the payment terms."""
    creditor = settlement.text("ram:CreditorReferenceID")
    remittance = settlement.text("ram:PaymentReference")
    means = settlement.groups("ram:SpecifiedTradeSettlementPaymentMeans")
    if not means and creditor is None and remittance is None and mandate is None:
        return None
    reader = _Reader()
    for each in means:
        reader.add(each)
    debit: DirectDebit | None = None
    if reader.has_debit or creditor is not None or mandate is not None:
        debit = DirectDebit(mandate=mandate, creditor=creditor, debited_account=reader.debited)
    return PaymentInstructions(
        means_code=reader.code,
        means_text=reader.text,
        remittance_information=remittance,
        credit_transfers=tuple(reader.transfers),
        card=reader.card,
        direct_debit=debit,
    )


class _Reader:
    """Collects the means one by one; what differs between them is a loss."""

    def __init__(self) -> None:
        self.code: str | None = None
        self.text: str | None = None
        self.transfers: list[CreditTransfer] = []
        self.card: Card | None = None
        self.debited: str | None = None
        self.has_debit = False
        self._first = True

    def add(self, each: Group) -> None:
        self._same(each, "ram:TypeCode", "code", strip=True)
        self._same(each, "ram:Information", "text", strip=False)
        if self.card is None:
            self.card = _card(each.group("ram:ApplicableTradeSettlementFinancialCard"))
        if not self.has_debit:
            debited = each.group("ram:PayerPartyDebtorFinancialAccount")
            self.has_debit = debited is not None
            self.debited = debited.text("ram:IBANID") if debited else None
        transfer = _transfer(each)
        if transfer is not None:
            self.transfers.append(transfer)
        self._first = False

    def _same(self, each: Group, name: str, attribute: str, *, strip: bool) -> None:
        """BT-81 and BT-82: of the first means; the same value in a later one is no loss."""
        child = each.take(name)
        if child is None:
            return
        value = each.value(child)
        value = value.strip(XML_SPACE) if strip else value
        if self._first:
            setattr(self, attribute, value)
        elif value != getattr(self, attribute):
            each.source.lose(child, "repeated")


def _transfer(each: Group) -> CreditTransfer | None:
    """BG-17. Of an IBAN and another account number in one account the IBAN is taken, and the other reported."""
    account = each.group("ram:PayeePartyCreditorFinancialAccount")
    bank = each.group("ram:PayeeSpecifiedCreditorFinancialInstitution")
    if account is None and bank is None:
        return None
    number = "ram:IBANID" if account and account.has("ram:IBANID") else "ram:ProprietaryID"
    return CreditTransfer(
        account=account.text(number) if account else None,
        account_name=account.text("ram:AccountName") if account else None,
        service_provider=bank.text("ram:BICID") if bank else None,
    )


def _card(inner: Group | None) -> Card | None:
    """BG-18."""
    return Card(account_number=inner.text("ram:ID"), holder_name=inner.text("ram:CardholderName")) if inner else None
