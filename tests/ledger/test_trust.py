"""The trust store: pinned by its owner, never extended in silence."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from pathlib import Path

import pytest

from wasl.ledger import trust
from wasl.ledger.errors import TrustConflict, TrustUnreadable
from wasl.ledger.trust import Installation, TrustStore


@pytest.fixture
def store(tmp_path):
    return TrustStore(tmp_path / "trust")


@pytest.fixture(scope="module")
def ours(home):
    return home.installation()


def test_an_empty_store_trusts_nothing(store):
    assert store.list() == ()


def test_an_installation_comes_back_as_it_was_added(store, ours):
    assert store.add(ours) is True
    assert store.list() == (ours,)
    assert store.add(ours) is False
    assert (store.folder / "trust.json").stat().st_mode & 0o777 == 0o600
    assert store.folder.stat().st_mode & 0o777 == 0o700


def test_a_trust_file_round_trips_and_shows_one_fingerprint(ours):
    assert trust.decode(ours.encode()) == ours
    assert len(ours.fingerprint.split()) == 8


def test_other_keys_for_a_known_log_are_refused_until_replaced(bundle, store, ours, tmp_path):
    other = bundle.house(tmp_path / "other", origin=ours.logs[0].name).installation()
    store.add(ours)
    with pytest.raises(TrustConflict):
        store.add(other)
    assert store.list() == (ours,)
    store.add(other, replace=True)
    assert store.list() == (other,)


def test_a_newer_list_of_the_same_keys_is_merged_and_no_revocation_forgotten(bundle, store, tmp_path):
    house = bundle.house(tmp_path / "house")
    before = house.installation()
    store.add(before)
    revoked = house.ca.revoke(house.certificate, reason="key_compromise", now=bundle.NOW + timedelta(days=1))
    assert store.add(Installation(before.name, before.logs, before.roots, (revoked,))) is True
    assert store.list()[0].crls == (revoked,)
    rollback = before.crls[0]
    store.add(Installation(before.name, before.logs, before.roots, (rollback,)))
    assert revoked in store.list()[0].crls


def test_a_store_that_others_may_write_is_refused(store, ours):
    store.add(ours)
    os.chmod(store.folder / "trust.json", 0o666)
    with pytest.raises(TrustUnreadable, match="other accounts"):
        store.list()


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("not JSON", lambda v: None),
        ("other version", lambda v: v | {"wasl-trust": 2}),
        ("no log", lambda v: v | {"logs": []}),
        ("no root", lambda v: v | {"roots": []}),
        ("damaged key", lambda v: v | {"logs": ["x+00000000+AA=="]}),
        ("damaged root", lambda v: v | {"roots": ["AAAA"]}),
        ("damaged list", lambda v: v | {"crls": ["AAAA"]}),
        ("not texts", lambda v: v | {"logs": [1]}),
        ("no name", lambda v: v | {"name": ""}),
        ("name with control characters", lambda v: v | {"name": "a\x1b[2J"}),
    ],
)
def test_a_malformed_trust_file_is_refused(ours, name, change):
    changed = change(json.loads(ours.encode()))
    with pytest.raises(TrustUnreadable):
        trust.decode(b"{" if changed is None else json.dumps(changed).encode())


def test_a_seller_certificate_is_not_taken_for_a_root(home, ours):
    with pytest.raises(TrustUnreadable, match="not a root"):
        trust.decode(Installation(ours.name, ours.logs, (home.certificate,)).encode())


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"installations": 1}', '{"installations": [1]}'])
def test_a_damaged_store_is_refused_and_not_taken_for_empty(store, content):
    store.folder.mkdir(mode=0o700)
    path = store.folder / "trust.json"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(TrustUnreadable):
        store.list()


@pytest.mark.parametrize(
    ("environ", "folder"),
    [({"WASL_TRUST_DIR": "/t"}, "/t"), ({"WASL_DATA_DIR": "/d"}, "/d/trust"), ({}, str(Path("~/.wasl/trust").expanduser()))],
)
def test_where_the_store_is(environ, folder):
    assert trust.default_folder(environ) == Path(folder)
