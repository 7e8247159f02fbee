"""After five failures a number and an address pause for a while, for the longer the more fail."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from siweb.auth.tables.failed_attempt import FailedAttempt

FAILURES = 5
WINDOW = timedelta(minutes=15)
# By how often five failures came together within a day: never longer than an hour.
PAUSES = (timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=60))
MEMORY = timedelta(days=1)


def note_failure(session: Session, who: tuple[str, ...], *, at: datetime) -> None:
    """Count a failure for each keyed hash in `who`: the number's and the address's."""
    session.execute(delete(FailedAttempt).where(FailedAttempt.failed_at < at - MEMORY))
    session.add_all(FailedAttempt(who_hash=one, failed_at=at) for one in who)
    session.flush()


def paused_until(session: Session, who: tuple[str, ...], *, at: datetime) -> datetime | None:
    """Return when the pause of any of `who` ends, or None when none is paused."""
    rows = session.execute(
        select(
            FailedAttempt.who_hash,
            func.count().label("failures"),
            func.max(FailedAttempt.failed_at).label("latest"),
        )
        .where(FailedAttempt.who_hash.in_(who), FailedAttempt.failed_at >= at - MEMORY)
        .group_by(FailedAttempt.who_hash)
    ).all()
    ends = [_pause_end(failures, latest) for _who, failures, latest in rows]
    return max((end for end in ends if end is not None and end > at), default=None)


def forget_failures(session: Session, *who: str) -> None:
    """Forget a number's failures: its owner is in."""
    session.execute(delete(FailedAttempt).where(FailedAttempt.who_hash.in_(who)))


def _pause_end(failures: int, latest: datetime) -> datetime | None:
    rounds = failures // FAILURES
    if rounds == 0:
        return None
    # Between two rounds of five a few more tries are free again once the pause is over.
    if failures % FAILURES:
        return None
    return latest + PAUSES[min(rounds, len(PAUSES)) - 1]
