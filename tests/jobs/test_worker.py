"""The worker runs what is asked for; a failure is its owner's to see, and nobody's data's to leak."""

import threading

import pytest
from sqlalchemy.exc import OperationalError

from siweb import clock
from siweb.audit.actor import Actor
from siweb.files.store import FileStore
from siweb.jobs import worker
from siweb.jobs.context import JobLost
from siweb.queue.claim import MAX_ATTEMPTS
from siweb.queue.enqueue import enqueue
from siweb.queue.job import Job, JobState


@pytest.fixture
def ask(session, monkeypatch):
    """Ask for a job that runs a function of the test."""

    def make(function):
        monkeypatch.setitem(worker.JOB_FUNCTIONS, "test.job", function)
        job = enqueue(
            session, "test.job", {}, actor=Actor(None, None), at=clock.now(), subject=("test", 1)
        )
        session.commit()
        return job

    return make


@pytest.fixture
def files():
    return FileStore()


@pytest.fixture
def run(sessions, files):
    return lambda: worker.run_next_job(sessions, "w", files=files, secret="key")


def state_of(session, job):
    session.refresh(job)
    return job.state


def test_without_a_job_there_is_nothing_to_run(run):
    assert run() is False


def test_a_job_is_run_with_what_it_needs(session, ask, run, files):
    given = []
    job = ask(given.append)

    assert run() is True

    assert state_of(session, job) is JobState.DONE
    assert (given[0].job.id, given[0].secret) == (job.id, "key")
    assert given[0].files is files


def test_a_failure_is_kept_under_a_case_and_says_nothing_of_people(session, ask, run, caplog):
    def fail(_context):
        raise ValueError("张伟 11010519491231002X")

    job = ask(fail)

    assert run() is True

    assert state_of(session, job) is JobState.FAILED
    assert job.failure_reference in caplog.text
    assert "ValueError" in caplog.text
    assert "张伟" not in caplog.text


def test_a_job_that_another_took_over_is_left_to_it(session, ask, run, caplog):
    def lose(context):
        with context.sessions.begin() as other:
            other.get_one(Job, context.job.id).worker = "other"
        context.report("reading")

    job = ask(lose)

    assert run() is True

    assert state_of(session, job) is JobState.RUNNING
    assert job.worker == "other"
    assert "was taken over" in caplog.text


def test_progress_is_shown_to_its_owner(session, ask, run):
    job = ask(lambda context: context.report("reading", 1, 3, refused=2))

    run()

    session.refresh(job)
    assert job.progress == {"stage": "reading", "done": 1, "total": 3, "refused": 2}


@pytest.mark.parametrize(
    ("before", "state"), [(MAX_ATTEMPTS - 1, JobState.DONE), (MAX_ATTEMPTS, JobState.FAILED)]
)
def test_a_job_that_kills_its_workers_is_given_up(session, ask, run, before, state):
    job = ask(lambda _context: None)
    job.attempts = before
    session.commit()

    run()

    assert state_of(session, job) is state


def test_a_busy_database_is_asked_again_later(ask, run, monkeypatch):
    ask(lambda _context: None)

    def busy(*_args, **_values):
        raise OperationalError("BEGIN", {}, Exception("database is locked"))

    monkeypatch.setattr(worker, "claim_job", busy)

    assert run() is False


def test_a_worker_goes_on_until_it_is_told_to_stop(session, sessions, ask, tmp_path):
    stop, ran = threading.Event(), []

    def last(_context):
        ran.append(True)
        stop.set()

    ask(last)

    worker.run_worker(sessions, stop)

    assert ran == [True]


def test_every_job_by_its_name_is_one_of_the_office():
    assert set(worker.JOB_FUNCTIONS) == {
        "collection.import_statement",
        "collection.run_levy",
        "filings.read_sheet",
        "filings.send",
        "filings.withdraw",
        "messages.send",
    }
    assert issubclass(JobLost, Exception)
