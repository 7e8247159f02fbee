"""Work a levy through: batches of people become records, and all of them bills at once.

A run is `computing` until it is issued; nothing of it counts before. Every batch is committed with
how far it came, so a run that was killed goes on from there, and a second run of a month bills only
what was not billed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.collection.bill import Bill, BillLine
from siweb.collection.bill_statements import insert_bills, insert_lines, total_bills
from siweb.collection.levy_run import LevyKind, LevyRun, LevyState, LevyTerm
from siweb.collection.levy_statements import enrolled_in, insert_records
from siweb.collection.levy_terms import keep_terms
from siweb.ledgers.contribution_record import ContributionRecord
from siweb.registry.enrolment import Enrolment
from siweb.registry.packs_in_force import packs_in_force
from siweb.rules.arithmetic import Rounding
from siweb.rules.months import add_months, first_day
from siweb.rules.premium import Scope

PEOPLE_A_BATCH = 50_000


@dataclass(frozen=True, slots=True)
class Batch:
    """People by their ids, first to last, and how many records they got."""

    people: tuple[int, int]
    records: int


def open_levy(
    session: Session, region_code: str, month: str, *, actor: Actor, on: date, at: datetime
) -> LevyRun:
    """Return the run of a month that is under way, or a new one with its parameters kept.

    The caller commits.

    :raises ParameterMissing: when the region's pack lacks something for the month.
    """
    under_way = session.scalar(
        select(LevyRun).where(
            LevyRun.region_code == region_code,
            LevyRun.contribution_month == month,
            LevyRun.kind == LevyKind.REGULAR,
            LevyRun.state == LevyState.COMPUTING,
        )
    )
    if under_way is not None:
        return under_way
    parameters = packs_in_force(session).parameters(region_code, month, as_of=on)
    year = parameters.payment_year()
    latest = session.scalar(
        select(func.max(LevyRun.sequence)).where(
            LevyRun.region_code == region_code,
            LevyRun.contribution_month == month,
            LevyRun.kind == LevyKind.REGULAR,
        )
    )
    run = LevyRun(
        region_code=region_code,
        contribution_month=month,
        through_month=month,
        kind=LevyKind.REGULAR,
        sequence=0 if latest is None else latest + 1,
        state=LevyState.COMPUTING,
        as_of=on,
        due_on=first_day(add_months(month, year.due_months_after)).replace(day=year.due_day),
        after_record_id=_last_record(session),
        totals={},
        started_at=at,
        started_by_account_id=actor.account_id,
    )
    session.add(run)
    session.flush()
    keep_terms(session, run.id, parameters)
    return run


def compute_batches(
    session: Session, run: LevyRun, *, at: datetime, most: int = PEOPLE_A_BATCH
) -> Iterator[Batch]:
    """Write the records batch by batch; the caller commits after each.

    Memory does not grow with the number of people: everything happens in the database.
    """
    dialect = session.get_bind().dialect.name
    roundings = [
        Rounding(one)
        for one in session.scalars(
            select(LevyTerm.rounding).where(LevyTerm.levy_run_id == run.id).distinct()
        )
    ]
    while (people := _next_people(session, run, most)) is not None:
        before = _last_record(session)
        for rounding in roundings:
            session.execute(insert_records(run, people, rounding, at, dialect=dialect))
        record = ContributionRecord
        records = session.scalar(
            select(func.count()).where(record.id > before, record.levy_run_id == run.id)
        )
        session.execute(
            update(LevyRun).where(LevyRun.id == run.id).values(done_through_person_id=people[1])
        )
        session.refresh(run)
        yield Batch(people, int(records or 0))


def issue_levy(session: Session, run: LevyRun, *, actor: Actor, at: datetime) -> LevyRun:
    """Make the bills of a computed run and let all of it count; the caller commits.

    A run without anything to bill is cancelled, so that nothing of it stays.
    """
    kinds = session.execute(
        select(LevyTerm.rounding, LevyTerm.scope).where(LevyTerm.levy_run_id == run.id).distinct()
    ).all()
    session.execute(insert_bills(run, at))
    for rounding, scope in kinds:
        session.execute(insert_lines(run, Rounding(rounding), Scope(scope)))
    session.execute(total_bills(run))
    run.totals = levy_totals(session, run)
    run.state = LevyState.ISSUED if run.totals["bills"] else LevyState.CANCELLED
    run.issued_at = at if run.totals["bills"] else None
    record_activity(
        session,
        "levy.issued" if run.totals["bills"] else "levy.empty",
        actor=actor,
        at=at,
        subject=("levy_run", run.id),
        facts={"bills": run.totals["bills"], "total_fen": run.totals["total_fen"]},
    )
    session.flush()
    return run


def levy_totals(session: Session, run: LevyRun) -> dict[str, int | dict[str, int]]:
    """Return bills, people and fen of a run, the fen of each insurance as well."""
    bills, people, total = session.execute(
        select(
            func.count(Bill.id),
            func.coalesce(func.sum(Bill.headcount), 0),
            func.coalesce(func.sum(Bill.total_fen), 0),
        ).where(Bill.levy_run_id == run.id)
    ).one()
    by_insurance = session.execute(
        select(BillLine.insurance, func.sum(BillLine.employer_fen + BillLine.employee_fen))
        .join(Bill, Bill.id == BillLine.bill_id)
        .where(Bill.levy_run_id == run.id)
        .group_by(BillLine.insurance)
    ).all()
    return {
        "bills": int(bills),
        "people": int(people),
        "total_fen": int(total),
        "insurances": {insurance.value: int(fen) for insurance, fen in by_insurance},
    }


def _last_record(session: Session) -> int:
    return int(session.scalar(select(func.max(ContributionRecord.id))) or 0)


def _next_people(session: Session, run: LevyRun, most: int) -> tuple[int, int] | None:
    """Return the next people by their ids: at most `most` numbers, beginning with one enrolled."""
    first = session.scalar(
        select(func.min(Enrolment.person_id)).where(
            enrolled_in(run.region_code, run.contribution_month),
            Enrolment.person_id > run.done_through_person_id,
        )
    )
    return None if first is None else (first, first + most - 1)
