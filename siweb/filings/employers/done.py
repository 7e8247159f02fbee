"""What was done for the employer, by whom: the lines of the activity log that name it."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.audit.activity import Activity
from siweb.auth.tables.account import Account
from siweb.registry.tables.person import Person

_SHOWN = 50


class Done(NamedTuple):
    """One line: when, who, through which channel, what."""

    at: datetime
    name: str | None
    channel: str
    action: str


def done_for(session: Session, employer_id: int) -> list[Done]:
    """Return the latest lines; one statement."""
    rows = session.execute(
        select(Activity.at, Person.name, Activity.channel, Activity.action)
        .outerjoin(Account, Account.id == Activity.account_id)
        .outerjoin(Person, Person.id == Account.person_id)
        .where(Activity.employer_id == employer_id)
        .order_by(Activity.at.desc(), Activity.id.desc())
        .limit(_SHOWN)
    )
    return [Done(*row) for row in rows]
