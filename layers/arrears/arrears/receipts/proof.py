"""Whether a receipt is really from the provider. Secrets are compared in constant time."""

import hashlib
import hmac
import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LARGEST = 16 * 1024
SKEW = timedelta(minutes=5)
TIMESTAMP, SIGNATURE = "x-arrears-timestamp", "x-arrears-signature"
SECONDS = re.compile(r"[0-9]{1,11}", re.ASCII)


class Doubt(StrEnum):
    """Why a receipt is not believed."""

    TOO_LARGE = "too_large"
    UNSIGNED = "unsigned"
    STALE = "stale"
    FORGED = "forged"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a receipt may be believed (as a bool), why not, and the id by which a repeated delivery is known."""

    doubt: Doubt | None = None
    replay_id: str | None = None

    def __bool__(self) -> bool:
        return self.doubt is None


def authentic(body: bytes, headers: Mapping[str, str], secret: str, now: datetime) -> Verdict:
    """Whether the body was signed with our secret within five minutes of now: HMAC-SHA256 over `timestamp.body`, the
    timestamp in Unix seconds and the signature in lower-case hex, each in a header of ours."""
    if len(body) > LARGEST:
        return Verdict(Doubt.TOO_LARGE)
    told = _lower(headers)
    timestamp, signature = told.get(TIMESTAMP, ""), told.get(SIGNATURE, "")
    if not SECONDS.fullmatch(timestamp) or not signature:
        return Verdict(Doubt.UNSIGNED)
    if abs(now.timestamp() - int(timestamp)) > SKEW.total_seconds():
        return Verdict(Doubt.STALE)
    expected = sign(body, timestamp, secret)
    return Verdict(replay_id=expected) if _same(signature, expected) else Verdict(Doubt.FORGED)


def authentic_basic(body: bytes, headers: Mapping[str, str], secret: str) -> Verdict:
    """Whether the caller knows our "user:password", for providers that cannot sign. The receipt itself must then hold
    a reference of ours, which nobody can guess."""
    if len(body) > LARGEST:
        return Verdict(Doubt.TOO_LARGE)
    told = _lower(headers).get("authorization", "")
    if not told:
        return Verdict(Doubt.UNSIGNED)
    expected = f"Basic {b64encode(_key(secret)).decode()}"
    return Verdict(replay_id=hashlib.sha256(body).hexdigest()) if _same(told, expected) else Verdict(Doubt.FORGED)


def sign(body: bytes, timestamp: str, secret: str) -> str:
    """The signature that `authentic` expects, in hex."""
    return hmac.new(_key(secret), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _same(told: str, expected: str) -> bool:
    return hmac.compare_digest(told.encode(errors="replace"), expected.encode())


def _key(secret: str) -> bytes:
    if not secret:
        raise ValueError("without a secret no receipt can be told from a forged one")
    return secret.encode()
