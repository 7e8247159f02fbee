"""What runs under a key that became another's ends there, and goes on under the one that stands.

No row is written anew: what was billed and declared stays as it was, sealed under the former key.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from siweb.registry.tables.declared_base import NO_EMPLOYER, DeclaredBase
from siweb.registry.tables.employment import Employment
from siweb.registry.tables.enrolment import Enrolment
from siweb.rules.calendar.months import add_months, month_of

# Why an employment ended that goes on under the key that stands.
JOINED = "joined"
# Why one ended that was begun under a key to which somebody else had been joined.
SEPARATED = "separated"


def begin_anew(
    session: Session,
    former_id: int,
    person_id: int,
    *,
    rows: Iterable[Enrolment] | None = None,
    billed_through: str | None,
    on: date,
    at: datetime,
) -> list[Enrolment]:
    """Let a key's open enrolments, or some of them, go on under another; return what began.

    Its months end with the last one that was billed or is over; the next begins with the same
    payer and base.
    """
    # Never within a month that was billed: its levy would bill the other key for it again.
    last = max(add_months(month_of(on), -1), billed_through or "")
    begun: list[Enrolment] = []
    first: dict[int, str] = {}
    for row in open_enrolments(session, former_id) if rows is None else rows:
        # The row ends before the other begins:
        # nobody may have two open ones, under any of their keys.
        new = _go_on(session, row, person_id, last)
        payer = row.employer_id or NO_EMPLOYER
        first[payer] = min(new.from_month, first.get(payer, new.from_month))
        begun.append(new)
    for payer, begin in first.items():
        _declare_again(session, former_id, person_id, payer, begin, at)
    return begun


def open_enrolments(session: Session, person_id: int) -> Sequence[Enrolment]:
    """Return what runs under a key."""
    asked = select(Enrolment).where(Enrolment.person_id == person_id, Enrolment.to_month.is_(None))
    return session.scalars(asked.order_by(Enrolment.insurance, Enrolment.from_month)).all()


def _go_on(session: Session, row: Enrolment, person_id: int, last: str) -> Enrolment:
    begin = max(row.from_month, add_months(last, 1))
    new = Enrolment(
        region_code=row.region_code,
        person_id=person_id,
        insurance=row.insurance,
        insuring_employer_id=row.insuring_employer_id,
        from_month=begin,
        scheme=row.scheme,
        employer_id=row.employer_id,
        sequence=_next_sequence(session, row, person_id, begin),
    )
    if row.from_month <= last:
        row.to_month = last
    else:
        # It has not begun yet, and begins under the other key.
        session.delete(row)
    session.flush()
    session.add(new)
    session.flush()
    return new


def _next_sequence(session: Session, row: Enrolment, person_id: int, begin: str) -> int:
    last = session.scalar(
        select(func.max(Enrolment.sequence)).where(
            Enrolment.region_code == row.region_code,
            Enrolment.person_id == person_id,
            Enrolment.insurance == row.insurance,
            Enrolment.insuring_employer_id == row.insuring_employer_id,
            Enrolment.from_month == begin,
        )
    )
    return 0 if last is None else last + 1


def _declare_again(
    session: Session, former_id: int, person_id: int, payer: int, begin: str, at: datetime
) -> None:
    """Declare what holds from a month on, and later, also under the key that stands."""
    rows = _bases(session, former_id, payer)
    holds = {row.insurance: row for row in rows if row.from_month <= begin}
    later = [row for row in rows if row.from_month > begin]
    has_own = bool(_bases(session, person_id, payer))
    for row in (*holds.values(), *later):
        session.add(
            DeclaredBase(
                person_id=person_id,
                employer_id=row.employer_id,
                region_code=row.region_code,
                insurance=row.insurance,
                # Without a base of the key's own, months before need one too: a later adjustment
                # of them looks for the base under the key that the enrolment has.
                from_month=max(row.from_month, begin) if has_own else row.from_month,
                declared_base_fen=row.declared_base_fen,
                origin=row.origin,
                declared_at=at,
            )
        )
        session.flush()


def _bases(session: Session, person_id: int, payer: int) -> list[DeclaredBase]:
    """Return what was declared for a person by a payer and not withdrawn, the newest last."""
    asked = (
        select(DeclaredBase)
        .where(
            DeclaredBase.person_id == person_id,
            DeclaredBase.declaring_employer_id == payer,
            DeclaredBase.withdrawn_at.is_(None),
        )
        .order_by(DeclaredBase.from_month, DeclaredBase.base_number)
    )
    return list(session.scalars(asked))


def employ_anew(session: Session, former_id: int, person_id: int, on: date) -> None:
    """Let a former key's open employments go on under the key that stands."""
    is_open = Employment.ended_on.is_(None)
    here = set(
        session.scalars(
            select(Employment.employer_id).where(Employment.person_id == person_id, is_open)
        )
    )
    rows = session.scalars(
        select(Employment).where(Employment.person_id == former_id, is_open)
    ).all()
    for row in rows:
        row.ended_on, row.end_reason = max(row.hired_on, on), JOINED
        session.flush()
        if row.employer_id not in here:
            session.add(
                Employment(
                    person_id=person_id,
                    employer_id=row.employer_id,
                    hired_on=row.hired_on,
                    form=row.form,
                    declared_name=row.declared_name,
                    post=row.post,
                    registered_at=row.registered_at,
                )
            )


def employ_as_before(session: Session, former_id: int, person_id: int, on: date) -> None:
    """Let what ended only because two were joined go on, and end what was begun in its place."""
    ended = session.scalars(
        select(Employment).where(Employment.person_id == former_id, Employment.end_reason == JOINED)
    ).all()
    for row in ended:
        begun = session.scalar(
            select(Employment).where(
                Employment.person_id == person_id,
                Employment.employer_id == row.employer_id,
                Employment.hired_on == row.hired_on,
                # Copied with the row: somebody else's employment of that day has its own instant.
                Employment.registered_at == row.registered_at,
            )
        )
        if begun is not None and begun.ended_on is not None:
            # The person left meanwhile.
            row.ended_on, row.end_reason = begun.ended_on, begun.end_reason
        else:
            row.ended_on, row.end_reason = None, None
        if begun is not None and begun.ended_on is None:
            begun.ended_on, begun.end_reason = max(begun.hired_on, on), SEPARATED
    session.flush()
