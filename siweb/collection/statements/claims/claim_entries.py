"""Each entry of an account counts once: whoever claims it first books it.

Entries with a number of the bank are claimed by it; the others by what they state, and by what
their statements prove.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from sqlalchemy import bindparam, or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from siweb.collection.statements.claims.compare_statements import Comparison, Place, Relation
from siweb.collection.statements.claims.identify import Identified
from siweb.collection.statements.reading.entry import Entry, digest
from siweb.collection.tables.bank_account import EntryClaim
from siweb.collection.tables.payment import Payment
from siweb.collection.tables.statement_part import StatementOverlap

_NAME, _ACCOUNT = 200, 40
# 60 bits of the hash: an advisory lock is a signed number of 64.
_LOCK_DIGITS = 15
_Kind = tuple[str, str]
# More than any statement has of a kind.
_ALL = 1 << 62


@dataclass(slots=True)
class Claims:
    """What a piece of a statement found when it claimed its entries, by their numbers."""

    # What is this statement's now, with the identity that it is claimed by.
    claimed: dict[int, Identified] = field(default_factory=dict)
    # Entries whose reference stands already, in this statement or another, with other facts.
    differing: set[int] = field(default_factory=set)
    # The payments of entries that were claimed before.
    payments: dict[int, Payment] = field(default_factory=dict)
    # The statement that may have the same entry: a person says whether it has.
    asked: dict[int, int] = field(default_factory=dict)
    # The statements that had the rest.
    earlier: set[int] = field(default_factory=set)


def hold_accounts(session: Session, accounts: Iterable[str]) -> None:
    """Wait until nobody else claims entries of these accounts, or gives claims up.

    Before any row is locked. What is claimed decides what is new, whichever region imports it.
    """
    if session.get_bind().dialect.name != "postgresql":
        return
    # Sorted, so that two imports over several accounts never wait for each other.
    numbers = sorted({int(digest("account", account)[:_LOCK_DIGITS], 16) for account in accounts})
    for number in numbers:
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": number})


def claim_entries(
    session: Session, entries: Sequence[Identified], statement_id: int, *, is_again: bool = False
) -> Claims:
    """Claim entries for a statement; those that another has are left to it.

    `is_again` where the entries were read before, and others gave up some of them since.
    """
    claims = Claims()
    numbered = [item for item in entries if item.reference]
    unnumbered = [item for item in entries if not item.reference]
    if numbered:
        _claim_numbered(session, numbered, statement_id, claims)
    if unnumbered:
        found = _Decision(session, statement_id, is_again=is_again).decide(unnumbered)
        claims.asked, claims.earlier = found.asked, claims.earlier | found.earlier
        chosen = [
            replace(item, identity=found.claimed[item.entry.number])
            for item in unnumbered
            if item.entry.number in found.claimed
        ]
        _insert(session, chosen, statement_id, claims)
    _note_overlaps(session, statement_id, claims.earlier)
    return claims


def note_payments(session: Session, booked: Iterable[tuple[Identified, list[Payment]]]) -> None:
    """Keep with the claims which payments they became."""
    rows = [
        {
            "of_account": item.account,
            "of_identity": item.identity,
            "payment_id": payments[0].id,
            "payment_count": len(payments),
        }
        for item, payments in booked
    ]
    if rows:
        # By the connection: one prepared statement for the whole piece.
        session.connection().execute(
            update(EntryClaim)
            .where(
                EntryClaim.account == bindparam("of_account"),
                EntryClaim.identity == bindparam("of_identity"),
            )
            .values(payment_id=bindparam("payment_id"), payment_count=bindparam("payment_count")),
            rows,
        )


def has_other_payer(payment: Payment, entry: Entry) -> bool:
    """Tell whether an entry names another payer than the payment that has its reference."""
    pairs = (
        (payment.payer_name, entry.payer.name[:_NAME]),
        (payment.payer_account, entry.payer.account[:_ACCOUNT]),
    )
    # Where one of the two is silent nothing differs: banks leave payers out in some statements.
    return any(kept != stated for kept, stated in pairs if kept and stated)


def _claim_numbered(
    session: Session, entries: Sequence[Identified], statement_id: int, claims: Claims
) -> None:
    # Before the claims are written: afterwards each entry would find itself.
    claims.differing = _differing(session, entries)
    _insert(session, entries, statement_id, claims)
    before = [item for item in entries if item.entry.number not in claims.claimed]
    if not before:
        return
    rows = session.execute(
        select(EntryClaim.account, EntryClaim.identity, EntryClaim.statement_id, Payment)
        .outerjoin(Payment, Payment.id == EntryClaim.payment_id)
        .where(
            EntryClaim.account.in_(sorted({item.account for item in before})),
            EntryClaim.identity.in_([item.identity for item in before]),
        )
    )
    found = {(account, identity): (owner, payment) for account, identity, owner, payment in rows}
    for item in before:
        owner, payment = found.get((item.account, item.identity), (statement_id, None))
        if payment is not None:
            claims.payments[item.entry.number] = payment
        if owner != statement_id:
            claims.earlier.add(owner)


def _insert(
    session: Session, entries: Sequence[Identified], statement_id: int, claims: Claims
) -> None:
    """Claim what nobody has, the first of equal ones first; all rows in one order."""
    first: dict[tuple[str, str], Identified] = {}
    for item in entries:
        first.setdefault((item.account, item.identity), item)
    if not first:
        return
    rows = [
        {
            "account": account,
            "identity": identity,
            # Without a number of the bank its facts stand there: equal entries are found by them.
            "reference": item.reference or item.facts,
            "statement_id": statement_id,
            "part": item.entry.statement,
        }
        for (account, identity), item in sorted(first.items(), key=lambda pair: pair[0])
    ]
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    insert = postgresql.insert if is_postgresql else sqlite.insert
    added = session.execute(
        insert(EntryClaim)
        .values(rows)
        .on_conflict_do_nothing()
        .returning(EntryClaim.account, EntryClaim.identity)
    )
    for account, identity in added:
        item = first[account, identity]
        claims.claimed[item.entry.number] = item


def _note_overlaps(session: Session, statement_id: int, earlier: set[int]) -> None:
    for other in sorted(earlier):
        if session.get(StatementOverlap, (statement_id, other)) is None:
            session.add(StatementOverlap(statement_id=statement_id, earlier_statement_id=other))
    session.flush()


def _differing(session: Session, entries: Sequence[Identified]) -> set[int]:
    """Return the entries whose reference stands already under other facts.

    Banks number from 1 again in every branch and often every day: such an entry is money of its
    own, and a person looks at both.
    """
    facts: dict[tuple[str, str], set[str]] = {}
    rows = session.execute(
        select(EntryClaim.account, EntryClaim.reference, EntryClaim.identity).where(
            EntryClaim.account.in_(sorted({item.account for item in entries})),
            EntryClaim.reference.in_(sorted({item.reference for item in entries})),
        )
    )
    for account, reference, identity in rows:
        facts.setdefault((account, reference), set()).add(identity)
    differing = set()
    for item in entries:
        before = facts.setdefault((item.account, item.reference), set())
        # A second copy within one statement is asked about elsewhere (`is_repeated`).
        if before and item.identity not in before and item.copy == 1:
            differing.add(item.entry.number)
        before.add(item.identity)
    return differing


class _Claim(NamedTuple):
    identity: str
    place: Place


@dataclass(slots=True)
class _Unnumbered:
    """What is claimed by which identity; about what a person is asked; who had the rest."""

    claimed: dict[int, str] = field(default_factory=dict)
    # The other statement that may have the same entry, by the number of the entry.
    asked: dict[int, int] = field(default_factory=dict)
    earlier: set[int] = field(default_factory=set)


@dataclass(slots=True)
class _Standing:
    """How many of a kind other statements have for sure, may have, and this one has already."""

    shared: int = 0
    possible: int = 0
    own: int = 0
    earlier: set[int] = field(default_factory=set)


class _Decision:
    """Decides which of the unnumbered entries of one piece are new, in the order of the file.

    How many of an entry's kind are claimed already is known; which statements have them, and
    whether those are apart from this one, says how many of this statement's are the same.
    """

    def __init__(self, session: Session, statement_id: int, *, is_again: bool) -> None:
        self._session, self._statement_id, self._is_again = session, statement_id, is_again
        self._claimed: dict[_Kind, list[_Claim]] = defaultdict(list)
        self._standings: dict[tuple[str, str, int], _Standing] = {}
        self._comparisons: dict[tuple[str, int], Comparison] = {}

    def decide(self, entries: Sequence[Identified]) -> _Unnumbered:
        """Return what becomes of the entries; the account is locked until the commit."""
        self._find(entries)
        result = _Unnumbered()
        for item in entries:
            standing = self._standing(item)
            among = item.copy - standing.shared
            if among <= standing.own:
                result.earlier |= standing.earlier
            elif among > standing.possible:
                result.claimed[item.entry.number] = self._take(item)
            # Read again, it was asked about the first time: it is not asked twice.
            elif not self._is_again:
                result.claimed[item.entry.number] = self._take(item)
                result.asked[item.entry.number] = max(standing.earlier)
                result.earlier |= standing.earlier
        return result

    def _find(self, entries: Sequence[Identified]) -> None:
        kinds = {item.identity: item.facts for item in entries}
        rows = self._session.execute(
            select(
                EntryClaim.account,
                EntryClaim.reference,
                EntryClaim.identity,
                EntryClaim.statement_id,
                EntryClaim.part,
            ).where(
                EntryClaim.account.in_(sorted({item.account for item in entries})),
                or_(
                    EntryClaim.reference.in_(sorted(set(kinds.values()))),
                    EntryClaim.identity.in_(sorted(kinds)),
                ),
            )
        )
        for account, facts, identity, statement_id, part in rows:
            kind = account, facts or kinds[identity]
            self._claimed[kind].append(_Claim(identity, (statement_id, part)))

    def _standing(self, item: Identified) -> _Standing:
        key = item.account, item.facts, item.entry.statement
        if key not in self._standings:
            self._standings[key] = self._found_standing(item)
        return self._standings[key]

    def _found_standing(self, item: Identified) -> _Standing:
        here, standing = (self._statement_id, item.entry.statement), _Standing()
        claimed = self._claimed[item.account, item.facts]
        others = [claim for claim in claimed if claim.place != here]
        standing.own = len(claimed) - len(others)
        if not others:
            return standing
        where = item.account, item.entry.statement
        if where not in self._comparisons:
            self._comparisons[where] = Comparison(self._session, item.account, here)
        comparison = self._comparisons[where]
        for claim in others:
            relation = comparison.relation(claim.place, item.day, item.signed_fen)
            standing.shared += relation is Relation.OVERLAP
            standing.possible += relation is Relation.UNKNOWN
            if relation is not Relation.APART:
                standing.earlier.add(claim.place[0])
        if comparison.is_within_another(item.day, item.facts, item.signed_fen):
            standing.shared = _ALL
            standing.earlier |= {claim.place[0] for claim in others}
        # Another part of this very file is no other statement.
        standing.earlier.discard(self._statement_id)
        return standing

    def _take(self, item: Identified) -> str:
        claimed = self._claimed[item.account, item.facts]
        existing, number = {claim.identity for claim in claimed}, 1
        while (identity := digest(item.facts, number)) in existing:
            number += 1
        claimed.append(_Claim(identity, (self._statement_id, item.entry.statement)))
        return identity
