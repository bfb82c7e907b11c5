"""What happens to search rows after they were written: the worker learns their words, follows grants in bulk, and forgets what is erased."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from wasl.app.archive.index import write_row
from wasl.app.archive.normalise import ARABIC_LETTERS, LATIN_LETTERS
from wasl.app.sql import run
from wasl.errors import WaslError
from wasl.formats import ubl

CHUNK_ROWS = 500  # a transaction of the worker: some hundred milliseconds
WORD_CHARS_MIN = 4  # below that a typing error makes another word, not a wrong one

# Words of letters only: numbers, codes and addresses are nobody's spelling
_LEARN = f"""
INSERT INTO archive_word (word, key)
SELECT DISTINCT w.lexeme, translate(w.lexeme, '{ARABIC_LETTERS}', '{LATIN_LETTERS}') FROM archive_searchrow s CROSS JOIN LATERAL unnest(s.words) w
WHERE s.organisation_id = ANY(%(orgs)s) AND (s.organisation_id, s.id) IN (SELECT * FROM unnest(%(orgs)s::uuid[], %(ids)s::uuid[]))
  AND w.positions IS NOT NULL AND length(w.lexeme) >= {WORD_CHARS_MIN} AND w.lexeme ~ '^[^\\W\\d_]+$'
ORDER BY 1
ON CONFLICT DO NOTHING
"""
_TAKE = """
DELETE FROM archive_waiting WHERE (organisation_id, id) IN (
    SELECT organisation_id, id FROM archive_waiting ORDER BY organisation_id, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
) RETURNING organisation_id, id, rebuild
"""
# Only rows whose marks differ from their grants are written again: learning words alone rewrites nothing
_GRANTS = """
UPDATE archive_searchrow s SET words = ts_delete(s.words, n.old) || n.new
FROM (
    SELECT t.organisation_id, t.id, wasl_search_payers(t.organisation_id, t.id) AS new,
           ARRAY(SELECT w.lexeme FROM unnest(t.words) w WHERE w.lexeme LIKE '@p%%' ORDER BY 1) AS old
    FROM archive_searchrow t WHERE (t.organisation_id, t.id) IN (SELECT * FROM unnest(%(orgs)s::uuid[], %(ids)s::uuid[]))
) n
WHERE s.organisation_id = n.organisation_id AND s.id = n.id AND tsvector_to_array(n.new) <> n.old
"""

_MERGE = "SELECT gin_clean_pending_list('archive_searchrow_words')"  # what issues appended; otherwise every search reads it through


def catch_up() -> int:
    """One chunk of what waits; how many rows it was. The worker's beat."""
    with transaction.atomic():
        taken = run(_TAKE, {"limit": CHUNK_ROWS})
        if not taken:
            return 0
        for org_id, invoice_id, rebuild in taken:
            if rebuild:
                build(org_id, invoice_id)
        ready = [row for row in taken if not row[2]]  # what was built waits once more, for its words
        place = {"orgs": [row[0] for row in ready], "ids": [row[1] for row in ready]}
        run(_GRANTS, place)
        run(_LEARN, place)
    run(_MERGE)
    return len(taken)


_LEARN_ALL = f"""
INSERT INTO archive_word (word, key)
SELECT w.word, translate(w.word, '{ARABIC_LETTERS}', '{LATIN_LETTERS}')
FROM ts_stat('SELECT ts_filter(words, ''{{a,b,c}}'') FROM archive_searchrow') w
WHERE length(w.word) BETWEEN {WORD_CHARS_MIN} AND 60 AND w.word ~ '^[^\\W\\d_]+$'
ON CONFLICT DO NOTHING
"""


def learn_all() -> None:
    """The vocabulary of everything at once: where rows were written past the worker (a restore of old tables, a generated installation)."""
    run(_LEARN_ALL)


_SOURCE = """
SELECT d.data, coalesce(v.data ->> 'source_number', ''), coalesce(s.said, '') FROM invoicing_document d
LEFT JOIN events_event e ON e.organisation_id = d.organisation_id AND e.invoice_id = d.invoice_id AND e.type = 'issued'
LEFT JOIN events_eventdetail v ON v.organisation_id = e.organisation_id AND v.id = e.id
LEFT JOIN archive_searchrow s ON s.organisation_id = d.organisation_id AND s.id = d.invoice_id
WHERE d.organisation_id = %s AND d.invoice_id = %s AND d.kind = 'xml'
"""


def build(org_id: UUID, invoice_id: UUID) -> bool:
    """Make the row of a document anew from its sealed bytes; False where they were erased or cannot be read (fsck names those)."""
    for data, source_number, said in run(_SOURCE, (org_id, invoice_id)):
        try:
            invoice = ubl.read(bytes(data)).invoice
        except WaslError:
            return False
        write_row(org_id, invoice_id, invoice, references=(source_number,) if source_number else (), said=said)
        return True
    return False


_ROW = "DELETE FROM archive_searchrow WHERE organisation_id = %s AND id = %s RETURNING tsvector_to_array(words)"
_UNKNOWN = """
DELETE FROM archive_word v WHERE v.word = %s AND NOT EXISTS (
    SELECT 1 FROM archive_searchrow s WHERE s.words @@ quote_literal(v.word)::tsquery)
"""


def forget(org_id: UUID, invoice_id: UUID) -> None:
    """Eraser: the row goes, and from the vocabulary every word that stands in no other row."""
    run("DELETE FROM archive_waiting WHERE organisation_id = %s AND id = %s", (org_id, invoice_id))
    for (lexemes,) in run(_ROW, (org_id, invoice_id)):
        for word in lexemes:
            if len(word) >= WORD_CHARS_MIN and word.isalpha():
                run(_UNKNOWN, (word,))
