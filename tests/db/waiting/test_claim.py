"""Two processes on one levy run, or on one import: the second stops, and nothing is doubled."""

import pytest
from sqlalchemy import func, select

from siweb.audit.actor import SYSTEM
from siweb.collection.books.imbalance import Scope
from siweb.collection.books.prove import check_books
from siweb.collection.levy.adjustment.start import open_adjustment
from siweb.collection.levy.run import compute_batches, finish_levy
from siweb.collection.levy.start import open_levy
from siweb.collection.statements.import_entries import import_piece, pieces
from siweb.collection.statements.mapping import keep_mapping
from siweb.collection.statements.open_statement import (
    content_of,
    file_of,
    identified,
    open_statement,
    survey,
)
from siweb.collection.statements.reading.csv_mapping import CsvMapping
from siweb.collection.tables.bank_statement import BankStatement
from siweb.collection.tables.bill import Bill
from siweb.collection.tables.levy_run import LevyKind, LevyRun
from siweb.collection.tables.payment import Payment
from siweb.db.claim import ClaimedElsewhere
from siweb.files.kept_file import FileKind
from siweb.files.store import FileStore
from siweb.jobs.context import JobContext, JobLost
from siweb.jobs.import_statement import import_statement
from siweb.jobs.run_levy import run_levy
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.queue.claim import claim_job
from siweb.queue.enqueue import enqueue
from siweb.registry.packs.in_force import packs_in_force
from siweb.rules.parameters.load import load_packs
from tests.bills import PACK_REGION
from tests.collection.statements.make_statements import register
from tests.conftest import NOW
from tests.factories import make_region
from tests.levies import BEIJING, INSURANCES, MONTH, ON, levy


def open_run(session, kind):
    if kind is LevyKind.REGULAR:
        run = open_levy(
            session,
            BEIJING,
            MONTH,
            actor=SYSTEM,
            on=ON,
            at=NOW,
            may_be_provisional=True,
            packs=packs_in_force(session),
        )
    else:
        run = open_adjustment(
            session, BEIJING, (MONTH, MONTH), due_on=ON, waived_until=None, reason="补差",
            actor=SYSTEM, on=ON, at=NOW, packs=packs_in_force(session))  # fmt: skip
    session.commit()
    return run


@pytest.fixture(params=[LevyKind.REGULAR, LevyKind.ADJUSTMENT])
def kind(session, hire_at, insure, declare, request):
    """Three people to levy, or levied before a higher base was declared."""
    employer = hire_at()
    people = [insure(1_000_000, employer) for _ in range(3)]
    if request.param is LevyKind.ADJUSTMENT:
        levy(session)
        for person in people:
            declare(person, employer, MONTH, 1_500_000)
    session.commit()
    return request.param


def written(session, run):
    return session.scalar(select(func.count()).where(ContributionRecord.levy_run_id == run.id))


def test_of_two_on_one_run_the_second_stops(sessions, kind):
    with sessions() as first, sessions() as second:
        run, same = open_run(first, kind), open_run(second, kind)
        assert run.id == same.id
        first.rollback()
        for _batch in compute_batches(first, run, at=NOW, most=2):
            first.commit()
        first.rollback()

        with pytest.raises(ClaimedElsewhere):
            next(compute_batches(second, same, at=NOW, most=2))
        second.rollback()

        finish_levy(first, run, packs=load_packs(), actor=SYSTEM, at=NOW)
        first.commit()
        assert written(first, run) == 3 * len(INSURANCES)
        assert not list(check_books(first, packs_in_force(first), Scope()).lines())


def test_of_two_in_the_middle_of_a_run_the_slower_stops(sessions, kind):
    with sessions() as first, sessions() as second:
        run, same = open_run(first, kind), open_run(second, kind)
        slow, fast = (
            compute_batches(first, run, at=NOW, most=1),
            compute_batches(second, same, at=NOW, most=1),
        )
        next(slow)
        first.commit()
        second.refresh(same)
        second.rollback()
        next(fast)
        second.commit()

        with pytest.raises(ClaimedElsewhere):
            next(slow)
        first.rollback()

        for _batch in fast:
            second.commit()
        finish_levy(second, same, packs=load_packs(), actor=SYSTEM, at=NOW)
        second.commit()
        assert written(second, same) == 3 * len(INSURANCES)


