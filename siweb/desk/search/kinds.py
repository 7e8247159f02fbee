"""What the search finds besides people and employers by name: each kind by its own unique index."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, literal, null, or_, select

from siweb.auth.staff.duties import Duty, Scope, scope_of
from siweb.auth.tables.appointment import Function
from siweb.collection.payouts.find import file_lies_in
from siweb.collection.payouts.find import lies_in as payout_lies_in
from siweb.collection.tables.assessment import Assessment
from siweb.collection.tables.bill import Bill
from siweb.collection.tables.hire_report import HireReport
from siweb.collection.tables.payment import Allocation, Payment
from siweb.collection.tables.payout import PaymentFile, Payout
from siweb.complaints.tables.complaint import Complaint
from siweb.db.base import Key
from siweb.desk.employers.pages.head import EMPLOYER_READERS
from siweb.desk.people.pages.head import PEOPLE_READERS
from siweb.desk.search.typed import Typed
from siweb.documents.tables.document import Document
from siweb.documents.verification_code import code_hash, reference_of_short
from siweb.filings.tables.filing import Filing
from siweb.pensions.tables.pension_application import PensionApplication
from siweb.registry.codes import Insurance
from siweb.registry.tables.benefit import PAYING
from siweb.registry.tables.employer import Employer
from siweb.reviews.tables.campaign import Campaign
from siweb.reviews.tables.campaign import lies_in as campaign_lies_in
from siweb.reviews.tables.review import Review
from siweb.reviews.tables.sign import SignList
from siweb.tasks.find import lies_in as task_lies_in
from siweb.tasks.tables.task import Task
from siweb.transfers.tables.pension_transfer import PensionTransfer

Question = Select[Any]
# PostgreSQL takes a bare one for text.
_NONE = cast(null(), Key)
# Of one kind so many are shown.
MOST = 20


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind with an address of its own: whose function it is, and what asks for it."""

    name: str
    endpoint: str
    # What the address is given.
    value: str
    functions: tuple[Function, ...]
    asks: Callable[[Typed, Scope], Question | None]


def row(kind: str, key: Any, what: Any, person_id: Any = None, employer_id: Any = None) -> Question:
    """Return the beginning of a question: every kind's has the same columns."""
    return select(
        literal(kind).label("kind"),
        cast(key, String).label("key"),
        cast(what, String).label("what"),
        (_NONE if person_id is None else person_id).label("person_id"),
        (_NONE if employer_id is None else employer_id).label("employer_id"),
    )


def _of_pension(model: Any) -> Callable[[Scope], ColumnElement[bool]]:
    return lambda scope: scope.running(Insurance.PENSION).has(model.region_code)


def _in_region(model: Any) -> Callable[[Scope], ColumnElement[bool]]:
    return lambda scope: scope.has(model.region_code)


# What is about some insurances is found by who runs them; the others by who acts in the region.
_LIES_IN: Mapping[Any, Callable[[Scope], ColumnElement[bool]]] = MappingProxyType(
    {
        PensionApplication: _of_pension(PensionApplication),
        PensionTransfer: _of_pension(PensionTransfer),
        Payout: payout_lies_in,
        PaymentFile: file_lies_in,
    }
)


def _by_reference(name: str, model: Any) -> Callable[[Typed, Scope], Question | None]:
    lies_in = _LIES_IN.get(model) or _in_region(model)
    person, employer = getattr(model, "person_id", None), getattr(model, "employer_id", None)

    def asks(typed: Typed, scope: Scope) -> Question | None:
        if not typed.reference:
            return None
        asked = row(name, model.reference, literal(""), person, employer)
        return asked.where(model.reference == typed.reference, lies_in(scope))

    return asks


def _review(typed: Typed, scope: Scope) -> Question | None:
    if not typed.reference:
        return None
    asked = row("review", Review.reference, Campaign.kind, Review.person_id)
    found = asked.join(Campaign, Campaign.id == Review.campaign_id)
    # Before it is sent the desk has nothing of it.
    is_sent = Review.submitted_at.is_not(None)
    return found.where(Review.reference == typed.reference, is_sent, campaign_lies_in(scope))


def _bill(typed: Typed, scope: Scope) -> Question | None:
    if typed.bank_reference is None:
        return None
    asked = row("bill", Bill.bank_reference, Bill.kind, Bill.person_id, Bill.employer_id)
    return asked.where(
        Bill.bank_reference == typed.bank_reference,
        Bill.issued_at.is_not(None),
        scope.has(Bill.region_code),
    )


