"""The rows of one seller's invoices, in the shape of the product's tables, written by COPY a few thousand invoices at a time.

Amounts are minor units throughout. What a document holds is made once and goes to its row, its search row and, for the
newest ones of real sellers, through the product's own `prepare`, `ubl.write` and `xades.sign`.
"""

from __future__ import annotations

import hashlib
import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import _world_plan as plan
import orjson
import psycopg
from psycopg.types.json import Jsonb

UUID_, TEXT, INT8, INT4, INT2, BOOL, DATE, TIME, BYTES, JSON = "uuid", "varchar", "int8", "int4", "int2", "bool", "date", "timestamptz", "bytea", "jsonb"
TABLES: dict[str, dict[str, str]] = {
    "invoicing_invoice": {
        "organisation_id": UUID_, "id": UUID_, "series_id": UUID_, "counter": INT8, "number": TEXT, "kind": TEXT, "type_code": TEXT, "issue_date": DATE,
        "due_date": DATE, "currency": TEXT, "tax_exclusive_amount": INT8, "tax_amount": INT8, "tax_inclusive_amount": INT8, "payable_amount": INT8,
        "document_sha256": BYTES, "seal_sha256": BYTES, "profile": TEXT, "language": TEXT, "customer_id": UUID_, "account_version_id": UUID_, "issued_at": TIME,
    },
    "invoicing_invoicetext": {"organisation_id": UUID_, "id": UUID_, "invoice_id": UUID_, "buyer_name": TEXT, "buyer_email": TEXT, "buyer_reference": TEXT, "key_id": TEXT},
    "invoicing_document": {"organisation_id": UUID_, "id": UUID_, "invoice_id": UUID_, "kind": TEXT, "sha256": BYTES, "data": BYTES, "key_id": TEXT, "created_at": TIME},
    "invoicing_link": {"organisation_id": UUID_, "id": UUID_, "invoice_id": UUID_, "purpose": TEXT, "recipient": TEXT, "token_hash": BYTES, "claim_hash": BYTES, "created_at": TIME},
    "events_event": {
        "organisation_id": UUID_, "id": UUID_, "invoice_id": UUID_, "type": TEXT, "at": TIME, "document_sha256": BYTES, "amount": INT8, "currency": TEXT,
        "account_sha256": BYTES, "account_version": INT4, "logged": BOOL,
    },
    "events_eventdetail": {"organisation_id": UUID_, "id": UUID_, "event_id": UUID_, "data": JSON, "key_id": TEXT},
    "events_outbox": {"organisation_id": UUID_, "id": UUID_, "parked": TEXT},
    "payments_journalentry": {"organisation_id": UUID_, "id": UUID_, "event_id": UUID_, "kind": TEXT, "invoice_id": UUID_, "intent_id": UUID_, "currency": TEXT, "at": TIME},
    "payments_journalline": {"organisation_id": UUID_, "id": UUID_, "entry_id": UUID_, "account": TEXT, "amount": INT8},
    "payments_intent": {
        "organisation_id": UUID_, "id": UUID_, "invoice_id": UUID_, "driver": TEXT, "amount": INT8, "currency": TEXT, "reference": TEXT, "return_url": TEXT,
        "gateway_id": TEXT, "hosted_url": TEXT, "status": TEXT, "captured": INT8, "refunded": INT8, "created_at": TIME, "settled_at": TIME, "checks": INT2, "next_check_at": TIME,
    },
    "payments_intentshare": {"organisation_id": UUID_, "id": UUID_, "intent_id": UUID_, "invoice_id": UUID_, "amount": INT8, "position": INT2},
    "payments_allocation": {"organisation_id": UUID_, "id": UUID_, "intent_id": UUID_, "invoice_id": UUID_, "amount": INT8, "currency": TEXT, "at": TIME},
    "tenancy_auditentry": {
        "organisation_id": UUID_, "id": UUID_, "at": TIME, "person_id": UUID_, "actor": TEXT, "act": TEXT, "object_type": TEXT, "object_id": UUID_, "body": JSON, "code": BYTES,
    },
    "tenancy_payergrant": {"organisation_id": UUID_, "id": UUID_, "payer_id": UUID_, "invoice_id": UUID_, "created_at": TIME},
}  # fmt: skip
SEARCH = "COPY archive_searchrow (organisation_id, id, issue_date, due_date, words, lines, notes, refs, said, version, key_id) FROM STDIN"
STUB = "<!-- wasl bench/world: a row of the right shape; this document was not made -->"
SEAL_STUB = b"not sealed: bench/world"
FLUSH_ROWS = 4_000


