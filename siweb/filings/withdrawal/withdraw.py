"""Withdraw a filing that was sent, whole or by row; or replace it by a draft of the same rows."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import func, insert, literal, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.auth.tables.account import Account
from siweb.db.among import among
from siweb.db.types import UtcDateTime
from siweb.documents.tables.document import Document
from siweb.filings.drafts.open import add_rows, note_totals, open_filing
from siweb.filings.drafts.tell import tell_of_withdrawal
from siweb.filings.tables.filing import Filing, FilingState
from siweb.filings.tables.filing_row import FilingRow, RowState
from siweb.filings.tables.withdrawn_row import WithdrawnRow
from siweb.filings.withdrawal.obstacles import Obstacle, standings
from siweb.filings.withdrawal.undo import undo_rows
from siweb.messages.kinds.filings import FILING_WITHDRAWN
from siweb.messages.notify import notify
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.person import Person
from siweb.rules.errors import Refusal
from siweb.rules.parameters.pack_set import PackSet


class WithdrawalRefused(Refusal):
    """When nothing of it can be withdrawn: `code` is an `Obstacle`, or "not_sent"."""


class Withdrawn(NamedTuple):
    """How many rows were withdrawn, and how many stay for which reason."""

    rows: int
    left: Counter[Obstacle]


class Withdrawal(NamedTuple):
    """Who withdrew how many rows of a filing at once, when and why."""

    withdrawn_at: datetime
    name: str | None
    reason: str
    rows: int


def withdraw(
    session: Session,
    filing: Filing,
    positions: Collection[int] | None,
    *,
    reason: str,
    actor: Actor,
    at: datetime,
) -> Withdrawn:
    """Undo the accepted rows at some positions of a filing, or all of them; twice is once.

    What cannot be undone any more stays as it is. The caller commits.

    :raises WithdrawalRefused: when all that is meant and was accepted stays.
    """
    hold_sent(session, filing)
    found = standings(session, filing, positions)
    free = [standing.position for standing in found if standing.obstacle is None]
    left = Counter(standing.obstacle for standing in found if standing.obstacle is not None)
    # Nothing at all is refused, with the reason that most of them have; of some the rest goes.
    if not free:
        if left:
            raise WithdrawalRefused(left.most_common(1)[0][0])
        return Withdrawn(0, left)
    with refused_elsewhere(session):
        take_back(session, filing, free, reason=reason, actor=actor, at=at)
    note_withdrawn(session, filing, len(free), left.total(), actor=actor, at=at)
    return Withdrawn(len(free), left)


def hold_sent(session: Session, filing: Filing) -> None:
    """Hold a filing until the commit: of two at the same moment the second finds nothing left.

    :raises WithdrawalRefused: "not_sent".
    """
    session.refresh(filing, with_for_update=True)
    if filing.state is not FilingState.CONFIRMED:
        raise WithdrawalRefused("not_sent")


@contextmanager
def refused_elsewhere(session: Session) -> Iterator[None]:
    """Undo in a savepoint; two may not be insured at once, and the database decides between them.

    :raises WithdrawalRefused: "elsewhere".
    """
    try:
        # A savepoint: the claim of another employer may come in between,
        # and the caller still answers.
        with session.begin_nested():
            yield
    except IntegrityError:
        raise WithdrawalRefused(Obstacle.ELSEWHERE) from None


def take_back(
    session: Session,
    filing: Filing,
    positions: Collection[int],
    *,
    reason: str,
    actor: Actor,
    at: datetime,
) -> None:
    """Undo accepted rows that nothing stands against, and count what is left.

    :raises IntegrityError: when somebody takes part elsewhere since it was looked at.
    """
    undo_rows(session, filing, positions, at)
    _mark(session, filing, positions, reason, actor, at)
    # The register was changed past the session, so everything in memory is of before.
    session.expire_all()
    # Each row is withdrawn in one portion alone, and its person told with it.
    tell_of_withdrawal(session, filing, positions, at=at)
    _note_rest(session, filing, at)


def note_withdrawn(
    session: Session, filing: Filing, rows: int, left: int, *, actor: Actor, at: datetime
) -> None:
    """Note in the log, once for all of it, what was withdrawn, and tell the employer."""
    record_activity(
        session,
        "filing.withdrawn",
        actor=actor,
        at=at,
        subject=("filing", filing.id),
        facts={"rows": rows, "left": left},
    )
    _tell(session, filing, at)


def _tell(session: Session, filing: Filing, at: datetime) -> None:
    notify(
        session,
        FILING_WITHDRAWN,
        filing.employer_id,
        region_code=session.get_one(Employer, filing.employer_id).region_code,
        subject=("filing", filing.id),
        at=at,
    )


def replace(
    session: Session,
    filing: Filing,
    positions: Collection[int] | None,
    *,
    reason: str,
    packs: PackSet,
    actor: Actor,
    on: date,
    at: datetime,
) -> tuple[Withdrawn, Filing | None]:
    """Withdraw rows, and return a draft in which they can be corrected and sent again.

    Asked twice, the draft of the first time is returned.

    :raises WithdrawalRefused: as `withdraw`.
    """
    session.refresh(filing, with_for_update=True)
    found = standings(session, filing, positions)
    # Before they are withdrawn: afterwards they are no longer among those that were accepted.
    meant = [row.position for row in found if not row.obstacle]
    done = withdraw(session, filing, positions, reason=reason, actor=actor, at=at)
    if not done.rows:
        return done, _replacement(session, filing)
    rows = session.scalars(
        select(FilingRow.row_values)
        .where(FilingRow.filing_id == filing.id, among(FilingRow.position, meant))
        .order_by(FilingRow.position)
    ).all()
    draft = open_replacement(session, filing, actor=actor, at=at)
    add_rows(session, draft, rows, packs=packs, on=on)
    note_totals(session, draft, packs=packs, on=on)
    return done, draft


def open_replacement(
    session: Session,
    filing: Filing,
    *,
    actor: Actor,
    at: datetime,
    hidden_at: datetime | None = None,
) -> Filing:
    """Open the draft in which withdrawn rows are corrected; hidden while not all of them are in."""
    return open_filing(
        session,
        filing.employer_id,
        filing.kind,
        origin="replacement",
        actor=actor,
        at=at,
        replaces_id=filing.id,
        deleted_at=hidden_at,
    )


def withdrawals_of(session: Session, filing: Filing) -> Sequence[Withdrawal]:
    """Return by whom rows of a filing were withdrawn, the newest first."""
    rows = session.execute(
        select(WithdrawnRow.withdrawn_at, Person.name, WithdrawnRow.reason, func.count())
        .outerjoin(Account, Account.id == WithdrawnRow.by_account_id)
        .outerjoin(Person, Person.id == Account.person_id)
        .where(WithdrawnRow.filing_id == filing.id)
        .group_by(WithdrawnRow.withdrawn_at, Person.name, WithdrawnRow.reason)
        .order_by(WithdrawnRow.withdrawn_at.desc())
    )
    return [Withdrawal(*row) for row in rows]


def _mark(
    session: Session,
    filing: Filing,
    positions: Collection[int],
    reason: str,
    actor: Actor,
    at: datetime,
) -> None:
    mine = (FilingRow.filing_id == filing.id, among(FilingRow.position, positions))
    rows: Any = select(
        FilingRow.filing_id,
        FilingRow.position,
        literal(at, UtcDateTime()),
        literal(actor.account_id),
        literal(reason),
    ).where(*mine)
    names = ["filing_id", "position", "withdrawn_at", "by_account_id", "reason"]
    session.execute(insert(WithdrawnRow).from_select(names, rows, include_defaults=False))
    session.execute(
        update(FilingRow)
        .where(*mine)
        .values(state=RowState.WITHDRAWN)
        .execution_options(synchronize_session=False)
    )


def _note_rest(session: Session, filing: Filing, at: datetime) -> None:
    """Count anew; when nothing is left of it, the receipt ends, and its file may come again."""
    counts = session.execute(
        select(FilingRow.state, func.count())
        .where(FilingRow.filing_id == filing.id)
        .group_by(FilingRow.state)
    )
    by_state = {state.value: count for state, count in counts}
    filing.totals = {"codes": by_state}
    if RowState.APPLIED.value not in by_state:
        # The same file may come again: what it became is gone.
        filing.content_hash = None
        if filing.document_id is not None:
            receipt = session.get_one(Document, filing.document_id)
            receipt.revoked_at = receipt.revoked_at or at
    session.flush()


def _replacement(session: Session, filing: Filing) -> Filing | None:
    return session.scalar(
        select(Filing)
        .where(Filing.replaces_id == filing.id, Filing.deleted_at.is_(None))
        .order_by(Filing.id.desc())
        .limit(1)
    )
