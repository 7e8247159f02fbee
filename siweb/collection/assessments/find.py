"""Find cases of assessment and reports, for the pages that show them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from siweb.auth.staff.duties import Scope
from siweb.collection.assessments.kept_steps import steps_of
from siweb.collection.assessments.labels import BASE_RULES
from siweb.collection.tables.assessment import Assessment, AssessmentKind, AssessmentState
from siweb.collection.tables.bill import Bill
from siweb.collection.tables.hire_report import HireReport, ReportState
from siweb.db.reference_code import normalise
from siweb.documents.tables.document import Document
from siweb.messages.matter import matter
from siweb.registry.person_keys import is_of
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.person import Person
from siweb.rules.calendar.months import month_of
from siweb.rules.explanation import Step
from siweb.rules.insurances import insurance_order
from siweb.web.language.formats import masked_id, month, yuan

PAGE = 25


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One part of a calculation: an insurance through some months, and its steps."""

    insurance: str | None
    from_month: str
    to_month: str
    months: int
    total_fen: int | None
    steps: list[Step]


class CasePart(NamedTuple):
    """What is assessed of one insurance, in fen."""

    insurance: str
    employer_fen: int
    employee_fen: int

    @property
    def total_fen(self) -> int:
        """Return both shares together."""
        return self.employer_fen + self.employee_fen


