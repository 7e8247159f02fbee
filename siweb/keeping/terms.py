"""For how long scans are kept: what each region set last, and from which day that is over."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.keeping.refusal import KeepingRefused
from siweb.keeping.tables.keeping_term import KeepingTerm, KeptClass


def closed_before(years: int, on: date) -> date:
    """Return before which day a case has to be closed for its term to be over on a day.

    A term begins with the first of January after the case was closed
    (社会保险业务档案管理规定): what was closed within one year goes together.
    """
    return date(on.year - years, 1, 1)


def terms_in_force(
    session: Session, regions: Iterable[str]
) -> dict[tuple[str, KeptClass], KeepingTerm]:
    """Return what was set last, by region and class; one statement."""
    latest = select(func.max(KeepingTerm.id)).group_by(
        KeepingTerm.region_code, KeepingTerm.kept_class
    )
    asked = select(KeepingTerm).where(
        KeepingTerm.id.in_(latest), KeepingTerm.region_code.in_(sorted(regions))
    )
    return {(term.region_code, term.kept_class): term for term in session.scalars(asked)}


def set_term(
    session: Session,
    place: tuple[str, KeptClass],
    years: int | None,
    basis: str,
    *,
    made_by: int,
    actor: Actor,
    at: datetime,
) -> None:
    """Set for how many years scans of a class are kept in a region; None is for good.

    :raises KeepingRefused: "as_before".
    """
    region_code, kept_class = place
    before = terms_in_force(session, [region_code]).get(place)
    if years == (None if before is None else before.years):
        raise KeepingRefused("as_before")
    term = KeepingTerm(
        region_code=region_code,
        kept_class=kept_class,
        years=years,
        basis=basis,
        set_at=at,
        made_by_account_id=made_by,
        checked_by_account_id=actor.account_id,
    )
    session.add(term)
    session.flush()
    record_activity(
        session,
        "keeping_term.set",
        actor=actor,
        at=at,
        subject=("keeping_term", term.id),
        facts={"region": region_code, "class": kept_class.value, "years": years},
    )
