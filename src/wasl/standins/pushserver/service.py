"""Browsers' subscriptions and the messages that came for them; each refusal names the rule that was broken."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

BODY_BYTES_MAX = 4096  # RFC 8030, 7.2: what a service must take at least is what it takes
TTL_SECONDS_MAX = 28 * 24 * 3600
URGENCIES = ("very-low", "low", "normal", "high")


class Refused(Exception):
    """The answer to a request that breaks a rule: status, and the rule in words."""

    def __init__(self, status: int, why: str) -> None:
        self.status, self.why = status, why
        super().__init__(why)


def unb64(text: str) -> bytes:
    if "=" in text or "+" in text or "/" in text:
        raise Refused(400, "base64url without padding is wanted (RFC 7515, 2)")
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass
class Browser:
    """One subscription with its private side, which a real service would not have."""

    id: str
    vapid_key: str
    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    behaviour: list[tuple[str, int]] = field(default_factory=list)
    messages: list[dict[str, Any]] = field(default_factory=list)

    @property
    def p256dh(self) -> bytes:
        return self.private.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def _hkdf(salt: bytes, key: bytes, info: bytes, length: int) -> bytes:
    """RFC 5869 with one block: at most 32 bytes."""
    return hmac.digest(hmac.digest(salt, key, "sha256"), info + b"\x01", "sha256")[:length]


def opened(browser: Browser, body: bytes) -> bytes:
    """The plain text of one aes128gcm message (RFC 8188, RFC 8291); Refused where a browser would throw it away."""
    if len(body) < 21 + 65 + 17:
        raise Refused(400, "too short for aes128gcm (RFC 8188, 2.1)")
    salt, record_size, id_length = body[:16], int.from_bytes(body[16:20]), body[20]
    sender, rest = body[21 : 21 + id_length], body[21 + id_length :]
    if id_length != 65 or sender[0] != 4:
        raise Refused(400, "the key id is not the sender's uncompressed point (RFC 8291, 4)")
    if record_size < len(rest):
        raise Refused(400, "more than one record (RFC 8291, 4)")
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
    shared = browser.private.exchange(ec.ECDH(), public)
    material = _hkdf(browser.auth, shared, b"WebPush: info\x00" + browser.p256dh + sender, 32)
    key = _hkdf(salt, material, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = _hkdf(salt, material, b"Content-Encoding: nonce\x00", 12)
    try:
        padded = AESGCM(key).decrypt(nonce, rest, None).rstrip(b"\x00")
    except InvalidTag:
        raise Refused(400, "cannot be opened with the browser's keys (RFC 8291, 3.4)") from None
    if not padded.endswith(b"\x02"):
        raise Refused(400, "the last record has no delimiter 2 (RFC 8188, 2)")
    return padded[:-1]


def checked_vapid(header: str, origin: str, wanted_key: str) -> dict[str, Any]:
    """The claims of `vapid t=..., k=...`; Refused unless the token is signed by the key that the browser was subscribed with."""
    scheme, _, rest = header.partition(" ")
    fields = dict(part.strip().partition("=")[::2] for part in rest.split(","))
    if scheme != "vapid" or set(fields) != {"t", "k"}:
        raise Refused(401, "Authorization is not vapid t=..., k=... (RFC 8292, 3)")
    if fields["k"] != wanted_key:
        raise Refused(403, "another key than the subscription's (RFC 8292, 4.2)")
    signed, _, signature = fields["t"].rpartition(".")
    raw = unb64(signature)
    head, _, claims_text = signed.partition(".")
    try:
        if json.loads(unb64(head)).get("alg") != "ES256" or len(raw) != 64:
            raise Refused(401, "the token is not signed with ES256 (RFC 8292, 2)")
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unb64(fields["k"]))
        key.verify(encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:])), signed.encode(), ec.ECDSA(hashes.SHA256()))
        claims = json.loads(unb64(claims_text))
    except (InvalidSignature, ValueError):
        raise Refused(401, "the token's signature is not good (RFC 8292, 2)") from None
    if claims.get("aud") != origin:
        raise Refused(401, f"aud is not {origin} (RFC 8292, 2)")
    if not time.time() < claims.get("exp", 0) <= time.time() + 24 * 3600 + 60:
        raise Refused(401, "exp is over or more than a day away (RFC 8292, 2)")
    if not str(claims.get("sub", "")).startswith(("mailto:", "https:")):
        raise Refused(401, "sub is no address to write to (RFC 8292, 2.1)")
    return claims


class Service:
    """All browsers of one stand-in; safe for threads."""

    def __init__(self) -> None:
        self.origin = ""
        self._browsers: dict[str, Browser] = {}
        self._lock = threading.Lock()

    def subscribe(self, vapid_key: str) -> Browser:
        browser = Browser(secrets.token_urlsafe(16), vapid_key)
        with self._lock:
            self._browsers[browser.id] = browser
        return browser

    def browser(self, browser_id: str) -> Browser:
        found = self._browsers.get(browser_id)
        if found is None:
            raise Refused(404, "no such subscription (RFC 8030, 7.3)")
        return found

    def receive(self, browser_id: str, headers: dict[str, str], body: bytes) -> str:
        """Take one message in; what is to be done afterwards ("" or a fault). The same topic replaces what waits (RFC 8030, 5.4)."""
        browser = self.browser(browser_id)
        with self._lock:
            fault = self._fault(browser)
        if fault in ("404", "410", "429", "500", "413"):
            raise Refused(int(fault), "as told")
        given = {name.lower(): value for name, value in headers.items()}
        if given.get("content-encoding") != "aes128gcm":
            raise Refused(415, "Content-Encoding is not aes128gcm (RFC 8291, 4)")
        if not given.get("ttl", "").isdigit() or int(given["ttl"]) > TTL_SECONDS_MAX:
            raise Refused(400, "no TTL (RFC 8030, 5.2)")
        if given.get("urgency", "normal") not in URGENCIES:
            raise Refused(400, "no such urgency (RFC 8030, 5.3)")
        topic = given.get("topic", "")
        if len(topic) > 32 or not ((topic.isascii() and topic.replace("-", "a").replace("_", "a").isalnum()) or not topic):
            raise Refused(400, "a topic has at most 32 characters of base64url (RFC 8030, 5.4)")
        if len(body) > BODY_BYTES_MAX:
            raise Refused(413, "more than 4096 bytes (RFC 8030, 7.2)")
        claims = checked_vapid(given.get("authorization", ""), self.origin, browser.vapid_key)
        text = opened(browser, body).decode()
        with self._lock:
            browser.messages = [each for each in browser.messages if not topic or each["topic"] != topic]
            digest = hashlib.sha256(body).hexdigest()
            browser.messages.append({"text": text, "topic": topic, "ttl": int(given["ttl"]), "claims": claims, "sha256": digest})
        return fault

    def _fault(self, browser: Browser) -> str:
        if not browser.behaviour:
            return ""
        name, times = browser.behaviour[0]
        browser.behaviour = browser.behaviour[1:] if times == 1 else [(name, times - 1), *browser.behaviour[1:]]
        return name
