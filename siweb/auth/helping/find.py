"""Who helps a person and whom they help, for the pages of both and the counter."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from siweb import clock
from siweb.auth.helping.helped import holds
from siweb.auth.tables.account import Account
from siweb.auth.tables.help_mandate import CommunityHelper, HelpBasis, HelpMandate
from siweb.registry.person_keys import is_of
from siweb.registry.tables.person import Person

# Three stand at a time, and each lasts a year at most: these go back far enough.
_SHOWN = 20


class Helper(NamedTuple):
    """A mandate, its helper's name, and for which organisation; None for a relative."""

    mandate: HelpMandate
    person_id: int
    name: str
    organisation: str | None
    # Whether it opens something today.
    is_open: bool

    @property
    def is_guardian(self) -> bool:
        """Return whether a court or committee named the helper."""
        return self.mandate.basis is HelpBasis.GUARDIANSHIP

    @property
    def ended_on(self) -> date | None:
        """Return the day on which it was ended; None where it ran out, or stands."""
        ended_at = self.mandate.ended_at
        return None if ended_at is None else clock.office_day(ended_at)


def helpers_of(session: Session, person_id: int, *, on: date) -> Sequence[Helper]:
    """Return the mandates about a person, those that stand first; one statement."""
    stands = _all(holds(on)).label("stands")
    rows = session.execute(
        select(HelpMandate, Person.id, Person.name, CommunityHelper.organisation, stands)
        .join(Account, Account.id == HelpMandate.helper_account_id)
        .join(Person, Person.id == Account.person_id)
        .outerjoin(CommunityHelper, CommunityHelper.id == HelpMandate.community_helper_id)
        .where(is_of(HelpMandate.person_id, person_id))
        .order_by(stands.desc(), HelpMandate.granted_at.desc(), HelpMandate.id.desc())
        .limit(_SHOWN)
    )
    return [Helper(*row[:4], is_open=bool(row.stands)) for row in rows]


def has_guardian(session: Session, person_id: int, *, on: date) -> bool:
    """Return whether a guardian acts for a person on a day; one statement."""
    found = (
        select(HelpMandate.id)
        .outerjoin(CommunityHelper, CommunityHelper.id == HelpMandate.community_helper_id)
        .where(
            is_of(HelpMandate.person_id, person_id),
            HelpMandate.basis == HelpBasis.GUARDIANSHIP,
            *holds(on),
        )
    )
    return session.scalar(found.limit(1)) is not None


def appointments_of(session: Session, person_id: int) -> Sequence[CommunityHelper]:
    """Return where the office appointed a person to help others, the latest first."""
    return session.scalars(
        select(CommunityHelper)
        .where(is_of(CommunityHelper.person_id, person_id))
        .order_by(CommunityHelper.ended_at.is_not(None), CommunityHelper.id.desc())
        .limit(_SHOWN)
    ).all()


def _all(conditions: Sequence[ColumnElement[bool]]) -> ColumnElement[bool]:
    first, *rest = conditions
    for condition in rest:
        first = first & condition
    return first
