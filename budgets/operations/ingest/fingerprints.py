"""Fingerprints: 16 bytes that stand for a key, or for what was sent under it.

Two of a billion keys share one with a probability of 1 in 10²⁰.
"""

from datetime import UTC
from hashlib import blake2b

from budgets.operations.ingest.validation import Posting

HASH_BYTES = 16


def fingerprint(*facts: object) -> bytes:
    """Return the fingerprint of these facts."""
    text = "\0".join(map(str, facts)).encode(errors="surrogatepass")
    return blake2b(text, digest_size=HASH_BYTES).digest()


def name_print(posting: Posting) -> bytes:
    """Return what stands for the posting's source and key."""
    return fingerprint(posting.source, posting.key)


def payload_print(posting: Posting) -> bytes:
    """Return what stands for all that must be the same when the key comes again."""
    at = posting.occurred_at.astimezone(UTC).isoformat()
    return fingerprint(posting.campaign_id, at, posting.micros)
