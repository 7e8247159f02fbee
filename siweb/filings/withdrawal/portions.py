"""Withdraw a very long list in portions, which a job goes on with; each row is withdrawn once.

Its first rows are withdrawn where it is asked: that answers what stands against all of them, and
these rows say from then on by whom, when and why. A row of a list may stay where others go, so that
each portion is good by itself, and the filing keeps its state: whoever looks meanwhile sees how
many are withdrawn, and what is killed in between goes on with those that are left. The draft in
which they are corrected is there with its last row.
"""

import time
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import Select, func, literal, select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.db.among import among_found
from siweb.db.claim import ClaimedElsewhere
from siweb.db.types import UtcDateTime
from siweb.filings.confirmation.confirm import again_after_races
from siweb.filings.drafts.import_sheet import codes_of, is_long
from siweb.filings.drafts.open import append_rows, filing_terms, note_totals
from siweb.filings.tables.filing import WITHDRAW, Filing
from siweb.filings.tables.filing_row import FilingRow, RowState, following_rows
from siweb.filings.tables.withdrawn_row import WithdrawnRow
from siweb.filings.withdrawal.obstacles import Obstacle, standings
from siweb.filings.withdrawal.withdraw import (
    WithdrawalRefused,
    hold_sent,
    note_withdrawn,
    open_replacement,
    refused_elsewhere,
    take_back,
)
from siweb.queue.enqueue import enqueue, job_for
from siweb.queue.job import Job, JobState
from siweb.queue.portions import Positions, first_size, in_portions
from siweb.rules.parameters.pack_set import PackSet


def is_withdrawn_later(session: Session, filing: Filing) -> bool:
    """Return whether all of a filing are too many rows to undo while its filer waits.

    A withdrawal that stopped because of an error goes on the same way, however few are left.
    """
    return is_long(filing, RowState.APPLIED) or has_stopped(session, filing)


def has_stopped(session: Session, filing: Filing) -> bool:
    """Return whether the withdrawal of a filing failed, and nobody has let it go on."""
    last = job_for(session, ("filing", filing.id), WITHDRAW)
    return last is not None and last.state is JobState.FAILED


def begin_withdrawing(
    session: Session,
    filing: Filing,
    *,
    reason: str,
    is_replaced: bool,
    actor: Actor,
    at: datetime,
) -> Job | None:
    """Withdraw the first rows of a long filing, and ask for the others; None when none is left.

    Asked twice, the job of the first time goes on; where that failed, another one in its stead.
    The caller commits.

    :raises WithdrawalRefused: when all that was accepted stays, or was not sent.
    """
    hold_sent(session, filing)
    subject = ("filing", filing.id)
    # Whose reason and whose draft counts is decided by who came first.
    last = job_for(session, subject, WITHDRAW)
    if last is not None and last.state in {JobState.QUEUED, JobState.RUNNING}:
        return last
    if last is not None and last.state is JobState.FAILED:
        # The rows of before are of that withdrawal, and belong into its draft.
        return enqueue(session, WITHDRAW, last.arguments, actor=actor, at=at, subject=subject)
    free, left = _first_free(session, filing)
    if not free:
        if left:
            raise WithdrawalRefused(left.most_common(1)[0][0])
        return None
    # The register changes from here on, and the log says by whom before it does.
    record_activity(session, "filing.withdrawing", actor=actor, at=at, subject=subject)
    with refused_elsewhere(session):
        take_back(session, filing, free, reason=reason, actor=actor, at=at)
    arguments = {
        "filing_id": filing.id,
        "person_id": actor.person_id,
        "at": at.isoformat(),
        "is_replaced": is_replaced,
    }
    return enqueue(session, WITHDRAW, arguments, actor=actor, at=at, subject=subject)


def withdraw_portions(
    session: Session, filing: Filing, *, actor: Actor, at: datetime
) -> Iterator[int]:
    """Withdraw what is left of a filing; the caller commits after each portion.

    `at` is when it was asked: all rows of one withdrawal bear it.
    """
    reason = session.scalars(
        select(WithdrawnRow.reason).where(*_withdrawn_at(filing, at)).limit(1)
    ).one()

    def withdraw(portion: Positions) -> float:
        hold_sent(session, filing)
        # Not before: whoever waits for the right to write takes nothing from others.
        started = time.monotonic()
        free, _left = _free_among(session, filing, portion)
        if free:
            take_back(session, filing, free, reason=reason, actor=actor, at=at)
        return time.monotonic() - started

    # Those that stay are behind the place of the next portion.
    accepted = partial(following_rows, session, filing.id, RowState.APPLIED)
    # What somebody began elsewhere since a portion was looked at stands against it the second time.
    yield from in_portions(
        accepted, lambda portion: again_after_races(session, partial(withdraw, portion))
    )


