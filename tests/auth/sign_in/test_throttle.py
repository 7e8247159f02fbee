"""So many tries, then a pause that grows; what is forgotten, and from which moment on."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from siweb.auth.credentials.attempt import SignInPaused
from siweb.auth.credentials.throttle import PER_NUMBER, Limit, forget, reserve, take_back
from siweb.auth.tables.attempt_count import AttemptCount
from tests.conftest import NOW

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
TWICE = Limit(2, DAY, (5 * MINUTE, 15 * MINUTE))


@pytest.fixture
def count(session):
    """Count a try, and return how many are counted and how long the pause is that it began."""
    # Those of tests that commit for good are not of this one.
    session.execute(delete(AttemptCount))

    def try_once(at, who="a", **limits):
        reserve(session, limits or {who: TWICE}, at=at)
        return counted(session, who, at)

    return try_once


def counted(session, who, at=NOW):
    row = session.get_one(AttemptCount, who, populate_existing=True)
    return row.tries, row.paused_until and row.paused_until - at


def test_each_round_of_tries_ends_in_a_longer_pause_and_the_last_is_repeated(count):
    assert count(NOW) == (1, None)
    assert count(NOW) == (2, 5 * MINUTE)
    with pytest.raises(SignInPaused) as refused:
        count(NOW + timedelta(minutes=4, seconds=59))
    assert refused.value.until == NOW + 5 * MINUTE

    # At the moment in which the pause is over the next try is free.
    second = NOW + 5 * MINUTE
    assert [count(second), count(second)] == [(3, None), (4, 15 * MINUTE)]
    third = second + 15 * MINUTE
    assert [count(third), count(third)] == [(5, None), (6, 15 * MINUTE)]


def test_counting_begins_anew_when_the_memory_is_over(session, count):
    for _try in range(3):
        count(NOW, a=Limit(9, 10 * MINUTE, (MINUTE,)))
    just_before, over = NOW + timedelta(minutes=9, seconds=59), NOW + 10 * MINUTE

    assert count(just_before, a=Limit(9, 10 * MINUTE, (MINUTE,))) == (4, None)
    assert count(over, a=Limit(9, 10 * MINUTE, (MINUTE,))) == (1, None)
    assert session.scalars(select(AttemptCount.first_at)).one() == over


def test_nothing_is_counted_while_any_of_them_is_paused(session, count):
    count(NOW, who="a")
    count(NOW, who="a")

    with pytest.raises(SignInPaused):
        count(NOW, a=TWICE, b=TWICE)

    assert counted(session, "b") == (0, None)


def test_what_is_forgotten_or_taken_back_is_of_one_alone(session, count):
    for who in ("a", "a", "b", "b", "c"):
        count(NOW, who=who)

    forget(session, ("a",))
    for _time in range(2):
        take_back(session, "c", TWICE)
    # The try that began the pause takes it along; nothing is taken below none.
    assert session.get(AttemptCount, "a", populate_existing=True) is None
    assert [counted(session, who) for who in "bc"] == [(2, 5 * MINUTE), (0, None)]
    take_back(session, "b", TWICE)
    assert count(NOW, who="b") == (2, 5 * MINUTE)


def test_old_counts_are_cleared_but_for_those_that_pause(session, count):
    old = NOW - PER_NUMBER.memory
    ages = {"older": old - MINUTE, "a day": old, "paused": old - MINUTE, "just over": old - MINUTE}
    pauses = {"paused": NOW + MINUTE, "just over": NOW}
    for who, first_at in ages.items():
        row = AttemptCount(who_hash=who, tries=1, first_at=first_at, paused_until=pauses.get(who))
        session.add(row)
    session.flush()

    count(NOW, who="new")

    assert set(session.scalars(select(AttemptCount.who_hash))) == {"a day", "paused", "new"}
