"""The cases of a person or an employer, of every kind: what is open, what became of the others."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    String,
    case,
    cast,
    func,
    literal,
    null,
    select,
    true,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session

from siweb.auth.access import may_read, runs
from siweb.auth.tables.appointment import Function
from siweb.clock import office_day
from siweb.collection.assessments import labels as assessments
from siweb.collection.tables.arrears import Arrears, ArrearsState
from siweb.collection.tables.assessment import Assessment, AssessmentState
from siweb.collection.tables.bill import Bill
from siweb.collection.tables.hire_report import HireReport, ReportState
from siweb.complaints import labels as complaints
from siweb.complaints.tables.complaint import Complaint, ComplaintState
from siweb.db.types import UtcDateTime
from siweb.desk.arrears import labels as arrears
from siweb.pensions import labels as pensions
from siweb.pensions.tables.pension_application import ApplicationState, PensionApplication
from siweb.registry.codes import Insurance
from siweb.registry.person_keys import is_of
from siweb.registry.tables.benefit import PAYING
from siweb.reviews import labels as reviews
from siweb.reviews.tables.campaign import Campaign
from siweb.reviews.tables.review import Review, ReviewState
from siweb.reviews.tables.sign import Sign, SignState
from siweb.signs import labels as signs
from siweb.transfers import labels as transfers
from siweb.transfers.tables.pension_transfer import PensionTransfer, TransferState
from siweb.web.language.formats import month

PAGE = 25
_PENSION = (Insurance.PENSION,)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of case: its words, whose work it is, its columns, how its codes are worded."""

    words: Any
    function: Function
    endpoint: str
    value: str
    columns: tuple[Any, ...]
    of: Mapping[Any, Any] | Callable[[str], Any]
    states: Mapping[Any, Any]
    tones: Mapping[Any, str]
    # In which states nothing is left to do.
    closed: Sequence[Any]
    person: Any = None
    employer: Any = None
    about: tuple[Insurance, ...] = ()
    # What of it the desk has: of a review nothing before it was sent.
    there: ColumnElement[bool] = field(default_factory=true)
    joined: Any = None


class Case(NamedTuple):
    """A case as it is listed; without an address where it is another function's work."""

    title: Any
    what: Any
    address: str | None
    since: date | None
    due_on: date | None
    state: Any
    tone: str
    is_open: bool


def _columns(
    key: Any, what: Any, state: Any, began_at: Any = None, due_on: Any = None, since_on: Any = None
) -> tuple[Any, ...]:
    # Parts of a union agree in their types on PostgreSQL, a bare NULL is text there.
    return (
        cast(key, String).label("key"),
        type_coerce(what, String).label("what"),
        type_coerce(state, String).label("state"),
        _typed(began_at, UtcDateTime()).label("began_at"),
        _typed(due_on, Date()).label("due_on"),
        _typed(since_on, Date()).label("since_on"),
    )


def _typed(value: Any, kind: Any) -> Any:
    return cast(null(), kind) if value is None else type_coerce(value, kind)


def _arrears_due() -> Any:
    """Return the day that runs: the office's for its notice, then the payer's, then none.

    Once the time to pay has passed nothing says by when the office follows it up.
    """
    return case(
        (Arrears.state == ArrearsState.FOUND, Arrears.notice_by),
        (Arrears.state == ArrearsState.NOTICED, Arrears.pay_by),
        (Arrears.state == ArrearsState.DEFERRED, Arrears.deferred_until),
    )


def _month_of_number(number: str) -> str:
    # In tables a month is the number YYYYMM.
    return month(f"{number[:4]}-{number[4:]}")


