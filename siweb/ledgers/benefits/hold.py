"""Keep what is not paid of suspended benefits, month by month (人社厅发〔2018〕54号).

A suspension ends no right: each month is kept at what was paid last, and paid back when the
recipient is certified.
"""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import ColumnElement, cast, exists, func, insert, literal, null, select, true
from sqlalchemy.orm import Session

from siweb.db.among import among
from siweb.ledgers.tables.benefit_entry import PAYS, BenefitEntry, BenefitEntryKind
from siweb.registry.tables.benefit import Benefit, BenefitState
from siweb.rules.calendar.months import add_months, month_of


def hold_months(
    session: Session, *, on: date, at: datetime, benefits: Collection[int] | None = None
) -> int:
    """Keep the months of suspended benefits up to a day's; return how many. The caller commits.

    `benefits` are the ones meant, all if left out. What was kept or paid stays; a second run adds
    nothing.
    """
    which = true() if benefits is None else among(Benefit.id, benefits)
    suspended = (Benefit.state == BenefitState.SUSPENDED, which)
    month = session.scalar(select(func.min(Benefit.suspended_from_month)).where(*suspended))
    held = 0
    # From the oldest suspension on, each day anew: a day that was missed loses no month.
    while month is not None and month <= month_of(on):
        held += _hold(session, month, suspended, at)
        month = add_months(month, 1)
    return held


def _hold(
    session: Session, month: str, suspended: tuple[ColumnElement[bool], ...], at: datetime
) -> int:
    entry = BenefitEntry
    there = exists().where(
        entry.region_code == Benefit.region_code,
        entry.person_id == Benefit.person_id,
        entry.benefit == Benefit.kind,
        entry.month == literal(month, entry.month.type),
        entry.kind.in_((BenefitEntryKind.HELD, *PAYS)),
    )
    rows = select(
        Benefit.region_code,
        literal(month, entry.month.type),
        Benefit.person_id,
        Benefit.kind,
        literal(BenefitEntryKind.HELD, entry.kind.type),
        literal(0),
        Benefit.monthly_fen,
        cast(null(), entry.paid_on.type),
        literal(at, entry.recorded_at.type),
    ).where(
        *suspended,
        Benefit.suspended_from_month <= month,
        Benefit.from_month <= month,
        Benefit.monthly_fen > 0,
        ~there,
        # What a sentence stops is not due: nothing of it is kept for later.
        Benefit.stop_sign_id.is_(None),
    )
    names = (
        "region_code", "month", "person_id", "benefit", "kind", "sequence", "amount_fen",
        "paid_on", "recorded_at",
    )  # fmt: skip
    result = session.execute(
        insert(entry)
        .from_select(names, rows, include_defaults=False)
        .execution_options(preserve_rowcount=True)
    )
    return int(result.rowcount)  # type: ignore[attr-defined]
