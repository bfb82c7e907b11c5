"""What must hold of issued documents: numbers without gaps, bytes as they were sealed, one event each."""

from __future__ import annotations

import hmac
from collections.abc import Iterator

from wasl.app.fsck import Problem, found, invariant
from wasl.app.invoicing.links import token_hash_of
from wasl.app.invoicing.models import Link
from wasl.app.sql import run
from wasl.app.tenancy import keys
from wasl.seal import xades

_GAPS = """
SELECT s.organisation_id, s.kind, s.code, s.next_number, count(i.id), min(i.counter), max(i.counter)
FROM invoicing_series s LEFT JOIN invoicing_invoice i ON i.organisation_id = s.organisation_id AND i.series_id = s.id
GROUP BY s.organisation_id, s.id, s.kind, s.code, s.next_number
HAVING count(i.id) <> s.next_number - 1 OR coalesce(min(i.counter), 1) <> 1 OR coalesce(max(i.counter), 0) <> s.next_number - 1
"""
_MISSING = """
SELECT counter FROM generate_series(1, %s::bigint) AS counter WHERE NOT EXISTS (
    SELECT 1 FROM invoicing_invoice i JOIN invoicing_series s ON s.organisation_id = i.organisation_id AND s.id = i.series_id
    WHERE s.organisation_id = %s AND s.kind = %s AND s.code = %s AND i.counter = counter.counter
) LIMIT 1
"""


@invariant("numbers")
def numbers_have_no_gaps() -> Iterator[Problem]:
    for org, kind, code, following, count, _, highest in run(_GAPS):
        missing = run(_MISSING, (max(following - 1, highest or 0), org, kind, code))
        first = missing[0][0] if missing else following
        yield Problem(
            "numbers", f"organisation {org}, series {code} ({kind})",
            f"{count} documents stand where the counter says {following - 1}; number {first} is missing",
            f"في السلسلة {count} مستند بينما يشير العدّاد إلى {following - 1}، والرقم {first} مفقود",
        )  # fmt: skip


_BYTES = """
SELECT i.organisation_id, i.number, k.kind,
       CASE WHEN d.id IS NULL THEN 'gone' WHEN sha256(d.data) <> d.sha256 THEN 'bytes' ELSE 'row' END
FROM invoicing_invoice i CROSS JOIN (VALUES ('xml'), ('xades')) AS k(kind)
LEFT JOIN invoicing_document d ON d.organisation_id = i.organisation_id AND d.invoice_id = i.id AND d.kind = k.kind
WHERE (d.id IS NULL AND NOT EXISTS (
        SELECT 1 FROM events_event e WHERE e.organisation_id = i.organisation_id AND e.invoice_id = i.id AND e.type = 'erased'))
   OR sha256(d.data) <> d.sha256
   OR d.sha256 <> CASE k.kind WHEN 'xml' THEN i.document_sha256 ELSE i.seal_sha256 END
"""
_SAYINGS = {
    "gone": ("the document is missing and was not erased by anybody", "المستند مفقود ولم يُحذف بإجراء مسجَّل"),
    "bytes": ("the stored bytes are not those that were sealed", "المحتوى المحفوظ ليس المحتوى المختوم"),
    "row": ("the stored document is not the one that was issued", "المستند المحفوظ ليس المستند الصادر"),
}


@invariant("documents")
def documents_are_byte_identical() -> Iterator[Problem]:
    rows = run(_BYTES)
    return found("documents", ((f"organisation {org}, {number}, {kind}", *_SAYINGS[what]) for org, number, kind, what in rows))


_SEALS = """
SELECT i.organisation_id, i.number, x.data, s.data FROM invoicing_invoice i
JOIN invoicing_document x ON x.organisation_id = i.organisation_id AND x.invoice_id = i.id AND x.kind = 'xml'
JOIN invoicing_document s ON s.organisation_id = i.organisation_id AND s.invoice_id = i.id AND s.kind = 'xades'
WHERE (i.organisation_id, i.id) > (%s, %s) ORDER BY i.organisation_id, i.id LIMIT 500
"""
_NEXT = """
SELECT organisation_id, id FROM invoicing_invoice WHERE (organisation_id, id) > (%s, %s) ORDER BY organisation_id, id OFFSET 499 LIMIT 1
"""
_FIRST = "00000000-0000-0000-0000-000000000000"


@invariant("seals")
def seals_hold() -> Iterator[Problem]:
    """Every seal verifies over its document under the installation's own root."""
    from wasl.app import clock

    authority = keys.authority()
    crl, at = authority.crl(now=clock.now()), (_FIRST, _FIRST)
    while True:
        for org, number, document, seal in run(_SEALS, at):
            result = xades.verify(bytes(document), bytes(seal), roots=[authority.root], crls=[crl])
            if result.reason != "ok":
                en, ar = f"the seal does not hold ({result.reason})", f"الختم لا يصحّ ({result.reason})"
                yield Problem("seals", f"organisation {org}, {number}", en, ar)
        following = run(_NEXT, at)
        if not following:
            return
        at = following[0]


_EVENTS = """
SELECT i.organisation_id, i.number, count(e.id),
       bool_and(e.document_sha256 = i.document_sha256 AND e.amount = i.payable_amount AND e.currency = i.currency AND e.at = i.issued_at)
FROM invoicing_invoice i
LEFT JOIN events_event e ON e.organisation_id = i.organisation_id AND e.invoice_id = i.id AND e.type = 'issued'
GROUP BY i.organisation_id, i.id, i.number
HAVING count(e.id) <> 1 OR NOT bool_and(e.document_sha256 = i.document_sha256 AND e.amount = i.payable_amount AND e.currency = i.currency
    AND e.at = i.issued_at)
"""


@invariant("issued events")
def each_document_has_its_one_event() -> Iterator[Problem]:
    for org, number, count, _ in run(_EVENTS):
        en = f"{count} events say that it was issued" if count != 1 else "its row says something else than its event"
        ar = f"عدد أحداث الإصدار {count}" if count != 1 else "بيانات المستند تخالف حدث إصداره"
        yield Problem("issued events", f"organisation {org}, {number}", en, ar)


_ACTS = """
SELECT i.organisation_id, i.number FROM invoicing_invoice i WHERE NOT EXISTS (
    SELECT 1 FROM tenancy_auditentry a WHERE a.organisation_id = i.organisation_id AND a.object_type = 'invoice' AND a.object_id = i.id
      AND a.act = i.kind || '.issue')
"""


@invariant("acts")
def each_issue_has_its_act() -> Iterator[Problem]:
    """T3: nothing was issued by nobody."""
    rows = run(_ACTS)
    en, ar = "the audit log does not say who issued it", "سجلّ التدقيق لا يذكر من أصدره"
    return found("acts", ((f"organisation {org}, {number}", en, ar) for org, number in rows))


@invariant("links")
def links_are_our_own() -> Iterator[Problem]:
    """A link row that was smuggled in does not have the hash that its id and our key give."""
    for link in Link._base_manager.iterator(chunk_size=2000):
        if not hmac.compare_digest(token_hash_of(link.organisation_id, link.pk), bytes(link.token_hash)):
            yield Problem("links", f"organisation {link.organisation_id}, link {link.pk}", "the link was not made here", "الرابط لم يُنشأ هنا")