def _payment(typed: Typed, scope: Scope) -> Question | None:
    if typed.bank_reference is None:
        return None
    used = (
        select(Allocation.payment_id)
        .join(Bill, Bill.id == Allocation.bill_id)
        .where(Bill.bank_reference == typed.bank_reference)
    )
    asked = row("payment", Payment.id, Payment.payer_name, Payment.person_id, Payment.employer_id)
    return asked.where(Payment.id.in_(used), scope.has(Payment.region_code))


def _sign_list(typed: Typed, scope: Scope) -> Question | None:
    if typed.list_id is None:
        return None
    asked = row("sign_list", SignList.id, SignList.source)
    # Lists are about who draws a benefit: an agency that pays none has none of them.
    here = scope.running(*PAYING).has(SignList.region_code)
    return asked.where(SignList.id == typed.list_id, here)


KINDS = (
    Kind("payment", "payment_desk.show_payment", "payment_id", (Function.FINANCE,), _payment),
    Kind("review", "review_desk.decide", "reference", (Function.REVIEW,), _review),
    Kind("sign_list", "sign_desk.show_list", "list_id", (Function.REVIEW,), _sign_list),
    *(
        Kind(name, endpoint, "reference", (function,), _by_reference(name, model))
        for name, endpoint, function, model in (
            ("complaint", "complaint_desk.show_complaint", Function.REVIEW, Complaint),
            ("pension", "pension_desk.show_application", Function.REVIEW, PensionApplication),
            ("transfer", "transfer_desk.show_transfer", Function.FINANCE, PensionTransfer),
            ("assessment", "assessment_desk.show_case", Function.CONTRIBUTIONS, Assessment),
            ("hire_report", "hire_reports.show_report", Function.REGISTRATION, HireReport),
            ("payout", "payout_desk.show_payout", Function.FINANCE, Payout),
            ("payment_file", "payout_desk.show_file", Function.FINANCE, PaymentFile),
        )
    ),
)


def bills(typed: Typed, duties: Iterable[Duty]) -> Question | None:
    """Return the question for a bill: its payer's page is what there is of it at the desk."""
    scope = scope_of(duties, (Function.CONTRIBUTIONS, Function.FINANCE, Function.AUDIT))
    return None if scope is None else _bill(typed, scope)


def filings(typed: Typed, duties: Iterable[Duty]) -> Question | None:
    """Return the question for what an employer handed in, or will: its own page lists them."""
    scope = scope_of(duties, (*EMPLOYER_READERS, Function.AUDIT))
    if not typed.reference or scope is None:
        return None
    asked = row("filing", Filing.reference, Filing.kind, None, Filing.employer_id)
    return asked.join(Employer, Employer.id == Filing.employer_id).where(
        Filing.reference == typed.reference,
        # A draft that was deleted is there for nobody.
        Filing.deleted_at.is_(None),
        scope.has(Employer.region_code),
    )


def papers(typed: Typed, duties: Iterable[Duty]) -> Question | None:
    """Return the question for a paper, by its number or its code, of whoever may be looked up."""
    if not typed.reference:
        return None
    held = tuple(duties)
    whose = (
        and_(holder.is_not(None), scope.has(Document.region_code))
        for holder, readers in (
            (Document.person_id, PEOPLE_READERS),
            (Document.employer_id, EMPLOYER_READERS),
        )
        if (scope := scope_of(held, (*readers, Function.AUDIT))) is not None
    )
    asked = row(
        "paper", Document.reference, Document.kind, Document.person_id, Document.employer_id
    )
    # What somebody reads out on the telephone is the number with a check sign after it.
    number = reference_of_short(typed.reference) or typed.reference
    is_it = or_(Document.reference == number, Document.code_hash == code_hash(typed.reference))
    conditions = list(whose)
    return asked.where(is_it, or_(*conditions)) if conditions else None


def tasks(typed: Typed, duties: Iterable[Duty]) -> Question | None:
    """Return the question for what one person made and another checks, of the functions held."""
    if not typed.reference:
        return None
    held = tuple(duties)
    mine = [
        and_(Task.function == function, task_lies_in(scope))
        for function in Function
        if (scope := scope_of(held, (function, Function.AUDIT))) is not None
    ]
    asked = row("task", Task.reference, Task.kind, Task.person_id, Task.employer_id)
    return asked.where(Task.reference == typed.reference, or_(*mine)) if mine else None
