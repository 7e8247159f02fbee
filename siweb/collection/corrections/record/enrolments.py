"""Months of an insurance are put into the register, or taken out of it."""

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from siweb.collection.corrections.record.correction import Correction, CorrectionRefused
from siweb.registry.claim_enrolments import claim_enrolments, release_claims
from siweb.registry.codes import Insurance, Scheme
from siweb.registry.person_keys import all_keys, is_of
from siweb.registry.search.follow import let_region_find
from siweb.registry.tables.enrolment import Enrolment
from siweb.rules.calendar.months import add_months, months_through


def take_out(
    session: Session, correction: Correction, *, is_until_now: bool
) -> tuple[bool, set[Insurance]]:
    """Take months out of a payer's enrolments; what lies before and after them stays.

    Return whether there were any, and which insurances ran on: those end with the months when the
    months reach the present one.
    """
    rows = session.scalars(
        select(Enrolment).where(
            is_of(Enrolment.person_id, correction.person_id),
            Enrolment.region_code == correction.region_code,
            Enrolment.employer_id.is_not_distinct_from(correction.employer_id),
            Enrolment.insurance.in_(correction.insurances),
            *_meets(correction),
        )
    ).all()
    ended = set()
    for row in rows:
        if row.to_month is None and is_until_now:
            ended.add(row.insurance)
        _cut(session, row, correction, ends=is_until_now)
    # Before months are put in: an open enrolment with the other payer needs the claim.
    release_claims(session, all_keys(session, correction.person_id))
    return bool(rows), ended


def put_in(session: Session, correction: Correction, run_on: Collection[Insurance]) -> bool:
    """Enrol the person with who pays for the months that are missing; `run_on` stay open.

    Return whether any was missing.

    :raises CorrectionRefused: "insured_elsewhere" when another payer has one of the months.
    """
    first, last = correction.months
    is_added, opened = False, set()
    for insurance in correction.insurances:
        # What is covered already stays as it is: asked for again, the same correction adds nothing.
        covered = _covered(session, correction, insurance)
        missing = [month for month in months_through(first, last) if month not in covered]
        for begin, end in _spans(missing):
            is_open = insurance in run_on and end == last
            session.add(_new(session, correction, insurance, begin, None if is_open else end))
            session.flush()
            is_added = True
            if is_open:
                opened.add(insurance)
    _claim(session, correction, opened)
    return is_added


def is_enrolled(session: Session, correction: Correction) -> list[int]:
    """Return under which keys the person is enrolled with the payer in one of the months."""
    keys = session.scalars(
        select(Enrolment.person_id)
        .where(
            is_of(Enrolment.person_id, correction.person_id),
            Enrolment.region_code == correction.region_code,
            Enrolment.employer_id.is_not_distinct_from(correction.payer_id),
            *_meets(correction),
        )
        .distinct()
    )
    return sorted(keys)


def _meets(correction: Correction) -> Iterator[ColumnElement[bool]]:
    first, last = correction.months
    yield Enrolment.from_month <= last
    yield or_(Enrolment.to_month.is_(None), Enrolment.to_month >= first)


def _cut(session: Session, row: Enrolment, correction: Correction, *, ends: bool) -> None:
    first, last = correction.months
    until = row.to_month
    after = None
    if (until is None and not ends) or (until is not None and until > last):
        after = Enrolment(
            region_code=row.region_code,
            person_id=row.person_id,
            insurance=row.insurance,
            insuring_employer_id=row.insuring_employer_id,
            from_month=add_months(last, 1),
            scheme=row.scheme,
            employer_id=row.employer_id,
            to_month=until,
        )
    if row.from_month < first:
        row.to_month = add_months(first, -1)
    else:
        # It never was: the activity log and the records say that it was there.
        session.delete(row)
    # Before what follows is added: nobody is open twice.
    session.flush()
    if after is not None:
        after.sequence = _next_sequence(session, after)
        session.add(after)
        session.flush()


def _new(
    session: Session,
    correction: Correction,
    insurance: Insurance,
    from_month: str,
    to_month: str | None,
) -> Enrolment:
    payer = correction.payer_id
    row = Enrolment(
        region_code=correction.region_code,
        person_id=correction.person_id,
        insurance=insurance,
        # In the key only where each employer insures for itself (Order 13 Art. 9): of the others
        # nobody has two at once.
        insuring_employer_id=(payer or 0) if insurance is Insurance.WORK_INJURY else 0,
        from_month=from_month,
        scheme=Scheme.FLEXIBLE if payer is None else Scheme.EMPLOYEE,
        employer_id=payer,
        to_month=to_month,
    )
    row.sequence = _next_sequence(session, row)
    return row


def _next_sequence(session: Session, row: Enrolment) -> int:
    last = session.scalar(
        select(func.max(Enrolment.sequence)).where(
            Enrolment.region_code == row.region_code,
            Enrolment.person_id == row.person_id,
            Enrolment.insurance == row.insurance,
            Enrolment.insuring_employer_id == row.insuring_employer_id,
            Enrolment.from_month == row.from_month,
        )
    )
    return 0 if last is None else last + 1


def _covered(session: Session, correction: Correction, insurance: Insurance) -> set[str]:
    """Return which of the months the payer has already.

    Nobody takes part twice in an insurance; work injury is each employer's own.
    """
    first, last = correction.months
    rows = session.execute(
        select(
            Enrolment.region_code, Enrolment.employer_id, Enrolment.from_month, Enrolment.to_month
        ).where(
            is_of(Enrolment.person_id, correction.person_id),
            Enrolment.insurance == insurance,
            *_meets(correction),
        )
    ).all()
    covered: set[str] = set()
    for region, employer_id, begin, end in rows:
        if (region, employer_id) == (correction.region_code, correction.payer_id):
            covered.update(months_through(max(begin, first), min(end or last, last)))
        elif insurance is not Insurance.WORK_INJURY:
            raise CorrectionRefused("insured_elsewhere", insurance=insurance)
    return covered


def _claim(session: Session, correction: Correction, opened: Collection[Insurance]) -> None:
    if not opened:
        return
    conditions: list[Any] = [
        Enrolment.person_id == correction.person_id,
        Enrolment.region_code == correction.region_code,
        Enrolment.employer_id.is_not_distinct_from(correction.payer_id),
        Enrolment.insurance.in_(opened),
    ]
    try:
        with session.begin_nested():
            claim_enrolments(session, *conditions)
            let_region_find(session, correction.region_code, [correction.person_id])
    except IntegrityError as error:
        # Which of them it was the database does not say; the first is named.
        raise CorrectionRefused("insured_elsewhere", insurance=min(opened)) from error


def _spans(months: list[str]) -> Iterator[tuple[str, str]]:
    """Yield months as spans without gaps, each first to last."""
    begin = 0
    for place, month in enumerate(months):
        if place + 1 == len(months) or months[place + 1] != add_months(month, 1):
            yield months[begin], month
            begin = place + 1
