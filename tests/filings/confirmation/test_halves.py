"""A very long list on PostgreSQL is applied by two connections at once: one filing all the same."""

from datetime import date, timedelta
from threading import Barrier

import pytest
import time_machine
from sqlalchemy import func, select

from siweb.audit.actor import Actor
from siweb.collection.books.causes import claim_imbalances
from siweb.collection.books.imbalance import Scope
from siweb.db.engine import make_sessions
from siweb.db.sealing.field_keys import number_digest
from siweb.documents.tables.document import Document
from siweb.filings.confirmation import portions
from siweb.filings.drafts.import_sheet import request_sending
from siweb.filings.drafts.open import add_rows, note_totals, open_filing
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.tables.filing import Filing, FilingState
from siweb.filings.tables.filing_row import FilingRow, RowState
from siweb.jobs.worker import run_next_job
from siweb.queue.claim import SILENCE
from siweb.queue.job import Job, JobState
from siweb.registry.codes import Insurance
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.declared_base import DeclaredBase
from siweb.registry.tables.employment import Employment
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.person_identity import PersonIdentity
from tests import factories
from tests.conftest import NOW
from tests.filings.test_killed_filings import SECRET
from tests.migrated import own_postgresql, run_at_once
from tests.suite.dying import dies_after, make_nursery

pytestmark = pytest.mark.postgresql

TODAY, HERE = date(2026, 11, 24), "310000"
ALL = [one.value for one in Insurance]
WHO = [factories.make_id_number(date(1991, 5, 1), serial=2 * n + 1) for n in range(12)]
KNOWN, WRONG, LEFT = (3, 8), 5, len(WHO) - 1
WORKS = """
import time_machine
from datetime import datetime
from siweb.db.engine import make_engine, make_sessions
from siweb.filings.confirmation import portions
from siweb.jobs import in_portions, worker
from siweb.registry.number_keys import hold_number_keys
from siweb.settings import Settings
portions.ROWS_FOR_HALVES = 4
{dies}
hold_number_keys(Settings.load())
with time_machine.travel(datetime.fromisoformat("{now}"), tick=True):
    worker.run_next_job(make_sessions(make_engine("{url}")), "first", secret="{secret}")
"""
# Where a worker dies; which of the halves are in by then hangs on which was quicker.
KILLED = [
    ("portions", "claim_to_apply", 1),
    ("portions", "revalidate_stale", 2),
    ("portions", "apply_rows", 1),
    ("portions", "apply_rows", 2),
    ("in_portions", "let_others_write", 2),
    ("in_portions", "let_others_write", 3),
    ("portions", "split_off_portion", 1),
    ("portions", "finish_confirming", 1),
]


@pytest.fixture(autouse=True)
def halved(monkeypatch):
    monkeypatch.setattr(portions, "ROWS_FOR_HALVES", 4)


@pytest.fixture
def sessions(postgresql_url):
    """An office of its own, with a list of twelve that waits to be applied."""
    with own_postgresql(postgresql_url, "halves") as engine:
        made = make_sessions(engine)
        with time_machine.travel(NOW, tick=True), made.begin() as session:
            put_list(session, WHO)
        yield made


@pytest.fixture(scope="module")
def nursery():
    with make_nursery("time_machine", "siweb.jobs.worker", "siweb.jobs.functions") as nursery:
        yield nursery


@pytest.fixture(scope="module")
def expected(postgresql_url):
    """What the same list comes to where one transaction applies it."""
    with own_postgresql(postgresql_url, "one_whole") as engine:
        made = make_sessions(engine)
        with time_machine.travel(NOW, tick=True), made.begin() as session:
            put_list(session, WHO)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(portions, "apply_halves", None)
            patched.setattr("siweb.jobs.send_filing.goes_in_portions", lambda *_given: False)
            work(made)
        with made() as session:
            return register(session)


def put_list(session, who):
    """A list of hires: two are known, and one gives no day of hiring."""
    if session.get(factories.Region, HERE) is None:
        factories.make_region(session, HERE)
    filer = factories.make_person(session, region_code=HERE)
    actor = Actor(factories.make_account(session, filer).id, filer.id)
    employer = factories.make_employer(session, region_code=HERE)
    rows = []
    for place, number in enumerate(who):
        given = {"hired_on": "2026-11-02", "start_month": "2026-11", "insurances": ALL}
        rows.append({"id_number": number, "name": "陈新", "wage_fen": 900_000 + place, **given})
        if who is WHO and place in KNOWN:
            factories.make_person(session, id_number=number, name="陈新", region_code=HERE)
    if who is WHO:
        del rows[WRONG]["hired_on"]
    filing = open_filing(
        session, employer.id, FilingKind.HIRE, origin="program", actor=actor, at=NOW
    )
    packs = packs_in_force(session)
    add_rows(session, filing, rows, packs=packs, on=TODAY)
    note_totals(session, filing, packs=packs, on=TODAY)
    request_sending(session, filing, actor=actor, at=NOW)
    return filing.id


