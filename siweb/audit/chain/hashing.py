"""What a link's hash is made of: the line, its place, and the hash of the link before."""

import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row

from siweb.audit.activity import Activity

FIRST = bytes(32)
LINE = (
    Activity.id,
    Activity.region_code,
    Activity.at,
    Activity.account_id,
    Activity.person_id,
    Activity.employer_id,
    Activity.channel,
    Activity.action,
    Activity.subject_kind,
    Activity.subject_id,
    Activity.facts,
)
# Whatever is added to a line comes with a new form of its hash: links tell which theirs is.
FORM = 2
_WITHOUT_REGION = 1


class ChainKeys:
    """The keys of an office: new links are made with the first, old ones tell which they need."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._keys = {key_mark(key): key for key in reversed(keys)}
        self.mark = key_mark(keys[0])

    def __contains__(self, mark: str) -> bool:
        return mark in self._keys

    def link_hash(
        self,
        mark: str,
        previous: bytes,
        position: int,
        line: Row[Any],
        sealed_at: datetime,
        form: int = FORM,
    ) -> bytes:
        """Return the keyed hash of a row with the columns of `LINE`, in its place.

        :raises KeyError: when no key has this mark.
        """
        # The form is hashed as well: nobody says an old one to leave the region out.
        cells = [form, previous.hex(), position, sealed_at.astimezone(UTC).isoformat()]
        if form > _WITHOUT_REGION:
            cells.append(line.region_code)
        cells += [line.id, line.employer_id, *_facts_of(line)]
        return hmac.digest(self._keys[mark], _text(cells), "sha256")


def key_mark(key: bytes) -> str:
    """Return eight characters that tell a key from others and nothing about it."""
    return hmac.digest(key, b"siweb: mark of a key", "sha256").hex()[:8]


def plain_hash(previous: bytes, line: Row[Any]) -> bytes:
    """Return the SHA-256 by which lines were chained before there was a key."""
    cells = [previous.hex(), *_facts_of(line)]
    if line.employer_id is not None:
        # Lines from before employers were noted keep the hash that they had.
        cells.append(line.employer_id)
    return hashlib.sha256(_text(cells)).digest()


def _facts_of(line: Row[Any]) -> list[Any]:
    facts = [line.at.isoformat(), line.account_id, line.person_id, line.channel, line.action]
    return [*facts, line.subject_kind, line.subject_id, line.facts]


def _text(cells: list[Any]) -> bytes:
    line = json.dumps(cells, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return line.encode()
