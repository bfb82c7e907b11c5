"""The installation's keys in this process: the master key, and what it opens."""

from __future__ import annotations

from functools import lru_cache
from uuid import UUID

from django.conf import settings

from wasl.app import clock
from wasl.app.errors import KeyMissing
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


@lru_cache(maxsize=4096)
def signer(org_id: UUID, name: str | None) -> Signer:
    """The sealing key `name` of an organisation. Which one seals is asked under the series' lock: a retired key seals nothing."""
    rows = run("SELECT certificate FROM tenancy_sealkey WHERE organisation_id = %s AND name = %s", (org_id, name))
    if not rows or name is None:
        raise KeyMissing(name=name or f"seal-{org_id}")
    return keystore().signer(name, bytes(rows[0][0]))


@lru_cache(maxsize=4096)
def audit_key(org_id: UUID) -> bytes:
    return master().derive(f"audit|{org_id}")


def forget() -> None:
    """Drop every key held in memory (tests, and after a restore)."""
    for cached in (master, keystore, authority, link_key, audit_key, signer):
        cached.cache_clear()
