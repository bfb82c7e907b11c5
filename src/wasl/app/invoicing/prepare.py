"""From a draft to the document that would be issued now: seller, dates, type, account and totals filled in. No lock, no number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from wasl.app.invoicing.accounts import AccountInUse, current_accounts, normalise_iban
from wasl.app.invoicing.characters import refuse_unusable_text
from wasl.app.invoicing.errors import AccountUnknown, AmountTooLarge, SellerForeign
from wasl.app.invoicing.models import Series
from wasl.app.tenancy.models import Organisation
from wasl.invoice.model import CreditTransfer, Invoice, PaymentInstructions
from wasl.invoice.money import to_minor
from wasl.invoice.totals import totals

SPECIFICATION = "urn:cen.eu:en16931:2017"
PLACEHOLDER = "WASL-0000000000-PLACEHOLDER"  # stands for BT-1 while the rules run
MINOR_MAX = 2**53 - 1  # where the log's whole numbers end (RFC 8785)
CREDIT_TRANSFER, SEPA_TRANSFER = "30", "58"  # UNTDID 4461


@dataclass(frozen=True, slots=True)
class Prepared:
    """A complete document but for its number."""

    invoice: Invoice
    kind: str
    account: AccountInUse | None


def local_date(org: Organisation, moment: datetime) -> date:
    """The seller's day at `moment`."""
    return moment.astimezone(ZoneInfo(org.time_zone)).date()


def kind_of(invoice: Invoice) -> str:
    return Series.CREDIT_NOTE if invoice.is_credit_note else Series.INVOICE


def prepare(org: Organisation, source: Invoice, *, on: date, number: str | None, totalled: bool = False) -> Prepared:
    """The document of `source` dated `on`. Raises what cannot be issued whatever the rules say.

    `totalled`: a credit note whose amounts were fitted to the notes before it; they are not computed again.
    """
    kind = kind_of(source)
    _check_seller(org, source)
    invoice = replace(
        source,
        number=number,
        issue_date=on,
        type_code=source.type_code or ("381" if kind == Series.CREDIT_NOTE else "380"),
        currency=source.currency or org.currency,
        specification=source.specification or SPECIFICATION,
        seller=org.party(),
    )
    invoice, account = _with_account(org, invoice)
    refuse_unusable_text(invoice)  # with the seller's own texts: whatever is issued must also print
    if not totalled:
        invoice = totals(invoice)
    _check_amounts(invoice)
    return Prepared(invoice, kind, account)


def _check_seller(org: Organisation, source: Invoice) -> None:
    """A file that names another seller by VAT number is not ours to issue; the rest of BG-4 is the organisation's own (T80)."""
    given = source.seller.vat_identifier if source.seller else None
    if given and org.vat_identifier and _bare(given, org) != _bare(org.vat_identifier, org):
        raise SellerForeign(given=given, own=org.vat_identifier)


def _bare(vat: str, org: Organisation) -> str:
    return vat.replace(" ", "").upper().removeprefix(org.country.upper())


def _with_account(org: Organisation, invoice: Invoice) -> tuple[Invoice, AccountInUse | None]:
    """BG-17 may name only accounts of the organisation; where it names none, the one in the document's currency is put in."""
    transfers = invoice.payment.credit_transfers if invoice.payment else ()
    wanted = [transfer.account for transfer in transfers if transfer.account]
    if not wanted and invoice.is_credit_note:
        return invoice, None
    accounts = current_accounts(org.pk)
    if wanted:
        by_iban = {iban: account for account, iban, _, _ in accounts}
        chosen = [by_iban.get(normalise_iban(text)) for text in wanted]
        for text, found in zip(wanted, chosen, strict=True):
            if found is None:
                raise AccountUnknown(tail=text.strip()[-4:])
        return invoice, chosen[0]
    return _default_account(invoice, accounts)


def _default_account(invoice: Invoice, accounts: list[tuple[AccountInUse, str, str, str]]) -> tuple[Invoice, AccountInUse | None]:
    fitting = next((row for row in accounts if row[0].currency == invoice.currency), None)
    if fitting is None:
        return invoice, None
    account, iban, holder, bic = fitting
    payment = invoice.payment or PaymentInstructions()
    if payment.means_code not in {None, CREDIT_TRANSFER, SEPA_TRANSFER}:
        return invoice, None  # cash, card or direct debit: no account belongs there
    transfer = CreditTransfer(account=iban, account_name=holder or None, service_provider=bic or None)
    payment = replace(payment, means_code=payment.means_code or CREDIT_TRANSFER, credit_transfers=(transfer,))
    return replace(invoice, payment=payment), account


def _check_amounts(invoice: Invoice) -> None:
    t = invoice.totals
    for amount in (t.tax_exclusive_amount, t.tax_amount, t.tax_inclusive_amount, t.payable_amount) if t else ():
        if amount is not None and abs(to_minor(amount, invoice.currency)) > MINOR_MAX:
            raise AmountTooLarge(amount=f"{amount:,}")


def minor_totals(invoice: Invoice) -> tuple[int, int, int, int]:
    """BT-109, BT-110, BT-112 and BT-115 in minor units; of a credit note as they stand in it (positive)."""
    t = invoice.totals
    assert t is not None, "prepare() computed the totals"
    amounts = (t.tax_exclusive_amount, t.tax_amount, t.tax_inclusive_amount, t.payable_amount)
    exclusive, tax, inclusive, payable = (to_minor(amount or Decimal(0), invoice.currency) for amount in amounts)
    return exclusive, tax, inclusive, payable