def work(sessions, after=timedelta()):
    with time_machine.travel(NOW + after, tick=True):
        while run_next_job(sessions, "second", secret=SECRET):
            pass


def register(session):
    """What the list made, whatever the numbers of the people; what is left of it; the receipt."""
    whose = PersonIdentity.digest.in_(map(number_digest, WHO))
    found = [
        sorted(
            session.execute(
                select(PersonIdentity.digest, *columns)
                .join(model, model.person_id == PersonIdentity.person_id)
                .where(whose)
            ).all()
        )
        for model, columns in (
            (Employment, (Employment.hired_on, Employment.form)),
            (Enrolment, (Enrolment.insurance, Enrolment.from_month, Enrolment.sequence)),
            (DeclaredBase, (DeclaredBase.from_month, DeclaredBase.declared_base_fen)),
        )
    ]
    rows = session.execute(
        select(FilingRow.position, FilingRow.state, FilingRow.row_values, FilingRow.findings)
        .order_by(FilingRow.position)
    ).all()  # fmt: skip
    filings = session.execute(
        select(Filing.kind, Filing.state, Filing.totals, Filing.deleted_at).order_by(Filing.id)
    ).all()
    receipts = [
        [fact for fact in document.payload["facts"] if fact[1].isdigit() or "." in fact[1]]
        for document in session.scalars(select(Document))
    ]
    assert [str(one) for one in claim_imbalances(session, Scope())] == []
    return found, rows, filings, receipts


def count_applied(session):
    applied = FilingRow.state == RowState.APPLIED
    return session.scalar(select(func.count()).where(applied))


def test_two_halves_come_to_the_same_as_one_transaction(sessions, expected, monkeypatch):
    # Broken where one half would wait for the other's end.
    both, apply_rows = Barrier(2), portions.apply_rows

    def at_once(*given, **named):
        both.wait(60)
        apply_rows(*given, **named)

    monkeypatch.setattr(portions, "apply_rows", at_once)
    work(sessions)

    with sessions() as session:
        assert register(session) == expected
        assert count_applied(session) == LEFT


def test_what_one_half_left_is_applied_when_it_is_asked_for_again(sessions, expected, monkeypatch):
    both, apply_rows = Barrier(2), portions.apply_rows

    def one_fails(session, *given, **named):
        if both.wait(60):
            raise ZeroDivisionError
        apply_rows(session, *given, **named)

    with monkeypatch.context() as patched:
        patched.setattr(portions, "apply_rows", one_fails)
        work(sessions)
    with sessions.begin() as session:
        filing = session.scalars(select(Filing).order_by(Filing.id).limit(1)).one()
        assert (filing.state, filing.document_id) == (FilingState.APPLYING, None)
        assert count_applied(session) in {LEFT // 2, LEFT - LEFT // 2}
        job = session.scalars(select(Job)).one()
        assert job.state is JobState.FAILED
        actor = Actor(job.owner_account_id, int(job.arguments["person_id"]))
        request_sending(session, filing, actor=actor, at=NOW)

    work(sessions)

    with sessions() as session:
        assert register(session) == expected


@pytest.mark.parametrize(("module", "name", "at_call"), KILLED)
def test_killed_at_any_moment_it_ends_as_if_it_never_was(
    nursery, sessions, expected, module, name, at_call
):
    url = sessions.kw["bind"].url.render_as_string(hide_password=False)
    dies = dies_after(module, name, at_call)
    code = WORKS.format(dies=dies, now=NOW.isoformat(), url=url, secret=SECRET)
    ended, errors = nursery.run(code)
    assert ended < 0, errors
    with sessions() as session:
        assert session.scalar(select(func.count(Document.id))) == 0

    work(sessions, after=SILENCE * 2)

    with sessions() as session:
        assert register(session) == expected


def test_two_lists_of_the_same_people_insure_each_once(sessions):
    """Four transactions at once, in opposite order: whoever comes second is told of the first."""
    with time_machine.travel(NOW, tick=True), sessions.begin() as session:
        put_list(session, WHO[::-1])

    with time_machine.travel(NOW, tick=True):
        run_at_once(lambda: run_next_job(sessions, "second", secret=SECRET), 2)
    work(sessions)

    with sessions() as session:
        assert set(session.scalars(select(Job.state))) == {JobState.DONE}
        # The row without a day of the first list is a good one of the second.
        assert count_applied(session) == len(WHO)
        found, *_rest = register(session)
        employments, enrolments, bases = found
        assert [len(employments), len(enrolments), len(bases)] == [12, 12 * len(ALL), 12]
        assert {row[0] for row in employments} == set(map(number_digest, WHO))
