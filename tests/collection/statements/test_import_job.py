from siweb.audit.actor import SYSTEM
from siweb.collection.statements.mapping import keep_mapping
from siweb.collection.statements.reading.csv_mapping import CsvMapping
from siweb.collection.statements.upload import upload_statement
from siweb.files.store import FileStore
from siweb.jobs.context import JobContext
from siweb.jobs.import_statement import import_statement
from siweb.queue.claim import claim_job
from siweb.queue.enqueue import enqueue
from tests.bills import PACK_REGION, make_bill
from tests.collection.statements.make_statements import register
from tests.factories import AT, make_employer, make_person


def test_the_job_imports_and_says_how_far_it_is(session, sessions, tmp_path):
    bill = make_bill(session, [make_person(session)], employer=make_employer(session))
    mapping = CsvMapping(day="day", credit="in", remittance=("text",))
    register(session)
    keep_mapping(session, PACK_REGION, "icbc", mapping, actor=SYSTEM, at=AT)
    file = tmp_path / "bank.csv"
    file.write_text(f"day,in,text\n2026-09-10,3520.00,{bill.bank_reference:012d}\n")
    with file.open("rb") as source:
        statement = upload_statement(
            session,
            PACK_REGION,
            "icbc",
            source,
            FileStore(),
            file_name="bank.csv",
            actor=SYSTEM,
            at=AT,
        )
    enqueue(
        session,
        "collection.import_statement",
        {"statement_id": statement.id},
        actor=SYSTEM,
        at=AT,
        subject=("bank_statement", statement.id),
    )
    job = claim_job(session, worker="w", at=AT)
    session.commit()

    import_statement(JobContext(job, "w", sessions, FileStore()))

    session.refresh(bill)
    session.refresh(job)
    assert bill.outstanding_fen == 0
    session.refresh(statement)
    assert (job.progress["done"], job.progress["total"], job.progress["matched"]) == (1, 1, 1)
    assert (statement.counts["booked"], statement.finished_at is not None) == (1, True)
