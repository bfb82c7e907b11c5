"""RFC 6962 Merkle tree: hashes, inclusion and consistency proofs, and their strict verification.

A tree is seen through `Nodes`: a function that gives the hash of the complete subtree number `index` at `level`
(level 0 are the leaves). Lists, tiles and tests all fit behind it; proofs are computed once, here.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Sequence
from hashlib import sha256

HASH_BYTES = 32
SIZE_MAX = 2**63 - 1  # fits a signed 64-bit integer in every store
PROOF_HASHES_MAX = 64
EMPTY_ROOT = sha256(b"").digest()

Nodes = Callable[[int, int], bytes]


def leaf_hash(data: bytes) -> bytes:
    """SHA-256 of 0x00 and data: any length in, 32 bytes out; never raises. RFC 6962, 2.1."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256 of 0x01, left and right. RFC 6962, 2.1."""
    return sha256(b"\x01" + left + right).digest()


def nodes_of(leaves: Sequence[bytes]) -> Nodes:
    """Subtree hashes over a list of leaf hashes, computed level by level once."""
    levels: list[Sequence[bytes]] = [leaves]
    while len(levels[-1]) > 1:
        below = levels[-1]
        levels.append([node_hash(below[i], below[i + 1]) for i in range(0, len(below) - 1, 2)])
    return lambda level, index: levels[level][index]


def root(size: int, nodes: Nodes) -> bytes:
    """The tree head of the first `size` leaves."""
    return EMPTY_ROOT if size == 0 else _range(0, size, nodes)


def inclusion_proof(index: int, size: int, nodes: Nodes) -> list[bytes]:
    """PATH(index, D[size]), leaf's sibling first. RFC 6962, 2.1.1."""
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size}")
    path: list[bytes] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append(_range(middle, high, nodes))
            high = middle
        else:
            path.append(_range(low, middle, nodes))
            low = middle
    path.reverse()
    return path


def consistency_proof(first: int, second: int, nodes: Nodes) -> list[bytes]:
    """PROOF(first, D[second]). RFC 6962, 2.1.2; `first` is at least 1: an empty tree is consistent with anything."""
    if not 0 < first <= second:
        raise ValueError(f"no consistency proof from {first} to {second}")
    path: list[bytes] = []
    low, high, whole = 0, second, True
    while high != first:
        middle = low + _split(high - low)
        if first <= middle:
            path.append(_range(middle, high, nodes))
            high = middle
        else:
            path.append(_range(low, middle, nodes))
            low, whole = middle, False
    if not whole:
        path.append(_range(low, high, nodes))
    path.reverse()
    return path


def verify_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root_hash: bytes) -> bool:
    """Whether the leaf hash stands at `index` of the tree of `size` with this root. RFC 9162, 2.1.3.2, strict."""
    if not (0 <= index < size <= SIZE_MAX) or not _hashes(leaf, root_hash, *proof) or len(proof) > PROOF_HASHES_MAX:
        return False
    node, last, at = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            at = node_hash(sibling, at)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            at = node_hash(at, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and hmac.compare_digest(at, root_hash)


def verify_consistency(first: int, second: int, proof: Sequence[bytes], first_root: bytes, second_root: bytes) -> bool:
    """Whether the second tree extends the first. RFC 9162, 2.1.4.2, strict; a first tree of size 0 is refused."""
    if not 0 < first <= second <= SIZE_MAX or len(proof) > PROOF_HASHES_MAX:
        return False
    if first == second:
        return not proof and hmac.compare_digest(first_root, second_root)
    if not _hashes(first_root, second_root, *proof):
        return False
    hashes = list(proof) if first & (first - 1) else [first_root, *proof]
    if not hashes:
        return False
    node, last = first - 1, second - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and hmac.compare_digest(old, first_root) and hmac.compare_digest(new, second_root)


def _range(low: int, high: int, nodes: Nodes) -> bytes:
    """MTH(D[low:high]) for a range that starts at a multiple of the power of two that covers it."""
    width = high - low
    peaks: list[bytes] = []
    while width:
        level = width.bit_length() - 1
        peaks.append(nodes(level, low >> level))
        low, width = low + (1 << level), width - (1 << level)
    at = peaks.pop()
    while peaks:
        at = node_hash(peaks.pop(), at)
    return at


def _split(width: int) -> int:
    """The largest power of two smaller than `width`."""
    return 1 << ((width - 1).bit_length() - 1)


def _hashes(*values: bytes) -> bool:
    return all(len(value) == HASH_BYTES for value in values)
