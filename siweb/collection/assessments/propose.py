"""Propose an assessment: amounts, and until when the employer may be heard."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import CursorResult, func, select, update
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.clock import office_day
from siweb.collection.assessments.calculate import work_out_base
from siweb.collection.assessments.overtaken import is_registered
from siweb.collection.assessments.refusal import AssessmentRefused
from siweb.collection.assessments.undeclared.find import COMPARISON
from siweb.collection.tables.assessment import Assessment, AssessmentKind, AssessmentState, BaseRule
from siweb.collection.tables.hire_report import HireReport, ReportState
from siweb.db.reference_code import new_reference
from siweb.messages.kinds.assessments import ASSESSMENT_PROPOSED, REPORT_ACCEPTED
from siweb.messages.notify import day_of, notify, notify_each, subject_of
from siweb.registry.codes import Insurance
from siweb.registry.employers.injury_rate import risks_of
from siweb.registry.person_keys import is_of
from siweb.registry.tables.declared_base import DeclaredBase
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.enrolment import Enrolment
from siweb.rules.calendar.deadlines import compute_deadline
from siweb.rules.calendar.months import month_of
from siweb.rules.numbers.arithmetic import Rounding, rounded_quotient
from siweb.rules.parameters.pack_set import PackSet

HEARING = "assessment_hearing"
# Older than twenty years is a mistyped year: no region's pack has figures for it.
LONGEST_MONTHS = 240


@dataclass(frozen=True, slots=True)
class Basis:
    """By what an amount is worked out: the months, the rule of the base, and the words for it."""

    from_month: str
    to_month: str
    base_rule: BaseRule
    # Only for `BaseRule.WAGE`; the averages are looked up.
    wage_fen: int | None = None
    headcount: int = 1
    words: str = ""


def propose_for_report(
    session: Session,
    report: HireReport,
    basis: Basis,
    *,
    packs: PackSet,
    actor: Actor,
    on: date,
    at: datetime,
) -> Assessment:
    """Open a case on a report: the premiums of somebody who was not registered (SIL 58).

    :raises AssessmentRefused: "taken_up", "no_employer", "future_months", "registered" when the
        person takes part there already in one of the months, "assessed" when another case is
        about these months, or what `base_of` refuses.
    :raises ParameterMissing: when the region has no figures for one of the months.
    """
    # Two desks may open the same report: one report becomes one case.
    session.refresh(report, with_for_update=True)
    if report.state is not ReportState.OPEN:
        raise AssessmentRefused("taken_up")
    if report.employer_id is None:
        raise AssessmentRefused("no_employer")
    # Two cases of one employer are opened one after the other, so that the second sees the first.
    employer = session.get_one(Employer, report.employer_id, with_for_update=True)
    _refuse_months(session, report, employer, basis, on)
    assessment = Assessment(
        reference=new_reference(),
        kind=AssessmentKind.UNREGISTERED,
        region_code=employer.region_code,
        employer_id=employer.id,
        person_id=report.person_id,
        report_id=report.id,
        from_month=basis.from_month,
        to_month=basis.to_month,
        origin=report.origin.value,
        facts=basis.words,
        amounts={},
        calculation=[],
        state=AssessmentState.FOUND,
        opened_at=at,
    )
    session.add(assessment)
    _work_out(session, packs, assessment, employer, basis)
    report.state = ReportState.CASE_OPENED
    _propose(session, packs, assessment, actor, on, at)
    _tell_reporter(session, report, at)
    return assessment


def _tell_reporter(session: Session, report: HireReport, at: datetime) -> None:
    if report.reported_by_person_id is not None:
        notify(
            session,
            REPORT_ACCEPTED,
            report.reported_by_person_id,
            region_code=report.region_code,
            subject=("hire_report", report.reference),
            at=at,
        )


def propose_found(
    session: Session,
    assessment: Assessment,
    basis: Basis | None = None,
    *,
    packs: PackSet,
    actor: Actor,
    on: date,
    at: datetime,
) -> None:
    """Propose a case that was found; one without a last month needs a basis with its reasons.

    :raises AssessmentRefused: "not_found" when it was proposed before, "no_amount" without basis,
        "no_reasons", or what `base_of` refuses.
    """
    # Of two who propose it at once, one would hear the employer by amounts that the other set.
    session.refresh(assessment, with_for_update=True)
    if assessment.state is not AssessmentState.FOUND:
        raise AssessmentRefused("not_found")
    if basis is not None:
        if not basis.words:
            raise AssessmentRefused("no_reasons")
        employer = session.get_one(Employer, assessment.employer_id)
        assessment.reasons = basis.words
        _work_out(session, packs, assessment, employer, basis)
    if not assessment.amounts:
        raise AssessmentRefused("no_amount")
    _propose(session, packs, assessment, actor, on, at)


def propose_all(
    session: Session,
    region_code: str,
    *,
    packs: PackSet,
    actor: Actor,
    on: date,
    at: datetime,
) -> int:
    """Propose every found case of a region that has an amount; return how many there were."""
    result = session.execute(
        update(Assessment)
        .where(
            Assessment.region_code == region_code,
            Assessment.state == AssessmentState.FOUND,
            # Those without a last month have no amount until somebody says one with reasons
            # (`propose_found`).
            Assessment.origin == COMPARISON,
        )
        .values(
            state=AssessmentState.PROPOSED,
            proposed_by_account_id=actor.account_id,
            proposed_at=at,
            hearing_until=hearing_until(packs, region_code, on),
        )
        .execution_options(synchronize_session="fetch")
    )
    proposed = cast("CursorResult[Any]", result).rowcount
    if proposed:
        _tell_all(session, region_code, at)
        record_activity(
            session,
            "assessments.proposed",
            actor=actor,
            at=at,
            subject=("region", region_code),
            facts={"cases": proposed},
        )
    return proposed


def _tell_all(session: Session, region_code: str, at: datetime) -> None:
    assessment = Assessment
    proposed = select(
        assessment.region_code,
        subject_of("assessment", assessment.reference),
        day_of(office_day(at)),
        assessment.employer_id,
        assessment.hearing_until,
    ).where(
        assessment.region_code == region_code,
        assessment.state == AssessmentState.PROPOSED,
        assessment.proposed_at == at,
    )
    notify_each(session, ASSESSMENT_PROPOSED, proposed, at=at)


def count_hearing(
    session: Session, region_code: str, reference: str, served_on: date, *, packs: PackSet
) -> None:
    """Let the days to answer a proposal run from the day on which it is served."""
    session.execute(
        update(Assessment)
        .where(
            Assessment.reference == reference,
            Assessment.state == AssessmentState.PROPOSED,
            Assessment.heard_at.is_(None),
        )
        .values(hearing_until=hearing_until(packs, region_code, served_on))
    )


def hearing_until(packs: PackSet, region_code: str, on: date) -> date:
    """Return the last day on which an employer may answer what is proposed on a day."""
    period = packs.parameters(region_code, month_of(on)).period(HEARING)
    return compute_deadline(on, period, packs.calendar()).moved_to


def base_of(session: Session, packs: PackSet, employer: Employer, basis: Basis) -> int:
    """Return the monthly base in fen that a rule gives.

    :raises AssessmentRefused: "no_wage", "no_employer_average" or "no_local_average".
    """
    if basis.base_rule is BaseRule.WAGE:
        if basis.wage_fen is None:
            raise AssessmentRefused("no_wage")
        return basis.wage_fen
    if basis.base_rule is BaseRule.EMPLOYER_AVERAGE:
        found = _employer_average(session, employer.id, basis.to_month)
    else:
        parameters = packs.parameters(employer.region_code, basis.to_month)
        found = parameters.average_wage()
    if found is None:
        raise AssessmentRefused(f"no_{basis.base_rule.value}")
    return found


def _refuse_months(
    session: Session, report: HireReport, employer: Employer, basis: Basis, on: date
) -> None:
    if basis.to_month > month_of(on):
        raise AssessmentRefused("future_months")
    # Of months that the levy bills nothing is assessed, nor would it ever be settled.
    if is_registered(session, report, employer.id, (basis.from_month, basis.to_month)):
        raise AssessmentRefused("registered")
    if report.person_id is None:
        # Nobody in the register yet: two reports of one person meet only by the number's digest.
        about = HireReport.number_digest == report.number_digest
    else:
        about = is_of(Assessment.person_id, report.person_id)
    others = session.scalar(
        select(func.count(Assessment.id))
        .outerjoin(HireReport, HireReport.id == Assessment.report_id)
        .where(
            about,
            Assessment.employer_id == employer.id,
            Assessment.kind == AssessmentKind.UNREGISTERED,
            Assessment.state != AssessmentState.DROPPED,
            Assessment.from_month <= basis.to_month,
            Assessment.to_month >= basis.from_month,
        )
    )
    if others:
        raise AssessmentRefused("assessed")


def _employer_average(session: Session, employer_id: int, month: str) -> int | None:
    """Return the average of the newest bases declared for the employer's people."""
    newest = (
        select(
            DeclaredBase.declared_base_fen,
            func.row_number()
            .over(
                partition_by=DeclaredBase.person_id,
                order_by=(DeclaredBase.from_month.desc(), DeclaredBase.base_number.desc()),
            )
            .label("place"),
        )
        .join(
            Enrolment,
            (Enrolment.person_id == DeclaredBase.person_id)
            & (Enrolment.employer_id == DeclaredBase.employer_id)
            & (Enrolment.insurance == Insurance.PENSION),
        )
        .where(
            DeclaredBase.employer_id == employer_id,
            DeclaredBase.insurance.is_(None),
            DeclaredBase.from_month <= month,
            DeclaredBase.withdrawn_at.is_(None),
            Enrolment.from_month <= month,
            Enrolment.to_month.is_(None) | (Enrolment.to_month >= month),
        )
        .subquery("newest")
    )
    total, number = session.execute(
        select(func.sum(newest.c.declared_base_fen), func.count()).where(newest.c.place == 1)
    ).one()
    return int(rounded_quotient(int(total), number, Rounding.HALF_UP_FEN)) if number else None


