"""Last month's amounts by employer and insurance, as an assessment without declaration goes by.

Every insurance goes by its own last month: of a month that was paid in part, what was not paid is
not left out.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from siweb.collection.assessments.calculate import LastAmount
from siweb.collection.levy.records_from_enrolments import enrolled_in
from siweb.collection.tables.assessment import Assessment, AssessmentKind, AssessmentState
from siweb.collection.tables.bill import Bill
from siweb.ledgers.lookup import at_employer, is_not_levied
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.registry.codes import Insurance
from siweb.registry.tables.enrolment import Enrolment
from siweb.rules.contributions.assessment import LastMonth

Amounts = dict[str, LastAmount]
# By employer and insurance: the last month, and what it came to.
_Found = dict[tuple[int, Insurance], tuple[str, LastAmount]]
# The insurances of each employer's people.
_Due = Mapping[int, Sequence[Insurance]]
# So many employers are asked about at once.
_PIECE = 500


def last_amounts(
    session: Session,
    employers: Sequence[int],
    month: str,
    which: LastMonth,
    *,
    region_code: str,
    collected: Collection[str],
) -> Mapping[int, Amounts]:
    """Return what each of these employers paid for the last month before this one.

    It is about the insurances that its people have in the region, of those collected there. Who
    never paid one of them is left out. Where a region goes by the last month assessed, a later
    assessment takes the place of what was paid.
    """
    amounts: dict[int, Amounts] = {}
    for first in range(0, len(employers), _PIECE):
        piece = employers[first : first + _PIECE]
        insured = _insured(session, piece, month, region_code).items()
        due = {
            employer_id: [
                insurance
                for insurance in Insurance
                if insurance in its and insurance.value in collected
            ]
            for employer_id, its in insured
        }
        last = _last(session, due, month, which)
        for employer_id, insurances in due.items():
            # 110 % of some insurances alone would let the others off:
            # then somebody says the amount.
            if all((employer_id, insurance) in last for insurance in insurances):
                amounts[employer_id] = {
                    insurance.value: last[employer_id, insurance][1] for insurance in insurances
                }
    return amounts


def _last(session: Session, due: _Due, month: str, which: LastMonth) -> _Found:
    employers = list(due)
    found = _paid(session, due, month)
    if which is LastMonth.ASSESSED:
        for key, (last_month, amount) in _assessed(session, employers, month):
            # Strictly later: of the same month what was paid counts, not what was assessed before.
            if key not in found or last_month > found[key][0]:
                found[key] = (last_month, amount)
    return found


def _insured(
    session: Session, employers: Sequence[int], month: str, region_code: str
) -> Mapping[int, set[Insurance]]:
    insured: dict[int, set[Insurance]] = defaultdict(set)
    rows = session.execute(
        select(Enrolment.employer_id, Enrolment.insurance)
        .where(Enrolment.employer_id.in_(employers), enrolled_in(region_code, month))
        .distinct()
    )
    for employer_id, insurance in rows:
        insured[employer_id or 0].add(insurance)
    return insured


def _paid(session: Session, due: _Due, month: str) -> _Found:
    """Return what was paid last, going back month by month until nothing is missing."""
    missing = {(employer, insurance) for employer, its in due.items() for insurance in its}
    found: _Found = {}
    for earlier in _months_before(session, list(due), month):
        if not missing:
            break
        employers = sorted({employer_id for employer_id, _insurance in missing})
        for key, amount in _paid_in(session, employers, earlier):
            if key in missing:
                found[key] = (earlier, amount)
                missing.remove(key)
    return found


def _months_before(session: Session, employers: Sequence[int], month: str) -> list[str]:
    """Return the months before one of which employers have a bill or a record, the last first."""
    record = ContributionRecord
    billed = select(Bill.contribution_month).where(
        Bill.employer_id.in_(employers),
        Bill.contribution_month < month,
        Bill.issued_at.is_not(None),
        Bill.levy_run_id.is_not(None),
    )
    others = select(record.contribution_month).where(
        record.employer_id.in_(employers), record.contribution_month < month, is_not_levied()
    )
    return sorted(session.scalars(billed.union(others)), reverse=True)


def _paid_in(
    session: Session, employers: Sequence[int], month: str
) -> Iterator[tuple[tuple[int, Insurance], LastAmount]]:
    record = ContributionRecord
    rows = session.execute(
        select(
            record.employer_id,
            record.insurance,
            func.sum(record.base_fen),
            func.sum(record.employer_fen),
            func.sum(record.employee_fen),
            func.count(record.person_id.distinct()),
        )
        .where(at_employer(employers, [month]), record.paid_on.is_not(None))
        .group_by(record.employer_id, record.insurance)
    )
    for employer_id, insurance, *sums in rows:
        yield (employer_id or 0, insurance), LastAmount(*(int(fen) for fen in sums))


def _assessed(
    session: Session, employers: Sequence[int], month: str
) -> Iterator[tuple[tuple[int, Insurance], tuple[str, LastAmount]]]:
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
        for name, amount in amounts.items():
            yield (employer_id, Insurance(name)), (of_month, LastAmount(**amount))
