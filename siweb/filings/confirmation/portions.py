"""Apply a long list on SQLite in portions, so that others write in between; it stays one filing.

SQLite has one writer. A list of 100,000 in one transaction kept everybody else from writing for as
long as it took, and who had waited for fifteen seconds was sent away. So a portion is a transaction
of its own: its rows are checked, applied and final, each about one person, who is in no other
portion. The filing is `applying` meanwhile: nobody can change, withdraw or send it, and it has no
receipt before the last portion is in. Whoever is killed in between leaves rows that are still good,
and the next goes on with these; nothing has to be taken back.

On PostgreSQL writers do not wait for each other, and a list is applied in one transaction.
"""

import time
from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import func, select
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
    refuse_to_send,
    revalidate_stale,
)
from siweb.filings.drafts.open import filing_terms
from siweb.filings.tables.filing import Filing, FilingState
from siweb.filings.tables.filing_row import FilingRow, Positions, RowState
from siweb.rules.parameters.pack_set import PackSet

# So many rows at least and at most: fewer would be commits more than work.
ROWS_A_PORTION = (500, 5_000)
# As long as a portion holds everybody else up: a form, which asks for two seconds at most, may come
# at the worst moment, and find another one waiting. A busy machine gets shorter portions.
SECONDS_A_PORTION = 0.5


def goes_in_portions(session: Session, filing: Filing, good: int) -> bool:
    """Return whether a filing of so many good rows is applied in portions, or was begun so."""
    # Begun so on SQLite, it may have been restored into PostgreSQL since.
    is_begun = filing.state is FilingState.APPLYING
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    return is_begun or (is_sqlite and good > ROWS_A_PORTION[0])


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
    done, last, size = 0, 0, ROWS_A_PORTION[0]
    while (positions := _next(session, filing, last, size)) is not None:

        def apply(portion: Positions = positions) -> float:
            _hold(session, filing, at)
            # Not before: whoever waits for the right to write takes nothing from others.
            started = time.monotonic()
            terms = filing_terms(session, filing, packs, on)
            revalidate_stale(session, filing, terms, portion)
            apply_rows(session, filing, terms.region_code, at=at, positions=portion)
            return time.monotonic() - started

        took = again_after_races(session, apply)
        last = positions[1]
        done += size
        yield done
        size = next_size(size, took)


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


def _hold(session: Session, filing: Filing, at: datetime | None) -> None:
    """Hold the filing until the commit, which nobody has ended meanwhile."""
    session.refresh(filing, with_for_update=True)
    if filing.state is not FilingState.APPLYING:
        raise ClaimedElsewhere
    filing.applied_at = at
    session.flush()


def next_size(size: int, took: float) -> int:
    """Return how many rows take as long as a portion may, after so many took so many seconds."""
    least, most = ROWS_A_PORTION
    # A millisecond at least: a portion of rows that were all refused takes next to nothing.
    return min(max(int(size * SECONDS_A_PORTION / max(took, 0.001)), least), most)


def _next(session: Session, filing: Filing, last: int, size: int) -> Positions | None:
    """Return from where to where the next good rows stand, or None when there are none."""
    # Those before were applied, or refused when they were checked again.
    rows = (
        select(FilingRow.position)
        .where(
            FilingRow.filing_id == filing.id,
            FilingRow.position > last,
            FilingRow.state == RowState.GOOD,
        )
        .order_by(FilingRow.position)
        .limit(size)
        .subquery()
    )
    first, through = session.execute(
        select(func.min(rows.c.position), func.max(rows.c.position))
    ).one()
    return None if first is None else (int(first), int(through))
