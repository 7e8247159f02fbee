"""Who takes part in a month and is not billed by its levy, and why: counted, and named."""

from dataclasses import asdict, dataclass
from typing import NamedTuple

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from siweb.collection.levy.adjustment.earlier_system import people_without_recorded_base
from siweb.collection.levy.bare.month import loading
from siweb.collection.levy.batch.assessed import is_assessed
from siweb.collection.levy.batch.elsewhere import stands_in
from siweb.collection.levy.employers import count_enrolments
from siweb.collection.levy.records_from_enrolments import (
    base_in_force,
    enrolled_in,
    is_billed,
)
from siweb.collection.levy.terms import LEVIED_SCHEMES
from siweb.collection.tables.levy_run import LevyKind, LevyRun
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.person import Person

PAGE = 50


@dataclass(frozen=True, slots=True)
class NotBilled:
    """People with something that is not billed: no base declared, assessed, or anything else."""

    no_base: int = 0
    assessed: int = 0
    other: int = 0

    def as_dict(self) -> dict[str, int]:
        """Return the counts as they are kept with a run."""
        return asdict(self)


class NoBase(NamedTuple):
    """Somebody without a declared base; without employer they pay alone."""

    person_id: int
    person_name: str
    employer_name: str | None
    from_month: str


def count_not_billed(session: Session, run: LevyRun) -> NotBilled:
    """Count the people of a run that is worked through who got no record of an insurance.

    Usually everybody got theirs, which the number of records tells.
    """
    if run.kind is LevyKind.ADJUSTMENT:
        unknown = people_without_recorded_base(run).subquery("unknown").c
        count = session.scalar(select(func.count(unknown.person_id.distinct())))
        return NotBilled(no_base=int(count or 0))
    if count_enrolments(session, run) == run.totals.get("records", 0):
        return NotBilled()
    month = run.contribution_month
    no_base = base_in_force(month).is_(None)
    assessed = is_assessed(run.region_code, month)
    # Assessed first: of somebody who is both, the assessment is what stands instead of a bill.
    reason = case((assessed, "assessed"), (no_base, "no_base"), else_="other").label("reason")
    conditions = [
        enrolled_in(run.region_code, month),
        Enrolment.scheme.in_(LEVIED_SCHEMES),
        ~is_billed(Enrolment, month),
    ]
    if (bare := loading(session, run)) is not None:
        conditions.append(~stands_in(bare, Enrolment))
    if run.kind is LevyKind.PREVIEW:
        # Nobody of a preview has a record: those with a base would have one.
        conditions.append(assessed | no_base)
    counts = session.execute(
        select(reason, func.count(Enrolment.person_id.distinct()))
        .where(*conditions)
        .group_by(reason)
    )
    return NotBilled(**{why: int(number) for why, number in counts})


def people_without_base(session: Session, run: LevyRun, *, page: int) -> tuple[list[NoBase], bool]:
    """Return a page of those whom a month leaves out since no base is declared; and if more."""
    query = _unknown_of_adjustment(run) if run.kind is LevyKind.ADJUSTMENT else _unknown(run)
    rows = session.execute(query.limit(PAGE + 1).offset((page - 1) * PAGE))
    found = [NoBase(*row) for row in rows]
    return found[:PAGE], len(found) > PAGE


def _unknown(run: LevyRun) -> Select[int, str, str, str]:
    month = run.contribution_month
    return (
        select(Person.id, Person.name, Employer.name, func.min(Enrolment.from_month))
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(Employer, Employer.id == Enrolment.employer_id)
        .where(
            enrolled_in(run.region_code, month),
            Enrolment.scheme.in_(LEVIED_SCHEMES),
            base_in_force(month).is_(None),
            ~is_billed(Enrolment, month),
        )
        .group_by(Person.id, Person.name, Employer.id, Employer.name)
        .order_by(Employer.name, Person.id)
    )


def _unknown_of_adjustment(run: LevyRun) -> Select[int, str, str, str]:
    unknown = people_without_recorded_base(run).subquery("unknown").c
    return (
        select(Person.id, Person.name, Employer.name, unknown.from_month)
        .join(Person, Person.id == unknown.person_id)
        .outerjoin(Employer, Employer.id == unknown.employer_id)
        .order_by(Employer.name, Person.id)
    )
