"""Scans of complaints that were answered long ago, and what keeps them."""

from datetime import UTC, datetime
from io import BytesIO
from itertools import count

from siweb.audit.actor import Actor
from siweb.complaints.tables.complaint import Complaint, ComplaintKind, ComplaintState, Outcome
from siweb.evidence.tables.evidence_file import EvidenceFile, MediaType
from siweb.files.kept_file import FileKind
from siweb.files.store import FileStore
from siweb.keeping.holds import hold_case
from siweb.keeping.tables.keeping_term import KeepingTerm, KeptClass
from tests import factories
from tests.bills import PACK_REGION
from tests.conftest import NOW

LONG_AGO = datetime(2015, 12, 31, 4, 0, tzinfo=UTC)
_serial = count(1)


def make_complaint(session, closed_at=LONG_AGO, *, person=None, state=ComplaintState.ANSWERED):
    number, is_answered = next(_serial), state is ComplaintState.ANSWERED
    person = person or factories.make_person(session, region_code=PACK_REGION)
    row = Complaint(
        reference=f"C{number:07d}", source_key=f"k{number}", region_code=PACK_REGION,
        kind=ComplaintKind.DECISION, state=state, person_id=person.id, employer_named="",
        from_month="2015-01", about_decision="1号", words="不服", evidence="", lodged_at=closed_at,
        answer_by=closed_at.date(), outcome=Outcome.UPHELD if is_answered else None,
        answer="已更正" if is_answered else "", answered_at=closed_at if is_answered else None,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def make_scan(session, complaint, content=b"paper"):
    account = factories.make_account(session, factories.make_person(session))
    digest = FileStore().keep(session, FileKind.EVIDENCE, BytesIO(content), at=NOW)
    scan = EvidenceFile(
        reference=f"S{next(_serial):07d}", complaint_id=complaint.id, media_type=MediaType.PDF,
        digest=digest, size=len(content), pages=1, attached_by_account_id=account.id,
        attached_at=complaint.lodged_at,
    )  # fmt: skip
    session.add(scan)
    session.flush()
    return scan


def make_term(session, years=10, kept=KeptClass.COMPLAINTS):
    factories.make_region(session, PACK_REGION)
    made, checked = (
        factories.make_account(session, factories.make_person(session)) for _each in range(2)
    )
    term = KeepingTerm(
        region_code=PACK_REGION, kept_class=kept, years=years, basis="归档目录1号", set_at=NOW,
        made_by_account_id=made.id, checked_by_account_id=checked.id,
    )  # fmt: skip
    session.add(term)
    session.flush()
    return term


def make_old_scan(session):
    """A scan whose term is over."""
    make_term(session)
    return make_scan(session, make_complaint(session))


def make_hold(session, scan):
    account = factories.make_account(session, factories.make_person(session))
    number = session.get_one(Complaint, scan.complaint_id).reference
    by = Actor(account.id, account.person_id)
    return hold_case(session, number, "法院函1号", regions=[PACK_REGION], actor=by, at=NOW)
