"""Seals private words: AES-256-GCM with the place a text belongs to bound in, so it opens nowhere else."""

import base64
import binascii
import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12
KEY_ID_BYTES = 4


class UnreadableError(Exception):
    """This text was sealed with another key, or for another place."""


class BadKeyError(Exception):
    """The key is not 32 bytes in url-safe base64."""


def new_key() -> str:
    """Make a fresh key, as the 44 characters of url-safe base64 that the settings take."""
    return base64.urlsafe_b64encode(os.urandom(KEY_BYTES)).decode()


class Vault:
    """Seals and opens short texts; holds the one key and never shows it."""

    def __init__(self, key: str) -> None:
        raw = _decode(key)
        self._cipher = AESGCM(raw)
        self._secret = hashlib.sha256(b"fingerprint|" + raw).digest()
        self._key_id = hashlib.sha256(raw).digest()[:KEY_ID_BYTES]

    def __repr__(self) -> str:
        return "Vault(...)"

    def seal(self, text: str, place: str) -> bytes:
        """Encrypt a text for one place, named `table|column|workspace|row id`."""
        nonce = os.urandom(NONCE_BYTES)
        return self._key_id + nonce + self._cipher.encrypt(nonce, text.encode(), place.encode())

    def fingerprint(self, text: str) -> str:
        """A name for a text that tells nothing of it without the key, and is always the same with it."""
        return hmac.new(self._secret, text.encode(), hashlib.sha256).hexdigest()

    def open(self, sealed: bytes, place: str) -> str:
        """Decrypt what was sealed for this very place; raises UnreadableError otherwise."""
        body = sealed[KEY_ID_BYTES:]
        if sealed[:KEY_ID_BYTES] != self._key_id:
            raise UnreadableError
        try:
            return self._cipher.decrypt(body[:NONCE_BYTES], body[NONCE_BYTES:], place.encode()).decode()
        except (InvalidTag, ValueError) as problem:
            raise UnreadableError from problem


def _decode(key: str) -> bytes:
    try:
        raw = base64.b64decode(key.strip().encode(), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as problem:
        raise BadKeyError from problem
    if len(raw) != KEY_BYTES:
        raise BadKeyError
    return raw
