"""Somebody looks at what a person gave them a code for, by the message that it leads to."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from siweb.audit.actor import Actor
from siweb.data_copies.take import note_copy
from siweb.desk.people.revoke import REVOKE_PAPER
from siweb.documents.issue import issue_document
from siweb.documents.payload import receipt_payload
from siweb.documents.revoke import revoke_papers
from siweb.documents.tables.document import Document, DocumentKind
from siweb.documents.verify import verify_document
from siweb.messages.kinds.papers import (
    DATA_COPIED,
    PAPER_REVOKED,
    PAPER_VERIFIED,
    PAPERS_REVOKED,
    SHARE_CODE_USED,
)
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.person import Person
from siweb.share_codes.code import share_code
from siweb.share_codes.make import Grant, make_code
from siweb.share_codes.tables.share_code import Shown
from siweb.share_codes.use import use_code
from siweb.tasks.tables.task import Task
from siweb.tasks.two_person_action import Doing
from tests import factories
from tests.conftest import NOW
from tests.messages.deeds.base_reviews import BASE_REVIEWS
from tests.messages.deeds.helped import HELPED

SECRET, TODAY = "test " * 8, NOW.date()


def use_a_code(office: Any) -> Person:
    grant = Grant("银行", frozenset({Shown.MONTHS}), 1, TODAY + timedelta(days=14), 2)
    by: dict[str, Any] = {"secret": SECRET, "actor": office.acting, "on": TODAY, "at": NOW}
    code = make_code(office.session, grant, **by)
    written = share_code(SECRET, code.reference)
    use_code(office.session, written, address_hash="a", on=TODAY, at=NOW)
    return office.person


def verify_a_paper(office: Any) -> Person:
    words = {"zh_Hans": "通过", "en": "Passed"}
    issued = issue_document(
        office.session,
        kind=DocumentKind.REVIEW_RECEIPT,
        subject=("review", 1),
        person_id=office.person.id,
        region_code=office.person.region_code,
        payload=receipt_payload(
            name=office.person.name, id_number=office.person.id_number, matter=words,
            outcome=words, outcome_code="passed", decided_on=TODAY,
        ),
        secret=SECRET,
        at=NOW,
        actor=office.acting,
    )  # fmt: skip
    for by in (None, office.person.id):
        verify_document(
            office.session, issued.code, address_hash="a", on=TODAY, at=NOW, by_person_id=by
        )
    return office.person


def copy_everything(office: Any) -> Person:
    note_copy(office.session, office.person, actor=office.acting, at=NOW)
    return office.person


def outdate_a_paper(office: Any) -> Person:
    verify_a_paper(office)
    papers = office.session.scalars(select(Document)).all()
    revoke_papers(office.session, papers, at=NOW)
    return office.person


def revoke_a_paper(office: Any) -> Person:
    paper = factories.make_certificate(office.session, office.person)
    task = Task(
        reference="T9", kind=REVOKE_PAPER.kind, because="函1号", made_by_account_id=1,
        change={"person_id": office.person.id, "reference": paper.reference},
    )  # fmt: skip
    REVOKE_PAPER.do(
        office.session, task, Doing(Actor(2, None), NOW, packs_in_force(office.session))
    )
    return office.person


SHARED = {
    DATA_COPIED: (copy_everything,),
    PAPER_REVOKED: (revoke_a_paper,),
    SHARE_CODE_USED: (use_a_code,),
    PAPER_VERIFIED: (verify_a_paper,),
    PAPERS_REVOKED: (outdate_a_paper,),
    **HELPED,
    **BASE_REVIEWS,
}
