"""A long list on SQLite is applied in portions: one filing all the same, and others write between."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select, text

from siweb.db.engine import LOCK_MILLISECONDS, make_engine
from siweb.filings.confirmation.portions import goes_in_portions
from siweb.filings.drafts.import_sheet import is_sent_later
from siweb.filings.drafts.open import lock_draft
from siweb.filings.tables.filing import Filing, FilingState
from siweb.filings.tables.filing_row import FilingRow, RowState
from siweb.filings.withdrawal.withdraw import WithdrawalRefused, withdraw
from siweb.jobs import in_portions
from siweb.queue import portions as sizes
from siweb.queue.claim import SILENCE
from siweb.queue.job import Job, JobState
from siweb.queue.portions import next_size
from siweb.registry.tables.declared_base import DeclaredBase
from siweb.settings import Settings
from tests.conftest import NOW
from tests.filings.test_killed_filings import (
    actor_of,
    copy_of,
    expected,
    kill,
    made,
    nursery,
    page_of,
    send,
    sent,
    sessions_of,
    state,
    work,
)

# The fixtures of the file beside.
__all__ = ["expected", "made", "nursery", "page_of", "sent"]

SIZE = 20
IN_PORTIONS = f"""
from siweb.queue import portions as sizes
from siweb.filings.confirmation import portions
from siweb.filings.withdrawal import portions as withdrawing
from siweb.jobs import in_portions, withdraw_filing
sizes.ROWS_A_PORTION = ({SIZE}, {SIZE})
"""
# Where a worker dies, and how many rows are applied then.
KILLED = [
    ("portions", "claim_to_apply", 1, 0),
    ("in_portions", "let_others_write", 1, SIZE),
    ("portions", "apply_rows", 3, 2 * SIZE),
    ("in_portions", "let_others_write", 5, 87),
    # What was not accepted is moved, or has been, and nobody sees it yet.
    ("portions", "split_off_portion", 1, 87),
    ("in_portions", "let_others_write", 6, 87),
    ("portions", "finish_confirming", 1, 87),
]


@pytest.fixture
def office(sent, tmp_path, monkeypatch):
    """An office with a list of five portions that waits to be applied."""
    monkeypatch.setattr(sizes, "ROWS_A_PORTION", (SIZE, SIZE))
    return copy_of(sent, tmp_path / "office")


def listed(session):
    return session.scalars(select(Filing).where(Filing.content_hash.is_not(None))).one()


def drafts(session):
    """The drafts that anybody finds."""
    shown = Filing.state == FilingState.DRAFT, Filing.deleted_at.is_(None)
    return session.scalars(select(Filing).where(*shown)).all()


def count_applied(session):
    applied = FilingRow.state == RowState.APPLIED, FilingRow.filing_id == listed(session).id
    return session.scalar(select(func.count()).where(*applied))


@pytest.mark.parametrize(("module", "name", "at_call", "applied"), KILLED)
def test_killed_between_portions_it_ends_as_if_it_never_was(
    nursery, office, expected, module, name, at_call, applied
):
    kill(nursery, office, module, name, at_call, IN_PORTIONS)
    with sessions_of(office)() as session:
        filing = listed(session)
        assert filing.state is not FilingState.CONFIRMED
        assert filing.document_id is None
        assert not [draft for draft in drafts(session) if draft.rest_of_id]
        assert count_applied(session) == applied

    work(office, after=SILENCE * 2)

    assert state(office) == expected[1]


def test_what_was_killed_and_went_on_is_withdrawn_as_one(nursery, office, page_of):
    kill(nursery, office, "in_portions", "let_others_write", 2, IN_PORTIONS)
    assert "Your list is being applied" in page_of(office)
    work(office, after=SILENCE * 2)
    assert "Show the receipt" in page_of(office)

    with sessions_of(office).begin() as session:
        filing, (_employer, actor) = listed(session), actor_of(session)
        declared = select(func.count()).where(
            DeclaredBase.origin == "filing_hire", DeclaredBase.withdrawn_at.is_(None)
        )
        bases = session.scalar(declared)
        # The portions before and after bear two instants.
        assert len(session.scalars(select(DeclaredBase.declared_at).distinct()
                   .where(DeclaredBase.declared_at >= filing.confirmed_at)).all()) == 2  # fmt: skip
        withdraw(session, filing, None, reason="错了", actor=actor, at=NOW + timedelta(hours=1))
        assert session.scalar(declared) == bases - 87


def test_others_write_between_two_portions_and_leave_the_filing_alone(office, monkeypatch):
    seen = []

    def write(_session):
        engine = make_engine(Settings(var_dir=office).engine_url)
        at_once = engine.execution_options(**{LOCK_MILLISECONDS: 0})
        with at_once.begin() as connection:
            connection.execute(text("UPDATE person SET mobile = mobile WHERE id = 1"))
        with sessions_of(office).begin() as session:
            filing, (_employer, actor) = listed(session), actor_of(session)
            seen.append((filing.state, filing.document_id, count_applied(session)))
            assert is_sent_later(filing)
            assert not lock_draft(session, filing)
            with pytest.raises(WithdrawalRefused):
                withdraw(session, filing, None, reason="错了", actor=actor, at=NOW)
        engine.dispose()

    monkeypatch.setattr(in_portions, "let_others_write", write)
    work(office)

    # The last time what was not accepted has been moved.
    done = (20, 40, 60, 80, 87, 87)
    assert seen == [(FilingState.APPLYING, None, applied) for applied in done]


def test_a_job_that_failed_in_between_goes_on_when_it_is_asked_again(
    office, expected, page_of, monkeypatch
):
    with monkeypatch.context() as patched:
        patched.setattr(in_portions, "let_others_write", lambda _session: 1 / 0)
        work(office)
    with sessions_of(office)() as session:
        assert listed(session).state is FilingState.APPLYING
        newest = select(Job.state).order_by(Job.id.desc()).limit(1)
        assert session.scalar(newest) is JobState.FAILED
    page = page_of(office)
    assert "It stopped because of an error" in page
    assert "Go on with it" in page

    send(office)
    work(office)

    assert state(office) == expected[1]


def test_two_workers_end_it_once(office, expected, monkeypatch):
    """One that was taken for dead comes back when the other is through."""
    others = []

    def work_meanwhile(_session):
        if not others:
            others.append(1)
            work(office, after=SILENCE * 2)

    monkeypatch.setattr(in_portions, "let_others_write", work_meanwhile)
    with time_machine.travel(NOW, tick=True):
        work(office)

    assert state(office) == expected[1]


def test_only_sqlite_has_portions(session):
    filing = Filing(state=FilingState.DRAFT)
    is_sqlite = session.get_bind().dialect.name == "sqlite"

    least, _most = sizes.ROWS_A_PORTION
    assert goes_in_portions(session, filing, least + 1) is is_sqlite
    assert not goes_in_portions(session, filing, least)
    # Restored into PostgreSQL, what was begun goes on.
    assert goes_in_portions(session, Filing(state=FilingState.APPLYING), 1)


@pytest.mark.parametrize(
    ("size", "took", "following"),
    [
        (500, 0.25, 1_000),
        (4_000, 1.0, 2_000),
        (600, 2.0, 500),
        (4_000, 0.1, 5_000),
        (500, 0, 5_000),
    ],
)
def test_a_busy_machine_gets_shorter_portions(size, took, following):
    assert next_size(size, took) == following
