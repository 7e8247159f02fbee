"""Remind people who pay alone before their bills close: a month unpaid by then does not count."""

from datetime import date, datetime

from sqlalchemy import String, cast, func, select
from sqlalchemy.orm import Session

from siweb.collection.tables.bill import Bill
from siweb.messages.kinds.bills import OWN_BILL_DUE
from siweb.messages.notify import subject_of
from siweb.messages.reminders import remind_of
from siweb.registry.tables.person import Person
from siweb.registry.tables.person_alias import PersonAlias


def remind_of_own_bills(session: Session, *, on: date, at: datetime) -> int:
    """Remind of what is not paid yet; return how many people. The caller commits.

    Bills of one closing day are one matter, as on the home page: whoever pays by the year has
    twelve of them, and whoever was registered twice may have them under both keys.
    """
    # Under the key that stands.
    reader = func.coalesce(PersonAlias.person_id, Bill.person_id)
    what = (
        select(
            Bill.region_code.label("region"),
            subject_of("bills", cast(Bill.due_on, String())).label("subject"),
            reader.label("reader"),
            Bill.due_on.label("last_day"),
            func.min(Bill.issued_at).label("known_at"),
        )
        .join_from(Bill, PersonAlias, PersonAlias.former_id == Bill.person_id, isouter=True)
        .join(Person, Person.id == reader)
        .where(
            Bill.issued_at.is_not(None),
            Bill.paid_fen < Bill.total_fen,
            Person.died_on.is_(None),
        )
        .group_by(Bill.region_code, Bill.due_on, reader)
    )
    return remind_of(session, OWN_BILL_DUE, what, on=on, at=at)
