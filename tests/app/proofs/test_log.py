"""From the outbox to a proof file that an offline verifier accepts."""

from __future__ import annotations

import orjson
import pytest
from django.db import IntegrityError, connection, transaction

from wasl.app import clock, fsck
from wasl.app.events.models import Event, Outbox
from wasl.app.events.record import record
from wasl.app.invoicing.find import document, sealed_xml
from wasl.app.invoicing.issue import issue
from wasl.app.proofs.models import Checkpoint, Entry, Opening, Salt
from wasl.app.proofs.prove import ProofPending, proof_for
from wasl.app.proofs.publish import publish_once
from wasl.app.proofs.sequencer import sequence_all, sequence_once
from wasl.app.proofs.trust import installation
from wasl.ledger.verify import verify

pytestmark = pytest.mark.django_db


def _verify(invoice, proof):
    seal = document(invoice.organisation_id, invoice.pk, "xades")
    return verify(sealed_xml(invoice), xades=seal, proof=proof, trust=[installation()])


def test_an_issued_invoice_is_pending_then_proven(issued):
    with pytest.raises(ProofPending):
        proof_for(issued)
    assert sequence_all() > 0
    with pytest.raises(ProofPending):
        proof_for(issued)
    assert publish_once() == Entry.objects.count()
    verdict = _verify(issued, proof_for(issued))
    assert verdict.exit_code == 0, verdict.steps
    assert publish_once() is None, "nothing new is not signed again"


def test_a_repeated_round_appends_nothing(issued):
    first = sequence_once()
    assert first > 0
    assert sequence_once() == 0
    assert not Outbox.objects.for_org(issued.organisation_id).exists()
    assert Entry.objects.count() == first


def test_order_of_document_and_organisation_have_no_gaps(org, make_invoice, actor):
    for _ in range(3):
        issue(org, make_invoice(), actor=actor)
        sequence_all()
    rows = list(Entry.objects.filter(organisation_id=org.pk).order_by("index").values_list("tseq", "seq", "document_id"))
    assert [row[0] for row in rows] == list(range(len(rows)))
    assert all(seq == 0 for _, seq, doc in rows if doc != org.pk)


def test_a_tree_over_several_tiles_proves_its_first_and_last_leaf(org, issued, actor, make_invoice):
    for _ in range(3):
        with transaction.atomic():
            for _ in range(200):
                record("delivered", org=org, invoice=issued, at=clock.now(), data={"channel": "email"})
        sequence_all()
        publish_once()
    last = issue(org, make_invoice(), actor=actor)
    from wasl.app.invoicing.find import find_invoice

    sequence_all()
    publish_once()
    for invoice in (issued, find_invoice(org, last.invoice_id)):
        assert _verify(invoice, proof_for(invoice)).exit_code == 0
    event = Event.objects.for_org(org).filter(type="delivered").order_by("-id").first()
    assert proof_for(issued, event.pk).startswith(b"c2sp.org/tlog-proof@v1")
    assert fsck.run() == []


def test_the_public_log_serves_checkpoint_and_tiles(issued, client):
    sequence_all()
    size = publish_once()
    note = client.get("/log/checkpoint")
    assert note.content == bytes(Checkpoint.objects.get(size=size).note)
    tile = client.get(f"/log/tile/0/000.p/{size}")
    assert len(tile.content) == 32 * size
    assert len(client.get(f"/log/tile/entries/000.p/{size}").content) == 35 * size
    for missing in (f"/log/tile/0/000.p/{size + 1}", "/log/tile/0/000", "/log/tile/0/00", "/log/tile/0/../../x", "/log/9/checkpoint"):
        assert client.get(missing).status_code == 404, missing
    assert client.get("/log/trust.json").json()["wasl-trust"] == 1


