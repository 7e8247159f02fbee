"""Programs that ask at the same moment, on PostgreSQL: nothing fails, and everything is done once."""

import threading
from datetime import date

import pytest
import time_machine
from sqlalchemy import func, select

from siweb.app import create_app
from siweb.audit.actor import Actor
from siweb.auth.api_tokens import SCOPES, issue_token
from siweb.db.engine import make_sessions
from siweb.filings.drafts import import_sheet
from siweb.filings.drafts.answer_list import answer_list, can_be_answered
from siweb.filings.sheets.layout import Layout
from siweb.filings.tables.filing import Filing
from siweb.filings.tables.filing_row import FilingRow, RowState
from siweb.queue.job import Job
from siweb.registry.tables.declared_base import DeclaredBase
from siweb.registry.tables.employment import Employment
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.person import Person
from siweb.settings import Settings
from tests import factories
from tests.api.conftest import Program
from tests.api.test_filings import HIRE
from tests.conftest import NOW
from tests.migrated import own_postgresql
from tests.office_secrets import SECRETS

pytestmark = pytest.mark.postgresql


@pytest.fixture(scope="module")
def own_engine(postgresql_url):
    """A database of its own: what threads do at once is committed."""
    with own_postgresql(postgresql_url, "at_once") as engine:
        yield engine


@pytest.fixture(scope="module")
def office(own_engine, tmp_path_factory):
    settings = Settings(
        var_dir=tmp_path_factory.mktemp("office"),
        **SECRETS,
        demo=False,
        database_url=own_engine.url.render_as_string(hide_password=False),
    )
    app = create_app(settings)
    with time_machine.travel(NOW, tick=True):
        yield app, make_sessions(own_engine)
    app.extensions["siweb_database"].engine.dispose()


@pytest.fixture
def programs(office):
    """Return a function: so many programs of one employer, or each of its own."""
    app, sessions = office

    def made(count, *, of_one):
        found = []
        with sessions() as session:
            employer = None
            for _number in range(count):
                if employer is None or not of_one:
                    employer = factories.make_employer(session, region_code="310000")
                person = factories.make_person(session, region_code="310000")
                account = factories.make_account(session, person)
                factories.make_mandate(session, account, employer, "owner")
                _token, secret = issue_token(
                    session,
                    employer.id,
                    name="工资软件",
                    scopes=SCOPES,
                    actor=Actor(account.id, person.id),
                    at=NOW,
                    expires_on=date(2027, 11, 1),
                )
                found.append(Program(app.test_client(), secret))
            session.commit()
        return found

    return made


def at_once(*calls):
    """Do all of them in threads that start together; return what each answered, in order."""
    barrier, answers = threading.Barrier(len(calls)), [None] * len(calls)

    def ask(place, call):
        barrier.wait(timeout=30)
        answers[place] = call()

    threads = [
        threading.Thread(target=ask, args=numbered, daemon=True) for numbered in enumerate(calls)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return answers


def hire_of(serial):
    number = factories.make_id_number(date(1990, 5, 1), serial=serial)
    return {"kind": "hire", "rows": [HIRE | {"id_number": number}]}, number


@pytest.mark.parametrize("of_one", [True, False])
@pytest.mark.parametrize("round_of", range(3))
def test_one_row_in_two_filings_is_applied_once(office, programs, of_one, round_of):
    both = programs(2, of_one=of_one)
    body, number = hire_of(7801 + 10 * round_of + 2 * of_one)
    references = [program.post("/filings", body).json["reference"] for program in both]

    answers = at_once(
        *(
            lambda program=program, reference=reference: program.post(
                f"/filings/{reference}/confirm"
            )
            for program, reference in zip(both, references, strict=True)
        )
    )

    assert [answer.status_code for answer in answers] == [200, 200]
    assert sorted(answer.json["applied"] for answer in answers) == [0, 1]
    with office[1]() as session:
        person_id = session.scalars(select(Person.id).where(Person.id_number == number)).one()
        of_person = select(func.count()).where(Employment.person_id == person_id)
        assert session.scalar(of_person) == 1
        open_ones = select(Enrolment.insurance).where(Enrolment.person_id == person_id)
        assert len(session.scalars(open_ones).all()) == len(set(HIRE["insurances"]))
        rows = session.scalars(select(FilingRow.state).where(FilingRow.person_id == person_id))
        assert list(rows).count(RowState.APPLIED) == 1


def test_four_uploads_of_one_file_are_one_filing(office, programs):
    four = programs(4, of_one=True)
    number = factories.make_id_number(date(1990, 5, 1), serial=7901)
    content = (
        f"姓名,公民身份号码,入职日期,月工资,起始缴费月\n陈新,{number},2026-11-02,9000,2026-11\n"
    ).encode()

    answers = at_once(
        *(
            lambda program=program: program.post("/filings/file?kind=hire", json=None, data=content)
            for program in four
        )
    )

    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json["reference"] for answer in answers}) == 1
    with office[1]() as session:
        reference = answers[0].json["reference"]
        filing = session.scalars(select(Filing).where(Filing.reference == reference)).one()
        jobs = session.scalars(select(Job).where(Job.subject_id == str(filing.id))).all()
        assert len(jobs) == 1


