"""Whether a request over HTTP is Slack's own: by its size, its age and its signature, before a byte of it is parsed."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

BODY_MOST = 1024 * 1024
FRESH = timedelta(minutes=5)
TIMESTAMP = re.compile(r"[0-9]{9,11}", re.ASCII)
STAMPED, CLAIMED = "x-slack-request-timestamp", "x-slack-signature"
SIGNED = "signed"
"""Where Bolt's context carries what the door saw."""
SIGNATURE = re.compile(r"v0=[0-9a-f]{64}", re.ASCII)


class Refusal(IntEnum):
    """Why a request is turned away, as HTTP's own number."""

    NOT_SLACKS = 401
    TOO_LARGE = 413


@dataclass(frozen=True, slots=True)
class Signed:
    """A request that Slack signed: the same name for the very same request again, and when it came, in real time."""

    digest: str
    at: datetime


def refusal(secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> Refusal | None:
    """Why this request is not let in, if so. `headers` in any case; `now` is real time, aware."""
    if len(body) > BODY_MOST:
        return Refusal.TOO_LARGE
    stamp, claimed = _only(headers, STAMPED), _only(headers, CLAIMED)
    if not TIMESTAMP.fullmatch(stamp) or not SIGNATURE.fullmatch(claimed):
        return Refusal.NOT_SLACKS
    if abs(now.timestamp() - int(stamp)) > FRESH.total_seconds():
        return Refusal.NOT_SLACKS
    return None if hmac.compare_digest(signature(secret, stamp, body), claimed) else Refusal.NOT_SLACKS


def signature(secret: str, stamp: str, body: bytes) -> str:
    """Slack's signature over a request, version 0."""
    return "v0=" + hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()


def digest_of(headers: Mapping[str, str]) -> str:
    """A name for a signed request: the same for the very same request again, and for no other."""
    return hashlib.sha256(_only(headers, CLAIMED).encode()).hexdigest()


def _only(headers: Mapping[str, str], wanted: str) -> str:
    """A header that came once; of two, one would be checked and the other remembered, so both count as missing."""
    found = [value for name, value in headers.items() if name.lower() == wanted]
    return found[0] if len(found) == 1 else ""
