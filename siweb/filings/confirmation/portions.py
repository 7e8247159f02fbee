"""Apply a long list on SQLite in portions, so that others write in between; it stays one filing.

The rows of a portion are checked, applied and final, each about one person, who is in no other
portion. The filing is `applying` meanwhile: nobody can change, withdraw or send it, and it has no
receipt before the last portion is in. Whoever is killed in between leaves rows that are still good,
and the next goes on with these; nothing has to be taken back. What was not accepted is split off
the same way, before the receipt says how much of it there is.

On PostgreSQL writers do not wait for each other, and a list is applied in one transaction.
"""

import time
from collections.abc import Iterator
from datetime import date, datetime
from functools import partial

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
from siweb.filings.tables.filing_row import RowState, following_rows
from siweb.queue.portions import Positions, has_one_writer, in_portions, is_many
from siweb.rules.parameters.pack_set import PackSet


def goes_in_portions(session: Session, filing: Filing, good: int) -> bool:
    """Return whether a filing of so many good rows is applied in portions, or was begun so."""
    # Begun so on SQLite, it may have been restored into PostgreSQL since.
    is_begun = filing.state is FilingState.APPLYING
    return is_begun or (has_one_writer(session) and is_many(good))


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


def _hold(session: Session, filing: Filing, at: datetime | None) -> None:
    """Hold the filing until the commit, which nobody has ended meanwhile."""
    session.refresh(filing, with_for_update=True)
    if filing.state is not FilingState.APPLYING:
        raise ClaimedElsewhere
    filing.applied_at = at
    session.flush()
