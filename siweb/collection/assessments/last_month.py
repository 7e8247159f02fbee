"""Last month's amounts by employer and insurance, as an assessment without declaration goes by."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from siweb.collection.assessment import Assessment, AssessmentKind, AssessmentState
from siweb.collection.assessments.work_out import LastAmount
from siweb.ledgers.contribution_record import ContributionRecord
from siweb.registry.words import Insurance
from siweb.rules.assessment import LastMonth

Amounts = dict[str, LastAmount]
# So many employers are asked about at once.
_PIECE = 500


def last_amounts(
    session: Session, employers: Sequence[int], month: str, which: LastMonth
) -> Mapping[int, Amounts]:
    """Return what each of these employers paid for the last month before this one.

    Where a region goes by the last month assessed, a later assessment takes its place.
    """
    found: dict[int, Any] = {}
    for first in range(0, len(employers), _PIECE):
        found |= _last(session, employers[first : first + _PIECE], month, which)
    return {employer_id: amounts for employer_id, (_, amounts) in found.items()}


def _last(
    session: Session, employers: Sequence[int], month: str, which: LastMonth
) -> dict[int, tuple[str, Amounts]]:
    found = _paid(session, employers, month)
    if which is LastMonth.ASSESSED:
        for employer_id, last_month, amounts in _assessed(session, employers, month):
            paid = found.get(employer_id)
            if paid is None or last_month > paid[0]:
                found[employer_id] = (last_month, amounts)
    return found


def _paid(session: Session, employers: Sequence[int], month: str) -> dict[int, tuple[str, Amounts]]:
    record = ContributionRecord
    last = (
        select(record.employer_id, func.max(record.contribution_month).label("month"))
        .where(
            record.employer_id.in_(employers),
            record.paid_on.is_not(None),
            record.contribution_month < month,
        )
        .group_by(record.employer_id)
        .subquery("last")
    )
    rows = session.execute(
        select(
            record.employer_id,
            record.contribution_month,
            record.insurance,
            func.sum(record.base_fen),
            func.sum(record.employer_fen),
            func.sum(record.employee_fen),
            func.count(record.person_id.distinct()),
        )
        .join(
            last,
            (last.c.employer_id == record.employer_id)
            & (last.c.month == record.contribution_month),
        )
        .where(record.paid_on.is_not(None))
        .group_by(record.employer_id, record.contribution_month, record.insurance)
    )
    found: dict[int, tuple[str, Amounts]] = {}
    for employer_id, of_month, insurance, *sums in rows:
        amounts = found.setdefault(employer_id or 0, (of_month, {}))[1]
        amounts[insurance.value] = LastAmount(*(int(one) for one in sums))
    return {employer_id: (one, _in_order(amounts)) for employer_id, (one, amounts) in found.items()}


def _assessed(
    session: Session, employers: Sequence[int], month: str
) -> Iterable[tuple[int, str, Amounts]]:
    rows = session.execute(
        select(Assessment.employer_id, Assessment.from_month, Assessment.amounts)
        .where(
            Assessment.employer_id.in_(employers),
            Assessment.kind == AssessmentKind.UNDECLARED,
            Assessment.state == AssessmentState.DECIDED,
            Assessment.from_month < month,
        )
        .order_by(Assessment.from_month)
    )
    for employer_id, of_month, amounts in rows:
        yield employer_id, of_month, {name: LastAmount(**one) for name, one in amounts.items()}


def _in_order(amounts: Amounts) -> Amounts:
    return {one.value: amounts[one.value] for one in Insurance if one.value in amounts}
