"""Bugs planted on purpose: each a change of one module's source, and the test that must find it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Plant:
    """`changes` are (what stands there, what is put in its place); each must stand there exactly once."""

    module: str
    changes: tuple[tuple[str, str], ...]
    test: str


_OUTBOX = "INSERT INTO events_outbox (organisation_id, id) VALUES (%(org)s, %(id)s)"
_LATER = f"""    if event_type in LOGGED:
        transaction.on_commit(lambda: run("{_OUTBOX}", {{"org": event.organisation_id, "id": event.id}}))
    for subscriber in"""

PLANTS = {
    "number-before-lock": Plant(
        "wasl.app.invoicing.queries",
        (("ORDER BY id LIMIT 1 FOR UPDATE OF s", "ORDER BY id LIMIT 1"),),
        "tests/app/invoicing/test_parallel.py",
    ),
    "outbox-outside-the-transaction": Plant(
        "wasl.app.events.record",
        (
            (f')\n{_OUTBOX}\n"""\n_PLAIN', ')\nSELECT 1\n"""\n_PLAIN'),
            ("    for subscriber in", _LATER),
            ("from django.db import connection\n", "from django.db import connection, transaction\nfrom wasl.app.sql import run\n"),
        ),
        "tests/faults/test_crash_issue.py::test_t85_issue_killed_at_every_point_is_whole_or_absent_and_its_key_is_safe_to_repeat",
    ),
    "webhook-not-deduplicated": Plant(
        "wasl.app.payments.settle",
        (("if state.status == SUCCEEDED and intent.status != Intent.SUCCEEDED:", "if state.status == SUCCEEDED:"),),
        "tests/app/payments/test_pay.py",
    ),
    "rounding-half-even": Plant(
        "wasl.invoice.money",
        (("EXACT = Context(prec=EXACT_DIGITS, rounding=ROUND_HALF_UP)", 'EXACT = Context(prec=EXACT_DIGITS, rounding="ROUND_HALF_EVEN")'),),
        "tests/invoice/test_money.py",
    ),
    "unsigned-webhook-accepted": Plant(
        "wasl.app.payments.drivers.bank",
        (('raise WebhookRefused(reason="it is not signed")', "return"),),
        "tests/app/payments/test_bank_webhook.py",
    ),
    "edited-tile": Plant(
        "wasl.app.proofs.log",
        (("(self._shard, tile.level, tile.index, data)", "(self._shard, tile.level, tile.index, data[:-1] + bytes([data[-1] ^ 1]))"),),
        "tests/app/proofs/test_log.py",
    ),
    "excess-counts-as-paid": Plant(
        "wasl.app.payments.settle",
        (("applied = min(owed, intent.amount)", "applied = intent.amount"),),
        "tests/app/payments/test_pay.py",
    ),
    "refund-under-a-new-key": Plant(
        "wasl.app.payments.refunds",
        (("key=str(refund.pk)", "key=str(__import__('uuid').uuid4())"),),
        "tests/app/payments/test_pay.py",
    ),
    "gateway-not-asked-for-the-amount": Plant(
        "wasl.app.payments.settle",
        (('"amount": (intent.amount, state.amount),', ""),),
        "tests/app/payments/test_pay.py",
    ),
    "handed-over-called-delivered": Plant(
        "wasl.app.delivery.send",
        (("        return Delivery.HANDED_OVER\n", "        return Delivery.DELIVERED\n"),),
        "tests/app/delivery/test_states.py",
    ),
    "return-address-unsigned": Plant(
        "wasl.app.delivery.returnpath",
        (("return delivery_id if hmac.compare_digest(token[_ID_CHARS:].encode(), _mark(delivery_id).encode()) else None", "return delivery_id"),),
        "tests/app/delivery/test_mail.py",
    ),
}
