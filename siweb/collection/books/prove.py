"""Prove the books: bills, payments, records, accounts and funds must agree to the fen.

Everything is added up in the database. What does not balance is named by its ids and amounts,
never by people.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from sqlalchemy.orm import Session, sessionmaker

from siweb.collection.books.accounts import (
    account_imbalances,
    balance_imbalances,
    fund_imbalances,
    interest_imbalances,
    rate_imbalances,
)
from siweb.collection.books.assessments import assessment_imbalances
from siweb.collection.books.bills import (
    PAYERS,
    PAYERS_KEY,
    bill_imbalances,
    line_imbalances,
    paid_day_imbalances,
    paid_imbalances,
    payers_of_records,
    unbilled_imbalances,
)
from siweb.collection.books.causes import causeless_rows, claim_imbalances
from siweb.collection.books.digests import unlike_their_digests
from siweb.collection.books.imbalance import Imbalance, Scope
from siweb.collection.books.late_fees import deferral_imbalances, month_imbalances
from siweb.collection.books.late_fees_paid import fee_imbalances
from siweb.collection.books.payments import payment_imbalances
from siweb.collection.books.recompute.bases import base_imbalances
from siweb.collection.books.recompute.records import change_imbalances, record_imbalances
from siweb.collection.books.sealed_books import SEALED_BOOKS
from siweb.collection.books.set_aside import set_aside
from siweb.ledgers.seals.seal import SealKey
from siweb.ledgers.seals.verify import changed_rows
from siweb.ledgers.seals.verify_noted import other_roots
from siweb.rules.parameters.pack_set import PackSet

_Proof = Callable[[Session, Scope], Iterator[Imbalance]]
_PROOFS: tuple[_Proof, ...] = (
    bill_imbalances,
    line_imbalances,
    paid_day_imbalances,
    unbilled_imbalances,
    paid_imbalances,
    assessment_imbalances,
    payment_imbalances,
    account_imbalances,
    record_imbalances,
    change_imbalances,
    base_imbalances,
    fund_imbalances,
    balance_imbalances,
    month_imbalances,
    deferral_imbalances,
    causeless_rows,
    claim_imbalances,
)

# They go through the records by themselves, and need nothing that the others set aside.
_APART = (record_imbalances, base_imbalances)


@dataclass(frozen=True, slots=True)
class Findings:
    """What does not balance, and what was changed since it was sealed."""

    imbalances: tuple[Imbalance, ...]
    changed: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.imbalances or self.changed)

    def lines(self) -> Iterator[str]:
        """Yield one line for each."""
        yield from (str(imbalance) for imbalance in self.imbalances)
        yield from self.changed


def check_books(
    session: Session,
    packs: PackSet,
    scope: Scope,
    *,
    seals: SealKey | None = None,
    beside: sessionmaker[Session] | None = None,
) -> Findings:
    """Return what is wrong in a region and month, or everywhere.

    `seals` is the key that they were made with; without it they are left out. In a session of
    `beside` records are worked out while this one adds them up: each takes a processor.
    """
    with ThreadPoolExecutor(1, "books") as pool:
        apart: dict[_Proof, Future[list[Imbalance]]] = {}
        if beside is not None:
            apart = {proof: pool.submit(_proved, beside, proof, scope) for proof in _APART}
        with set_aside(session, PAYERS, payers_of_records(session, scope), *PAYERS_KEY):
            found = {proof: list(proof(session, scope)) for proof in _PROOFS if proof not in apart}
        found |= {proof: future.result() for proof, future in apart.items()}
    imbalances = [imbalance for proof in _PROOFS for imbalance in found[proof]]
    imbalances += interest_imbalances(session, packs, scope)
    imbalances += rate_imbalances(session, packs, scope)
    imbalances += fee_imbalances(session, packs, scope)
    return Findings(
        tuple(imbalances), () if seals is None else tuple(_unlike_their_seals(session, seals))
    )


def _proved(sessions: sessionmaker[Session], proof: _Proof, scope: Scope) -> list[Imbalance]:
    with sessions() as session:
        return list(proof(session, scope))


def _unlike_their_seals(session: Session, key: SealKey) -> Iterator[str]:
    yield from unlike_their_digests(session)
    yield from changed_rows(session, SEALED_BOOKS, key)
    yield from other_roots(session)
