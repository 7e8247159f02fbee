"""How somebody who insures themselves pays, and what is due by when."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.collection.bills.waiting import own_bills_to_pay
from siweb.collection.payments.keep_credit import kept_for
from siweb.collection.payments.rhythm import last_choice
from siweb.messages.matter import Matter, all_of, ask
from siweb.rules.calendar.pay_periods import Every


@dataclass(frozen=True, slots=True)
class Paying:
    """The rhythm, the months of the nearest closing day that are open, and what is kept ahead."""

    every: Every
    due: Matter | None
    kept_fen: int


def paying_of(session: Session, person_id: int, *, on: date) -> Paying:
    """Return how somebody pays on a day; two statements."""
    open_months = ask(session, all_of([own_bills_to_pay(person_id, on)]), {})
    asked = last_choice(person_id).scalar_subquery(), kept_for(person_id).scalar_subquery()
    every, kept_fen = session.execute(select(*asked)).one()
    return Paying(every or Every.MONTH, open_months[0] if open_months else None, int(kept_fen or 0))
