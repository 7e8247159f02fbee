"""A base is declared for some months alone: what held behind them holds there again."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.collection.corrections.record.correction import Correction
from siweb.registry.codes import Insurance
from siweb.registry.tables.declared_base import CORRECTED, DeclaredBase
from siweb.rules.calendar.months import add_months


def declare(
    session: Session, correction: Correction, key: int, at: datetime, *, goes_on: bool
) -> None:
    """Declare the base of a correction under one of the person's keys; rows are only added.

    Where it `goes_on` it holds behind the months as well.
    """
    first, last = correction.months
    after = add_months(last, 1)
    rows = _declared(session, correction, key, after)
    own = sorted({row.insurance for row in rows if row.insurance is not None})
    before = {insurance: _in_force(rows, insurance) for insurance in (None, *own)}
    # Declared anew wherever something else began within the months: the newest `from_month`
    # counts, so that a base from the first month alone would hold only until there.
    begun = {first, *(row.from_month for row in rows if first < row.from_month <= last)}
    fen = correction.declared_base_fen or 0
    for month in sorted(begun):
        _add(session, correction, key, None, month, fen, at)
    session.flush()
    if goes_on:
        return
    # Of all insurances first: whoever has an own base gets that one back behind it.
    for insurance, was in before.items():
        now = _in_force(_declared(session, correction, key, after), insurance)
        if was is not None and now != was:
            _add(session, correction, key, insurance, after, was, at)
            session.flush()


def _declared(session: Session, correction: Correction, key: int, month: str) -> list[DeclaredBase]:
    """Return what was declared of a key at the payer up to a month, the newest first."""
    rows = session.scalars(
        select(DeclaredBase)
        .where(
            DeclaredBase.person_id == key,
            # Also where neither has an employer: who pays alone.
            DeclaredBase.employer_id.is_not_distinct_from(correction.payer_id),
            DeclaredBase.from_month <= month,
            DeclaredBase.withdrawn_at.is_(None),
        )
        .order_by(DeclaredBase.from_month.desc(), DeclaredBase.base_number.desc())
    )
    return list(rows)


def _in_force(rows: list[DeclaredBase], insurance: Insurance | None) -> int | None:
    """Return the newest base of an insurance in fen, as a levy finds it; for None that of all."""
    wanted: tuple[Any, ...] = (None, insurance)
    return next((row.declared_base_fen for row in rows if row.insurance in wanted), None)


def _add(
    session: Session,
    correction: Correction,
    key: int,
    insurance: Insurance | None,
    from_month: str,
    fen: int,
    at: datetime,
) -> None:
    session.add(
        DeclaredBase(
            person_id=key,
            region_code=correction.region_code,
            employer_id=correction.payer_id,
            insurance=insurance,
            from_month=from_month,
            declared_base_fen=fen,
            origin=CORRECTED,
            declared_at=at,
        )
    )
