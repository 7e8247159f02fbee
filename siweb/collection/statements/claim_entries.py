"""Each entry of an account counts once: whoever claims it first books it.

What makes an entry one of its kind: the bank's reference with day and amount; where the bank gives
none, everything that it states, and which of the equal entries of the file it is. An equal entry
under a real reference is the second of its statement, and a question unless balances prove it.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from siweb.collection.statements.reading.entry import Entry, digest
from siweb.collection.tables.bank_account import EntryClaim
from siweb.collection.tables.payment import Payment

_NAME, _ACCOUNT = 200, 40


@dataclass(frozen=True, slots=True)
class Identified:
    """An entry with what it is claimed by; `copy` is 1 for the first of equal ones."""

    entry: Entry
    account: str
    identity: str
    reference: str
    copy: int = 1

    @property
    def is_repeated(self) -> bool:
        """Return whether the same real reference stood in the statement with the same facts."""
        return bool(self.reference) and self.copy > 1


@dataclass(frozen=True, slots=True)
class Claims:
    """What a piece of a statement found when it claimed its entries."""

    fresh: set[str]
    # References that stand already, in this statement or another, on an entry with other facts.
    differing: set[str]
    # The payments of entries that were claimed before, by their identity.
    payments: dict[str, Payment]


class Identifier:
    """Gives entries their identity; one for a file, read from its beginning."""

    def __init__(self, account: str, bank: str) -> None:
        self._account, self._bank = account, bank
        self._seen: Counter[str] = Counter()

    def identify(self, entry: Entry) -> Identified:
        """Return an entry with its identity in its account."""
        account = entry.account or self._account
        side, fen, on = entry.direction.value, entry.amount_fen, entry.entry_on
        payer, wrong = entry.payer, entry.problem.text if entry.problem else ""
        if entry.is_receipt and entry.reference:
            # One receipt is over several insurances: its number, what it is for, and which line.
            line = digest("receipt", entry.reference, payer.remittance)
            self._seen[line] += 1
            reference = digest(line, self._seen[line])
            return Identified(entry, account, digest(reference, side, on, fen, wrong), reference)
        if entry.reference:
            reference = digest("reference", entry.reference)
            facts = digest(reference, side, on, fen, wrong)
            # Counted by statement: two statements of one file may overlap.
            copy = self._next(entry.statement, facts)
            return Identified(entry, account, digest(facts, copy), reference, copy)
        parts = tuple((part.amount_fen, part.payer, part.end_to_end) for part in entry.parts)
        facts = digest("content", side, on, fen, payer, entry.end_to_end, parts, wrong)
        return Identified(entry, account, digest(facts, self._next(account, facts)), "")

    def _next(self, *where: object) -> int:
        key = digest(*where)
        self._seen[key] += 1
        return self._seen[key]


def claim_entries(session: Session, entries: Sequence[Identified], statement_id: int) -> Claims:
    """Claim entries for a statement; those that another has are left to it.

    All rows in one order: two imports that meet wait for one another, and never both.
    """
    if not entries:
        return Claims(set(), set(), {})
    differing = _differing(session, entries)
    rows = {
        (item.account, item.identity): {
            "account": item.account,
            "identity": item.identity,
            "reference": item.reference,
            "statement_id": statement_id,
        }
        for item in sorted(entries, key=lambda item: (item.account, item.identity))
    }
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    insert = postgresql.insert if is_postgresql else sqlite.insert
    added = session.execute(
        insert(EntryClaim)
        .values(list(rows.values()))
        .on_conflict_do_nothing()
        .returning(EntryClaim.account, EntryClaim.identity)
    )
    fresh = {_key(account, identity) for account, identity in added}
    before = [item for item in entries if key_of(item) not in fresh]
    return Claims(fresh, differing, _payments(session, before))


def note_payments(session: Session, booked: Iterable[tuple[Identified, Payment]]) -> None:
    """Keep with the claims which payments they became."""
    rows = [
        {"of_account": item.account, "of_identity": item.identity, "payment_id": payment.id}
        for item, payment in booked
    ]
    if rows:
        # By the connection: one prepared statement for the whole piece.
        session.connection().execute(
            update(EntryClaim)
            .where(
                EntryClaim.account == bindparam("of_account"),
                EntryClaim.identity == bindparam("of_identity"),
            )
            .values(payment_id=bindparam("payment_id")),
            rows,
        )


def key_of(item: Identified) -> str:
    """Return what an entry is found by among the claims of all accounts."""
    return _key(item.account, item.identity)


def has_other_payer(payment: Payment, entry: Entry) -> bool:
    """Tell whether an entry names another payer than the payment that has its reference."""
    pairs = (
        (payment.payer_name, entry.payer.name[:_NAME]),
        (payment.payer_account, entry.payer.account[:_ACCOUNT]),
    )
    return any(kept != stated for kept, stated in pairs if kept and stated)


def _key(account: str, identity: str) -> str:
    return f"{account}/{identity}"


def _differing(session: Session, entries: Sequence[Identified]) -> set[str]:
    """Return the identities whose reference stands already under other facts.

    Banks number from 1 again in every branch and often every day: such an entry is money of its
    own, and a person looks at both.
    """
    facts: dict[tuple[str, str], set[str]] = {}
    references = sorted({item.reference for item in entries if item.reference})
    if references:
        rows = session.execute(
            select(EntryClaim.account, EntryClaim.reference, EntryClaim.identity).where(
                EntryClaim.account.in_(sorted({item.account for item in entries})),
                EntryClaim.reference.in_(references),
            )
        )
        for account, reference, identity in rows:
            facts.setdefault((account, reference), set()).add(identity)
    differing = set()
    for item in entries:
        if not item.reference:
            continue
        before = facts.setdefault((item.account, item.reference), set())
        if before and item.identity not in before and item.copy == 1:
            differing.add(key_of(item))
        before.add(item.identity)
    return differing


def _payments(session: Session, entries: Sequence[Identified]) -> dict[str, Payment]:
    if not entries:
        return {}
    rows = session.execute(
        select(EntryClaim.account, EntryClaim.identity, Payment)
        .join(Payment, Payment.id == EntryClaim.payment_id)
        .where(
            EntryClaim.account.in_(sorted({item.account for item in entries})),
            EntryClaim.identity.in_([item.identity for item in entries]),
        )
    )
    return {_key(account, identity): payment for account, identity, payment in rows}
