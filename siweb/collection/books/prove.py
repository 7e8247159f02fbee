"""Prove the books: bills, payments, records, accounts and funds must agree to the fen.

Everything is added up in the database. What does not balance is named by its ids and amounts,
never by people.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from sqlalchemy import false
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
    WAITING,
    WAITING_KEY,
    bill_imbalances,
    line_imbalances,
    paid_day_imbalances,
    paid_imbalances,
    payers_of_records,
    unbilled_imbalances,
    waiting_lines,
)
from siweb.collection.books.causes import causeless_rows, claim_imbalances
from siweb.collection.books.digests import unlike_their_digests
from siweb.collection.books.imbalance import Imbalance, Scope
from siweb.collection.books.late_fees import deferral_imbalances, month_imbalances
from siweb.collection.books.late_fees_paid import fee_imbalances
from siweb.collection.books.payments import payment_imbalances
from siweb.collection.books.recompute.bases import base_imbalances
from siweb.collection.books.recompute.benefits import benefit_imbalances
from siweb.collection.books.recompute.one_scan import (
    HALVES,
    Proved,
    prove_in_one_scan,
    proved_by_all,
)
from siweb.collection.books.recompute.payouts import payout_imbalances
from siweb.collection.books.recompute.records import change_imbalances, record_imbalances
from siweb.collection.books.recompute.write_offs import write_off_imbalances
from siweb.collection.books.sealed_books import SEALED_BOOKS
from siweb.collection.books.set_aside import set_aside, without_helpers
from siweb.ledgers.seals.seal import SealKey
from siweb.ledgers.seals.verify import changed_rows
from siweb.ledgers.seals.verify_noted import other_roots
from siweb.rules.parameters.pack_set import PackSet

Result = TypeVar("Result")
_Proof = Callable[[Session, Scope], Iterator[Imbalance]]
_Found = dict[_Proof, list[Imbalance]]
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
    write_off_imbalances,
    causeless_rows,
    claim_imbalances,
    benefit_imbalances,
    payout_imbalances,
)

# They go through the records by themselves, and need nothing that the others set aside.
_APART = (record_imbalances, base_imbalances)
# They go by what the records of each payer come to.
_BY_PAYER = (
    line_imbalances,
    paid_day_imbalances,
    unbilled_imbalances,
    account_imbalances,
    change_imbalances,
    fund_imbalances,
)


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
    found = _found(session, scope, beside)
    imbalances = [imbalance for proof in _PROOFS for imbalance in found.get(proof, ())]
    imbalances += interest_imbalances(session, packs, scope)
    imbalances += rate_imbalances(session, packs, scope)
    imbalances += fee_imbalances(session, packs, scope)
    return Findings(
        tuple(imbalances), () if seals is None else tuple(_unlike_their_seals(session, seals))
    )


def _found(session: Session, scope: Scope, beside: sessionmaker[Session] | None) -> _Found:
    """Return what each proof finds; what one scan shows to be right is not gone through again."""
    with ThreadPoolExecutor(len(HALVES), "books") as pool:

        def begin(work: Callable[[Session, Scope], Result]) -> Callable[[], Result]:
            # One session, as in a test or within a transaction:
            # done on the spot, in the same order.
            if beside is None:
                done = work(session, scope)
                return lambda: done
            return pool.submit(_in_session, beside, work, scope).result

        # Two sessions take a half each; one alone would only go over the records twice.
        of_each = [HALVES] if beside is None else [(half,) for half in HALVES]
        scans = [begin(partial(prove_in_one_scan, halves=halves)) for halves in of_each]
        others = [proof for proof in _PROOFS if proof not in (*_APART, *_BY_PAYER)]
        with without_helpers(session):
            found = _prove(session, scope, others)
            proved = proved_by_all([scan() for scan in scans])
        left = [
            proof
            for proof, is_right in zip(_APART, (proved.rules, proved.bases), strict=True)
            if not is_right
        ]
        of_records = begin(lambda own, scope: _prove(own, scope, left))
        return found | _prove_by_payer(session, scope, proved) | of_records()


def _prove_by_payer(session: Session, scope: Scope, proved: Proved) -> _Found:
    payers, proofs = payers_of_records(session, scope), list(_BY_PAYER)
    if proved.sums:
        # Nobody's records have to be looked at: nothing is paid, and bills are what they come to.
        payers = payers.where(false())
        proofs.remove(line_imbalances)
    waiting = waiting_lines(session, scope)
    with (
        set_aside(session, PAYERS, payers, *PAYERS_KEY),
        set_aside(session, WAITING, waiting, *WAITING_KEY),
    ):
        return _prove(session, scope, proofs)


def _prove(session: Session, scope: Scope, proofs: Iterable[_Proof]) -> _Found:
    return {proof: list(proof(session, scope)) for proof in proofs}


def _in_session(
    sessions: sessionmaker[Session], work: Callable[[Session, Scope], Result], scope: Scope
) -> Result:
    with sessions() as session:
        return work(session, scope)


def _unlike_their_seals(session: Session, key: SealKey) -> Iterator[str]:
    yield from unlike_their_digests(session)
    yield from changed_rows(session, SEALED_BOOKS, key)
    yield from other_roots(session)
