"""Whoever tries many passwords at once gets no more tries than one after the other."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Lock

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.exc import OperationalError

from siweb.audit.actor import Actor
from siweb.auth.credentials import throttle
from siweb.auth.credentials.account import create_account
from siweb.auth.credentials.attempt import Attempt, SignInPaused
from siweb.auth.credentials.second_factor.set_up_code import (
    SetUpCodeRefused,
    issue_set_up_code,
    reserve_code,
    use_code,
)
from siweb.auth.credentials.throttle import Limit, forget, reserve, take_back
from siweb.auth.sign_in import authenticate
from siweb.auth.sign_in.authenticate import SignInRefused, reserve_sign_in, sign_in
from siweb.auth.tables.account import Account
from siweb.auth.tables.attempt_count import AttemptCount
from siweb.db.engine import make_sessions
from tests import factories
from tests.auth.conftest import PASSWORD
from tests.conftest import NOW
from tests.migrated import own_postgresql

THREADS = 12
TRIES = 120
DAY = timedelta(days=1)
LIMIT = Limit(5, DAY, (timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1)))


@pytest.fixture
def factory(engine):
    """Sessions that commit for good: threads do not share the test's transaction."""
    yield make_sessions(engine)
    with engine.begin() as connection:
        connection.execute(delete(AttemptCount))


@pytest.mark.parametrize(
    ("address", "tried"),
    [("203.0.113.9", 5), ("203.0.113.{}", 15), ("2001:db8:1:2::{}", 5), ("2001:db8:1:{}::1", 15)],
)
def test_of_a_hundred_parallel_tries_few_reach_the_password(factory, monkeypatch, address, tried):
    """Five over one line (of IPv6 a /64), and fifteen over however many."""
    compared, lock, start = [], Lock(), Barrier(THREADS)

    def compare(_hash, password):
        with lock:
            compared.append(password)
        return False

    monkeypatch.setattr(authenticate, "password_matches", compare)

    def guess(number):
        attempt = Attempt("11010519491231002X", address.format(number), "", "key")
        with factory() as session:
            try:
                reserved = reserve_sign_in(session, attempt, at=NOW)
                session.commit()
                sign_in(session, reserved, str(number), at=NOW)
            except SignInPaused:
                return "paused"
            except SignInRefused:
                return "refused"

    def thread(first):
        start.wait()
        return [guess(number) for number in range(first, TRIES, THREADS)]

    with ThreadPoolExecutor(THREADS) as pool:
        answers = [answer for found in pool.map(thread, range(THREADS)) for answer in found]

    assert len(compared) == answers.count("refused") == tried
    assert answers.count("paused") == TRIES - tried


@pytest.mark.postgresql
def test_a_sign_in_waits_for_a_password_that_is_being_changed(postgresql_url):
    """What was compared must still be the password; on SQLite nobody else writes meanwhile."""
    with own_postgresql(postgresql_url, "changed_meanwhile") as engine:
        session, other = make_sessions(engine)(), make_sessions(engine)()
        person = factories.make_person(session)
        account = create_account(session, person.id, PASSWORD, at=NOW)
        attempt = Attempt(person.id_number, "203.0.113.9", "", "key")
        reserved = reserve_sign_in(session, attempt, at=NOW)
        session.commit()
        change = update(Account).where(Account.id == account.id)
        other.execute(change.values(password_hash="another"))

        session.execute(text("SET LOCAL lock_timeout = '50ms'"))
        with pytest.raises(OperationalError, match="lock timeout"):
            sign_in(session, reserved, PASSWORD, at=NOW)
        session.rollback()

        other.commit()
        with pytest.raises(SignInRefused):
            sign_in(session, reserved, PASSWORD, at=NOW)
        for each in (session, other):
            each.close()


@pytest.fixture
def tries(session):
    """Reserve so many tries one after the other at an instant; say how many were let through."""

    def let_through(number, *, at=NOW, who="who", limit=LIMIT):
        passed = 0
        for _try in range(number):
            try:
                reserve(session, {who: limit}, at=at)
            except SignInPaused:
                continue
            passed += 1
        return passed

    return let_through


def pause(session, who="who"):
    return session.get_one(AttemptCount, who).paused_until


def test_the_fifth_try_begins_the_pause_and_is_still_made(session, tries):
    assert tries(4) == 4
    assert pause(session) is None
    assert tries(1) == 1
    assert pause(session) == NOW + timedelta(minutes=5)
    assert tries(3) == 0


@pytest.mark.parametrize(
    ("after", "passed"), [(timedelta(minutes=4, seconds=59), 0), (timedelta(minutes=5), 1)]
)
def test_a_pause_ends_with_its_last_second(tries, after, passed):
    tries(5)

    assert tries(1, at=NOW + after) == passed


