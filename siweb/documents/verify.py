"""A stranger verifies a document by the code on it: what is found, and how often one may ask."""

import ipaddress
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from siweb.auth.credentials.keyed_hash import keyed_hash
from siweb.documents.tables.document import Document
from siweb.documents.tables.verification import Verification, VerificationResult, VerificationWindow
from siweb.documents.verification_code import code_hash, reference_of_short
from siweb.messages.kinds.papers import PAPER_VERIFIED
from siweb.messages.notify import notify
from siweb.registry.person_keys import is_same_person
from siweb.rules.errors import Refusal

WINDOW = timedelta(minutes=10)
# A service window verifies some papers in ten minutes; who tries more is guessing.
MOST_VERIFICATIONS = 30
# Windows are of no use once they are over; a day leaves time to look at an attack.
KEPT = timedelta(days=1)
_INTERFACE_BITS = 64


class VerificationPaused(Refusal):
    """After too many verifications from one address; `until` says when to try again."""

    def __init__(self, until: datetime) -> None:
        super().__init__("paused", until=until)
        self.until = until


class Verified(NamedTuple):
    """What a verification found; a document only when the result is not `unknown`.

    By the short code of the telephone nothing of what the paper says is shown.
    """

    result: VerificationResult
    document: Document | None
    is_by_short_code: bool = False


def verify_document(
    session: Session,
    typed: str,
    *,
    address_hash: str,
    on: date,
    at: datetime,
    by_person_id: int | None = None,
) -> Verified:
    """Return what a typed or scanned code finds; note it. The caller commits in every case.

    Its holder is told, once a day for each paper; not of what they verify themselves.

    :raises VerificationPaused: when the address verified too often, whatever the code.
    """
    hold_to_limit(session, address_hash, at)
    reference = reference_of_short(typed)
    is_asked_for = (
        # By its hash: the time of a comparison says nothing of a code that is kept nowhere.
        Document.code_hash == code_hash(typed)
        if reference is None
        else Document.reference == reference
    )
    document = session.scalar(select(Document).where(is_asked_for))
    found = Verified(_result(document, on), document, reference is not None)
    session.add(
        Verification(
            verified_at=at,
            address_hash=address_hash,
            result=found.result,
            document_id=document.id if document else None,
        )
    )
    if document is not None:
        _tell(session, document, by_person_id, at)
    session.flush()
    return found


def _tell(session: Session, document: Document, by_person_id: int | None, at: datetime) -> None:
    # A paper in an employer's name is the employer's, whoever of its people asked for it.
    if document.person_id is None or document.employer_id is not None:
        return
    if not is_same_person(session, by_person_id, document.person_id):
        notify(
            session,
            PAPER_VERIFIED,
            document.person_id,
            region_code=document.region_code,
            subject=("document", document.reference),
            at=at,
        )


def hold_to_limit(
    session: Session, address_hash: str, at: datetime, *, most: int = MOST_VERIFICATIONS
) -> None:
    """Count one try of an address, whatever code of the office it tries.

    :raises VerificationPaused: when it tried too often.
    """
    start = window_start(at)
    if _count(session, address_hash, start) > most:
        raise VerificationPaused(start + WINDOW)


def address_hash(key: str, address: str, purpose: str = "verifying address") -> str:
    """Return the keyed hash of an address: IPv4 as it is, of IPv6 the network (/64).

    For another purpose it is another hash, which is counted by itself.
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return keyed_hash(key, purpose, address)
    if isinstance(parsed, ipaddress.IPv6Address):
        network = ipaddress.ip_network((int(parsed) >> _INTERFACE_BITS << _INTERFACE_BITS, 64))
        return keyed_hash(key, purpose, str(network))
    return keyed_hash(key, purpose, str(parsed))


def window_start(at: datetime) -> datetime:
    """Return the start of the fixed window that an instant lies in."""
    # Fixed and not sliding: one row counts it,
    # and around its end a stranger gets twice as many at most.
    seconds = int(at.timestamp())
    return datetime.fromtimestamp(seconds - seconds % int(WINDOW.total_seconds()), UTC)


def _result(document: Document | None, on: date) -> VerificationResult:
    if document is None:
        return VerificationResult.UNKNOWN
    if document.revoked_at is not None:
        return VerificationResult.REVOKED
    return VerificationResult.EXPIRED if document.is_expired(on) else VerificationResult.VALID


def _count(session: Session, address_hash: str, start: datetime) -> int:
    """Count one more verification for all workers at once; return how many there are now."""
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    insert = postgresql.insert if is_postgresql else sqlite.insert
    counted = (
        insert(VerificationWindow)
        .values(address_hash=address_hash, started_at=start, verifications=1)
        .on_conflict_do_update(
            index_elements=["address_hash", "started_at"],
            set_={"verifications": VerificationWindow.verifications + 1},
        )
    )
    number = session.execute(counted.returning(VerificationWindow.verifications)).scalar_one()
    if number == 1:
        session.execute(
            delete(VerificationWindow).where(VerificationWindow.started_at < start - KEPT)
        )
    return int(number)
