"""Apply a long list in portions, each committed by itself; it stays one filing.

The rows of a portion are checked, applied and final, each about one person, who is in no other
portion. The filing is `applying` meanwhile: nobody can change, withdraw or send it, and it has no
receipt before the last portion is in. Whoever is killed in between leaves rows that are still good,
and the next goes on with these; nothing has to be taken back. What was not accepted is split off
the same way, before the receipt says how much of it there is.

On SQLite others write in between. On PostgreSQL writers do not wait for each other: a list is
applied in one transaction, and a very long one in two halves at once, on a connection each, since a
statement has one core there.
"""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import date, datetime
from functools import partial

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.db.claim import ClaimedElsewhere
from siweb.filings.confirmation.apply import apply_rows
from siweb.filings.confirmation.confirm import (
    Confirmed,
    again_after_races,
    claim_to_apply,
    finish_confirming,
    keeps_rest,
    refuse_to_send,
    split_off_portion,
)
from siweb.filings.drafts.open import filing_terms
from siweb.filings.drafts.revalidate import revalidate_stale
from siweb.filings.tables.filing import Filing, FilingState
from siweb.filings.tables.filing_row import FilingRow, RowState, following_rows
from siweb.queue.portions import Positions, has_one_writer, in_portions, is_many
from siweb.rules.parameters.pack_set import PackSet

# So many good rows take a second or two, and fewer are not worth a second connection.
ROWS_FOR_HALVES = 20_000


def goes_in_portions(session: Session, filing: Filing, good: int) -> bool:
    """Return whether a filing of so many good rows is applied in portions, or was begun so."""
    # Begun so on SQLite, it may have been restored into PostgreSQL since.
    if filing.state is FilingState.APPLYING:
        return True
    return is_many(good) if has_one_writer(session) else goes_in_halves(session, good)


def goes_in_halves(session: Session, good: int) -> bool:
    """Return whether so many rows are applied by two connections at once."""
    # Within a connection's transaction no other one sees what it wrote.
    is_apart = isinstance(session.get_bind(), Engine)
    return is_apart and not has_one_writer(session) and good >= ROWS_FOR_HALVES


def begin_applying(session: Session, filing: Filing, *, actor: Actor, at: datetime) -> bool:
    """Take a draft that will be applied in portions, or go on with one; False when it is done.

    The caller commits.

    :raises SendingRefused: while the filing may not be sent.
    """
    refuse_to_send(session, filing)
    if claim_to_apply(session, filing, actor, at, FilingState.APPLYING):
        # The register changes from here on, and the log says by whom before it does.
        record_activity(
            session, "filing.applying", actor=actor, at=at, subject=("filing", filing.id)
        )
    return filing.state is FilingState.APPLYING


def apply_portions(
    session: Session, filing: Filing, *, packs: PackSet, on: date, at: datetime
) -> Iterator[int]:
    """Apply the good rows portion by portion; the caller commits after each.

    Yields how many rows are through. `at` is when this process began: what it declares bears that.

    :raises ClaimedElsewhere: when another process ended it meanwhile; the caller rolls back.
    """

    def apply(portion: Positions) -> float:
        _hold(session, filing, at)
        # Not before: whoever waits for the right to write takes nothing from others.
        started = time.monotonic()
        terms = filing_terms(session, filing, packs, on)
        revalidate_stale(session, filing, terms, portion)
        apply_rows(session, filing, terms.region_code, at=at, positions=portion)
        return time.monotonic() - started

    # Those before were applied, or refused when they were checked again.
    good = partial(following_rows, session, filing.id, RowState.GOOD)
    yield from in_portions(
        good, lambda portion: again_after_races(session, partial(apply, portion))
    )


def apply_halves(
    session: Session, filing: Filing, *, packs: PackSet, on: date, at: datetime
) -> Iterator[int]:
    """Apply the good rows in two halves at once, each a transaction; the caller commits in between.

    Yields how many rows are through. Whoever is in both under two numbers is found by the keys of
    the register, and checked again in the half that comes second. Where one half fails the other
    ends all the same, and whoever goes on finds what is left of the first.

    :raises ClaimedElsewhere: when another process ended it meanwhile.
    """
    _hold(session, filing, at)
    halves = _halves(session, filing)
    bind, filing_id = session.get_bind(), filing.id
    # From here on each half holds the filing.
    yield 0

    def apply(own: Session, portion: Positions) -> None:
        mine = own.get_one(Filing, filing_id)
        terms = filing_terms(own, mine, packs, on)
        revalidate_stale(own, mine, terms, portion)
        apply_rows(own, mine, terms.region_code, at=at, positions=portion)

    def work(portion: Positions) -> None:
        with Session(bind, expire_on_commit=False) as own, own.begin():
            _hold_beside(own, filing_id)
            again_after_races(own, partial(apply, own, portion))

    with ThreadPoolExecutor(len(halves) or 1) as pool:
        begun = {pool.submit(work, portion): rows for portion, rows in halves}
        through = 0
        for ended in as_completed(begun):
            ended.result()
            through += begun[ended]
            yield through


def _halves(session: Session, filing: Filing) -> list[tuple[Positions, int]]:
    """Return from where to where the two halves of what is still good stand, with their rows."""
    good = FilingRow.filing_id == filing.id, FilingRow.state == RowState.GOOD
    half = func.ntile(2).over(order_by=FilingRow.position).label("half")
    rows = select(FilingRow.position, half).where(*good).subquery()
    place = rows.c.position
    found = session.execute(
        select(func.min(place), func.max(place), func.count()).group_by(rows.c.half)
    )
    return [((int(first), int(last)), int(count)) for first, last, count in found]


def split_off_portions(
    session: Session, filing: Filing, *, actor: Actor, at: datetime
) -> Iterator[int]:
    """Move the refused rows of a list into its rest; the caller commits after each portion.

    Nobody sees the rest before the last of them is there. Where nothing at all was accepted there
    is none: the list becomes a draft again, with all of its rows.

    :raises ClaimedElsewhere: when another process ended it meanwhile; the caller rolls back.
    """
    if not keeps_rest(session, filing):
        return

    def move(portion: Positions) -> float:
        _hold(session, filing, filing.applied_at)
        started = time.monotonic()
        split_off_portion(session, filing, portion, actor=actor, at=at)
        return time.monotonic() - started

    yield from in_portions(partial(following_rows, session, filing.id, RowState.REFUSED), move)


def finish_applying(
    session: Session,
    filing: Filing,
    *,
    packs: PackSet,
    actor: Actor,
    on: date,
    at: datetime,
    secret: str,
) -> Confirmed:
    """End a filing whose last portion is in: it is sent now, with its receipt.

    :raises ClaimedElsewhere: when another process ended it meanwhile; the caller rolls back.
    """
    _hold(session, filing, filing.applied_at)
    filing.state = FilingState.CONFIRMED
    session.flush()
    return finish_confirming(session, filing, packs=packs, actor=actor, on=on, at=at, secret=secret)


def _hold_beside(session: Session, filing_id: int) -> None:
    """Hold the filing until the commit, as the other half does; nobody ends it meanwhile."""
    state = select(Filing.state).where(Filing.id == filing_id)
    if session.scalar(state.with_for_update(read=True)) is not FilingState.APPLYING:
        raise ClaimedElsewhere


def _hold(session: Session, filing: Filing, at: datetime | None) -> None:
    """Hold the filing until the commit, which nobody has ended meanwhile."""
    session.refresh(filing, with_for_update=True)
    if filing.state is not FilingState.APPLYING:
        raise ClaimedElsewhere
    filing.applied_at = at
    session.flush()
