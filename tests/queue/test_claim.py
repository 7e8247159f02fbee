"""One worker at a time holds a job, in the order asked for; a silent one loses it."""

from datetime import timedelta

import pytest

from siweb.audit.actor import Actor
from siweb.queue.claim import SILENCE, beat, claim_job, fail_job, finish_job, show_progress
from siweb.queue.enqueue import enqueue, job_for
from siweb.queue.job import JobState
from tests.conftest import NOW

SECOND = timedelta(seconds=1)
NOBODY = Actor(None, None)


@pytest.fixture
def ask(session):
    """Ask for a job about a subject."""

    def make(name="test.job", subject=("levy_run", 1), key=None, at=NOW, actor=NOBODY):
        return enqueue(
            session, name, {"number": 1}, actor=actor, at=at, subject=subject, request_key=key
        )

    return make


def test_a_job_is_held_by_who_claims_it(session, ask):
    asked = ask()

    job = claim_job(session, worker="first", at=NOW)

    assert job is asked
    assert (job.state, job.worker, job.attempts) == (JobState.RUNNING, "first", 1)
    assert job.started_at == job.heartbeat_at == NOW
    assert claim_job(session, worker="second", at=NOW) is None


def test_the_first_that_was_asked_for_is_first(session, ask):
    first, second = ask(), ask()

    assert claim_job(session, worker="w", at=NOW) is first
    assert claim_job(session, worker="w", at=NOW) is second


@pytest.mark.parametrize(("early", "claimed"), [(0 * SECOND, True), (SECOND, False)])
def test_a_job_waits_for_its_time(session, ask, early, claimed):
    ask()

    assert (claim_job(session, worker="w", at=NOW - early) is not None) is claimed


@pytest.mark.parametrize(("silent", "lost"), [(SILENCE, False), (SILENCE + SECOND, True)])
def test_a_worker_that_fell_silent_loses_its_job(session, ask, silent, lost):
    ask()
    claim_job(session, worker="dead", at=NOW)

    again = claim_job(session, worker="alive", at=NOW + silent)

    assert (again is not None) is lost
    if again is not None:
        assert (again.worker, again.attempts, again.started_at) == ("alive", 2, NOW)


def test_a_sign_of_life_keeps_a_job(session, ask):
    job = ask()
    claim_job(session, worker="w", at=NOW)

    beat(session, job.id, worker="w", at=NOW + SILENCE)
    session.expire_all()

    assert claim_job(session, worker="other", at=NOW + SILENCE + SECOND) is None


def test_progress_is_a_sign_of_life_of_its_holder_only(session, ask):
    job = ask()
    claim_job(session, worker="w", at=NOW)

    assert show_progress(session, job.id, worker="w", at=NOW + SECOND, progress={"done": 1})
    assert not show_progress(session, job.id, worker="other", at=NOW, progress={"done": 9})

    session.refresh(job)
    assert (job.progress, job.heartbeat_at) == ({"done": 1}, NOW + SECOND)


def test_an_ended_job_shows_no_progress(session, ask):
    job = ask()
    claim_job(session, worker="w", at=NOW)
    finish_job(session, job.id, worker="w", at=NOW)

    assert not show_progress(session, job.id, worker="w", at=NOW, progress={})


def test_who_lost_a_job_ends_nothing(session, ask):
    job = ask()
    claim_job(session, worker="w", at=NOW)

    finish_job(session, job.id, worker="other", at=NOW)
    fail_job(session, job.id, worker="other", at=NOW, reference="ABC")

    session.refresh(job)
    assert (job.state, job.finished_at, job.failure_reference) == (JobState.RUNNING, None, None)


def test_an_ended_job_is_not_claimed_again(session, ask):
    done, failed = ask(), ask()
    claim_job(session, worker="w", at=NOW)
    claim_job(session, worker="w", at=NOW)
    finish_job(session, done.id, worker="w", at=NOW + SECOND)
    fail_job(session, failed.id, worker="w", at=NOW + SECOND, reference="ABC")

    assert claim_job(session, worker="w", at=NOW + 2 * SILENCE) is None
    session.refresh(done)
    session.refresh(failed)
    assert (done.state, done.finished_at) == (JobState.DONE, NOW + SECOND)
    assert (failed.state, failed.failure_reference) == (JobState.FAILED, "ABC")


def test_the_same_request_twice_is_one_job(session, ask):
    assert ask(key="a") is ask(key="a")
    assert ask(key="a") is not ask(key="b")
    assert ask() is not ask()


def test_the_newest_job_of_a_name_about_a_subject_is_found(session, ask):
    ask()
    newest = ask()
    ask(name="other.job")
    ask(subject=("levy_run", 2))
    ask(subject=("filing", 1))

    assert job_for(session, ("levy_run", 1), "test.job") is newest
    assert job_for(session, ("levy_run", 3), "test.job") is None


def test_a_job_knows_what_it_is_about_and_for_whom(ask):
    job = ask(subject=("filing", 12), actor=Actor(7, None))

    assert (job.subject_kind, job.subject_id, job.owner_account_id) == ("filing", "12", 7)
    assert (job.arguments, job.progress, job.state) == ({"number": 1}, {}, JobState.QUEUED)
    assert len(job.reference) == 12
