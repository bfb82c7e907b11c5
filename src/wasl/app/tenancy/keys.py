"""The installation's keys in this process: the master key, and what it opens."""

from __future__ import annotations

from functools import lru_cache
from uuid import UUID

from django.conf import settings

from wasl.app import clock
from wasl.app.sql import run
from wasl.seal import masterkey
from wasl.seal.ca import InstallationCA
from wasl.seal.keystore import FileKeystore
from wasl.seal.masterkey import MasterKey
from wasl.seal.signer import Signer

LINK_KEY_PURPOSE = "link-key"


@lru_cache(maxsize=1)
def master() -> MasterKey:
    """The master key of this installation; MasterKeyMissing says how to give one."""
    config = settings.CONFIG
    if config.master_key:
        return masterkey.load(config.master_key)
    return masterkey.load(file=config.master_key_path)


@lru_cache(maxsize=1)
def keystore() -> FileKeystore:
    return FileKeystore(settings.CONFIG.data_path / "keys", master())


@lru_cache(maxsize=1)
def authority() -> InstallationCA:
    """The installation's own CA; made at its first use."""
    return InstallationCA(settings.CONFIG.data_path / "ca", keystore(), installation=settings.CONFIG.host, now=clock.now())


def link_key_aad(org_id: UUID) -> bytes:
    return f"{org_id}|tenancy_organisation|{org_id}|link_key_wrapped|1".encode()


def new_link_key(org_id: UUID, secret: bytes) -> bytes:
    """A link key closed for its one row."""
    return master().wrap(secret, aad=link_key_aad(org_id), purpose=LINK_KEY_PURPOSE)


@lru_cache(maxsize=4096)
def link_key(org_id: UUID) -> bytes:
    """The key under an organisation's capability links."""
    (wrapped,) = run("SELECT link_key_wrapped FROM tenancy_organisation WHERE id = %s", (org_id,))[0]
    return master().unwrap(bytes(wrapped), aad=link_key_aad(org_id), purpose=LINK_KEY_PURPOSE, name="link key")


_SIGNERS: dict[UUID, tuple[str, Signer]] = {}


def signer(org_id: UUID) -> Signer:
    """The seller's sealing key in force. Which one is asked each time: a retired key must not seal again."""
    rows = run(
        "SELECT name, certificate FROM tenancy_sealkey WHERE organisation_id = %s AND retired_at IS NULL ORDER BY id DESC LIMIT 1", (org_id,)
    )
    if not rows:
        from wasl.app.errors import KeyMissing

        raise KeyMissing(name=f"seal-{org_id}")
    name, certificate = rows[0]
    held = _SIGNERS.get(org_id)
    if held is None or held[0] != name:
        held = _SIGNERS[org_id] = (name, keystore().signer(name, bytes(certificate)))
    return held[1]


@lru_cache(maxsize=4096)
def audit_key(org_id: UUID) -> bytes:
    return master().derive(f"audit|{org_id}")


def forget() -> None:
    """Drop every key held in memory (tests, and after a restore)."""
    for cached in (master, keystore, authority, link_key, audit_key):
        cached.cache_clear()
    _SIGNERS.clear()
