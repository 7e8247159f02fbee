"""Every kind of certificate that people may ask for, and the one way to issue it."""

from datetime import date, datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.clock import office_day
from siweb.documents.issue import IssuedDocument, content_hash, issue_document
from siweb.documents.kinds import PAPER_KINDS
from siweb.documents.tables.document import DocumentKind
from siweb.ledgers.account.year import load_account
from siweb.ledgers.certificates.benefits import certify_pension, state_benefits
from siweb.ledgers.certificates.certificate import (
    Asked,
    Certificate,
    CertificateRefused,
    Content,
)
from siweb.ledgers.certificates.contributions import certify_contributions
from siweb.ledgers.certificates.enrolment import certify_enrolment
from siweb.ledgers.record.year import load_year
from siweb.ledgers.record.yearly_statement import statement_of
from siweb.registry.tables.person import Person

# 96 bits of the content: the same day's paper with the same words is the same paper.
_DIGEST = 24


def _state_rights(session: Session, person: Person, asked: Asked, on: date) -> Content:
    """Return the statement of a year, which the page of the year gives as well."""
    record = load_year(session, person.id, asked.year, on=on)
    if record.is_empty:
        raise CertificateRefused("nothing_recorded")
    payload = statement_of(person, record, load_account(session, person.id, asked.year), on)
    return Content(payload, f"{asked.year:04}-01", f"{asked.year:04}-12")


CERTIFICATES = {
    each.kind: each
    for each in (
        Certificate(
            DocumentKind.ENROLMENT_CERTIFICATE,
            _l("In what you are insured, and since when: for a new employer, a home, a school"),
            (),
            certify_enrolment,
        ),
        Certificate(
            DocumentKind.CONTRIBUTION_CERTIFICATE,
            _l("What was paid in from one month to another: for a loan, a home, a permit"),
            ("from_month", "to_month", "layout"),
            certify_contributions,
        ),
        Certificate(
            DocumentKind.RIGHTS_RECORD,
            _l("A whole year: the five insurances month by month, and your individual account"),
            ("year",),
            _state_rights,
        ),
        Certificate(
            DocumentKind.PENSION_CERTIFICATE,
            _l("What your pension comes to a month: for a bank, a visa, a tenancy"),
            (),
            certify_pension,
        ),
        Certificate(
            DocumentKind.BENEFIT_STATEMENT,
            _l("Everything that was paid to you in a year, month by month"),
            ("year",),
            state_benefits,
        ),
    )
}


def issue_certificate(
    session: Session,
    kind: DocumentKind,
    person_id: int,
    asked: Asked,
    *,
    secret: str,
    actor: Actor,
    at: datetime,
) -> IssuedDocument:
    """Return a certificate as things stand; while nothing changes that day it is the same one.

    :raises CertificateRefused: when there is nothing to certify, the months are none, or the paper
        of that day was taken back.
    """
    person = session.get_one(Person, person_id)
    made = CERTIFICATES[kind].make(session, person, asked, office_day(at))
    # A yearly statement is the same paper by whichever page it is asked for.
    months = f"{made.first_month}/{made.last_month}"
    is_year = kind is DocumentKind.RIGHTS_RECORD
    name, shown = ("record_year", asked.year) if is_year else ("record_months", months)
    issued = issue_document(
        session,
        kind=kind,
        subject=(name, f"{person_id}/{shown}/{content_hash(made.payload)[:_DIGEST]}"),
        person_id=person_id,
        region_code=person.region_code,
        payload=made.payload,
        secret=secret,
        at=at,
        actor=actor,
        valid_days=PAPER_KINDS[kind].valid_days,
    )
    # The day stands on the paper: tomorrow's is another one, and nobody took that back.
    if issued.is_revoked:
        raise CertificateRefused("revoked_today")
    return issued