class Writer:
    """Rows by table, flushed by COPY in dependency order."""

    def __init__(self) -> None:
        self.rows: dict[str, list[tuple[Any, ...]]] = {table: [] for table in TABLES}
        self.search: list[tuple[Any, ...]] = []

    def flush(self) -> None:
        from django.db import connection, transaction

        from wasl.app.sql import copy

        with transaction.atomic():
            connection.cursor().execute("SET LOCAL session_replication_role = replica")  # derived tables are filled in one go, afterwards
            for table, columns in TABLES.items():
                copy(table, columns, self.rows[table])
                self.rows[table].clear()
            with psycopg.Cursor(connection.connection) as cursor, cursor.copy(SEARCH) as stream:  # type: ignore[arg-type]
                for row in self.search:
                    stream.write_row(row)
            self.search.clear()


class Invoices:
    """All invoices of one seller."""

    def __init__(self, seller: plan.Seller, writer: Writer, *, began: datetime, ended: datetime, real: int, payers: list[UUID], account: Any) -> None:
        from wasl.app.archive.lexemes import number_lexemes
        from wasl.app.tenancy import keys

        number_lexemes.cache_clear()
        self.seller, self.writer, self.began, self.ended, self.payers, self.account = seller, writer, began, ended, payers, account
        self.first_real = seller.count - real if seller.is_real else seller.count
        self.rng, self.ids = random.Random(seller.seed + 1), plan.Ids(seller.seed + 2)
        self.link_key, self.claim_key = keys.link_key(seller.id), keys.master().derive("claim-code")
        self.org: Any = None
        if seller.is_real:
            from wasl.app.tenancy.models import Organisation

            self.org = Organisation.objects.get(pk=seller.id)
        self.stub_hash, self.seal_hash = hashlib.sha256(STUB.encode()).digest(), hashlib.sha256(SEAL_STUB).digest()

    def write(self) -> tuple[int, date | None, datetime | None]:
        """Every invoice, in the order of time; the last counter, day and moment."""
        step = (self.ended - self.began) / self.seller.count
        at: datetime | None = None
        for index in range(self.seller.count):
            moment = self.began + step * (index + 0.5)
            at = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
            self.one(index, at)
            if len(self.writer.rows["invoicing_invoice"]) >= FLUSH_ROWS:
                self.writer.flush()
        return self.seller.count, (at.date() if at else None), at

    def one(self, index: int, at: datetime) -> None:
        seller, rng = self.seller, self.rng
        big, other = index % plan.BIG_EVERY == 3, index % plan.OTHER_EVERY == 7
        customer = seller.customers[0] if big else rng.choice(seller.customers[1:])
        payer = self.payers[0] if big else self.payers[1 + (seller.at * 7 + index // plan.OTHER_EVERY) % (len(self.payers) - 1)] if other else None
        chosen = [(rng.choice(seller.items), rng.randint(1, 12)) for _ in range(rng.choice((1, 1, 2, 2, 3, 4, 6)))]
        note = f"{'رقم المشروع' if seller.is_arabic else 'Project'} {rng.randint(1, 99_999)}" if rng.random() < 0.2 else ""
        invoice_id, on, due = self.ids.at(at), at.date(), at.date() + timedelta(days=30)
        number = _number(seller.pattern, index + 1, on)
        reference = f"PO-{rng.randint(1000, 99_999)}" if rng.random() < 0.5 else ""
        is_paid = rng.random() < (0.92 if due < self.ended.date() else 0.2)
        if index >= self.first_real:
            self.real(index, invoice_id, at, due, number, customer, chosen, note, reference, payer, is_paid)
            return
        exclusive = sum(item.price * quantity for item, quantity in chosen)
        tax = (exclusive * seller.rate * 2 + 100) // 200  # half up
        self.rows(index, invoice_id, at, on, due, number, customer, (exclusive, tax, exclusive + tax, exclusive + tax), STUB.encode(), SEAL_STUB, payer, is_paid, reference)
        from wasl.app.archive.lexemes import Texts

        amounts = tuple(_decimal(item.price * quantity, seller.decimals) for item, quantity in chosen)
        self.searched(invoice_id, payer, not is_paid, Texts(
            number=number, issue_date=on, due_date=due, currency=seller.currency, names=(seller.name_ar, seller.name_en, customer.name, customer.email),
            references=(reference,) if reference else (), lines=tuple(item.text for item, _ in chosen), notes=(note,) if note else (),
            totals=(_decimal(exclusive + tax, seller.decimals), _decimal(exclusive, seller.decimals)), amounts=amounts,
        ))  # fmt: skip

    def real(
        self, index: int, invoice_id: UUID, at: datetime, due: date, number: str, customer: plan.Customer, chosen: list[Any], note: str, reference: str,
        payer: UUID | None, is_paid: bool,
    ) -> None:  # fmt: skip
        from wasl.app.archive.index import texts_of
        from wasl.app.invoicing.prepare import minor_totals, prepare
        from wasl.app.tenancy import keys
        from wasl.app.tenancy.models import SealKey
        from wasl.formats import ubl
        from wasl.invoice.model import Address, Contact, Invoice, Item, Line, Note, Party, Price
        from wasl.seal import xades

        seller = self.seller
        lines = tuple(
            Line(
                identifier=str(n), quantity=Decimal(quantity), unit="C62", price=Price(net=_decimal(item.price, seller.decimals)), tax_category="S",
                tax_rate=Decimal(seller.rate), item=Item(name=item.text),
            )
            for n, (item, quantity) in enumerate(chosen, 1)
        )  # fmt: skip
        buyer = Party(
            name=customer.name, address=Address(line_1="1", city="Riyadh", post_code="11111", country=seller.country),
            contact=Contact(email=customer.email),
        )  # fmt: skip
        source = Invoice(
            currency=seller.currency, buyer=buyer, lines=lines, due_date=due, notes=(Note(text=note),) if note else (), buyer_reference=reference or None
        )
        model = prepare(self.org, source, on=at.date(), number=number).invoice
        document = ubl.write(model)
        if not hasattr(self, "signer"):
            name = SealKey.objects.for_org(seller.id).values_list("name", flat=True).get()
            self.signer = keys.signer(seller.id, name)
        seal = xades.sign(document, self.signer, at=at, name="invoice.xml")
        amounts = minor_totals(model)
        self.rows(index, invoice_id, at, at.date(), due, number, customer, amounts, document, seal, payer, is_paid, reference, is_real=True)
        self.searched(invoice_id, payer, not is_paid, texts_of(model))

    def rows(
        self, index: int, invoice_id: UUID, at: datetime, on: date, due: date, number: str, customer: plan.Customer, amounts: tuple[int, int, int, int], document: bytes,
        seal: bytes, payer: UUID | None, is_paid: bool, reference: str, is_real: bool = False,
    ) -> None:  # fmt: skip
        org, rows, currency, payable = self.seller.id, self.writer.rows, self.seller.currency, amounts[3]
        document_hash = hashlib.sha256(document).digest() if is_real else self.stub_hash
        seal_hash = hashlib.sha256(seal).digest() if is_real else self.seal_hash
        account = self.account
        rows["invoicing_invoice"].append((
            org, invoice_id, self.seller.series, index + 1, number, "invoice", "380", on, due, currency, *amounts, document_hash, seal_hash, "en16931",
            "ar" if self.seller.is_arabic else "en", customer.id, account.id if account else None, at,
        ))  # fmt: skip
        rows["invoicing_invoicetext"].append((org, invoice_id, invoice_id, customer.name, customer.email, reference, ""))
        for kind, sha, data in (("xml", document_hash, document), ("xades", seal_hash, seal)):
            rows["invoicing_document"].append((org, self.ids.at(at), invoice_id, kind, sha, data, "", at))
        self.link(invoice_id, at, customer.email)
        event_id = self.event(invoice_id, at, "issued", document_hash, payable, {"number": number, "kind": "invoice", "source_number": "", "original": ""}, is_real, account)
        self.entry(event_id, "issue", invoice_id, at, (("receivable", payable), ("sales", -payable)))
        self.audited(invoice_id, at, number, document_hash)
        if payer is not None:
            rows["tenancy_payergrant"].append((org, self.ids.at(at), payer, invoice_id, at))
        if is_paid and payable:
            self.paid(invoice_id, min(at + timedelta(days=self.rng.randint(1, 40)), self.ended), payable, document_hash, is_real)

    def event(self, invoice_id: UUID, at: datetime, kind: str, document_hash: bytes, amount: int, data: dict[str, Any], logged: bool, account: Any = None) -> UUID:
        org, event_id = self.seller.id, self.ids.at(at)
        self.writer.rows["events_event"].append((
            org, event_id, invoice_id, kind, at, document_hash, amount, self.seller.currency, account.sha256 if account else None,
            account.version if account else None, logged,
        ))  # fmt: skip
        self.writer.rows["events_eventdetail"].append((org, event_id, event_id, Jsonb(data, orjson.dumps), ""))
        if logged:
            self.writer.rows["events_outbox"].append((org, event_id, ""))
        return event_id

    def entry(self, event_id: UUID, kind: str, invoice_id: UUID, at: datetime, lines: tuple[tuple[str, int], ...], intent: UUID | None = None) -> None:
        if not any(amount for _, amount in lines):
            return
        self.writer.rows["payments_journalentry"].append((self.seller.id, event_id, event_id, kind, invoice_id, intent, self.seller.currency, at))
        for account, amount in lines:
            self.writer.rows["payments_journalline"].append((self.seller.id, self.ids.at(at), event_id, account, amount))

    def paid(self, invoice_id: UUID, at: datetime, amount: int, document_hash: bytes, is_real: bool) -> None:
        org, currency, intent = self.seller.id, self.seller.currency, None
        event_id = self.event(invoice_id, at, "paid", document_hash, amount, {"reference": "bench"}, is_real)
        if is_real:
            intent = self.ids.at(at)
            self.writer.rows["payments_intent"].append((
                org, intent, invoice_id, "bank", amount, currency, f"B{intent.hex[:20]}", "", f"g{intent.hex}", "", "succeeded", amount, 0, at, at, 0, at,
            ))  # fmt: skip
            self.writer.rows["payments_intentshare"].append((org, self.ids.at(at), intent, invoice_id, amount, 0))
            self.writer.rows["payments_allocation"].append((org, event_id, intent, invoice_id, amount, currency, at))
        self.entry(event_id, "payment", invoice_id, at, (("gateway_clearing", amount), ("receivable", -amount)), intent)

    def link(self, invoice_id: UUID, at: datetime, email: str) -> None:
        from wasl.app.invoicing import links

        link_id = self.ids.at(at)
        token, claim = links._token(self.seller.id, link_id), links._claim(self.seller.id, link_id)
        hashes = (links._token_hash(token), links._claim_hash(claim))
        self.writer.rows["invoicing_link"].append((self.seller.id, link_id, invoice_id, "mail", email, *hashes, at))

    def audited(self, invoice_id: UUID, at: datetime, number: str, document_hash: bytes) -> None:
        from wasl.app.tenancy.audit import entry_code

        org, row_id, body = self.seller.id, self.ids.at(at), {"number": number, "sha256": document_hash.hex()}
        code = entry_code(org, row_id, at, None, "operator:world", "invoice.issue", "invoice", invoice_id, body)
        self.writer.rows["tenancy_auditentry"].append((org, row_id, at, None, "operator:world", "invoice.issue", "invoice", invoice_id, Jsonb(body, orjson.dumps), code))

    def searched(self, invoice_id: UUID, payer: UUID | None, is_open: bool, texts: Any) -> None:
        from wasl.app.archive.index import VERSION, kept_of
        from wasl.app.archive.lexemes import vector

        kept = kept_of(texts)
        words = vector(texts, self.seller.id, (payer,) if payer else ()) + (" ':open'" if is_open and texts.totals[0] else "")
        self.writer.search.append((
            self.seller.id, invoice_id, texts.issue_date, texts.due_date, words, kept.lines, kept.notes, kept.refs, kept.said, VERSION, "",
        ))  # fmt: skip


def _number(pattern: str, counter: int, on: date) -> str:
    from wasl.app.invoicing.numbers import number_of

    return number_of(pattern, counter, on)


def _decimal(minor: int, decimals: int) -> Decimal:
    return Decimal(minor).scaleb(-decimals)


def utc_now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
