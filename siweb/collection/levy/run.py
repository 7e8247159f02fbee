"""Work a levy through: batches of people become records, and all of them bills at once.

A run is `computing` until it is issued; nothing of it counts before. Every batch is committed with
how far it came, so a run that was killed goes on from there, and a second run of a month bills only
what was not billed. A preview goes the same way and writes no records, only what they would come
to.
"""

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Update, func, select, update
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.clock import office_day
from siweb.collection.levy.adjustment.changes import write_changes
from siweb.collection.levy.adjustment.own_due_days import keep_due_days
from siweb.collection.levy.bare.complete import keys_meanwhile, sum_up
from siweb.collection.levy.bare.load import load_batch
from siweb.collection.levy.bare.month import (
    apart,
    begin_again,
    begin_loading,
    is_overtaken,
    issue_records,
    loading,
    wait_to_issue,
)
from siweb.collection.levy.batch.exceptions import exceptions_of
from siweb.collection.levy.batch.references import begin_batch, prove_references
from siweb.collection.levy.batch.sums import batch_totals, keep_sums
from siweb.collection.levy.batch.turns import await_turn
from siweb.collection.levy.bills_from_records import (
    insert_bills,
    insert_lines,
    set_closing_days,
    total_bills,
)
from siweb.collection.levy.not_billed import count_not_billed
from siweb.collection.levy.portions.batch import may_part, write_in_portions
from siweb.collection.levy.previews.preview import (
    add_to_preview,
    preview_so_far,
    preview_totals,
    round_preview,
)
from siweb.collection.levy.records_from_enrolments import enrolled_in, insert_records
from siweb.collection.payments.allocation_order import IN_ORDER_OF_LAW, AllocationOrder
from siweb.collection.payments.use_credit import use_credits
from siweb.collection.tables.bill import Bill, BillLine
from siweb.collection.tables.levy_run import (
    LevyEmployer,
    LevyKind,
    LevyRun,
    LevyState,
    LevyTerm,
)
from siweb.collection.tables.levy_sum import LevySum
from siweb.db.claim import claim, let_others_write
from siweb.db.statistics import collect_statistics
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.registry.tables.declared_base import DeclaredBase
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.enrolment import Enrolment
from siweb.rules.contributions.premium import Scope
from siweb.rules.numbers.arithmetic import Rounding
from siweb.rules.parameters.pack_set import PackSet

# Rows of so many people are one transaction: 150 MB at most, and a kill loses seconds of work.
PEOPLE_A_BATCH = 40000
# On SQLite nobody else writes while a batch is: one of half a second lets them in soon.
_PEOPLE_BESIDE_WRITERS = 20_000


@dataclass(frozen=True, slots=True)
class Batch:
    """People by their ids, first to last; how many records they got, and of how much, in fen."""

    people: tuple[int, int]
    records: int
    fen: int


def compute_batches(
    session: Session, run: LevyRun, *, at: datetime, most: int = PEOPLE_A_BATCH
) -> Iterator[Batch]:
    """Work through the people batch by batch; the caller commits after each.

    Memory does not grow with the number of people: everything happens in the database.

    :raises ClaimedElsewhere: when another process went on with the run; the caller rolls back.
    """
    roundings: list[Rounding] = []
    bare = begin_loading(session, run)
    if session.get_bind().dialect.name == "sqlite":
        most = min(most, _PEOPLE_BESIDE_WRITERS)
    if not run.totals:
        # A register that was filled since yesterday is still a small one to the planner. Committed
        # where that can be: connections beside this one plan by it as well.
        alone = bare is not None or not session.in_transaction()
        with apart(session) if alone else nullcontext(session) as own:
            joined = Enrolment, DeclaredBase, Employer, LevyEmployer, LevyTerm
            collect_statistics(own, *joined, committed=bare is not None)
    while True:
        is_later = begin_batch(session, run)
        people = _next_people(session, run, most)
        if people is None:
            if is_later:
                # Nothing was written; whatever comes next has its references looked up.
                session.rollback()
            return
        roundings = roundings or roundings_of(session, run)
        # Claimed before the work: of two processes the second stops here and has written nothing.
        claim(session, _place(run).values(done_through_person_id=people[1]))
        session.refresh(run)
        if bare is not None:
            await_turn(session, run, people)
            # What it comes to is summed up when all of it is there.
            records, fen = load_batch(session, run, bare, people, roundings, at), 0
        else:
            records, fen = _work(session, run, people, roundings, at, is_later=is_later)
        totals = {
            "records": run.totals.get("records", 0) + records,
            "total_fen": run.totals.get("total_fen", 0) + fen,
        }
        session.execute(update(LevyRun).where(LevyRun.id == run.id).values(totals=totals))
        session.refresh(run)
        yield Batch(people, records, fen)
        if not session.in_transaction():
            # Committed, as it should be; else whoever called holds the right to write anyway.
            let_others_write(session)


def _work(
    session: Session,
    run: LevyRun,
    people: tuple[int, int],
    roundings: list[Rounding],
    at: datetime,
    *,
    is_later: bool,
) -> tuple[int, int]:
    """Write what people owe, and its sums; return how many records, and of how much in fen."""
    await_turn(session, run, people)
    if is_later:
        exceptions = exceptions_of(session, run, run.contribution_month, people)
        if may_part(session, exceptions):
            write_in_portions(session, run, people, roundings, exceptions, at)
            return batch_totals(session, run, people)
    _write(session, run, people, roundings, at)
    if run.kind is LevyKind.PREVIEW:
        count, fen = preview_so_far(session, run)
        return count - run.totals.get("records", 0), fen - run.totals.get("total_fen", 0)
    keep_sums(session, run, people)
    if is_later:
        prove_references(session, run, people)
    return batch_totals(session, run, people)


