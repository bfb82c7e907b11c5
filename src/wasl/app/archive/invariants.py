"""What must hold of search: each document that can be read has its row or waits for it, and the marks of who may see it are those of the grants."""

from __future__ import annotations

from collections.abc import Iterator

from wasl.app.fsck import Problem, found, invariant
from wasl.app.sql import run

_ROWS = """
SELECT i.organisation_id, i.number, CASE WHEN s.id IS NULL THEN 'missing' ELSE 'kept' END FROM invoicing_invoice i
LEFT JOIN archive_searchrow s ON s.organisation_id = i.organisation_id AND s.id = i.id
LEFT JOIN invoicing_invoicetext t ON t.organisation_id = i.organisation_id AND t.id = i.id
WHERE (s.id IS NULL AND t.id IS NOT NULL OR s.id IS NOT NULL AND t.id IS NULL)
  AND NOT EXISTS (SELECT 1 FROM archive_waiting w WHERE w.organisation_id = i.organisation_id AND w.id = i.id AND w.rebuild)
"""
_MARKS = """
SELECT s.organisation_id, s.id FROM archive_searchrow s
LEFT JOIN LATERAL (SELECT count(DISTINCT g.payer_id) AS n FROM tenancy_payergrant g
    WHERE g.organisation_id = s.organisation_id AND g.invoice_id = s.id) g ON true
WHERE (NOT s.words @@ quote_literal('@o' || right(translate(s.organisation_id::text, '-', ''), 16))::tsquery
    OR tsvector_to_array(wasl_search_marks(s.organisation_id, s.id)) <> ARRAY(
        SELECT w FROM unnest(tsvector_to_array(s.words)) w WHERE w LIKE '@p%%' OR w = ':open' ORDER BY 1))
  AND NOT EXISTS (SELECT 1 FROM archive_waiting w WHERE w.organisation_id = s.organisation_id AND w.id = s.id)
"""
_SAYINGS = {
    "missing": ("it cannot be found: its search row is missing (wasl search reindex)", "لا يُعثر عليه بالبحث: سطر البحث مفقود (wasl search reindex)"),
    "kept": ("its texts were erased, its search row was not", "حُذفت نصوصه ولم يُحذف سطر البحث"),
}


@invariant("search")
def what_can_be_read_can_be_found() -> Iterator[Problem]:
    yield from found("search", ((f"organisation {org}, {number}", *_SAYINGS[what]) for org, number, what in run(_ROWS)))
    en, ar = "search knows another state or other readers than the books and the grants", "حالة المستند أو من يراه في البحث تخالف الدفاتر والصلاحيات"
    yield from found("search", ((f"organisation {org}, invoice {row}", en, ar) for org, row in run(_MARKS)))