_NOTHING = literal("", String())
KINDS = (
    Kind(
        _l("Review"),
        Function.REVIEW,
        "review_desk.decide",
        "reference",
        _columns(
            Review.reference, Campaign.kind, Review.state, Review.submitted_at, Review.answer_by
        ),
        reviews.KINDS,
        reviews.STATES,
        reviews.TONES,
        (ReviewState.PASSED, ReviewState.REJECTED),
        Review.person_id,
        there=Review.state != ReviewState.DRAFT,
        joined=(Campaign, Campaign.id == Review.campaign_id),
    ),
    Kind(
        _l("Complaint"),
        Function.REVIEW,
        "complaint_desk.show_complaint",
        "reference",
        _columns(
            Complaint.reference,
            Complaint.kind,
            Complaint.state,
            Complaint.lodged_at,
            Complaint.answer_by,
        ),
        complaints.KINDS,
        complaints.STATES,
        complaints.TONES,
        (ComplaintState.ANSWERED, ComplaintState.WITHDRAWN),
        Complaint.person_id,
        Complaint.employer_id,
    ),
    Kind(
        _l("Pension application"),
        Function.REVIEW,
        "pension_desk.show_application",
        "reference",
        _columns(
            PensionApplication.reference,
            _NOTHING,
            PensionApplication.state,
            PensionApplication.applied_at,
            PensionApplication.decide_by,
        ),
        {},
        pensions.STATES,
        pensions.TONES,
        [state for state in ApplicationState if state is not ApplicationState.SENT],
        PensionApplication.person_id,
        about=_PENSION,
    ),
    Kind(
        _l("Transfer"),
        Function.FINANCE,
        "transfer_desk.show_transfer",
        "reference",
        _columns(
            PensionTransfer.reference,
            PensionTransfer.direction,
            PensionTransfer.state,
            PensionTransfer.applied_at,
            PensionTransfer.due_on,
        ),
        transfers.DIRECTIONS,
        transfers.STATES,
        transfers.TONES,
        (TransferState.DONE, TransferState.REFUSED, TransferState.WITHDRAWN),
        PensionTransfer.person_id,
        about=_PENSION,
    ),
    Kind(
        _l("Sign"),
        Function.REVIEW,
        "sign_desk.examine",
        "sign_id",
        _columns(Sign.id, Sign.kind, Sign.state, Sign.recorded_at, Sign.due_on),
        signs.KINDS,
        signs.STATES,
        {SignState.OPEN: "warn"},
        [state for state in SignState if state is not SignState.OPEN],
        Sign.person_id,
        about=tuple(PAYING),
    ),
    Kind(
        _l("Report of a missing registration"),
        Function.REGISTRATION,
        "hire_reports.show_report",
        "reference",
        _columns(HireReport.reference, HireReport.origin, HireReport.state, HireReport.reported_at),
        assessments.REPORT_ORIGINS,
        assessments.REPORT_STATES,
        {ReportState.OPEN: "warn"},
        (ReportState.CASE_OPENED, ReportState.DROPPED),
        HireReport.person_id,
        HireReport.employer_id,
    ),
    Kind(
        _l("Assessment"),
        Function.CONTRIBUTIONS,
        "assessment_desk.show_case",
        "reference",
        _columns(
            Assessment.reference,
            Assessment.kind,
            Assessment.state,
            Assessment.opened_at,
            Assessment.hearing_until,
        ),
        assessments.KINDS,
        assessments.STATES,
        assessments.TONES,
        (AssessmentState.DECIDED, AssessmentState.DROPPED, AssessmentState.SETTLED),
        Assessment.person_id,
        Assessment.employer_id,
    ),
    Kind(
        _l("Bill in arrears"),
        Function.CONTRIBUTIONS,
        "arrears_desk.show_one",
        "arrears_id",
        _columns(
            Arrears.id,
            cast(Bill.contribution_month, String),
            Arrears.state,
            due_on=_arrears_due(),
            since_on=Arrears.found_on,
        ),
        _month_of_number,
        arrears.STATES,
        arrears.TONES,
        (ArrearsState.PAID, ArrearsState.WRITTEN_OFF),
        Bill.person_id,
        Bill.employer_id,
        joined=(Bill, Bill.id == Arrears.bill_id),
    ),
)


def cases_of_person(
    session: Session, person_id: int, *, only_open: bool = False, page: int = 1
) -> tuple[list[Case], bool]:
    """Return a page of a person's cases, under any of their keys, and whether there are more."""
    kinds = [kind for kind in KINDS if kind.person is not None]
    conditions = [is_of(kind.person, person_id) for kind in kinds]
    return _cases(session, kinds, conditions, only_open, page)


def cases_of_employer(
    session: Session, employer_id: int, *, only_open: bool = False, page: int = 1
) -> tuple[list[Case], bool]:
    """Return a page of the cases about an employer, and whether there are more."""
    kinds = [kind for kind in KINDS if kind.employer is not None]
    conditions = [kind.employer == employer_id for kind in kinds]
    return _cases(session, kinds, conditions, only_open, page)


def _cases(
    session: Session,
    kinds: Sequence[Kind],
    conditions: Sequence[ColumnElement[bool]],
    only_open: bool,
    page: int,
) -> tuple[list[Case], bool]:
    """Return a page of cases, the newest first, of the insurances in the scope; one statement."""
    asked = [
        _question(place, kind, condition, only_open)
        for place, (kind, condition) in enumerate(zip(kinds, conditions, strict=True))
        if not kind.about or runs(*kind.about)
    ]
    found = union_all(*asked).subquery()
    # A day and an instant compare as texts, which begin alike.
    since = func.coalesce(cast(found.c.since_on, String), cast(found.c.began_at, String))
    rows = session.execute(
        select(found)
        .order_by(since.desc(), found.c.place, found.c.key)
        .limit(PAGE + 1)
        .offset((page - 1) * PAGE)
    ).all()
    return [_shown(kinds[row.place], row) for row in rows[:PAGE]], len(rows) > PAGE


def _question(
    place: int, kind: Kind, condition: ColumnElement[bool], only_open: bool
) -> Select[Any]:
    # The column beneath its label `state`, as a condition needs it.
    state = kind.columns[2].element
    asked = select(literal(place).label("place"), *kind.columns).where(condition, kind.there)
    if kind.joined is not None:
        asked = asked.join(*kind.joined)
    return asked.where(state.not_in(kind.closed)) if only_open else asked


def _shown(kind: Kind, row: Any) -> Case:
    is_open = row.state not in set(kind.closed)
    values = {kind.value: row.key}
    return Case(
        kind.words,
        kind.of(row.what) if callable(kind.of) else kind.of.get(row.what, ""),
        url_for(kind.endpoint, **values) if may_read(kind.function) else None,
        office_day(row.began_at) if row.began_at else row.since_on,
        row.due_on if is_open else None,
        kind.states[row.state],
        kind.tones.get(row.state, ""),
        is_open,
    )
