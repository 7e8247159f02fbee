"""Gather what home shows of a signed-in person, in at most eight statements whatever the data."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import CompoundSelect, Date, bindparam
from sqlalchemy.orm import Session

from siweb.auth.acting import employers_acted_for, employers_held
from siweb.auth.helping.helped import people_to_help
from siweb.auth.sign_in.signed_in import SignedIn
from siweb.collection.assessments.find import cases_to_answer
from siweb.collection.bills.waiting import (
    employers_bills_to_pay,
    own_bills_to_pay,
    own_months_not_paid,
)
from siweb.complaints.find import answers_to_complaints
from siweb.documents.find import own_documents
from siweb.documents.tables.document import Document
from siweb.filings.declared.find import declared_unanswered
from siweb.ledgers.mark_state import MarkState
from siweb.ledgers.record.overview import Overview, load_overview
from siweb.messages.inbox import unread_of
from siweb.messages.matter import Matter, all_of, ask
from siweb.portal.base_review.waiting import bases_to_confirm, bases_to_declare
from siweb.portal.home.minimum import Minimum, towards_minimum
from siweb.registry.codes import Insurance, Scheme
from siweb.registry.tables.benefit import Benefit, BenefitKind
from siweb.reviews.begin.due import DueReview, due_reviews
from siweb.reviews.begin.help_relative import helped_by
from siweb.reviews.benefits.own import next_month, recorded_benefits
from siweb.reviews.benefits.state import BenefitStanding
from siweb.reviews.objections.answer import objections_of_employers
from siweb.rules.errors import RuleError
from siweb.rules.parameters.pack_set import PackSet

SHOWN_PAPERS = 3


@dataclass(frozen=True, slots=True)
class Payment:
    """A benefit in payment: `next_month` None while it is paused.

    `standing` is where its certification stands; None where nobody asks for one.
    """

    benefit: Benefit
    next_month: str | None
    standing: BenefitStanding | None = None


@dataclass(frozen=True, slots=True)
class Home:
    """What a person has and what waits for them; None is what could not be worked out."""

    matters: Sequence[Matter]
    reviews: Sequence[DueReview] | None
    overview: Overview
    minimum: Minimum | None
    payments: Sequence[Payment]
    papers: Sequence[Document]
    has_more_papers: bool

    @property
    def employers(self) -> list[Matter]:
        """Return the employers that the person acts for."""
        return [matter for matter in self.matters if matter.kind == "employer"]

    @property
    def helps(self) -> bool:
        """Return whether the person may act for another."""
        return any(matter.kind == "may_help" for matter in self.matters)

    @property
    def draws_pension(self) -> bool:
        """Return whether a pension is in payment, so that no months are missing for one."""
        return any(paid.benefit.kind is BenefitKind.PENSION for paid in self.payments)

    @property
    def pays_alone(self) -> bool:
        """Return whether the person is insured without an employer."""
        return Scheme.FLEXIBLE in self.overview.schemes

    @property
    def has_employer(self) -> bool:
        """Return whether the person is insured by an employer."""
        return Scheme.EMPLOYEE in self.overview.schemes


def load_home(session: Session, visitor: SignedIn, *, packs: PackSet, on: date) -> Home:
    """Return what home shows of a person on a day."""
    person_id = visitor.person_id
    recorded = recorded_benefits(session, person_id)
    benefits = [benefit for benefit, _ in recorded]
    papers, has_more = own_documents(
        session, person_id, visitor.account_id, on=on, most=SHOWN_PAPERS
    )
    asked = {"person_id": person_id, "account_id": visitor.account_id, "on": on}
    overview = load_overview(session.connection(), person_id, on=on)
    reviews = _reviews(session, person_id, benefits, packs, on)
    return Home(
        ask(session, all_matters(visitor.has_mandates), asked),
        reviews,
        overview,
        _minimum(overview, packs, on),
        [
            Payment(benefit, next_month(benefit, month, on), _standing(benefit, reviews or ()))
            for benefit, month in recorded
        ],
        papers,
        has_more,
    )


@cache
def all_matters(acts_for_others: bool) -> CompoundSelect[Any]:
    """Return the statement of all that may wait for a person, put together once."""
    person_id: Any = bindparam("person_id")
    account_id: Any = bindparam("account_id")
    on: Any = bindparam("on", type_=Date())
    questions = [
        own_bills_to_pay(person_id, on),
        own_months_not_paid(person_id, on),
        declared_unanswered(person_id),
        bases_to_confirm(person_id, on),
        answers_to_complaints(person_id, on),
        helped_by(account_id),
        unread_of(person_id),
    ]
    # Most act for nobody: their home is not asked six questions that have no answer.
    if acts_for_others:
        held = employers_held(account_id, on)
        questions += [
            people_to_help(account_id, on),
            employers_acted_for(account_id, on),
            objections_of_employers(held),
            cases_to_answer(held, on),
            employers_bills_to_pay(held),
            bases_to_declare(held, on),
        ]
    return all_of(questions)


def _reviews(
    session: Session, person_id: int, benefits: Sequence[Benefit], packs: PackSet, on: date
) -> list[DueReview] | None:
    # A pack without its terms must not take the whole page along.
    try:
        return due_reviews(session, person_id, packs=packs, on=on, benefits=benefits)
    except RuleError:
        return None


def _minimum(overview: Overview, packs: PackSet, on: date) -> Minimum | None:
    # What is paid into a temporary account counts at the place of the relation (notice 66 of 2009,
    # Article 5): of that place nothing is known here, so that no month can be called missing.
    if overview.relation_stays_in is not None:
        return None
    states = set(overview.marks[Insurance.PENSION]) - {MarkState.NOT_ENROLLED}
    takes_part = bool(overview.counted_months or states)
    try:
        return towards_minimum(overview, packs, on) if takes_part else None
    except RuleError:
        return None


def _standing(benefit: Benefit, reviews: Sequence[DueReview]) -> BenefitStanding | None:
    """Return the standing of the review that is about a benefit; a sentence is no matter of one."""
    if benefit.stop_sign_id is not None:
        return None
    return next(
        (
            due.standing
            for due in reviews
            if due.standing is not None
            and due.campaign.region_code == benefit.region_code
            and due.standing.certified_on == benefit.certified_on
        ),
        None,
    )
