"""A small installation for tests: CA, one seller, a log of a few events, and one sealed and logged document."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from wasl.ledger import checkpoint, events, leaf, proof, tiles
from wasl.ledger.trust import Installation, TrustStore
from wasl.seal import xades
from wasl.seal.ca import InstallationCA, SellerSubject
from wasl.seal.keystore import FileKeystore
from wasl.seal.masterkey import MasterKey

NOW = datetime(2026, 11, 23, 9, 30, 15, tzinfo=UTC)
DOCUMENT = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<Invoice xmlns="urn:example:invoice"><ID>INV-2026-000001</ID>'
    "<Seller>شركة الأفق للاستشارات</Seller><Total>100.00</Total></Invoice>\n"
).encode()


@dataclass
class House:
    """One installation with everything that its files are made of."""

    folder: Path
    ca: InstallationCA
    keystore: FileKeystore
    log: checkpoint.LogSigner
    certificate: bytes

    @property
    def signer(self):
        return self.keystore.signer("seller-1", self.certificate)

    def crl(self) -> bytes:
        return self.ca.crl(now=NOW)

    def installation(self) -> Installation:
        return Installation(self.log.origin.partition("/")[0], (self.log.verifier,), (self.ca.root,), (self.crl(),))

    def seal(self, document: bytes = DOCUMENT, **changes) -> bytes:
        return xades.sign(document, self.signer, at=changes.get("at", NOW), name=changes.get("name", "INV-2026-000001.xml"))

    def prove(self, document: bytes = DOCUMENT, *, entries: int = 9, index: int = 4, log: str | None = None, **more: str) -> bytes:
        """A log of `entries` leaves with the document's event at `index`, and its proof file."""
        salt = leaf.new_salt()
        digest = sha256(document).hexdigest()
        part = events.business_part("issued", at=NOW + timedelta(seconds=1), sha256=digest, amount=10000, currency="SAR")
        event = events.complete(part | more, log=log or self.log.origin, org="org-1", doc="doc-1", seq=0, tseq=index, prev="")
        body, data = leaf.entry(salt, event)
        memory = tiles.MemoryTiles()
        others = [leaf.leaf_data(sha256(b"%d" % i).digest()) for i in range(entries)]
        frontier = tiles.Frontier().append([*others[:index], data, *others[index + 1 :]], memory)
        for tile, content in frontier.partial_tiles():
            memory.put(tile, content)
        tree = tiles.TileTree(frontier.size, memory)
        signed = self.log.sign(frontier.size, frontier.root())
        return proof.write(index=index, hashes=tree.inclusion_proof(index), checkpoint=signed, salt=leaf.event_salt(salt, 0), event=body)

    def trust(self, folder: Path) -> TrustStore:
        trusted = TrustStore(folder)
        trusted.add(self.installation())
        return trusted


def house(folder: Path, *, origin: str = "wasl.example/log", seller: str = "شركة الأفق للاستشارات") -> House:
    """A new installation under `folder`."""
    keystore = FileKeystore(folder / "keys", MasterKey(sha256(str(folder).encode()).digest()))
    began = NOW - timedelta(days=30)
    ca = InstallationCA(folder / "ca", keystore, installation=origin.partition("/")[0], now=began)
    public = keystore.create_seal_key("seller-1")
    certificate = ca.issue(SellerSubject(seller, "SA300000000000003", "SA"), public, now=began)
    return House(folder, ca, keystore, checkpoint.LogSigner(origin, keystore.log_key("log-1")), certificate)


__all__ = ["DOCUMENT", "NOW", "House", "house"]
