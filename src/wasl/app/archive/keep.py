"""What happens to search rows after an issue queued them: the worker makes them, learns their words, follows grants in bulk, and
forgets what is erased. Whoever searches before that has the newest made at once (`freshen`)."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from wasl.app import clock
from wasl.app.archive.index import NOTHING, Source, heard_about, write_rows
from wasl.app.archive.normalise import ARABIC_LETTERS, LATIN_LETTERS
from wasl.app.archive.scope import Scope
from wasl.app.sql import run
from wasl.errors import WaslError
from wasl.formats import ubl

CHUNK_ROWS = 250  # a transaction of the worker: some hundred milliseconds
BATCH_ROWS = 25  # documents in memory at once: the largest have ten thousand lines
BEAT_SECONDS = 0.7  # of one beat: other beats wait for it
FRESH_SECONDS, FRESH_ROWS = 10, 20
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
# The newest first: what was just issued is found within a second even while a million wait to be made anew
_TAKE = """
SELECT organisation_id, id, rebuild FROM archive_waiting WHERE ready_at IS NULL OR ready_at <= %(now)s ORDER BY id DESC LIMIT %(limit)s
FOR UPDATE SKIP LOCKED
"""
_FRESH = """
FROM archive_waiting s WHERE s.id > %(since)s AND s.rebuild AND s.ready_at IS NULL AND {fence} ORDER BY s.id DESC
"""
# Whoever grants or pays right now holds the search row and may wait for ours; so we never wait for theirs: it stays in the queue
_HOLD = """
SELECT s.organisation_id, s.id FROM archive_searchrow s
WHERE (s.organisation_id, s.id) IN (SELECT * FROM unnest(%(orgs)s::uuid[], %(ids)s::uuid[])) FOR UPDATE SKIP LOCKED
"""
_THERE = """
SELECT s.organisation_id, s.id FROM archive_searchrow s
WHERE (s.organisation_id, s.id) IN (SELECT * FROM unnest(%(orgs)s::uuid[], %(ids)s::uuid[]))
"""
# Only rows whose marks differ from the grants and the books are written again. It reads after the rows are held: what is
# granted or paid later waits for them, or finds them missing and queues them once more (migration 0002)
_MARKS = """
UPDATE archive_searchrow s SET words = ts_delete(s.words, n.old) || n.new
FROM (
    SELECT t.organisation_id, t.id, wasl_search_marks(t.organisation_id, t.id) AS new,
           ARRAY(SELECT w.lexeme FROM unnest(t.words) w WHERE w.lexeme LIKE '@p%%' OR w.lexeme = ':open' ORDER BY 1) AS old
    FROM archive_searchrow t WHERE (t.organisation_id, t.id) IN (SELECT * FROM unnest(%(orgs)s::uuid[], %(ids)s::uuid[]))
) n
WHERE s.organisation_id = n.organisation_id AND s.id = n.id AND tsvector_to_array(n.new) <> n.old
"""
_DONE = "DELETE FROM archive_waiting WHERE (organisation_id, id) IN (SELECT * FROM unnest(%(orgs)s::uuid[], %(ids)s::uuid[]))"
_BUILT = "UPDATE archive_waiting SET rebuild = false WHERE (organisation_id, id) IN (SELECT * FROM unnest(%(orgs)s::uuid[], %(ids)s::uuid[]))"
_MERGE = "SELECT gin_clean_pending_list('archive_searchrow_words')"  # what was appended; otherwise every search reads it through

Taken = list[tuple[Any, ...]]  # organisation, invoice, whether its row is to be made


def catch_up() -> int:
    """What waits, chunk by chunk, for a part of a second; how many rows it was. The worker's beat."""
    done, until = 0, time.monotonic() + BEAT_SECONDS
    while True:
        seen = _see_to(_TAKE, {"limit": CHUNK_ROWS, "now": clock.now()})
        done += seen
        if seen < CHUNK_ROWS or time.monotonic() > until:
            break
    if done:
        run(_MERGE)
    return done


def freshen(scope: Scope) -> None:
    """Make what was issued in the last seconds findable for who may see it: whoever issues and then looks must find it."""
    since = UUID(int=(time.time_ns() // 1_000_000 - FRESH_SECONDS * 1000) << 80)
    fresh, values = _FRESH.format(fence=scope.fence), {"scope": scope.id, "since": since, "limit": FRESH_ROWS}
    if run(f"SELECT 1 {fresh} LIMIT 1", values):
        _see_to(f"SELECT s.organisation_id, s.id, s.rebuild {fresh} LIMIT %(limit)s FOR UPDATE OF s SKIP LOCKED", values, learn=False)


def _see_to(take: str, values: dict[str, Any], *, learn: bool = True) -> int:
    """Take some of what waits, make the rows that are to be made, set the marks of the others, learn their words; how many it was.

    Those that somebody holds stay in the queue. With learn=False all stay, for their words: whoever learns waits for others who do.
    """
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:
            run("SET LOCAL synchronous_commit = off")  # a crash takes the row and gives its place in the queue back
        taken = run(take, values)
        if not taken:
            return 0
        every = _place(taken)
        busy = set(run(_THERE, every)) - set(run(_HOLD, every))
        ready = [row for row in taken if row[:2] not in busy]
        build(row[:2] for row in ready if row[2])
        run(_MARKS, _place([row for row in ready if not row[2]]))
        if learn:
            run(_LEARN, _place(ready))
        run(_DONE if learn else _BUILT, _place(ready))
    return len(ready)


def _place(rows: Taken) -> dict[str, list[UUID]]:
    return {"orgs": [row[0] for row in rows], "ids": [row[1] for row in rows]}


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
SELECT d.organisation_id, d.invoice_id, d.data, coalesce(v.data ->> 'source_number', '')
FROM unnest(%(orgs)s::uuid[], %(ids)s::uuid[]) AS p (organisation_id, id)
JOIN invoicing_document d ON d.organisation_id = p.organisation_id AND d.invoice_id = p.id AND d.kind = 'xml'
LEFT JOIN events_event e ON e.organisation_id = d.organisation_id AND e.invoice_id = d.invoice_id AND e.type = 'issued'
LEFT JOIN events_eventdetail v ON v.organisation_id = e.organisation_id AND v.id = e.id
"""


def build(places: Iterable[tuple[UUID, UUID]]) -> None:
    """Make the rows of documents anew from their sealed bytes; not where they were erased or cannot be read (fsck names those)."""
    rest = iter(places)
    while some := tuple(islice(rest, BATCH_ROWS)):
        sources = list(_sources(some))
        if sources:
            write_rows(sources)


def _sources(places: tuple[tuple[UUID, UUID], ...]) -> Iterator[Source]:
    values = {"orgs": [org_id for org_id, _ in places], "ids": [invoice_id for _, invoice_id in places]}
    heard = heard_about(places)
    for org_id, invoice_id, data, source_number in run(_SOURCE, values, binary=True):
        try:
            invoice = ubl.read(bytes(data)).invoice
        except WaslError:
            continue
        yield Source(org_id, invoice_id, invoice, (source_number,) if source_number else (), heard.get((org_id, invoice_id), NOTHING))


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
