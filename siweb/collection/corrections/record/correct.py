"""Correct a record: the register says what is right, and a run of one person bills the change.

The difference is an adjustment's like any other: rows are only added, a bill or a credit follows,
and what the payer should have registered or declared owes its late fee since the month's own due
day. Correcting it back comes to what was there before.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.collection.corrections.record.bases import declare
from siweb.collection.corrections.record.correction import Correction, CorrectionRefused
from siweb.collection.corrections.record.effect import Effect, effect_of, outdated_papers
from siweb.collection.corrections.record.enrolments import is_enrolled, put_in, take_out
from siweb.collection.levy.adjustment.changes import write_changes
from siweb.collection.levy.adjustment.earlier_system import recorded_months
from siweb.collection.levy.adjustment.start import (
    MOST_MONTHS,
    billed_months,
    facts_of_months,
    months_across,
    provisional_of_months,
)
from siweb.collection.levy.batch.sums import batch_totals, keep_sums
from siweb.collection.levy.batch.turns import await_turn
from siweb.collection.levy.issue import end_levy
from siweb.collection.levy.run import roundings_of
from siweb.collection.levy.start import begin_run
from siweb.collection.payments.allocation_order import IN_ORDER_OF_LAW, AllocationOrder
from siweb.collection.tables.levy_run import LevyKind, LevyRun, LevyState
from siweb.collection.tables.record_correction import CorrectionKind
from siweb.documents.revoke import revoke_papers
from siweb.messages.kinds.registration import RECORD_REDUCED, RECORD_SET_RIGHT
from siweb.messages.notify import notify
from siweb.registry.person_keys import all_keys
from siweb.registry.tables.person import Person
from siweb.rules.calendar.months import month_of, months_between, months_through
from siweb.rules.parameters.pack_set import PackSet


@dataclass(frozen=True, slots=True)
class Corrected:
    """What a correction came to; without a run the months are still to be billed."""

    run: LevyRun | None
    effect: Effect


def correct_record(
    session: Session,
    correction: Correction,
    *,
    packs: PackSet,
    reason: str,
    actor: Actor,
    on: date,
    at: datetime,
    order: AllocationOrder = IN_ORDER_OF_LAW,
) -> Corrected:
    """Set months of a person's record right, and bill or credit the difference; nothing is sent.

    `reason` is what bills say: the paper it rests on. The caller commits.

    :raises CorrectionRefused: when the record cannot be corrected so.
    :raises ParameterMissing: when the region's pack lacks something for one of the months.
    """
    # Two corrections of a person wait for each other here, before either looks at the register.
    person = session.get_one(Person, correction.person_id, with_for_update={"of": Person})
    _refuse(correction, person, on)
    if not _change_register(session, correction, on, at):
        raise CorrectionRefused("nothing_changes")
    run = _bill_difference(session, correction, packs, reason, actor, on, at, order)
    effect = effect_of(session, correction, run)
    revoke_papers(session, outdated_papers(session, correction), at=at)
    record_activity(
        session,
        "record.corrected",
        actor=actor,
        at=at,
        subject=("person", person.id),
        person_id=person.id,
        facts={
            "kind": correction.kind.value,
            "from": correction.first_month,
            "through": correction.last_month,
            "levy_run": None if run is None else run.id,
        },
    )
    region, about = correction.region_code, ("record", person.id)
    # Of months that were not billed yet what is taken out leaves no trace among the records.
    is_adverse = effect.takes_away or correction.kind is CorrectionKind.NOT_INSURED
    kind = RECORD_REDUCED if is_adverse else RECORD_SET_RIGHT
    notify(session, kind, person.id, region_code=region, subject=about, at=at)
    session.flush()
    return Corrected(run, effect)


def _refuse(correction: Correction, person: Person, on: date) -> None:
    first, last = correction.months
    if last > month_of(on):
        raise CorrectionRefused("not_begun")
    if last < first:
        raise CorrectionRefused("month_order")
    if months_between(first, last) >= MOST_MONTHS:
        raise CorrectionRefused("too_long")
    if correction.due_on < on:
        raise CorrectionRefused("due_before")
    # The month of the death itself may still be owed.
    if person.died_on is not None and last > month_of(person.died_on):
        raise CorrectionRefused("after_death")
    if correction.kind is CorrectionKind.EMPLOYER and (
        correction.employer_id == correction.to_employer_id
    ):
        raise CorrectionRefused("same_payer")


def _change_register(session: Session, correction: Correction, on: date, at: datetime) -> bool:
    """Change enrolments and bases; return whether that changed anything."""
    # What reaches the present month goes on: nobody corrects the next one as well.
    is_until_now = correction.last_month == month_of(on)
    is_changed = False
    run_on = set(correction.insurances) if is_until_now else set()
    if correction.kind in {CorrectionKind.EMPLOYER, CorrectionKind.NOT_INSURED}:
        is_changed, run_on = take_out(session, correction, is_until_now=is_until_now)
        if not is_changed:
            raise CorrectionRefused("not_there")
    if correction.kind is CorrectionKind.NOT_INSURED:
        return is_changed
    if correction.kind is not CorrectionKind.BASE:
        is_changed = put_in(session, correction, run_on) or is_changed
    if correction.declared_base_fen is not None:
        keys = is_enrolled(session, correction)
        if not keys:
            raise CorrectionRefused("not_there")
        for key in keys:
            declare(session, correction, key, at, goes_on=is_until_now)
        is_changed = True
    session.flush()
    return is_changed


def _bill_difference(
    session: Session,
    correction: Correction,
    packs: PackSet,
    reason: str,
    actor: Actor,
    on: date,
    at: datetime,
    order: AllocationOrder,
) -> LevyRun | None:
    """Return the issued run of the change; None where nothing of the months was billed yet."""
    months = _months_to_bill(session, correction)
    if months is None:
        return None
    keys = sorted(all_keys(session, correction.person_id))
    run = _begin(session, correction, months, packs, reason, actor, on, at)
    for key in keys:
        # In the order of the keys, as levies lock people.
        await_turn(session, run, (key, key))
    # Asked when no other run of the months can be in the middle of these people.
    _refuse_under_way(session, run)
    records = fen = 0
    for key in keys:
        write_changes(session, run, (key, key), roundings_of(session, run), at)
        keep_sums(session, run, (key, key))
        more, more_fen = batch_totals(session, run, (key, key))
        records, fen = records + more, fen + more_fen
    run.totals = {"records": records, "total_fen": fen}
    run.done_through_person_id = keys[-1]
    session.flush()
    run = end_levy(session, run, packs=packs, actor=actor, at=at, order=order)
    return run if run.state is LevyState.ISSUED else None


def _begin(
    session: Session,
    correction: Correction,
    months: tuple[str, str],
    packs: PackSet,
    reason: str,
    actor: Actor,
    on: date,
    at: datetime,
) -> LevyRun:
    facts = facts_of_months(session, packs, correction.region_code, months, on)
    if correction.is_offices_mistake:
        # Nobody was late: without a due day of its own a month is due with the run.
        facts = {month: {"waited": fact["waited"]} for month, fact in facts.items()}
    return begin_run(
        session,
        packs,
        provisional=provisional_of_months(packs, correction.region_code, months, on),
        month_facts=facts,
        region_code=correction.region_code,
        person_id=correction.person_id,
        contribution_month=months[0],
        through_month=months[1],
        kind=LevyKind.ADJUSTMENT,
        as_of=on,
        due_on=correction.due_on,
        late_fee_waived_until=None,
        reason=reason,
        started_at=at,
        started_by_account_id=actor.account_id,
    )


def _months_to_bill(session: Session, correction: Correction) -> tuple[str, str] | None:
    """Return which of the months were billed; a month that was not is its own levy's."""
    region, (first, last) = correction.region_code, correction.months
    billed = billed_months(session, region) | recorded_months(session, region, first, last)
    reached = sorted(set(months_through(first, last)) & billed)
    if not reached:
        return None
    # Widened where totals are rounded: the change of a total is known for whole adjustments only.
    return months_across(session, region, (reached[0], reached[-1]))


def _refuse_under_way(session: Session, run: LevyRun) -> None:
    under_way = session.scalar(
        select(func.count()).where(
            LevyRun.id != run.id,
            LevyRun.region_code == run.region_code,
            LevyRun.kind != LevyKind.PREVIEW,
            LevyRun.state == LevyState.COMPUTING,
            LevyRun.contribution_month <= run.through_month,
            LevyRun.through_month >= run.contribution_month,
        )
    )
    if under_way:
        raise CorrectionRefused("under_way")