def finish_levy(
    session: Session,
    run: LevyRun,
    *,
    packs: PackSet,
    actor: Actor,
    at: datetime,
    order: AllocationOrder = IN_ORDER_OF_LAW,
) -> LevyRun:
    """End a run that is worked through: issue its bills, or show what a preview came to.

    The caller commits. A run without anything to bill is cancelled, so that nothing of it stays.

    :raises ClaimedElsewhere: when another process went on with the run, or ended it.
    """
    wait_to_issue(session)
    # To the state that it has: the row is locked from here on, so that nobody goes on or ends it.
    claim(session, _place(run).values(state=LevyState.COMPUTING))
    if loading(session, run) is not None and is_overtaken(session, run):
        begin_again(session, run)
        return run
    sum_up(session, run)
    # Apart: whoever has read what was loaded keeps its key from being named.
    with apart(session) if loading(session, run) is not None else nullcontext(session) as own:
        not_billed = count_not_billed(own, run).as_dict()
    run.totals = {**run.totals, "not_billed": not_billed}
    if run.kind is LevyKind.PREVIEW:
        return _show(session, run)
    return _issue(session, run, packs, actor, at, order)


def _place(run: LevyRun) -> Update:
    """Return an UPDATE of the run as it was read: under way, and no further than it was."""
    return update(LevyRun).where(
        LevyRun.id == run.id,
        LevyRun.state == LevyState.COMPUTING,
        LevyRun.done_through_person_id == run.done_through_person_id,
    )


def _issue(
    session: Session,
    run: LevyRun,
    packs: PackSet,
    actor: Actor,
    at: datetime,
    order: AllocationOrder,
) -> LevyRun:
    with keys_meanwhile(session, run):
        session.execute(insert_bills(run, at))
        set_closing_days(session, run, packs)
        # The lines are joined to them: PostgreSQL would take a run for one of two bills.
        collect_statistics(session, Bill, LevySum)
        for rounding, scope in _kinds_of_terms(session, run):
            session.execute(insert_lines(run, rounding, scope))
        session.execute(total_bills(run))
    # After the totals: what is late of a bill is at most the bill.
    keep_due_days(session, run, roundings_of(session, run))
    totals = levy_totals(session, run)
    issue_records(session, run, is_empty=not totals["bills"])
    run.totals = {**run.totals, **totals}
    run.state = LevyState.ISSUED if totals["bills"] else LevyState.CANCELLED
    run.issued_at = at if totals["bills"] else None
    record_activity(
        session,
        "levy.issued" if totals["bills"] else "levy.empty",
        actor=actor,
        at=at,
        subject=("levy_run", run.id),
        facts={"bills": totals["bills"], "total_fen": totals["total_fen"]},
    )
    session.flush()
    if run.kind is LevyKind.ADJUSTMENT:
        use_credits(
            session,
            run,
            actor=actor,
            on=office_day(at),
            at=at,
            order=order,
            packs=packs,
        )
    return run


def _show(session: Session, run: LevyRun) -> LevyRun:
    for rounding, scope in _kinds_of_terms(session, run):
        if scope is Scope.EMPLOYER_TOTAL:
            session.execute(round_preview(run, rounding))
    run.totals = {**run.totals, **preview_totals(session, run)}
    run.state = LevyState.SHOWN
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


def _write(
    session: Session,
    run: LevyRun,
    people: tuple[int, int],
    roundings: list[Rounding],
    at: datetime,
) -> None:
    dialect = session.get_bind().dialect.name
    if run.kind is LevyKind.ADJUSTMENT:
        write_changes(session, run, people, roundings, at)
        return
    exceptions = exceptions_of(session, run, run.contribution_month, people)
    for rounding in roundings:
        if run.kind is LevyKind.REGULAR:
            session.execute(insert_records(run, people, rounding, at, exceptions, dialect=dialect))
        else:
            session.execute(add_to_preview(run, people, rounding, exceptions, dialect=dialect))


def roundings_of(session: Session, run: LevyRun) -> list[Rounding]:
    """Return by which rules a run's terms round: each is a statement of its own."""
    found = select(LevyTerm.rounding).where(LevyTerm.levy_run_id == run.id).distinct()
    return [Rounding(rounding) for rounding in session.scalars(found)]


def _kinds_of_terms(session: Session, run: LevyRun) -> list[tuple[Rounding, Scope]]:
    kinds = session.execute(
        select(LevyTerm.rounding, LevyTerm.scope).where(LevyTerm.levy_run_id == run.id).distinct()
    )
    return [(Rounding(rounding), Scope(scope)) for rounding, scope in kinds]


def _next_people(session: Session, run: LevyRun, most: int) -> tuple[int, int] | None:
    """Return the next people by their ids: at most `most` numbers, beginning with one enrolled."""
    after = run.done_through_person_id
    enrolled = (
        enrolled_in(run.region_code, run.through_month, by_person=True)
        if run.kind is not LevyKind.ADJUSTMENT
        else Enrolment.region_code == run.region_code
    )
    first = _first_person(session, Enrolment.person_id, enrolled, after)
    if run.kind is LevyKind.ADJUSTMENT:
        # Whoever was recorded here before the register knew of them is reached as well.
        record = ContributionRecord
        in_region = record.region_code == run.region_code
        recorded = _first_person(session, record.person_id, in_region, after)
        first = min(
            (person_id for person_id in (first, recorded) if person_id is not None), default=None
        )
    return None if first is None else (first, first + most - 1)


def _first_person(
    session: Session, person: Any, which: ColumnElement[bool], after: int
) -> int | None:
    """Return the lowest id of a person behind one, by an index."""
    query = select(person).where(which, person > after).order_by(person).limit(1)
    found = session.scalar(query)
    return None if found is None else int(found)
