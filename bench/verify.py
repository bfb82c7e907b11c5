"""Seal and verify: the whole offline verification of one invoice, and the seal beside signxml on the same bytes and key.

    python bench/verify.py [--json] [--rounds N]
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from wasl.ledger import checkpoint, events, leaf, proof, tiles
from wasl.ledger.trust import Installation
from wasl.ledger.verify import verify
from wasl.seal import xades
from wasl.seal.ca import InstallationCA, SellerSubject, pem
from wasl.seal.keystore import FileKeystore
from wasl.seal.masterkey import MasterKey

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ENTRIES = 5000  # 13 hashes of path, as in a log of some months
DOCUMENT = b"<?xml version='1.0'?>\n<Invoice>" + b"<cbc:Line>0123456789</cbc:Line>" * 640 + b"</Invoice>\n"  # 20 KB


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--rounds", type=int, default=400)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        results = measured(Path(folder), arguments.rounds)
    for result in results:
        print(json.dumps(result) if arguments.json else line(result))
    return 0 if all(result["met"] for result in results) else 1


def line(result: dict[str, Any]) -> str:
    peer = f"  {result['peer']} {result['peer_value']:.3f} ms  {result['ratio']:.1f}x" if "peer" in result else ""
    return f"{result['name']:<28}wasl {result['value']:.3f} ms{peer}  {result['note']}  cores={os.cpu_count()}"


def measured(folder: Path, rounds: int) -> list[dict[str, Any]]:
    keystore = FileKeystore(folder / "keys", MasterKey(bytes(range(32))))
    began = NOW - timedelta(days=9)
    ca = InstallationCA(folder / "ca", keystore, installation="bench", now=began)
    certificate = ca.issue(SellerSubject("Bench", "SA300000000000003", "SA"), keystore.create_seal_key("seller"), now=began)
    signer, log = keystore.signer("seller", certificate), checkpoint.LogSigner("bench/log", keystore.log_key("log"))
    seal = xades.sign(DOCUMENT, signer, at=NOW, name="invoice.xml")
    evidence = proved(log)
    trust = (Installation("bench", (log.verifier,), (ca.root,), (ca.crl(now=NOW),)),)
    whole = median(lambda: verify(DOCUMENT, xades=seal, proof=evidence, trust=trust), rounds)
    assert verify(DOCUMENT, xades=seal, proof=evidence, trust=trust).exit_code == 0
    checking = median(lambda: xades.verify(DOCUMENT, seal, roots=(ca.root,), crls=trust[0].crls), rounds)
    sealing = median(lambda: xades.sign(DOCUMENT, signer, at=NOW, name="invoice.xml"), rounds)
    peer = Peer(keystore, certificate)
    slow = max(20, rounds // 10)
    note = f"all five steps ok  proof {len(evidence)} bytes  n={rounds}"
    return [
        {"name": "verify/whole", "value": whole, "note": note, "met": whole <= 1.0},
        compared("verify/seal", checking, median(lambda: peer.verify(seal), slow), f"both accept  n={rounds}"),
        compared("verify/sealing", sealing, median(peer.sign, slow), f"20 KB document  n={rounds}", limit=0.5),
    ]


def compared(name: str, value: float, peer: float, note: str, *, limit: float = 1.0) -> dict[str, Any]:
    return {"name": name, "value": value, "peer": "signxml", "peer_value": peer, "ratio": peer / value, "note": note, "met": value <= limit}


class Peer:
    """signxml over the same document and key: its own XAdES with a detached reference."""

    def __init__(self, keystore: FileKeystore, certificate: bytes) -> None:
        from cryptography.hazmat.primitives import serialization

        key = keystore.seal_key("seller")
        self._certificate = pem(certificate, "CERTIFICATE")
        encoding, form, none = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        self._key = key.private_bytes(encoding, form, none)

    def verify(self, seal: bytes) -> None:
        from lxml import etree
        from signxml.xades import XAdESSignatureConfiguration, XAdESVerifier

        config = XAdESSignatureConfiguration(expect_references=2, location="./")
        root = etree.fromstring(seal)
        XAdESVerifier().verify(root, x509_cert=self._certificate, uri_resolver=lambda uri: DOCUMENT, expect_config=config)

    def sign(self) -> None:
        from lxml import etree
        from signxml import methods
        from signxml.xades import XAdESSigner

        signer = XAdESSigner(method=methods.enveloping, signature_algorithm="ecdsa-sha256", digest_algorithm="sha256")
        signer.sign(etree.fromstring(DOCUMENT.replace(b"cbc:", b"")), key=self._key, cert=self._certificate)


def proved(log: checkpoint.LogSigner) -> bytes:
    part = events.business_part("issued", at=NOW, sha256=sha256(DOCUMENT).hexdigest(), amount=3158393, currency="SAR")
    salt = leaf.new_salt()
    event = events.complete(part, log=log.origin, org="o", doc="d", seq=0, tseq=0, prev="")
    body, data = leaf.entry(salt, event)
    memory = tiles.MemoryTiles()
    frontier = tiles.Frontier().append([data, *(leaf.leaf_data(sha256(b"%d" % i).digest()) for i in range(ENTRIES))], memory)
    for tile, content in frontier.partial_tiles():
        memory.put(tile, content)
    path = tiles.TileTree(frontier.size, memory).inclusion_proof(0)
    signed = log.sign(frontier.size, frontier.root())
    return proof.write(index=0, hashes=path, checkpoint=signed, salt=leaf.event_salt(salt, 0), event=body)


def median(work: Callable[[], object], rounds: int) -> float:
    work()
    took: list[float] = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        took.append(time.perf_counter() - started)
    return statistics.median(took) * 1000


if __name__ == "__main__":
    raise SystemExit(main())
