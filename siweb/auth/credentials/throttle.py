"""So many wrong tries, then a pause: reserved before anything is compared.

Whoever counts failures after comparing lets parallel tries through: they all read the count of
before. So a try is counted first, as if it had failed, in a row that is locked until the
transaction ends; a try that succeeds takes its count back.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, case, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from siweb.auth.credentials.attempt import SignInPaused
from siweb.auth.tables.attempt_count import AttemptCount

# A sign-in pays for the clearing, so a few at a time; more go than one attempt adds.
_CLEARED_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Limit:
    """After `tries` failures the first pause, after twice as many the second, and so on.

    The last pause is repeated. `memory` after the first failure counting begins anew; a day is the
    longest that is kept.
    """

    tries: int
    memory: timedelta
    pauses: tuple[timedelta, ...]

    def pause_after(self, tries: int) -> timedelta | None:
        """Return the pause that the latest of so many failures begins, or None."""
        rounds, more = divmod(tries, self.tries)
        if rounds == 0 or more:
            # Once a pause is over, a few more tries are free again.
            return None
        return self.pauses[min(rounds, len(self.pauses)) - 1]


# Never longer than an hour: who mistypes gets in the same morning, who guesses gets 130 a day.
PER_NUMBER = Limit(
    5, timedelta(days=1), (timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))
)
# One number over all lines together: five wrong guesses over a stranger's line must not keep its
# owner out, and whoever guesses over many lines must not get five more with each of them.
PER_NUMBER_ANYWHERE = Limit(15, timedelta(days=1), PER_NUMBER.pauses)
# A mobile carrier or the hall of an agency shows thousands of people under one address; this only
# stops those who try one password with number after number.
PER_ADDRESS = Limit(300, timedelta(minutes=15), (timedelta(minutes=5), timedelta(minutes=15)))
# A code of eight characters has 36 bits: more tries than for a password do no harm, and a stranger
# who guesses must not keep its owner out.
PER_CODE = Limit(20, timedelta(days=1), PER_NUMBER.pauses)


def reserve(session: Session, limits: Mapping[str, Limit], *, at: datetime) -> None:
    """Count a try for each keyed hash; commit before comparing what may take long.

    Nothing is counted while any of them is paused.

    :raises SignInPaused: saying until when.
    """
    _clear_old(session, at)
    counts = _lock(session, limits, at)
    paused = [count.paused_until for count in counts if count.paused_until]
    if paused and max(paused) > at:
        raise SignInPaused(max(paused))
    for count in counts:
        limit = limits[count.who_hash]
        if at - count.first_at >= limit.memory:
            count.tries, count.first_at = 0, at
        count.tries += 1
        pause = limit.pause_after(count.tries)
        count.paused_until = at + pause if pause else None
    session.flush()


def forget(session: Session, who: Iterable[str]) -> None:
    """Forget all failures of a number, device or account: its owner is in."""
    session.execute(delete(AttemptCount).where(AttemptCount.who_hash.in_(sorted(who))))


def take_back(session: Session, who_hash: str, limit: Limit) -> None:
    """Take back one try of an address, since it succeeded; the failures of others there stay."""
    count = AttemptCount
    session.execute(
        update(count)
        .where(count.who_hash == who_hash, count.tries > 0)
        .values(
            tries=count.tries - 1,
            # The pause began with a try too many, and there was one less.
            paused_until=case((count.tries % limit.tries == 0, None), else_=count.paused_until),
        )
        .execution_options(synchronize_session=False)
    )


def _lock(session: Session, limits: Mapping[str, Limit], at: datetime) -> list[AttemptCount]:
    """Return a locked row for each, made when missing.

    In the order of their hashes: of two tries that want the same two rows, one waits for the
    other, and never each for the other. SQLite has one writer, and needs no lock.
    """
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    for who_hash in sorted(limits):
        session.execute(
            insert(AttemptCount)
            .values(who_hash=who_hash, tries=0, first_at=at)
            .on_conflict_do_nothing()
        )
    return list(
        session.scalars(
            select(AttemptCount)
            .where(AttemptCount.who_hash.in_(sorted(limits)))
            # Always in one order: two sign-ins with the same number and address cannot deadlock.
            .order_by(AttemptCount.who_hash)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def _clear_old(session: Session, at: datetime) -> int:
    """Delete some rows whose memory is over; those that somebody holds are left for later."""
    old = (
        select(AttemptCount.who_hash)
        .where(
            AttemptCount.first_at < at - PER_NUMBER.memory,
            or_(AttemptCount.paused_until.is_(None), AttemptCount.paused_until <= at),
        )
        .limit(_CLEARED_AT_ONCE)
        # Whoever is locked is being counted just now, hence not old: nobody waits for
        # housekeeping.
        .with_for_update(skip_locked=True)
    )
    result = session.execute(
        delete(AttemptCount)
        .where(AttemptCount.who_hash.in_(old))
        .execution_options(synchronize_session=False)
    )
    return cast("CursorResult[Any]", result).rowcount