def test_one_key_asked_twice_at_once_is_done_once(office, programs):
    (program,) = programs(1, of_one=True)
    body, _number = hire_of(7951)

    answers = at_once(
        *(lambda: program.post("/filings", body, key="hires-of-november") for _ in range(2))
    )

    codes = sorted(answer.status_code for answer in answers)
    assert codes in ([201, 201], [201, 409])
    again = program.post("/filings", body, key="hires-of-november")
    assert again.json["reference"] in {
        answer.json.get("reference") for answer in answers if answer.status_code == 201
    }


@pytest.mark.parametrize("round_of", range(3))
def test_a_row_is_corrected_before_it_is_sent_or_not_at_all(office, programs, round_of):
    (program,) = programs(1, of_one=True)
    body, number = hire_of(7971 + 2 * round_of)
    reference = program.post("/filings", body).json["reference"]
    corrected = HIRE | {"id_number": number, "wage_fen": 1_234_500}

    put, sent = at_once(
        lambda: program.put(f"/filings/{reference}/rows/1", corrected),
        lambda: program.post(f"/filings/{reference}/confirm"),
    )

    assert (put.status_code, sent.status_code) in {(200, 200), (404, 200)}
    with office[1]() as session:
        row, base = session.execute(
            select(FilingRow, DeclaredBase.declared_base_fen)
            .join(DeclaredBase, DeclaredBase.person_id == FilingRow.person_id)
            .join(Person, Person.id == FilingRow.person_id)
            .where(Person.id_number == number)
        ).one()
        assert row.state is RowState.APPLIED
        assert row.row_values["wage_fen"] == base


def test_a_long_filing_asked_to_be_sent_twice_at_once_is_one_job(office, programs, monkeypatch):
    monkeypatch.setattr(import_sheet, "MOST_AT_ONCE", 0)
    (program,) = programs(1, of_one=True)
    body, _number = hire_of(7981)
    reference = program.post("/filings", body).json["reference"]

    answers = at_once(*(lambda: program.post(f"/filings/{reference}/confirm") for _ in range(4)))

    assert [answer.json["work"] for answer in answers] == ["queued"] * 4
    with office[1]() as session:
        filing = session.scalars(select(Filing).where(Filing.reference == reference)).one()
        jobs = session.scalars(select(Job).where(Job.subject_id == str(filing.id))).all()
        assert len(jobs) == 1


def test_a_list_that_was_sent_is_not_read_anew(office, programs):
    """Somebody assigns the columns of a list while it is sent: what was applied stays."""
    (program,) = programs(1, of_one=True)
    body, _number = hire_of(7991)
    reference = program.post("/filings", body).json["reference"]
    with office[1]() as session:
        filing = session.scalars(select(Filing).where(Filing.reference == reference)).one()
        filing.origin, filing.read_at = "sheet", NOW
        filing.defaults = {"content": "x", "answers": {}, "layout": {}}
        session.commit()
        assert can_be_answered(filing)
        assert program.post(f"/filings/{reference}/confirm").json["applied"] == 1

        answered = answer_list(
            session,
            filing,
            layout=Layout(sheet="1"),
            values={},
            headings={},
            actor=Actor(None, None),
            at=NOW,
        )
        session.commit()

        assert answered.id == filing.id
        kept = session.scalars(select(FilingRow).where(FilingRow.filing_id == filing.id)).one()
        assert kept.state is RowState.APPLIED
