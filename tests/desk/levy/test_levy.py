"""The desk levies a month: a look first, the bills by a job, an adjustment of earlier months."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from siweb import clock
from siweb.audit.activity import Activity
from siweb.auth.tables.appointment import Function
from siweb.collection.levy.find import progress_of
from siweb.collection.tables.adjustment_task import AdjustmentTask
from siweb.collection.tables.bill import Bill
from siweb.collection.tables.levy_run import LevyKind, LevyRun, LevyState, TaxOfficeFile
from siweb.jobs import worker
from siweb.jobs.worker import run_next_job
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.queue.job import Job, JobState
from siweb.registry.tables.person import Person
from tests import factories
from tests.conftest import NOW
from tests.levies import BEIJING, MONTH, levy
from tests.papers import paper
from tests.second_person import check_all
from tests.sign_in import EVERY_FUNCTION, appoint, sign_in

ASKED = {"region": BEIJING, "month": MONTH}


@pytest.fixture
def desk(client, session):
    with time_machine.travel(NOW, tick=False):
        sign_in(client, session, factories.make_person(session), EVERY_FUNCTION)
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        yield client


@pytest.fixture
def insured(session, hire_at, insure):
    """A hosted region with an employer of two."""
    employer = hire_at(name="甲公司")
    factories.make_region(session, BEIJING).is_hosted = True
    insure(900_000, employer)
    insure(None, employer)
    session.commit()
    return employer


def text_of(answer):
    return answer.get_data(as_text=True)


def begin(desk, do):
    answer = desk.post("/desk/levy", data=ASKED | {"do": do, "provisional": "y"})
    assert answer.status_code == 303, text_of(answer)
    return answer.location


def test_a_month_is_looked_at_and_then_billed(desk, session, sessions, insured, tmp_path):
    shown = begin(desk, "preview")
    assert "Waiting for its turn" in text_of(desk.get(shown))
    assert run_next_job(sessions, "w")

    page = text_of(desk.get(shown))
    assert "No bills are issued yet" in page
    assert "甲公司" in page
    assert "1 person without a declared base" in page
    assert session.scalar(select(func.count(Bill.id))) == 0

    billed = begin(desk, "bill")
    run_next_job(sessions, "w")

    assert "Billed" in text_of(desk.get(billed))
    assert session.scalar(select(func.count(Bill.id))) == 1
    assert "Billed" in text_of(desk.get("/desk/levy"))


def test_the_desk_asks_before_it_bills_with_last_years_figures(desk, session, insured):
    refused = desk.post("/desk/levy", data=ASKED | {"do": "bill"})

    page = text_of(refused)
    assert refused.status_code == 422
    assert "Provisional until the notice" in page
    assert "a newer one is missing since July 2026" in page
    assert 'name="provisional"' in page
    assert session.scalar(select(func.count(LevyRun.id))) == 0

    shown = desk.post("/desk/levy", data=ASKED | {"do": "preview"})
    assert shown.status_code == 303


def test_a_provisional_month_says_so_and_its_adjustment_waits(desk, session, insured):
    run = session.get_one(LevyRun, int(begin(desk, "bill").rsplit("/", 1)[1]))
    run.state = LevyState.ISSUED
    run.totals = {"bills": 1, "people": 1, "total_fen": 100}
    session.add(
        AdjustmentTask(
            region_code=run.region_code, first_month="2026-03", last_month="2026-08", found_at=NOW
        )
    )
    session.commit()

    assert "Provisional until the notice" in text_of(desk.get(f"/desk/levy/{run.id}"))
    page = text_of(desk.get("/desk/levy"))
    assert "provisional until the notice" in page
    assert "Adjustments to confirm" in page
    form = text_of(
        desk.get(f"/desk/levy/adjust?region={run.region_code}&first=2026-03&last=2026-08")
    )
    assert 'value="2026-03"' in form
    assert 'value="2026-08"' in form


@pytest.mark.parametrize("month", ["soon", "2026-13", "2026-08%20"])
def test_an_address_with_no_month_shows_the_empty_form(desk, insured, month):
    assert desk.get(f"/desk/levy/adjust?first={month}").status_code == 200


@pytest.mark.parametrize("page", ["0", "-1", "x", "9223372036854775808", "9" * 24, "2"])
@pytest.mark.parametrize("path", ["", "/arrears", "/assessments", "/hire-reports"])
def test_any_page_number_has_an_answer(desk, insured, page, path):
    base = "/desk/levy" if not path else f"/desk{path}"

    assert desk.get(f"{base}?page={page}").status_code == 200


def test_who_has_no_base_is_named(desk, session, sessions, insured, tmp_path):
    shown = begin(desk, "preview")
    run_next_job(sessions, "w")

    assert (
        '<td data-is="Employer">甲公司</td>\n<td data-is="Since"><bdi>January 2026</bdi></td>'
        in desk.get(f"{shown}/without-base").text
    )


def test_asking_twice_is_one_run_and_one_job(desk, session, insured):
    assert begin(desk, "bill") == begin(desk, "bill")

    assert session.scalar(select(func.count(Job.id))) == 1


def test_htmx_gets_the_progress_alone_and_then_the_whole_page(desk, sessions, insured, tmp_path):
    address, ask = begin(desk, "preview"), {"HX-Request": "true"}

    piece = text_of(desk.get(address, headers=ask))
    assert piece.lstrip().startswith("<section")
    run_next_job(sessions, "w")
    assert desk.get(address, headers=ask).headers["HX-Refresh"] == "true"


def test_progress_shows_employers_amount_rate_and_time(desk, session, insured):
    address = begin(desk, "preview")
    job = session.scalars(select(Job)).one()
    job.state, job.started_at = JobState.RUNNING, clock.now().replace(hour=0)
    job.progress = {"stage": "computing", "done": 1, "total": 4, "records": 10**6, "fen": 12345}
    session.commit()

    page = text_of(desk.get(address))

    assert "Employers done: 1 of 4" in page
    assert "123.45" in page
    assert "about" in page
    assert 'http-equiv="refresh"' in page


@pytest.mark.parametrize(
    ("started", "done", "rate", "left"),
    [
        (100, 1, 10_000, 5),  # 300 seconds
        (100, 3, 10_000, 1),  # 33 seconds: never less than a minute
        (60, 2, 16_666, 1),
        (90, 2, 11_111, 2),  # half a minute is the next one
        (100, 0, 10_000, None),
        (None, 1, 10**6, 1),
    ],
)
def test_what_is_left_follows_from_how_long_it_took(
    desk, session, insured, started, done, rate, left
):
    begin(desk, "preview")
    job = session.scalars(select(Job)).one()
    job.state = JobState.RUNNING
    job.started_at = None if started is None else NOW - timedelta(seconds=started, milliseconds=900)
    job.progress = {"done": done, "total": 4, "records": 10**6, "fen": 12345}
    run = session.scalars(select(LevyRun)).one()

    progress = progress_of(session, run, at=NOW)

    assert (progress.seconds, progress.records_a_second) == (started or 0, rate)
    assert progress.minutes_left == left
    run.state = LevyState.SHOWN
    assert progress_of(session, run, at=NOW) is None


def test_a_job_that_failed_is_gone_on_with(desk, session, sessions, insured, tmp_path, monkeypatch):
    def fail(_context):
        raise RuntimeError("full disk")

    address = begin(desk, "bill")
    with monkeypatch.context() as patched:
        patched.setitem(worker.JOB_FUNCTIONS, "collection.run_levy", fail)
        run_next_job(sessions, "w")
    assert "Case number" in text_of(desk.get(address))

    desk.post(f"{address}/go-on")
    run_next_job(sessions, "w")

    session.expire_all()
    assert session.scalars(select(LevyRun)).one().state is LevyState.ISSUED


def test_earlier_months_are_adjusted(desk, session, sessions, insured, declare, tmp_path):
    levy(session)
    billed = session.scalars(select(ContributionRecord)).first()
    declare(session.get(Person, billed.person_id), insured, "2026-07", 1_000_000)
    session.commit()
    typed = {
        "region": BEIJING,
        "first_month": MONTH,
        "last_month": MONTH,
        "due_on": "2026-12-15",
        "waived_until": "",
        "reason": "京人社〔2026〕1号",
        **paper("notice", "京人社〔2026〕1号"),
    }

    answer = desk.post("/desk/levy/adjust", data=typed)
    assert answer.status_code == 303, text_of(answer)
    assert not run_next_job(sessions, "w")
    check_all(session)
    run_next_job(sessions, "w")

    run = session.scalars(select(LevyRun).where(LevyRun.kind == LevyKind.ADJUSTMENT)).one()
    page = text_of(desk.get(f"/desk/levy/{run.id}"))
    assert "Adjustment" in page
    assert "京人社〔2026〕1号" in page


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"first_month": "2026-09"}, "The last month is before the first."),
        ({"first_month": "2026-01"}, "was never billed"),
        ({"due_on": "2026-01-15"}, "has passed"),
        ({"reason": ""}, "Name the notice"),
    ],
)
def test_an_adjustment_that_cannot_be_is_refused_beside_the_field(
    desk, session, insured, changed, said
):
    levy(session)
    typed = {
        "region": BEIJING,
        "first_month": MONTH,
        "last_month": MONTH,
        "due_on": "2026-12-15",
        "reason": "通知",
        **paper("notice"),
    }

    answer = desk.post("/desk/levy/adjust", data=typed | changed)

    assert answer.status_code == 422
    assert said in text_of(answer)


def test_a_month_to_come_is_refused(desk, insured):
    answer = desk.post("/desk/levy", data={"region": BEIJING, "month": "2027-02", "do": "bill"})

    assert answer.status_code == 422
    assert "This month has not begun yet" in text_of(answer)


def test_what_goes_to_the_tax_office_stays_as_it_was(desk, session, insured, insure):
    run = levy(session)
    make = f"/desk/levy/{run.id}/hand-over"
    assert "None has been made yet." in desk.get("/desk/levy/tax-office").text

    assert "Nothing has changed" not in desk.post(make, follow_redirects=True).text
    again = desk.post(make, follow_redirects=True).text

    (file,) = session.scalars(select(TaxOfficeFile)).all()
    maker = session.scalars(select(Person.name).where(Person.name != insured.name)).first()
    assert "Nothing has changed since list 1 was made." in again
    assert "List 1 (CSV)" in again
    assert f'<td data-is="Made by">{maker}</td>' in again
    assert session.scalars(select(Activity).where(Activity.action == "levy.exported")).one()
    was = desk.get(f"/desk/levy/tax-office/{file.id}/due.csv")
    assert was.mimetype == "text/csv"
    assert "缴费单号" in was.text

    insured.name = "改了名的公司"
    session.commit()
    assert desk.get(f"/desk/levy/tax-office/{file.id}/due.csv").text == was.text


def test_another_regions_list_is_nowhere(client, session, insured):
    desk = client
    kept = TaxOfficeFile(
        region_code=BEIJING, contribution_month=MONTH, number=1, digest="0" * 64, rows=0,
        total_fen=0, made_at=NOW,
    )  # fmt: skip
    session.add(kept)
    elsewhere = factories.make_agency(session, "310000")
    who = factories.make_person(session)
    with time_machine.travel(NOW, tick=False):
        appoint(session, who, Function.CONTRIBUTIONS, agency_id=elsewhere.id)
        sign_in(desk, session, who)

        assert desk.get(f"/desk/levy/tax-office/{kept.id}/due.csv").status_code == 404
        assert "due.csv" not in desk.get("/desk/levy/tax-office").text
