"""Months of enrolments that were assessed: the levy does not bill them as well."""

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy import func as sql
from sqlalchemy.orm import aliased

from siweb.collection.tables.assessment import Assessment, AssessmentKind, AssessmentState
from siweb.collection.tables.hire_report import HireReport
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.former_number import person_digested


def is_assessed(region_code: str, month: str) -> ColumnElement[bool]:
    """Return the condition that a month of an enrolment is assessed, so that it is not billed too.

    Its employer declared nothing, or had not registered the person.
    """
    return or_(_is_undeclared(region_code, month), _is_unregistered(region_code, month))


def _is_unregistered(region_code: str, month: str) -> ColumnElement[bool]:
    """Return the condition that the person was assessed as not registered, and is not in full yet.

    Who is registered for a part of the months stays assessed for all of them until the rest comes;
    then the levy bills them all and the assessment is settled (`assessments.settle`).
    """
    case_, full, report = Assessment, aliased(Enrolment), HireReport
    of_month = (
        case_.region_code == region_code,
        case_.kind == AssessmentKind.UNREGISTERED,
        case_.state == AssessmentState.DECIDED,
        case_.from_month <= month,
        case_.to_month >= month,
    )
    # Whom the register did not know when the report came has no number in the case yet.
    person = sql.coalesce(
        case_.person_id,
        select(person_digested(report.number_digest))
        .where(report.id == case_.report_id)
        .correlate(case_)
        .scalar_subquery(),
    )
    in_full = exists().where(
        full.person_id == Enrolment.person_id,
        full.employer_id == Enrolment.employer_id,
        full.from_month <= case_.from_month,
        or_(full.to_month.is_(None), full.to_month >= case_.to_month),
    )
    return and_(
        Enrolment.person_id.in_(select(person).where(*of_month)),
        exists().where(
            *of_month,
            person == Enrolment.person_id,
            case_.employer_id == Enrolment.employer_id,
            ~in_full,
        ),
    )


def _is_undeclared(region_code: str, month: str) -> ColumnElement[bool]:
    """Return the condition that an employer declared nothing and its month is assessed."""
    assessed = select(Assessment.employer_id).where(
        Assessment.region_code == region_code,
        Assessment.kind == AssessmentKind.UNDECLARED,
        Assessment.from_month == month,
        Assessment.state.in_(
            # From the finding on, not from the decision: billed in between, the month would be
            # asked for twice, by two bills that both look right.
            (AssessmentState.FOUND, AssessmentState.PROPOSED, AssessmentState.DECIDED)
        ),
    )
    return and_(Enrolment.employer_id.is_not(None), Enrolment.employer_id.in_(assessed))
