"""T60 on this floor: what a guesser could time is compared by `hmac.compare_digest`, at every length of agreement."""

from __future__ import annotations

import hmac

import pytest

from wasl.ledger import merkle
from wasl.seal.errors import SecretUnreadable
from wasl.seal.masterkey import MasterKey


@pytest.fixture
def compared(monkeypatch):
    """Every pair that went through the constant-time comparison."""
    seen, real = [], hmac.compare_digest

    def spy(one, other):
        seen.append((bytes(one), bytes(other)))
        return real(one, other)

    monkeypatch.setattr(hmac, "compare_digest", spy)
    return seen


def test_t60_roots_are_compared_in_constant_time(compared):
    leaves = [merkle.leaf_hash(b"%d" % i) for i in range(5)]
    nodes = merkle.nodes_of(leaves)
    root, near = merkle.root(5, nodes), merkle.root(5, nodes)[:-1] + b"\x00"
    proof = merkle.inclusion_proof(2, 5, nodes)
    assert merkle.verify_inclusion(2, 5, leaves[2], proof, root)
    assert not merkle.verify_inclusion(2, 5, leaves[2], proof, near)
    assert compared == [(root, root), (root, near)]


def test_t60_the_key_id_of_an_envelope_is_compared_in_constant_time(compared):
    master = MasterKey(bytes(range(32)))
    envelope = master.wrap(b"secret", aad=b"")
    with pytest.raises(SecretUnreadable):
        master.unwrap(b"W1" + b"\x00" * 8 + envelope[10:], aad=b"")
    assert compared[0] == (b"W1" + b"\x00" * 8, envelope[:10])


def test_t60_the_document_hash_is_compared_in_constant_time(compared, bundle, home):
    from wasl.ledger.verify import verify

    verdict = verify(b"<Other/>", xades=home.seal(), proof=home.prove(), trust=(home.installation(),))
    assert verdict.step("hash").state == "failed"
    assert any(len(one) == 64 and one != other for one, other in compared)