def test_pauses_grow_to_an_hour_and_stay_there(session, tries):
    at, lengths = NOW, []
    for _round in range(4):
        assert tries(7, at=at) == 5
        lengths.append(pause(session) - at)
        at = pause(session)

    assert lengths == [timedelta(minutes=minutes) for minutes in (5, 15, 60, 60)]


@pytest.mark.parametrize(("after", "pause_minutes"), [(DAY - timedelta(seconds=1), 15), (DAY, 5)])
def test_a_day_after_the_first_failure_counting_begins_anew(session, tries, after, pause_minutes):
    tries(5)
    tries(5, at=NOW + after)

    assert pause(session) == NOW + after + timedelta(minutes=pause_minutes)


def test_a_paused_one_of_two_lets_neither_be_counted(session, tries):
    tries(5, who="paused")
    with pytest.raises(SignInPaused) as refused:
        reserve(session, {"paused": LIMIT, "other": LIMIT}, at=NOW)

    assert refused.value.until == NOW + timedelta(minutes=5)
    assert session.get_one(AttemptCount, "other").tries == 0


def test_who_is_forgotten_begins_anew_and_others_do_not(tries, session):
    tries(5)
    tries(5, who="other")
    forget(session, ("who",))

    assert (tries(5), tries(1, who="other")) == (5, 0)


def test_a_try_taken_back_ends_the_pause_that_it_began(session, tries):
    tries(5)
    take_back(session, "who", LIMIT)
    session.expire_all()

    assert (session.get_one(AttemptCount, "who").tries, pause(session)) == (4, None)
    assert tries(2) == 1


def test_a_try_taken_back_leaves_the_failures_of_others(session, tries):
    tries(3)
    take_back(session, "who", LIMIT)
    session.expire_all()

    assert session.get_one(AttemptCount, "who").tries == 2
    take_back(session, "nobody", LIMIT)


@pytest.mark.parametrize(("after", "is_kept"), [(DAY, True), (DAY + timedelta(seconds=1), False)])
def test_old_counts_are_cleared(session, tries, after, is_kept):
    tries(1, who="old")
    tries(1, at=NOW + after)
    session.expire_all()

    assert (session.get(AttemptCount, "old") is not None) is is_kept


def test_a_pause_that_holds_is_not_cleared(session, tries):
    tries(10, at=NOW - DAY - timedelta(minutes=1))
    row = session.get_one(AttemptCount, "who")
    row.paused_until = NOW + timedelta(minutes=5)
    session.flush()
    tries(1, who="other")

    assert tries(1) == 0


@pytest.mark.parametrize(
    ("failures", "minutes"), [(0, None), (4, None), (5, 5), (6, None), (10, 15), (15, 60), (50, 60)]
)
def test_only_full_rounds_pause(failures, minutes):
    expected = None if minutes is None else timedelta(minutes=minutes)

    assert LIMIT.pause_after(failures) == expected


def test_an_address_bears_many_more_than_a_number():
    assert throttle.PER_NUMBER.tries == 5
    assert throttle.PER_ADDRESS.tries >= 20 * throttle.PER_NUMBER_ANYWHERE.tries
    assert throttle.PER_CODE.tries > throttle.PER_NUMBER.tries


@pytest.mark.postgresql
@pytest.mark.parametrize(("is_right", "tried"), [(True, 5), (False, 5)])
def test_a_set_up_code_is_tried_five_times_and_used_once(postgresql_url, is_right, tried):
    """However many type it at the same moment, over however many browsers."""
    with own_postgresql(postgresql_url, f"set_up_{is_right}".lower()) as engine:
        sessions, start = make_sessions(engine), Barrier(THREADS)
        with sessions() as session:
            person = factories.make_person(session)
            by = Actor(None, None)
            code = issue_set_up_code(session, person.id, key="key", actor=by, at=NOW)
            session.commit()
            person_id = person.id

        def one(_number):
            start.wait()
            with sessions() as session:
                try:
                    reserve_code(session, person_id, at=NOW)
                except SetUpCodeRefused:
                    return "not compared"
                session.commit()
                try:
                    typed = code if is_right else "AAAAACCCCC"
                    use_code(session, person_id, typed, key="key", at=NOW)
                except SetUpCodeRefused:
                    return "compared"
                session.commit()
                return "used"

        with ThreadPoolExecutor(THREADS) as pool:
            answers = list(pool.map(one, range(THREADS)))
        assert answers.count("used") == (1 if is_right else 0)
        assert THREADS - answers.count("not compared") <= tried
