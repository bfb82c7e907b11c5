"""An authenticator made of software, as a phone's: one discoverable P-256 credential, user verified, with a counter."""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

UP, UV, AT = 0x01, 0x04, 0x40


class SoftKey:
    """What a browser would send for it, as the JSON of our script."""

    def __init__(self, origin: str = "http://testserver", rp: str = "testserver") -> None:
        self.key, self.id, self.origin, self.rp = ec.generate_private_key(ec.SECP256R1()), secrets.token_bytes(16), origin, rp
        self.count, self.handle = 0, b""

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}).encode()

    def _rp_hash(self) -> bytes:
        return hashlib.sha256(self.rp.encode()).digest()

    def create(self, options: dict[str, Any], flags: int = UP | UV | AT) -> str:
        given = options["publicKey"]
        self.handle = websafe_decode(given["user"]["id"])
        public = ES256.from_cryptography_key(self.key.public_key())
        data = AuthenticatorData.create(self._rp_hash(), flags, self.count, AttestedCredentialData.create(Aaguid.NONE, self.id, public))
        attested = AttestationObject.create("none", data, {})
        response = {
            "clientDataJSON": websafe_encode(self._client("webauthn.create", given["challenge"])),
            "attestationObject": websafe_encode(attested),
        }
        return self._answer(response)

    def get(self, options: dict[str, Any], flags: int = UP | UV, **changed: Any) -> str:
        self.count += 1
        client = self._client("webauthn.get", options["publicKey"]["challenge"])
        data = AuthenticatorData.create(self._rp_hash(), flags, self.count)
        signature = self.key.sign(bytes(data) + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        parts = {"clientDataJSON": client, "authenticatorData": bytes(data), "signature": signature, "userHandle": self.handle, **changed}
        return self._answer({name: websafe_encode(value) for name, value in parts.items()})

    def _answer(self, response: dict[str, str]) -> str:
        return json.dumps(
            {
                "id": websafe_encode(self.id),
                "rawId": websafe_encode(self.id),
                "type": "public-key",
                "response": response,
                "clientExtensionResults": {},
            }
        )
