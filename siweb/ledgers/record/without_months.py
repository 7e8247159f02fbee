"""Why nothing is recorded of a person: what is said of it must be true of who they are."""

from datetime import date
from enum import StrEnum

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from siweb.registry.person_keys import is_of
from siweb.registry.tables.benefit import Benefit, BenefitKind, BenefitState
from siweb.registry.tables.person import Person
from siweb.rules.contributions.flexible import is_old_enough


class Without(StrEnum):
    """Who has no month here, by what follows for them."""

    PENSIONER = "pensioner"
    # Draws something else, as survivors and the injured do.
    RECIPIENT = "recipient"
    # Months that count were paid elsewhere, or count by law.
    ELSEWHERE = "elsewhere"
    # Nobody may work before 16 (Labour Law 15), so that nobody can be registered.
    TOO_YOUNG = "too_young"
    MAY_WORK = "may_work"


def without_months(
    born_on: date, *, draws_pension: bool, draws: bool, counts_elsewhere: bool, on: date
) -> Without:
    """Return why a person has no month, from what is known of them.

    A pension comes first: whoever draws one owes nothing more for it (SIL 16), whatever their age.
    """
    if draws_pension:
        return Without.PENSIONER
    if counts_elsewhere:
        return Without.ELSEWHERE
    if draws:
        return Without.RECIPIENT
    return Without.MAY_WORK if is_old_enough(born_on, on) else Without.TOO_YOUNG


def why_without_months(
    session: Session, person_id: int, *, counts_elsewhere: bool = False, on: date
) -> Without:
    """Return why a person has no month; one statement."""
    born_on, deemed, drawn, pensions = session.execute(
        select(
            Person.born_on,
            Person.deemed_months,
            func.count(Benefit.id),
            func.count(Benefit.id).filter(Benefit.kind == BenefitKind.PENSION),
        )
        .outerjoin(
            Benefit,
            and_(
                is_of(Benefit.person_id, person_id),
                Benefit.state != BenefitState.TERMINATED,
            ),
        )
        .where(Person.id == person_id)
        .group_by(Person.id, Person.born_on, Person.deemed_months)
    ).one()
    return without_months(
        born_on,
        draws_pension=pensions > 0,
        draws=drawn > 0,
        counts_elsewhere=counts_elsewhere or deemed > 0,
        on=on,
    )