@dataclass(frozen=True, slots=True)
class Case:
    """A case with all that its page shows."""

    assessment: Assessment
    employer: Employer
    # Whom it is about, where it is about one person; the name as reported, if nobody knows them.
    person_name: str | None
    id_number: str | None
    bill: Bill | None
    notice: Document | None
    # What a later filing took back, with the difference.
    settlement: Assessment | None
    lines: list[CaseLine] = field(default_factory=list)

    @property
    def parts(self) -> list[CasePart]:
        """Return what is assessed of each insurance in their order, none of nothing."""
        amounts = self.assessment.amounts
        return [
            CasePart(name, amounts[name]["employer_fen"], amounts[name]["employee_fen"])
            for name in sorted(amounts, key=insurance_order)
            if amounts[name]["employer_fen"] or amounts[name]["employee_fen"]
        ]

    @property
    def settled(self) -> CaseLine | None:
        """Return the difference that the settlement worked out."""
        lines = _lines(self.settlement.calculation) if self.settlement else []
        return lines[0] if lines else None


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One line of a list of cases."""

    assessment: Assessment
    employer_name: str
    person_name: str | None


def find_case(session: Session, reference: str, employer_id: int | None = None) -> Case | None:
    """Return a case by its reference; with an employer only what that employer may see of it."""
    settlement = aliased(Assessment)
    query = (
        select(Assessment, Employer, Person, HireReport, Bill, Document, settlement)
        .join(Employer, Employer.id == Assessment.employer_id)
        .outerjoin(Person, Person.id == Assessment.person_id)
        .outerjoin(HireReport, HireReport.id == Assessment.report_id)
        .outerjoin(Bill, Bill.assessment_id == Assessment.id)
        .outerjoin(Document, Document.id == Assessment.document_id)
        .outerjoin(settlement, settlement.settles_id == Assessment.id)
        .where(
            Assessment.reference == normalise(reference),
            Assessment.kind != AssessmentKind.SETTLEMENT,
        )
    )
    if employer_id is not None:
        query = query.where(Assessment.employer_id == employer_id, _was_proposed())
    row = session.execute(query).first()
    if row is None:
        return None
    assessment, employer, person, report, bill, notice, settled = row
    return Case(
        assessment,
        employer,
        person.name if person else report.person_name if report else None,
        person.id_number if person else report.id_number if report else None,
        bill,
        notice,
        settled,
        _lines(assessment.calculation),
    )


def cases_of_employer(session: Session, employer_id: int) -> list[CaseRow]:
    """Return what was proposed to an employer, the newest first."""
    query = _rows().where(Assessment.employer_id == employer_id, _was_proposed())
    return _read(session, query.limit(4 * PAGE))


def cases_to_answer(employers: Any, on: Any) -> Select[Any]:
    """Return the question what each of the employers (keys, or a question) may still answer."""
    return (
        select(
            *matter(
                "assessments",
                key=Employer.uscc,
                name=Employer.name,
                last_day=func.min(Assessment.hearing_until),
                number=func.count(),
            )
        )
        .join_from(Assessment, Employer, Employer.id == Assessment.employer_id)
        .where(
            Assessment.employer_id.in_(employers),
            Assessment.state == AssessmentState.PROPOSED,
            Assessment.heard_at.is_(None),
            Assessment.hearing_until >= on,
        )
        .group_by(Employer.id, Employer.uscc, Employer.name)
        .order_by(func.min(Assessment.hearing_until), Employer.id)
    )


def cases_in(
    session: Session, state: AssessmentState | None, *, scope: Scope, page: int = 1
) -> tuple[list[CaseRow], bool]:
    """Return a page of the cases in a state, or of all, and whether there are more."""
    query = _rows().where(scope.has(Assessment.region_code))
    if state is not None:
        query = query.where(Assessment.state == state)
    found = _read(session, query.limit(PAGE + 1).offset((page - 1) * PAGE))
    return found[:PAGE], len(found) > PAGE


def count_by_state(session: Session, *, scope: Scope) -> dict[AssessmentState, int]:
    """Return how many cases are in each state."""
    rows = session.execute(
        select(Assessment.state, func.count())
        .where(Assessment.kind != AssessmentKind.SETTLEMENT, scope.has(Assessment.region_code))
        .group_by(Assessment.state)
    )
    return {state: number for state, number in rows}  # noqa: C416 - rows are not pairs to mypy


def open_reports(session: Session, *, scope: Scope, page: int = 1) -> tuple[list[HireReport], bool]:
    """Return a page of the reports that nobody handled yet, the oldest first."""
    found = session.scalars(
        select(HireReport)
        .where(HireReport.state == ReportState.OPEN, scope.has(HireReport.region_code))
        .order_by(HireReport.reported_at, HireReport.id)
        .limit(PAGE + 1)
        .offset((page - 1) * PAGE)
    ).all()
    return list(found[:PAGE]), len(found) > PAGE


def find_report(session: Session, reference: str) -> tuple[HireReport, Employer | None] | None:
    """Return a report by its reference, with the employer it means."""
    row = session.execute(
        select(HireReport, Employer)
        .outerjoin(Employer, Employer.id == HireReport.employer_id)
        .where(HireReport.reference == normalise(reference))
    ).first()
    return None if row is None else (row[0], row[1])


def elsewhere(session: Session, report: HireReport) -> list[tuple[str | None, str, str | None]]:
    """Return where the person of a report took part since then: employer's name, first and last.

    None instead of a name is somebody who pays alone.
    """
    if report.person_id is None:
        return []
    rows = session.execute(
        select(Employer.name, Enrolment.from_month, Enrolment.to_month)
        .select_from(Enrolment)
        .outerjoin(Employer, Employer.id == Enrolment.employer_id)
        .where(
            is_of(Enrolment.person_id, report.person_id),
            or_(Enrolment.to_month.is_(None), Enrolment.to_month >= month_of(report.hired_on)),
        )
        .distinct()
        .order_by(Enrolment.from_month)
        .limit(PAGE)
    )
    return [(name, first, last) for name, first, last in rows]


def _was_proposed() -> Any:
    # Decided alone is what was dropped before anybody proposed it:
    # its reasons are the employer's to read.
    return or_(Assessment.proposed_at.is_not(None), Assessment.decided_at.is_not(None))


def _rows() -> Any:
    return (
        select(
            Assessment,
            Employer.name.label("employer_name"),
            func.coalesce(Person.name, HireReport.person_name).label("person_name"),
        )
        .join(Employer, Employer.id == Assessment.employer_id)
        .outerjoin(Person, Person.id == Assessment.person_id)
        .outerjoin(HireReport, HireReport.id == Assessment.report_id)
        .where(Assessment.kind != AssessmentKind.SETTLEMENT)
        .order_by(Assessment.opened_at.desc(), Assessment.id.desc())
    )


def case_facts(case: Case) -> Iterator[tuple[str, str]]:
    """Yield whom and which months a case is about, and by what its amount goes."""
    found = case.assessment
    yield _("Case number"), found.reference
    if case.person_name:
        yield _("Employee"), case.person_name
    if case.id_number:
        yield _("Citizen ID number"), masked_id(case.id_number)
    yield _("First month"), month(found.from_month)
    yield _("Last month"), month(found.to_month)
    if found.base_rule and found.base_fen is not None:
        yield _("Basis of the base"), str(BASE_RULES[found.base_rule])
        yield _("Base a month"), yuan(found.base_fen)
    if found.facts:
        yield _("Facts"), found.facts
    if found.reasons:
        yield _("Why this amount"), found.reasons


def _read(session: Session, query: Any) -> list[CaseRow]:
    return [CaseRow(*row) for row in session.execute(query)]


def _lines(calculation: list[dict[str, Any]]) -> list[CaseLine]:
    return [
        CaseLine(
            line["insurance"],
            line["from_month"],
            line["to_month"],
            line["months"],
            line["employer_fen"] + line["employee_fen"] if "employer_fen" in line else None,
            steps_of(line["steps"]),
        )
        for line in calculation
    ]