def replace_portions(
    session: Session,
    filing: Filing,
    *,
    packs: PackSet,
    on: date,
    actor: Actor,
    at: datetime,
) -> Iterator[int]:
    """Put what was withdrawn at an instant into a draft; the caller commits after each portion.

    :raises ClaimedElsewhere: when another process put it there meanwhile; the caller rolls back.
    """
    begun = _begun_replacement(session, filing, at)
    done = begun.done_through_row if begun is not None else 0

    def copy(portion: Positions) -> float:
        hold_sent(session, filing)
        started = time.monotonic()
        draft = _begun_replacement(session, filing, at) or open_replacement(
            session, filing, actor=actor, at=at, hidden_at=at
        )
        session.refresh(draft)
        if draft.done_through_row >= portion[0]:
            raise ClaimedElsewhere
        places = _places_withdrawn(filing, at).where(WithdrawnRow.position.between(*portion))
        rows = session.scalars(
            select(FilingRow.row_values)
            .where(FilingRow.filing_id == filing.id, among_found(FilingRow.position, places))
            .order_by(FilingRow.position)
        ).all()
        append_rows(session, draft, rows, filing_terms(session, draft, packs, on))
        draft.done_through_row = portion[1]
        session.flush()
        return time.monotonic() - started

    def following(last: int, most: int) -> Positions | None:
        return _following_withdrawn(session, filing, at, max(last, done), most)

    yield from in_portions(following, copy)


def _following_withdrawn(
    session: Session, filing: Filing, at: datetime, last: int, most: int
) -> Positions | None:
    """Return from where to where the next withdrawn rows stand, or None when there are none."""
    places = (
        _places_withdrawn(filing, at)
        .where(WithdrawnRow.position > last)
        .order_by(WithdrawnRow.position)
        .limit(most)
        .subquery()
    )
    first, through = session.execute(
        select(func.min(places.c.position), func.max(places.c.position))
    ).one()
    return None if first is None else (int(first), int(through))


def finish_withdrawing(
    session: Session, filing: Filing, *, packs: PackSet, on: date, actor: Actor, at: datetime
) -> None:
    """End a withdrawal whose last portion is through: its draft shows, and the employer is told."""
    hold_sent(session, filing)
    draft = _begun_replacement(session, filing, at)
    if draft is not None:
        note_totals(session, draft, packs=packs, on=on)
        draft.deleted_at = None
    count = select(func.count()).select_from(WithdrawnRow).where(*_withdrawn_at(filing, at))
    rows = int(session.scalar(count) or 0)
    left = codes_of(filing).get(RowState.APPLIED, 0)
    note_withdrawn(session, filing, rows, left, actor=actor, at=at)
    session.flush()


def _first_free(session: Session, filing: Filing) -> tuple[list[int], Counter[Obstacle]]:
    """Return the first rows that can be withdrawn, or what stands against every one."""
    left, last = Counter[Obstacle](), 0
    accepted = partial(following_rows, session, filing.id, RowState.APPLIED)
    while (portion := accepted(last, first_size())) is not None:
        free, stays = _free_among(session, filing, portion)
        if free:
            return free, left
        left.update(stays)
        last = portion[1]
    return [], left


def _free_among(
    session: Session, filing: Filing, portion: Positions
) -> tuple[list[int], Counter[Obstacle]]:
    found = standings(session, filing, range(portion[0], portion[1] + 1))
    free = [standing.position for standing in found if standing.obstacle is None]
    return free, Counter(row.obstacle for row in found if row.obstacle is not None)


def _withdrawn_at(filing: Filing, at: datetime) -> tuple[Any, ...]:
    return WithdrawnRow.filing_id == filing.id, WithdrawnRow.withdrawn_at == at


def _places_withdrawn(filing: Filing, at: datetime) -> Select[int]:
    """Return where the rows stand, for a portion of them: found by their place, not the instant.

    The instant is hidden from the planner: without statistics PostgreSQL would go over all that
    was withdrawn then, for each portion.
    """
    then = literal(at, UtcDateTime())
    return select(WithdrawnRow.position).where(
        WithdrawnRow.filing_id == filing.id,
        func.coalesce(WithdrawnRow.withdrawn_at, then) == then,
    )


def _begun_replacement(session: Session, filing: Filing, at: datetime) -> Filing | None:
    """Return the draft into which a withdrawal puts its rows; one that was deleted is another's."""
    return session.scalar(
        select(Filing).where(
            Filing.replaces_id == filing.id,
            Filing.opened_at == at,
            Filing.deleted_at.is_not(None),
        )
    )
