"""Reading payment instructions (BG-16): UBL repeats cac:PaymentMeans for every account, the model holds one group."""

from __future__ import annotations

from datetime import date

from wasl.formats.cursor import Group
from wasl.formats.ubl.names import PLACEHOLDER
from wasl.invoice.model import Card, CreditTransfer, DirectDebit, PaymentInstructions


def instructions(group: Group, creditor: str | None, *, credit: bool) -> tuple[PaymentInstructions | None, date | None]:
    """BG-16, and the due date (BT-9), which a credit note keeps in cac:PaymentMeans."""
    means = group.groups("cac:PaymentMeans")
    due = means[0].date("cbc:PaymentDueDate") if credit and means else None
    reader = _Reader(creditor)
    for each in means:
        reader.add(each)
    if means and not reader.says_anything and due is not None:
        return None, due
    if not means and creditor is None:
        return None, due
    return reader.result(), due


class _Reader:
    """Collects the groups one by one; what differs between them is a loss."""

    def __init__(self, creditor: str | None) -> None:
        self.creditor = creditor
        self.code: str | None = None
        self.text: str | None = None
        self.remittance: str | None = None
        self.transfers: list[CreditTransfer] = []
        self.card: Card | None = None
        self.mandate: str | None = None
        self.debited: str | None = None
        self.has_mandate = False
        self.says_anything = False
        self._first = True

    def add(self, each: Group) -> None:
        self.says_anything = self.says_anything or each.unfinished
        self._means_code(each)
        self._remittance(each)
        account = each.group("cac:PayeeFinancialAccount")
        if account:
            self.transfers.append(_transfer(account))
        if self.card is None:
            self.card = _card(each.group("cac:CardAccount"))
        if not self.has_mandate:
            self._mandate(each.group("cac:PaymentMandate"))
        self._first = False

    def _means_code(self, each: Group) -> None:
        """BT-81 and BT-82; the same code in a later group is no loss."""
        child = each.take("cbc:PaymentMeansCode")
        if child is None:
            return
        code, text = each.value(child, "name").strip(), child.get("name")
        if self._first:
            self.code, self.text = code, text
            return
        if code != self.code:
            each.source.lose(child, "repeated")
        elif text is not None and text != self.text:
            each.source.lose(child, "repeated", "name")

    def _remittance(self, each: Group) -> None:
        """BT-83."""
        child = each.take("cbc:PaymentID")
        if child is None:
            return
        text = each.value(child)
        if self._first:
            self.remittance = text
        elif text != self.remittance:
            each.source.lose(child, "repeated")

    def _mandate(self, inner: Group | None) -> None:
        if inner is None:
            return
        self.has_mandate = True
        self.mandate = inner.text("cbc:ID")
        account = inner.group("cac:PayerFinancialAccount")
        self.debited = account.text("cbc:ID") if account else None

    def result(self) -> PaymentInstructions:
        debit: DirectDebit | None = None
        if self.has_mandate or self.creditor is not None:
            debit = DirectDebit(mandate=self.mandate, creditor=self.creditor, debited_account=self.debited)
        return PaymentInstructions(
            means_code=self.code,
            means_text=self.text,
            remittance_information=self.remittance,
            credit_transfers=tuple(self.transfers),
            card=self.card,
            direct_debit=debit,
        )


def _transfer(account: Group) -> CreditTransfer:
    """BG-17."""
    branch = account.group("cac:FinancialInstitutionBranch")
    return CreditTransfer(
        account=account.text("cbc:ID"),
        account_name=account.text("cbc:Name"),
        service_provider=branch.text("cbc:ID") if branch else None,
    )


def _card(inner: Group | None) -> Card | None:
    """BG-18. The schema demands a network, the model has none: "NA" stands there."""
    if inner is None:
        return None
    inner.fixed("cbc:NetworkID", PLACEHOLDER)
    return Card(account_number=inner.text("cbc:PrimaryAccountNumberID"), holder_name=inner.text("cbc:HolderName"))
