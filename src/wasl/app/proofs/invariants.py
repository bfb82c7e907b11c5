"""What must hold of the log: one leaf per logged event, chains without gaps, a tree that is the one we signed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wasl.app.fsck import Problem, found, invariant
from wasl.app.proofs import log
from wasl.app.proofs.models import Checkpoint, Entry, Shard
from wasl.app.sql import run
from wasl.errors import WaslError
from wasl.ledger import checkpoint as checkpoints
from wasl.ledger import leaf, merkle, store
from wasl.ledger.canonical import parse
from wasl.ledger.tiles import TileId, TileTree

_LEAVES = """
SELECT e.organisation_id, e.id, e.type, (p.event_id IS NOT NULL), (o.id IS NOT NULL), e.logged
FROM events_event e
LEFT JOIN proofs_entry p ON p.organisation_id = e.organisation_id AND p.event_id = e.id
LEFT JOIN events_outbox o ON o.organisation_id = e.organisation_id AND o.id = e.id
WHERE e.logged <> ((p.event_id IS NOT NULL) OR (o.id IS NOT NULL)) OR (p.event_id IS NOT NULL AND o.id IS NOT NULL)
"""


@invariant("one leaf per event")
def each_logged_event_has_one_leaf_or_waits_for_it() -> Iterator[Problem]:
    for org, event, kind, in_log, waiting, _ in run(_LEAVES):
        if in_log and waiting:
            en, ar = "it is in the log and waits for it too", "الحدث في السجلّ وفي الانتظار معًا"
        elif in_log or waiting:
            en, ar = "it is in the log though such events are not logged", "الحدث في السجلّ وليس مما يُسجَّل"
        else:
            en, ar = "it has no leaf in the log and does not wait for one", "ليس للحدث قيد في السجلّ ولا ينتظره"
        yield Problem("one leaf per event", f"organisation {org}, event {event} ({kind})", en, ar)


@invariant("parked")
def nothing_is_parked() -> Iterator[Problem]:
    """T91: an event that the log could not take waits for somebody to look at it."""
    for org, event, reason in run("SELECT organisation_id, id, parked FROM events_outbox WHERE parked <> ''"):
        yield Problem("parked", f"organisation {org}, event {event}", f"it could not be logged: {reason}", "تعذّر إدراج الحدث في السجلّ فوُضع جانبًا")


_ORDER = """
SELECT organisation_id, '' AS document, count(*), max(tseq) FROM proofs_entry WHERE organisation_id IS NOT NULL
GROUP BY organisation_id HAVING count(*) <> max(tseq) + 1
UNION ALL
SELECT organisation_id, document_id::text, count(*), max(seq) FROM proofs_entry WHERE organisation_id IS NOT NULL
GROUP BY organisation_id, document_id HAVING count(*) <> max(seq) + 1
"""


@invariant("orders")
def orders_have_no_gaps() -> Iterator[Problem]:
    rows = run(_ORDER)
    return found("orders", (
        (f"organisation {org}" + (f", document {document}" if document else ""),
         f"{count} leaves stand where the last says {last + 1}", f"عدد القيود {count} بينما يقول آخرها {last + 1}")
        for org, document, count, last in rows
    ))  # fmt: skip


_OPENINGS = """
SELECT p.index, p.leaf, p.organisation_id, p.event_id, p.document_id, p.seq, p.tseq, o.canonical, s.salt, e.type, e.document_sha256, e.amount,
       e.currency, d.pseudonym