def _edit(sql, *values):
    """Change a row as an editor of the disk would: behind the triggers' back."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql, values)
        cursor.execute("RESET session_replication_role")


@pytest.mark.parametrize(
    ("sql", "invariant"),
    [
        ("UPDATE tenancy_auditentry SET act = 'nothing' WHERE act = 'invoice.issue'", "audit"),  # T5
        ("UPDATE proofs_entry SET index = CASE index WHEN 0 THEN 1 WHEN 1 THEN 0 ELSE index END WHERE index < 0", None),
        ("UPDATE invoicing_document SET data = data || 'x' WHERE kind = 'xml'", "documents"),
        ("UPDATE invoicing_document SET data = data || 'x', sha256 = sha256(data || 'x') WHERE kind = 'xml'", "seals"),
        ("UPDATE invoicing_invoice SET payable_amount = 1", "issued events"),
        ("UPDATE invoicing_series SET next_number = 5 WHERE kind = 'invoice'", "numbers"),
        ("UPDATE events_event SET amount = 1 WHERE type = 'issued'", "leaves"),
        ("UPDATE proofs_entry SET leaf = set_byte(leaf, 5, 0) WHERE index = 1", "tree"),
        ("UPDATE proofs_opening SET canonical = convert_to(replace(convert_from(canonical, 'UTF8'), '\"seq\":0', '\"seq\":1'), 'UTF8')", "leaves"),
        ("DELETE FROM tenancy_auditentry WHERE act = 'invoice.issue'", "acts"),
        ("DELETE FROM invoicing_document WHERE kind = 'xades'", "documents"),
        ("UPDATE proofs_entry SET tseq = 77 WHERE index = 1", "orders"),
        ("DELETE FROM proofs_opening; DELETE FROM proofs_entry WHERE index = 1", "one leaf per event"),
    ],
)
def test_fsck_says_what_was_edited_on_disk(issued, sql, invariant):
    sequence_all()
    publish_once()
    assert fsck.run() == []
    _edit(sql)
    names = {problem.invariant for problem in fsck.run()}
    assert (invariant in names) if invariant else not names


def test_t7_reordered_leaves_are_found(issued):
    sequence_all()
    publish_once()
    a, b = Entry.objects.order_by("index")[:2]
    for to, at in ((-1, a.index), (a.index, b.index), (b.index, -1)):
        _edit("UPDATE proofs_entry SET index = %s WHERE index = %s", to, at)
    assert "tree" in {problem.invariant for problem in fsck.run()}


def test_an_event_that_is_added_again_keeps_its_index(issued):
    sequence_all()
    before = list(Entry.objects.order_by("index").values_list("index", "event_id", "leaf"))
    again = before[0][1]
    Outbox.objects.create(organisation_id=issued.organisation_id, id=again)
    with transaction.atomic():
        new = record("delivered", org=issued.organisation_id, invoice=issued, at=clock.now(), data={"channel": "email"}).id
    assert sequence_once() == 1, "the rest flows"
    after = list(Entry.objects.order_by("index").values_list("index", "event_id", "leaf"))
    assert after[: len(before)] == before
    assert [row[1] for row in after[len(before) :]] == [new]
    assert not Outbox.objects.for_org(issued.organisation_id).exists()
    assert fsck.run() == []


@pytest.mark.parametrize(
    ("sql", "names"),
    [
        ("INSERT INTO proofs_entry (shard_id, index, leaf) VALUES (gen_random_uuid(), 0, '')", "proofs_shard"),
        ("INSERT INTO proofs_salt (organisation_id, id, salt, key_id) VALUES (gen_random_uuid(), gen_random_uuid(), '', '')", "tenancy_organisation"),
        ("INSERT INTO proofs_opening (organisation_id, id, canonical, key_id) SELECT id, gen_random_uuid(), '', '' FROM tenancy_organisation",
         "events_event"),
    ],
)  # fmt: skip
def test_t3_a_row_of_the_log_that_belongs_to_nothing_is_refused(issued, sql, names):
    with pytest.raises(IntegrityError, match=f"names none of {names}"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_two_events_of_one_document_in_one_batch_follow_each_other(org, issued):
    with transaction.atomic():
        ids = [record("delivered", org=org, invoice=issued, at=clock.now(), data={"channel": each}).id for each in ("email", "print")]
    sequence_all()
    entries = {entry.event_id: entry for entry in Entry.objects.filter(document_id=issued.pk)}
    first, second = (entries[each] for each in ids)
    opened = orjson.loads(bytes(Opening.objects.for_org(org).get(pk=ids[1]).canonical))
    assert (second.seq, opened["prev"]) == (first.seq + 1, bytes(first.leaf)[1:].hex())
    assert opened["tseq"] == second.tseq == first.tseq + 1
    assert Salt.objects.for_org(org).filter(pk=issued.pk).count() == 1
