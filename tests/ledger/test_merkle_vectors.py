"""Every inclusion and consistency vector of transparency-dev/merkle; the mutations carry its names (see SOURCES.md)."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest

from wasl.ledger import merkle

DATA = json.loads((Path(__file__).parents[1] / "vectors" / "ledger" / "transparency-dev-merkle.json").read_bytes())
ROOTS = [bytes.fromhex(text) for text in DATA["roots"]]
LEAVES = [bytes.fromhex(text) for text in DATA["leaves"]]
SOME, EMPTY, NOTHING = bytes.fromhex(DATA["some_hash"]), sha256(b"").digest(), b""
WRAP = 2**64  # the source counts in unsigned 64-bit numbers


def flipped(proof: list[bytes], at: int, bit: int) -> list[bytes]:
    return [bytes([h[0] ^ bit]) + h[1:] if i == at else h for i, h in enumerate(proof)]


def inclusion_probes():
    for number, vector in enumerate(DATA["inclusion"]):
        index, size = vector["leaf"] - 1, vector["size"]
        proof, root = [bytes.fromhex(text) for text in vector["proof"]], ROOTS[vector["size"] - 1]
        leaf = merkle.leaf_hash(LEAVES[index])
        base = (index, size, leaf, proof, root)
        probes = {
            "happy path": (base, True),
            "leafIdx sub @1": (((index - 1) % WRAP, size, leaf, proof, root), False),
            "leafIdx plus @1": ((index + 1, size, leaf, proof, root), False),
            "leafIdx XOR @2": ((index ^ 2, size, leaf, proof, root), False),
            "treeSize mul @2": ((index, size * 2, leaf, proof, root), False),
            "treeSize div @2": ((index, size // 2, leaf, proof, root), False),
            "wrong leaf": ((index, size, b"WrongLeaf", proof, root), False),
            "empty root": ((index, size, leaf, proof, EMPTY), False),
            "random root": ((index, size, leaf, proof, SOME), False),
            "trailing garbage": ((index, size, leaf, [*proof, NOTHING], root), False),
            "trailing root": ((index, size, leaf, [*proof, root], root), False),
            "preceding garbage": ((index, size, leaf, [NOTHING, *proof], root), False),
            "preceding root": ((index, size, leaf, [root, *proof], root), False),
        }
        for at in range(len(proof)):
            probes[f"modified proof[{at}] bit @3"] = ((index, size, leaf, flipped(proof, at, 8), root), False)
        if proof:
            probes["removed component"] = ((index, size, leaf, proof[:-1], root), False)
        if len(proof) > 1:
            probes["inserted component"] = ((index, size, leaf, [proof[0], SOME, *proof[1:]], root), False)
        yield from (pytest.param(*probe, id=f"{number}/{name}") for name, probe in probes.items())
    for number, (index, size) in enumerate([(0, 0), (0, 1), (1, 0), (2, 1)]):
        yield pytest.param((index, size, SOME, [], NOTHING), False, id=f"additional/{number}/random leaf")
        yield pytest.param((index, size, NOTHING, [], EMPTY), False, id=f"additional/{number}/empty root")
        yield pytest.param((index, size, SOME, [], EMPTY), False, id=f"additional/{number}/empty root and random leaf")
    data = merkle.leaf_hash(b"data")
    yield pytest.param((0, 1, data, [], data), True, id="single-entry/matching root and leaf")
    yield pytest.param((0, 1, NOTHING, [], data), False, id="single-entry/empty leaf")
    yield pytest.param((0, 1, data, [], NOTHING), False, id="single-entry/empty root")
    yield pytest.param((0, 1, NOTHING, [], NOTHING), False, id="single-entry/empty root and leaf")


def consistency_probes():
    for number, vector in enumerate(DATA["consistency"]):
        first, second = vector["first"], vector["second"]
        proof, old, new = [bytes.fromhex(text) for text in vector["proof"]], ROOTS[first - 1], ROOTS[second - 1]
        yield pytest.param((first, second, proof, old, new), True, id=f"{number}/happy path")
        if not proof:
            continue
        probes = {
            "size1 sub @1": ((first - 1) % WRAP, second, proof, old, new),
            "size1 plus @1": (first + 1, second, proof, old, new),
            "size1 XOR @2": (first ^ 2, second, proof, old, new),
            "size2 mul @2": (first, second * 2, proof, old, new),
            "size2 div @2": (first, second // 2, proof, old, new),
            "wrong root1": (first, second, proof, b"WrongRoot", new),
            "wrong root2": (first, second, proof, old, b"WrongRoot"),
            "swapped roots": (first, second, proof, new, old),
            "empty proof": (first, second, [], old, new),
            "trailing garbage": (first, second, [*proof, NOTHING], old, new),
            "trailing root1": (first, second, [*proof, old], old, new),
            "trailing root2": (first, second, [*proof, new], old, new),
            "preceding garbage": (first, second, [NOTHING, *proof], old, new),
            "preceding root1": (first, second, [old, *proof], old, new),
            "preceding root2": (first, second, [new, *proof], old, new),
            "preceding proof @0": (first, second, [proof[0], *proof], old, new),
            "truncated proof": (first, second, proof[:-1], old, new),
        }
        probes |= {f"modified proof@{at} bit @4": (first, second, flipped(proof, at, 16), old, new) for at in range(len(proof))}
        yield from (pytest.param(probe, False, id=f"{number}/{name}") for name, probe in probes.items())
    yield from (pytest.param(probe, want, id=f"additional/{name}") for name, probe, want in static_consistency())


def static_consistency():
    one, two = b"don't care 1", b"don't care 2"
    return [
        ("sizes are equal (zero) but roots are not", (0, 0, [], one, two), False),
        ("sizes are equal (one) but roots are not", (1, 1, [], one, two), False),
        ("sizes are equal (zero) and proof is empty", (0, 0, [], one, one), False),
        ("size1 is zero and does not equal size2", (0, 1, [], one, two), False),
        ("sizes are equal (one) and proof is empty", (1, 1, [], two, two), True),
        ("size1 is greater than size2", (1, 0, [], one, two), False),
        ("size1 is greater than size2 again", (2, 1, [], one, two), False),
        ("sizes do not watch and proof is empty", (1, 2, [], one, two), False),
        ("roots do not match and sizes are zero", (0, 0, [], EMPTY, two), False),
        ("roots do not not match and sizes are one", (1, 1, [], EMPTY, two), False),
        ("sizes match but proof is not empty and sizes are zero", (0, 0, [EMPTY], EMPTY, EMPTY), False),
        ("sizes match but proof is not empty and sizes are one", (1, 1, [EMPTY], EMPTY, EMPTY), False),
        ("size1 is zero and size2 is not zero", (0, 1, [], EMPTY, two), False),
        ("consistency check on empty tree (size1 is zero) is useless", (0, 1, [EMPTY], EMPTY, EMPTY), False),
    ]


@pytest.mark.parametrize(("probe", "want"), list(inclusion_probes()))
def test_inclusion(probe, want):
    assert merkle.verify_inclusion(*probe) is want


@pytest.mark.parametrize(("probe", "want"), list(consistency_probes()))
def test_consistency(probe, want):
    assert merkle.verify_consistency(*probe) is want


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_of_the_eight_reference_leaves(size):
    nodes = merkle.nodes_of([merkle.leaf_hash(leaf) for leaf in LEAVES[:size]])
    assert merkle.root(size, nodes) == ROOTS[size - 1]


@pytest.mark.parametrize("vector", DATA["inclusion"], ids=str)
def test_our_inclusion_proofs_are_the_reference_proofs(vector):
    nodes = merkle.nodes_of([merkle.leaf_hash(leaf) for leaf in LEAVES])
    assert [h.hex() for h in merkle.inclusion_proof(vector["leaf"] - 1, vector["size"], nodes)] == vector["proof"]


@pytest.mark.parametrize("vector", DATA["consistency"], ids=str)
def test_our_consistency_proofs_are_the_reference_proofs(vector):
    nodes = merkle.nodes_of([merkle.leaf_hash(leaf) for leaf in LEAVES])
    assert [h.hex() for h in merkle.consistency_proof(vector["first"], vector["second"], nodes)] == vector["proof"]
