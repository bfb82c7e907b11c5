"""Master key, envelopes and the file keystore: nothing readable by others, nothing opened elsewhere, nothing printed (T10)."""

from __future__ import annotations

import base64
import copy
import os
import pickle
import traceback

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from wasl.seal import atomic, masterkey
from wasl.seal.errors import (
    MasterKeyMalformed,
    MasterKeyMissing,
    SecretExists,
    SecretFileMode,
    SecretMissing,
    SecretName,
    SecretUnreadable,
)
from wasl.seal.keystore import FileKeystore
from wasl.seal.masterkey import MasterKey

RAW = bytes(range(32))
TEXT = base64.b64encode(RAW).decode()


@pytest.fixture
def master():
    return MasterKey(RAW)


@pytest.fixture
def keystore(tmp_path, master):
    return FileKeystore(tmp_path / "keys", master)


def test_the_key_comes_from_the_variable_or_from_a_private_file(tmp_path, master):
    path = tmp_path / "master.key"
    path.write_text(TEXT + "\n")
    path.chmod(0o600)
    assert masterkey.load(environ={"WASL_MASTER_KEY": TEXT}).id == master.id
    assert masterkey.load(environ={"WASL_MASTER_KEY_FILE": str(path)}).id == master.id


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o610])
def test_a_key_file_that_others_can_read_is_refused(tmp_path, mode):
    path = tmp_path / "master.key"
    path.write_text(TEXT)
    path.chmod(mode)
    with pytest.raises(SecretFileMode, match=f"{mode:04o}"):
        masterkey.load(file=path)


@pytest.mark.parametrize("text", ["x", "AAAA", TEXT[:-4], TEXT + "AAAA", "مفتاح", " "])
def test_anything_but_32_bytes_in_base64_is_refused(text):
    with pytest.raises(MasterKeyMalformed):
        masterkey.load(text)


@pytest.mark.parametrize("environ", [{}, {"WASL_MASTER_KEY": ""}, {"WASL_MASTER_KEY_FILE": "/nonexistent/key"}])
def test_a_missing_key_says_what_to_set(environ):
    with pytest.raises(MasterKeyMissing, match="WASL_MASTER_KEY_FILE"):
        masterkey.load(environ=environ)


def test_a_new_key_file_is_private_and_made_once(tmp_path):
    path = tmp_path / "master.key"
    first = masterkey.generate(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert masterkey.generate(path).id == first.id


def test_t10_a_master_key_does_not_leave_by_repr_pickle_copy_or_traceback(master):
    for shown in (repr(master), str(master), f"{master}"):
        assert TEXT not in shown
        assert RAW.hex() not in shown
    with pytest.raises(TypeError):
        pickle.dumps(master)
    with pytest.raises(TypeError):
        copy.copy(master)
    try:
        master.unwrap(b"W1" + bytes(60), aad=b"")
    except SecretUnreadable:
        assert RAW.hex() not in traceback.format_exc()


@given(st.binary(max_size=200), st.binary(max_size=50), st.text(max_size=20))
def test_what_is_wrapped_opens_in_its_own_place_only(plaintext, aad, purpose):
    master = MasterKey(RAW)
    envelope = master.wrap(plaintext, aad=aad, purpose=purpose)
    assert master.unwrap(envelope, aad=aad, purpose=purpose) == plaintext
    for place, use in ((aad + b"!", purpose), (aad, purpose + "!")):
        with pytest.raises(SecretUnreadable):
            master.unwrap(envelope, aad=place, purpose=use)


def test_every_changed_byte_of_an_envelope_is_refused(master):
    envelope = master.wrap(b"secret", aad=b"org|table|row|column|1")
    for at in range(len(envelope)):
        changed = envelope[:at] + bytes([envelope[at] ^ 1]) + envelope[at + 1 :]
        with pytest.raises(SecretUnreadable):
            master.unwrap(changed, aad=b"org|table|row|column|1")
    with pytest.raises(SecretUnreadable):
        master.unwrap(envelope[:20], aad=b"org|table|row|column|1")


def test_the_envelope_names_its_key_for_rotation(master):
    envelope = master.wrap(b"secret", aad=b"")
    assert masterkey.wrapped_by(envelope) == masterkey.key_id(master.derive("wrap"))
    assert masterkey.wrapped_by(b"something else") == b""


def test_t10_a_seal_key_does_not_leave_by_repr_or_pickle(keystore):
    """The stamping key is used through sign() alone."""
    signer = keystore.signer("s", b"") if keystore.create_seal_key("s") else None
    for leaving in (keystore, signer):
        with pytest.raises(TypeError):
            pickle.dumps(leaving)
    secret = keystore.seal_key("s").private_numbers().private_value
    assert f"{secret:x}" not in "".join(path.read_bytes().hex() for path in keystore.folder.iterdir())
    assert str(secret) not in repr(vars(keystore))


def test_purposes_have_unrelated_keys(master):
    keys = {master.derive(purpose) for purpose in ("a", "b", "organisation|1", "organisation|2")}
    assert len(keys) == 4
    assert RAW not in keys


def test_secrets_come_back_and_files_are_private_and_unreadable(keystore):
    keystore.put("org-1", b"top secret")
    path = keystore.folder / "org-1.key"
    assert keystore.get("org-1") == b"top secret"
    assert b"top secret" not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    assert keystore.folder.stat().st_mode & 0o777 == 0o700
    assert keystore.names() == ["org-1"]


def test_a_secret_is_never_overwritten(keystore):
    keystore.put("org-1", b"one")
    with pytest.raises(SecretExists):
        keystore.put("org-1", b"two")
    assert keystore.get("org-1") == b"one"


def test_a_key_file_moved_to_another_name_does_not_open(keystore):
    keystore.put("org-1", b"one")
    (keystore.folder / "org-1.key").rename(keystore.folder / "org-2.key")
    with pytest.raises(SecretUnreadable, match="org-2"):
        keystore.get("org-2")


def test_another_master_key_opens_nothing(keystore, tmp_path):
    keystore.put("org-1", b"one")
    with pytest.raises(SecretUnreadable):
        FileKeystore(tmp_path / "keys", MasterKey(bytes(32))).get("org-1")


def test_an_opened_up_key_file_is_refused(keystore):
    keystore.put("org-1", b"one")
    os.chmod(keystore.folder / "org-1.key", 0o644)
    with pytest.raises(SecretFileMode):
        keystore.get("org-1")


@pytest.mark.parametrize("name", ["", "../x", "a/b", "A", ".hidden", "x" * 101, "مفتاح", "a b"])
def test_names_cannot_leave_the_folder(keystore, name):
    with pytest.raises(SecretName):
        keystore.get(name)


def test_a_missing_secret_is_named(keystore):
    with pytest.raises(SecretMissing, match="org-9"):
        keystore.get("org-9")


def test_a_seal_key_is_made_once(keystore):
    assert keystore.create_seal_key("s").public_numbers() == keystore.create_seal_key("s").public_numbers()
    assert isinstance(keystore.seal_key("s").curve, ec.SECP256R1)


def test_a_log_key_is_no_seal_key(keystore):
    keystore.log_key("log")
    with pytest.raises(SecretUnreadable):
        keystore.seal_key("log")


@pytest.mark.parametrize("failing", ["os.write", "os.fsync", "os.fchmod"])
def test_a_full_disk_leaves_the_old_file_and_no_rubbish(tmp_path, monkeypatch, failing):
    path = tmp_path / "file"
    atomic.write(path, b"old")

    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(failing, full)
    with pytest.raises(OSError, match="No space left"):
        atomic.write(path, b"new")
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]
