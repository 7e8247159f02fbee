"""A very long list is withdrawn in portions: each row once, told once, its draft there when whole."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from siweb.audit.activity import Activity
from siweb.filings.tables.filing_row import FilingRow
from siweb.filings.tables.withdrawn_row import WithdrawnRow
from siweb.filings.withdrawal.portions import begin_withdrawing
from siweb.filings.withdrawal.withdraw import replace
from siweb.messages.kinds.filings import FILING_WITHDRAWN
from siweb.messages.tables.message import Message
from siweb.queue import portions as sizes
from siweb.queue.claim import SILENCE
from siweb.registry.packs.in_force import packs_in_force
from tests.conftest import NOW
from tests.filings.confirmation.test_portions import IN_PORTIONS, SIZE, drafts, listed
from tests.filings.test_killed_filings import (
    actor_of,
    copy_of,
    kill,
    made,
    nursery,
    page_of,
    sent,
    sessions_of,
    state,
    work,
)

# The fixtures of the file beside.
__all__ = ["made", "nursery", "page_of", "sent"]

AT = NOW
# Where a worker dies, and how many rows are withdrawn then: the first ones were when it was asked.
KILLED = [
    ("withdrawing", "take_back", 1, SIZE),
    ("in_portions", "let_others_write", 1, 2 * SIZE),
    ("in_portions", "let_others_write", 4, 87),
    ("withdrawing", "append_rows", 2, 87),
    ("in_portions", "let_others_write", 6, 87),
    ("withdraw_filing", "finish_withdrawing", 1, 87),
]


@pytest.fixture(scope="module")
def applied(sent, tmp_path_factory):
    """The office with its list of 87 people sent and applied."""
    folder = copy_of(sent, tmp_path_factory.mktemp("applied") / "office")
    work(folder)
    return folder


@pytest.fixture(scope="module")
def expected(applied, tmp_path_factory):
    """The same office, in which the list was withdrawn at once, and a draft made of it."""
    folder = copy_of(applied, tmp_path_factory.mktemp("withdrawn") / "office")
    with sessions_of(folder).begin() as session:
        _employer, actor = actor_of(session)
        replace(session, listed(session), None, reason="错了", packs=packs_in_force(session),
                actor=actor, on=NOW.date(), at=AT)  # fmt: skip
    return all_of(folder)


@pytest.fixture
def office(applied, tmp_path, monkeypatch):
    """The office, in which somebody asked for the list to be withdrawn and corrected."""
    monkeypatch.setattr(sizes, "ROWS_A_PORTION", (SIZE, SIZE))
    folder = copy_of(applied, tmp_path / "office")
    ask(folder)
    return folder


def ask(folder, at=AT):
    with sessions_of(folder).begin() as session:
        _employer, actor = actor_of(session)
        begin_withdrawing(
            session, listed(session), reason="错了", is_replaced=True, actor=actor, at=at
        )


def all_of(folder):
    """Everything of the list and of the register, and what was told of it."""
    whole = state(folder)
    with sessions_of(folder)() as session:
        told = session.scalar(select(func.count()).where(Message.kind == FILING_WITHDRAWN.name))
        lines = select(Activity.facts).where(Activity.action == "filing.withdrawn")
        withdrawals = session.execute(
            select(WithdrawnRow.withdrawn_at, WithdrawnRow.reason, func.count())
            .group_by(WithdrawnRow.withdrawn_at, WithdrawnRow.reason)
        ).all()  # fmt: skip
        by_state = select(FilingRow.filing_id, FilingRow.state, func.count())
        return (
            whole, told, session.scalars(lines).all(), [*map(tuple, withdrawals)],
            [*map(tuple, session.execute(by_state.group_by(FilingRow.filing_id, FilingRow.state)
                                         .order_by(FilingRow.filing_id, FilingRow.state)))],
        )  # fmt: skip


def count_withdrawn(session):
    return session.scalar(select(func.count()).select_from(WithdrawnRow))


@pytest.mark.parametrize(("module", "name", "at_call", "withdrawn"), KILLED)
def test_killed_between_portions_it_ends_as_if_it_never_was(
    nursery, office, expected, module, name, at_call, withdrawn
):
    kill(nursery, office, module, name, at_call, IN_PORTIONS)
    with sessions_of(office)() as session:
        assert count_withdrawn(session) == withdrawn
        assert not [draft for draft in drafts(session) if draft.replaces_id]

    work(office, after=SILENCE * 2)

    assert all_of(office) == expected


def test_killed_when_all_was_told_it_is_not_told_twice(nursery, office, expected):
    kill(nursery, office, "worker", "finish_job", 1, IN_PORTIONS)
    assert all_of(office) == expected

    work(office, after=SILENCE * 2)

    assert all_of(office) == expected


def test_its_page_shows_how_far_it_is_and_leads_to_the_draft(nursery, office, expected, page_of):
    assert "Waiting for its turn" in page_of(office)
    # Asked again by another tab, it is the same withdrawal.
    ask(office, at=AT + timedelta(minutes=1))
    kill(nursery, office, "in_portions", "let_others_write", 2, IN_PORTIONS)
    assert "Your list is being withdrawn" in page_of(office)

    work(office, after=SILENCE * 2)

    page = page_of(office)
    assert "87 rows withdrawn" in page
    assert "What was withdrawn waits as a draft" in page
    assert all_of(office) == expected