def _work_out(
    session: Session, packs: PackSet, assessment: Assessment, employer: Employer, basis: Basis
) -> None:
    base_fen = base_of(session, packs, employer, basis)
    worked = work_out_base(
        packs,
        employer,
        risks_of(session, employer),
        (basis.from_month, basis.to_month),
        base_fen,
        headcount=basis.headcount,
    )
    assessment.base_rule, assessment.base_fen = basis.base_rule, base_fen
    assessment.amounts, assessment.calculation = worked.amounts, worked.calculation


def _propose(
    session: Session,
    packs: PackSet,
    assessment: Assessment,
    actor: Actor,
    on: date,
    at: datetime,
) -> None:
    assessment.hearing_until = hearing_until(packs, assessment.region_code, on)
    assessment.state = AssessmentState.PROPOSED
    assessment.proposed_by_account_id = actor.account_id
    assessment.proposed_at = at
    session.flush()
    notify(
        session,
        ASSESSMENT_PROPOSED,
        assessment.employer_id,
        region_code=assessment.region_code,
        subject=("assessment", assessment.reference),
        until_on=assessment.hearing_until,
        at=at,
    )
    record_activity(
        session,
        "assessment.proposed",
        actor=actor,
        at=at,
        subject=("assessment", assessment.id),
        person_id=assessment.person_id,
        facts={"reference": assessment.reference, "total_fen": assessment.total_fen},
    )
