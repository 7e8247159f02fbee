"""No account owes: more than was in it never left it."""

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from siweb.collection.books.imbalance import MOST, Imbalance, Scope
from siweb.db.arithmetic import whole
from siweb.ledgers.tables.account_entry import AccountEntry
from siweb.registry.tables.person import Person


def balance_imbalances(session: Session, scope: Scope) -> Iterator[Imbalance]:
    """Yield accounts below zero: what was taken back, moved on or went to heirs never came.

    An account is of no month.
    """
    if scope.month is not None:
        return
    balance = whole(func.sum(AccountEntry.amount_fen))
    below = (
        select(AccountEntry.person_id, balance.label("fen"))
        .group_by(AccountEntry.person_id)
        .having(balance < 0)
        .order_by(AccountEntry.person_id)
    )
    if scope.region_code is not None:
        below = below.join(Person, Person.id == AccountEntry.person_id).where(
            Person.region_code == scope.region_code
        )
    for person_id, fen in session.execute(below.limit(MOST)):
        yield Imbalance("what is left", f"account of person {person_id}", 0, int(fen))
