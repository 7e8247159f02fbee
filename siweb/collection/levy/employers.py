"""The employers of a levy run, taken from the register once; later changes are the next run's."""

from typing import Any, cast

from sqlalchemy import ColumnElement, Select, func, insert, literal, select, true, union_all
from sqlalchemy.orm import Session, aliased

from siweb.collection.levy.records_from_enrolments import enrolled_in
from siweb.collection.tables.levy_run import LevyEmployer, LevyKind, LevyRun, LevyState
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.registry.codes import Scheme
from siweb.registry.employers.injury_rate import risk_in
from siweb.registry.person_keys import is_of
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.enrolment import Enrolment


def keep_employers(session: Session, run: LevyRun, month: str) -> None:
    """Write the employers with somebody enrolled in a month, each with its risk.

    An adjustment goes by the risk that the month was billed for, any other run by what the
    agency decided until now.
    """
    last = _last_people(run, month).subquery("last")
    kept = LevyEmployer
    rows = select(
        literal(run.id),
        literal(month, kept.contribution_month.type),
        Employer.id,
        _risk(run, month, kept.injury_class),
        _risk(run, month, kept.injury_tier_ppm),
        last.c.person_id,
        last.c.enrolments,
    ).join(last, last.c.employer_id == Employer.id)
    columns = [
        kept.levy_run_id,
        kept.contribution_month,
        kept.employer_id,
        kept.injury_class,
        kept.injury_tier_ppm,
        kept.last_person_id,
        kept.enrolments,
    ]
    session.execute(insert(kept).from_select(columns, rows, include_defaults=False))


def _last_people(run: LevyRun, month: str) -> Select[Any]:
    """Return the employers with the last of their people; an adjustment's were once billed."""
    person = Enrolment.person_id
    enrolled: Any = (
        select(
            Enrolment.employer_id,
            func.max(person).label("person_id"),
            func.count().label("enrolments"),
        )
        .where(
            enrolled_in(run.region_code, month, by_person=True),
            Enrolment.employer_id.is_not(None),
            _is_meant(run, Enrolment.person_id),
        )
        .group_by(Enrolment.employer_id)
    )
    if run.kind is not LevyKind.ADJUSTMENT:
        return cast("Select[Any]", enrolled)
    record = ContributionRecord
    billed: Any = (
        select(record.employer_id, func.max(record.person_id), literal(0))
        .where(
            record.region_code == run.region_code,
            record.contribution_month == month,
            record.employer_id.is_not(None),
            _is_meant(run, record.person_id),
        )
        .group_by(record.employer_id)
    )
    both = union_all(enrolled, billed).subquery("both").c
    return select(
        both.employer_id,
        func.max(both.person_id).label("person_id"),
        func.sum(both.enrolments).label("enrolments"),
    ).group_by(both.employer_id)


def _is_meant(run: LevyRun, person_id: Any) -> ColumnElement[bool]:
    """Return the condition that a run is about a person; one that corrects a record is of one."""
    return true() if run.person_id is None else is_of(person_id, run.person_id)


def _risk(run: LevyRun, month: str, kept: Any) -> Any:
    """Return a column of the risk as the month was billed, or as it is decided for the month."""
    now = risk_in(kept.key, month)
    if run.kind is not LevyKind.ADJUSTMENT:
        return now
    before = aliased(LevyEmployer)
    billed = (
        select(getattr(before, kept.key))
        .join(LevyRun, LevyRun.id == before.levy_run_id)
        .where(
            before.employer_id == Employer.id,
            before.contribution_month == month,
            LevyRun.region_code == run.region_code,
            LevyRun.kind == LevyKind.REGULAR,
            LevyRun.state == LevyState.ISSUED,
        )
        # Of several runs of the month the last: it billed whoever the others had not.
        .order_by(LevyRun.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return func.coalesce(billed, now)


def employers_done(session: Session, run: LevyRun) -> tuple[int, int]:
    """Return how many employers a run is through with, of how many."""
    kept = LevyEmployer
    done, all_of_them = session.execute(
        select(
            func.count().filter(kept.last_person_id <= run.done_through_person_id), func.count()
        ).where(kept.levy_run_id == run.id, kept.contribution_month == run.contribution_month)
    ).one()
    return int(done), int(all_of_them)


def count_enrolments(session: Session, run: LevyRun) -> int:
    """Return how many enrolments a regular run is about, as it began: one for each record."""
    by_employer = session.scalar(
        select(func.sum(LevyEmployer.enrolments)).where(LevyEmployer.levy_run_id == run.id)
    )
    alone = session.scalar(
        select(func.count()).where(
            enrolled_in(run.region_code, run.contribution_month),
            Enrolment.employer_id.is_(None),
            Enrolment.scheme == Scheme.FLEXIBLE,
        )
    )
    return int(by_employer or 0) + int(alone or 0)
