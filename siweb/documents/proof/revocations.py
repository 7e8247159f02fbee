"""Which papers were revoked since they were issued: a signed list for each kind and month of issue.

Papers whose last day is past drop out. A paper is named by the beginning of the SHA-256 of its
number: eight bytes, fewer where many were revoked, so that a list has at most 4 KB up to 1,300
papers. Fewer bytes may name another paper by chance: the office is then asked by the code.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import cbor2
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from siweb.clock import office_day, start_of_day
from siweb.documents.proof.keys import PublicKey, Signer
from siweb.documents.proof.statement import (
    KIND_ORDER,
    NotProved,
    PaperStatement,
    open_message,
    sign_payload,
)
from siweb.documents.tables.document import Document, DocumentKind
from siweb.rules.calendar.months import add_months, first_day

_MOST_BYTES, _LONGEST, _SHORTEST = 3960, 8, 3
_KIND, _MONTH, _DAY, _LENGTH, _ENTRIES = range(1, 6)
_DAY_ZERO = date(2000, 1, 1)
# Signed with it: no paper's statement passes for a list, and no list for a paper.
_PURPOSE = b"revoked papers 1"


class Revocations(NamedTuple):
    """A list as it was signed: of which kind and month of issue, and as of which day."""

    kind: DocumentKind
    month: str
    as_of: date
    length: int
    entries: frozenset[bytes]

    def names(self, statement: PaperStatement) -> bool:
        """Return whether a paper is on the list.

        :raises NotProved: "other_list" for a paper of another kind or month.
        """
        if (statement.kind, f"{statement.issued_on:%Y-%m}") != (self.kind, self.month):
            raise NotProved("other_list")
        return _entry(statement.reference, self.length) in self.entries


class Revoked(NamedTuple):
    """What a list has to name: numbers of papers, and when it became what it is."""

    references: Sequence[str]
    changed_at: datetime


def revoked_papers(session: Session, kind: DocumentKind, month: str, *, on: date) -> Revoked:
    """Return the papers issued in a month that were revoked and still count on a day.

    The list says as of which day it is, so that it is another one at the beginning of each.
    """
    rows = session.execute(revoked_statement(kind, month, on=on)).all()
    revoked = [at for _reference, at in rows if at is not None]
    return Revoked([row[0] for row in rows], max([start_of_day(on), *revoked]))


def revoked_statement(kind: DocumentKind, month: str, *, on: date) -> Select[str, datetime | None]:
    """Return the question for them: by the index of what was revoked, however many were issued."""
    start, end = first_day(month), first_day(add_months(month, 1))
    return (
        select(Document.reference, Document.revoked_at)
        .where(
            Document.kind == kind,
            Document.issued_at >= start_of_day(start),
            Document.issued_at < start_of_day(end),
            Document.revoked_at.is_not(None),
            or_(Document.valid_until_on.is_(None), Document.valid_until_on >= on),
        )
        .order_by(Document.reference)
    )


def signed_revocations(
    kind: DocumentKind, month: str, references: Iterable[str], signer: Signer, *, at: datetime
) -> bytes:
    """Return the list, signed."""
    listed = list(references)
    length = max(_SHORTEST, min(_LONGEST, _MOST_BYTES // len(listed))) if listed else _LONGEST
    content: dict[int, Any] = {
        _KIND: KIND_ORDER.index(kind),
        _MONTH: month,
        _DAY: (office_day(at) - _DAY_ZERO).days,
        _LENGTH: length,
        # One string: a list of strings would spend a byte on each.
        _ENTRIES: b"".join(sorted(_entry(reference, length) for reference in listed)),
    }
    return sign_payload(cbor2.dumps(content, canonical=True), signer, _PURPOSE)


def prove_revocations(message: bytes, keys: Sequence[PublicKey]) -> Revocations:
    """Return a list, when one of some keys has signed it.

    :raises NotProved: as `prove_statement` does.
    """
    try:
        content = cbor2.loads(open_message(message, keys, _PURPOSE))
        length, joined = content[_LENGTH], content[_ENTRIES]
        if not _SHORTEST <= length <= _LONGEST:
            raise NotProved("no_statement")
        return Revocations(
            KIND_ORDER[content[_KIND]],
            str(content[_MONTH]),
            _DAY_ZERO + timedelta(days=content[_DAY]),
            length,
            frozenset(joined[at : at + length] for at in range(0, len(joined), length)),
        )
    except (cbor2.CBORError, KeyError, IndexError, TypeError, OverflowError) as wrong:
        raise NotProved("no_statement") from wrong


def _entry(reference: str, length: int) -> bytes:
    return hashlib.sha256(reference.encode()).digest()[:length]
