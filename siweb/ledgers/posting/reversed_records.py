"""Records that take others back: which those are, and what was credited for them."""

from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, and_, exists, or_, select
from sqlalchemy.orm import aliased

from siweb.ledgers.tables.account_entry import AccountEntry, EntryKind
from siweb.ledgers.tables.contribution_record import ContributionRecord

_RECORD = ContributionRecord
_EARLIER = aliased(ContributionRecord, name="earlier")
# By the columns of the index of a person's months.
_IS_EARLIER = and_(
    _EARLIER.person_id == _RECORD.person_id,
    _EARLIER.contribution_month == _RECORD.contribution_month,
    _EARLIER.insurance == _RECORD.insurance,
    _EARLIER.sequence < _RECORD.sequence,
    _EARLIER.region_code == _RECORD.region_code,
    _EARLIER.employer_id.is_not_distinct_from(_RECORD.employer_id),
)


def takes_back_unpaid() -> ColumnElement[bool]:
    """Return the condition that a record takes something back that is not paid yet."""
    is_negative = or_(_RECORD.account_fen < 0, _RECORD.employer_fen < 0, _RECORD.employee_fen < 0)
    unpaid = exists().where(
        _IS_EARLIER, _EARLIER.paid_on.is_(None), _EARLIER.levy_run_id.is_not(None)
    )
    return and_(is_negative, unpaid.correlate(_RECORD))


def reversed_credit(column: Any) -> ScalarSelect[Any]:
    """Return a column of the credit that a record takes back: the largest, of these the last."""
    return (
        select(column)
        .select_from(AccountEntry)
        .join(_EARLIER, _EARLIER.id == AccountEntry.contribution_record_id)
        .where(_IS_EARLIER, AccountEntry.kind == EntryKind.CREDIT, AccountEntry.amount_fen > 0)
        .order_by(AccountEntry.amount_fen.desc(), AccountEntry.id.desc())
        .limit(1)
        .correlate(_RECORD)
        .scalar_subquery()
    )
