"""A scan that a form brings: new with this sending, or kept since the form was shown again."""

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO, Any, Self

from siweb.db.sealing.field_keys import field_keys
from siweb.evidence.content.examine import Content
from siweb.evidence.tables.evidence_file import MediaType
from siweb.secret_keys import SecretFault

KEPT = timedelta(days=2)
"""How long a scan waits for its form to be sent again."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What was looked at and scanned; `source` is None where the office keeps it already."""

    digest: str
    size: int
    media_type: MediaType
    pages: int
    source: IO[bytes] | None = None

    @classmethod
    def of(cls, content: bytes, found: Content, source: IO[bytes]) -> Self:
        """Return the scan of a file that was found to be one."""
        digest = hashlib.sha256(content).hexdigest()
        return cls(digest, len(content), found.media_type, found.pages, source)

    def token(self, account_id: int, *, at: datetime) -> str:
        """Return what stands in a form for this scan: sealed, and good for one account alone."""
        facts = [self.digest, self.size, self.media_type.value, self.pages]
        text = json.dumps([account_id, at.timestamp(), *facts])
        return base64.urlsafe_b64encode(field_keys().seal(text)).decode()

    @classmethod
    def from_token(cls, token: str, account_id: int, *, at: datetime) -> Self | None:
        """Return the scan of a token; None for another account's, an old one, or none at all."""
        try:
            kept = field_keys().unseal(base64.urlsafe_b64decode(token.encode()))
            facts: list[Any] = json.loads(kept)
            owner, since, digest, size, media_type, pages = facts
        except (ValueError, TypeError, SecretFault):
            return None
        if owner != account_id or at.timestamp() - since > KEPT.total_seconds():
            return None
        return cls(digest, size, MediaType(media_type), pages)