def test_a_run_is_ended_once(sessions, kind):
    with sessions() as first, sessions() as second:
        run = open_run(first, kind)
        for _batch in compute_batches(first, run, at=NOW):
            first.commit()
        first.commit()
        same = second.get_one(LevyRun, run.id)
        second.commit()
        # As both read it: worked through, not ended.
        assert same.done_through_person_id == run.done_through_person_id
        finish_levy(first, run, packs=load_packs(), actor=SYSTEM, at=NOW)
        first.commit()

        with pytest.raises(ClaimedElsewhere):
            finish_levy(second, same, packs=load_packs(), actor=SYSTEM, at=NOW)
        second.rollback()

        bills = select(func.count()).select_from(Bill).where(Bill.levy_run_id == run.id)
        assert first.scalar(bills) == 1


@pytest.fixture
def statement(session, tmp_path):
    """A statement of six entries with its file."""
    make_region(session, PACK_REGION)
    file = tmp_path / "bank.csv"
    lines = [f"2026-09-10,{number}.00,公司{number}" for number in range(1, 7)]
    file.write_text("\n".join(["day,in,text", *lines]))
    mapping = CsvMapping(day="day", credit="in", remittance=("text",))
    keep_mapping(session, PACK_REGION, "icbc", mapping, actor=SYSTEM, at=NOW)
    register(session)
    kept = open_statement(
        session, PACK_REGION, "icbc", content_of(file), file_name=file.name, actor=SYSTEM, at=NOW
    )
    with file.open("rb") as source:
        FileStore().keep(session, FileKind.STATEMENT, source, at=NOW)
    survey(session, kept, file_of(session, kept, file, today=NOW.date()))
    session.commit()
    return kept, file


def read_pieces(session, kept, file, size):
    """What a process that begins now has to do."""
    statement = session.get_one(BankStatement, kept.id)
    entries = identified(statement, file_of(session, statement, file, today=NOW.date()))
    found = list(pieces(entries, statement.done_entries, size))
    session.rollback()
    return found


def test_of_two_imports_of_one_statement_the_second_stops(sessions, statement):
    kept, file = statement
    with sessions() as first, sessions() as second:
        mine, other = (read_pieces(session, kept, file, 4) for session in (first, second))
        import_piece(first, kept.id, mine[0], actor=SYSTEM, at=NOW, packs=packs_in_force(first))
        first.commit()

        with pytest.raises(ClaimedElsewhere):
            import_piece(
                second, kept.id, other[0], actor=SYSTEM, at=NOW, packs=packs_in_force(second)
            )
        second.rollback()

        import_piece(first, kept.id, mine[1], actor=SYSTEM, at=NOW, packs=packs_in_force(first))
        first.commit()
        again = first.get_one(BankStatement, kept.id)
        assert (again.done_entries, again.entries) == (6, 6)
        assert first.scalar(select(func.count(Payment.id))) == 6


def test_an_import_goes_on_behind_the_piece_of_whoever_stopped(sessions, statement):
    kept, file = statement
    for _process in range(2):
        with sessions() as session:
            piece = read_pieces(session, kept, file, 3)[0]
            import_piece(
                session, kept.id, piece, actor=SYSTEM, at=NOW, packs=packs_in_force(session)
            )
            session.commit()

    with sessions() as session:
        assert session.scalar(select(func.count(Payment.id))) == 6


def a_job(session, name, arguments, subject):
    enqueue(session, name, arguments, actor=SYSTEM, at=NOW, subject=subject)
    job = claim_job(session, worker="w", at=NOW)
    session.commit()
    return job


def test_the_job_leaves_a_run_that_another_works_on(session, sessions, kind, tmp_path, monkeypatch):
    run = open_run(session, kind)
    job = a_job(session, "collection.run_levy", {"levy_run_id": run.id}, ("levy_run", run.id))

    def somebody_else(context, *args, **counts):
        if "records" not in counts:
            return
        with sessions() as other:
            finish_levy(
                other, other.get_one(LevyRun, run.id), packs=load_packs(), actor=SYSTEM, at=NOW
            )
            other.commit()

    monkeypatch.setattr(JobContext, "report", somebody_else)
    with pytest.raises(JobLost):
        run_levy(JobContext(job, "w", sessions, FileStore()))

    bills = select(func.count()).select_from(Bill).where(Bill.levy_run_id == run.id)
    assert session.scalar(bills) == 1


def test_the_job_leaves_an_import_that_another_does(
    session, sessions, statement, tmp_path, monkeypatch
):
    kept, _file = statement
    arguments = {"statement_id": kept.id}
    job = a_job(session, "collection.import_statement", arguments, ("bank_statement", kept.id))

    def taken(*args, **values):
        raise ClaimedElsewhere

    monkeypatch.setattr("siweb.jobs.import_statement.import_piece", taken)
    with pytest.raises(JobLost):
        import_statement(JobContext(job, "w", sessions, FileStore()))
