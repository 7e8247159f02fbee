"""What people are shown of others in no function: relatives they help, papers they hold."""

from collections.abc import Iterable

from sqlalchemy import bindparam, select

from siweb import clock
from siweb.audit.access_log.reason import Reason
from siweb.collection.bills.notice import MOST_PEOPLE
from siweb.collection.tables.bill import Bill
from siweb.db.reference_code import normalise
from siweb.disclosures.bills import people_on_paper
from siweb.disclosures.disclosure import Disclosure, FindPeople
from siweb.documents.tables.document import Document
from siweb.documents.verification_code import code_hash
from siweb.filings.tables.filing_row import FilingRow
from siweb.reviews.cases.read import read_case
from siweb.reviews.tables.review import Review
from siweb.share_codes.views import shared_person
from siweb.web.database import db_session

# Built once: it is asked again for every step of every review.
_REVIEWED = select(Review.person_id).where(Review.reference == bindparam("reference"))


def _reviewed(reference: str, step: str = "") -> Iterable[int]:
    """Find whose case it is: oneself, or the relative who is helped."""
    del step
    # The view has just read the case: whose it is stands there, and never changes.
    read = read_case(reference)
    if read is not None:
        return (read.review.person_id,)
    return db_session().scalars(_REVIEWED, {"reference": reference})


def _on_paper(reference: str) -> Iterable[int | None]:
    """Find whom a paper names that somebody got in an employer's name."""
    found = Document.reference == normalise(reference)
    paper = db_session().scalar(select(Document).where(found))
    return () if paper is None else _named_for_employer(paper)


def _verified(code: str) -> Iterable[int | None]:
    """Find whom a paper is about that a verification finds genuine: only then is it shown."""
    paper = db_session().scalar(select(Document).where(Document.code_hash == code_hash(code)))
    if paper is None or paper.revoked_at is not None or paper.is_expired(clock.today()):
        return ()
    return (paper.person_id, *_named_for_employer(paper))


def _named_for_employer(paper: Document) -> Iterable[int | None]:
    session = db_session()
    # A bill's paper names the bill and, behind a stroke, the state of it that was printed.
    number = paper.subject_id.partition("/")[0]
    if paper.employer_id is None or not number.isdigit():
        return ()
    if paper.subject_kind == "filing":
        return session.scalars(
            select(FilingRow.person_id).where(FilingRow.filing_id == int(number))
        )
    bill = session.get(Bill, int(number)) if paper.subject_kind == "bill" else None
    return () if bill is None else people_on_paper(bill, most=MOST_PEOPLE)


def _all(reason: Reason, people: FindPeople, *endpoints: str) -> dict[str, Disclosure]:
    return dict.fromkeys(endpoints, Disclosure(reason, people))


PEOPLE = {
    **_all(
        Reason.CERTIFICATION,
        _reviewed,
        "reviews.answer_step",
        "reviews.check",
        "review_cases.add",
        "review_cases.show_case",
        "review_cases.take_case_back",
    ),
    **_all(Reason.FILING, _on_paper, "documents.show_document", "documents.send_paper"),
    "documents.show_verification": Disclosure(Reason.PAPER_CHECK, _verified),
    "shared.show_facts": Disclosure(Reason.SHARE_CODE, shared_person),
}
