"""The tree against a naive one written straight from the recursive definitions of RFC 6962."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wasl.ledger import merkle

LEAVES = [merkle.leaf_hash(b"%d" % i) for i in range(80)]
NODES = merkle.nodes_of(LEAVES)


def naive_root(leaves):
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = naive_split(len(leaves))
    return sha256(b"\x01" + naive_root(leaves[:k]) + naive_root(leaves[k:])).digest()


def naive_split(n):
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def naive_path(m, leaves):
    if len(leaves) == 1:
        return []
    k = naive_split(len(leaves))
    if m < k:
        return [*naive_path(m, leaves[:k]), naive_root(leaves[k:])]
    return [*naive_path(m - k, leaves[k:]), naive_root(leaves[:k])]


def naive_subproof(m, leaves, whole):
    if m == len(leaves):
        return [] if whole else [naive_root(leaves)]
    k = naive_split(len(leaves))
    if m <= k:
        return [*naive_subproof(m, leaves[:k], whole), naive_root(leaves[k:])]
    return [*naive_subproof(m - k, leaves[k:], False), naive_root(leaves[:k])]


@given(st.integers(0, 80))
def test_the_root_is_the_naive_root(size):
    assert merkle.root(size, NODES) == naive_root(LEAVES[:size])


@given(st.integers(1, 80), st.data())
def test_the_inclusion_proof_is_the_naive_path_and_verifies(size, data):
    index = data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion_proof(index, size, NODES)
    assert proof == naive_path(index, LEAVES[:size])
    assert merkle.verify_inclusion(index, size, LEAVES[index], proof, naive_root(LEAVES[:size]))


@given(st.integers(1, 80), st.data())
def test_the_consistency_proof_is_the_naive_one_and_verifies(second, data):
    first = data.draw(st.integers(1, second))
    proof = merkle.consistency_proof(first, second, NODES)
    assert proof == naive_subproof(first, LEAVES[:second], True)
    assert merkle.verify_consistency(first, second, proof, naive_root(LEAVES[:first]), naive_root(LEAVES[:second]))


@settings(max_examples=200)
@given(st.integers(1, 80), st.data())
def test_no_proof_verifies_for_another_place_or_leaf(size, data):
    index, other = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size - 1))
    proof, root = merkle.inclusion_proof(index, size, NODES), merkle.root(size, NODES)
    assert merkle.verify_inclusion(other, size, LEAVES[index], proof, root) is (other == index)
    assert merkle.verify_inclusion(index, size, LEAVES[other], proof, root) is (other == index)


@given(st.integers(2, 80), st.data())
def test_t7_an_edited_leaf_breaks_consistency(second, data):
    """A log that was reordered or edited cannot be shown to extend what was published."""
    first = data.draw(st.integers(1, second))
    at = data.draw(st.integers(0, first - 1))
    forged = [*LEAVES[:at], merkle.leaf_hash(b"forged"), *LEAVES[at + 1 : second]]
    proof = merkle.consistency_proof(first, second, merkle.nodes_of(forged))
    assert not merkle.verify_consistency(first, second, proof, merkle.root(first, NODES), naive_root(forged))


@pytest.mark.parametrize(("index", "size"), [(0, 0), (5, 5), (-1, 5), (6, 5)])
def test_a_leaf_outside_the_tree_has_no_proof(index, size):
    with pytest.raises(ValueError, match="not in a tree"):
        merkle.inclusion_proof(index, size, NODES)


def test_a_consistency_proof_from_the_empty_tree_is_refused():
    with pytest.raises(ValueError, match="no consistency proof"):
        merkle.consistency_proof(0, 5, NODES)
    assert not merkle.verify_consistency(0, 5, [], merkle.EMPTY_ROOT, merkle.root(5, NODES))


def test_a_tree_size_of_2_to_the_63_is_refused():
    assert not merkle.verify_inclusion(0, 2**63, LEAVES[0], [LEAVES[1]] * 63, LEAVES[0])