FROM proofs_entry p
JOIN tenancy_organisation d ON d.id = p.organisation_id
JOIN events_event e ON e.organisation_id = p.organisation_id AND e.id = p.event_id
LEFT JOIN proofs_opening o ON o.organisation_id = p.organisation_id AND o.id = p.event_id
LEFT JOIN proofs_salt s ON s.organisation_id = p.organisation_id AND s.id = p.document_id
WHERE p.shard_id = %s AND p.index >= %s AND p.index < %s ORDER BY p.index
"""
PAGE = 5000


@invariant("leaves")
def leaves_open_to_their_events() -> Iterator[Problem]:
    """The commitment of each opening is its leaf; what it says is what the event row says; each names the one before it."""
    last: dict[tuple[Any, Any], str] = {}
    for shard in Shard.objects.order_by("number"):
        size = log.head(shard.pk).size
        for start in range(0, size, PAGE):
            for row in run(_OPENINGS, (shard.pk, start, start + PAGE)):
                place = (row[2], row[4])
                if row[7] is not None and row[8] is not None and (reason := _opening_fault(shard, row, last.get(place, ""))):
                    yield Problem("leaves", f"log {shard.origin}, leaf {row[0]}", *reason)
                last[place] = bytes(row[1])[1:].hex()


def _opening_fault(shard: Shard, row: tuple[Any, ...], previous: str) -> tuple[str, str] | None:
    canonical, salt = bytes(row[7]), bytes(row[8])
    if leaf.leaf_data(leaf.commitment(leaf.event_salt(salt, row[5]), canonical)) != bytes(row[1]):
        return "the event and its salt do not give this leaf", "الحدث وملحه لا يطابقان هذا القيد"
    event = parse(canonical)
    expected = {"log": shard.origin, "org": str(row[13]), "doc": str(row[4]), "seq": row[5], "tseq": row[6], "prev": previous, "type": row[9]}
    if row[10] is not None:
        expected["sha256"] = bytes(row[10]).hex()
    if row[11] is not None:
        expected |= {"amount": row[11], "currency": row[12]}
    wrong = next((name for name, value in expected.items() if event.get(name) != value), None)
    return None if wrong is None else (f"its {wrong} is not what the database says", f"الحقل {wrong} يخالف ما في قاعدة البيانات")


@invariant("tree")
def the_tree_is_the_one_we_signed() -> Iterator[Problem]:
    """Leaves, tiles and head give one root; every checkpoint and the second store agree with it."""
    for shard in Shard.objects.order_by("number"):
        frontier = log.head(shard.pk)
        tiles = log.DatabaseTiles(shard.pk, frontier)
        leaves = [merkle.leaf_hash(bytes(data)) for data in Entry.objects.filter(shard=shard).order_by("index").values_list("leaf", flat=True)]
        where = f"log {shard.origin}"
        if len(leaves) != frontier.size:
            en, ar = f"{len(leaves)} leaves, but the head says {frontier.size}", f"القيود {len(leaves)} والرأس يقول {frontier.size}"
            yield Problem("tree", where, en, ar)
            continue
        nodes = merkle.nodes_of(leaves)
        if frontier.size and merkle.root(frontier.size, nodes) != frontier.root():
            yield Problem("tree", where, "the leaves do not give the head's root", "القيود لا تعطي جذر الرأس")
        yield from _tiles(where, frontier.size, leaves, tiles)
        yield from _checkpoints(shard, nodes, frontier.size)
        yield from _second_store(shard, nodes, frontier.size)


def _tiles(where: str, size: int, leaves: list[bytes], tiles: log.DatabaseTiles) -> Iterator[Problem]:
    for number in range((size + 255) // 256):
        width = min(256, size - number * 256)
        held = tiles.get(TileId(0, number, width))
        if held != b"".join(leaves[number * 256 : number * 256 + width]):
            yield Problem("tree", f"{where}, tile {TileId(0, number, width).path}", "the tile does not hold its leaves", "البلاطة لا تطابق قيودها")
    try:
        if size and TileTree(size, tiles).root() != merkle.root(size, merkle.nodes_of(leaves)):
            yield Problem("tree", where, "the tiles do not give the root of the leaves", "البلاطات لا تعطي جذر القيود")
    except WaslError as error:
        yield Problem("tree", where, error.message("en"), error.message("ar"))


def _checkpoints(shard: Shard, nodes: merkle.Nodes, size: int) -> Iterator[Problem]:
    verifier = log.signer_of(shard).verifier
    for row in Checkpoint.objects.filter(shard=shard).order_by("size"):
        signed = checkpoints.verify(bytes(row.note), [verifier])
        good = signed is not None and signed.size == row.size <= size and signed.root == merkle.root(row.size, nodes)
        if not good:
            yield Problem("tree", f"log {shard.origin}, checkpoint {row.size}", "the log does not extend it", "السجلّ ليس امتدادًا لها")


def _second_store(shard: Shard, nodes: merkle.Nodes, size: int) -> Iterator[Problem]:
    try:
        signed = store.signed_so_far(log.signer_of(shard), log.checkpoint_store())
    except WaslError as error:
        yield Problem("second store", f"log {shard.origin}", error.message("en"), error.message("ar"))
        return
    if signed is None or shard.closed_at is not None:
        return  # nothing was signed yet, or the loss of this log was accepted
    if signed.size > size:
        lost = signed.size - size
        yield Problem("second store", f"log {shard.origin}", f"{lost} signed entries are not in this database", f"{lost} قيدًا موقَّعًا ليس في القاعدة")
    elif signed.size and signed.root != merkle.root(signed.size, nodes):
        yield Problem("second store", f"log {shard.origin}", "the log was rewritten after it was signed", "كُتب السجلّ من جديد بعد توقيعه")
