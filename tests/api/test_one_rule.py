"""What programs send is judged by the rules of the web: one wrong request each, and what is said."""

from datetime import date

import pytest
from sqlalchemy import func, select

from siweb.filings.tables.filing import Filing
from siweb.filings.tables.filing_row import FilingRow
from siweb.jobs.worker import run_next_job
from siweb.queue.job import Job, JobState
from tests import factories
from tests.api.test_filings import HIRE, MAN, hire, problem_of

OTHER = factories.make_id_number(date(1991, 5, 1), serial=7011)
INVISIBLE = "\u200b"


@pytest.fixture
def insured(session, employer):
    person = factories.make_person(session, id_number=MAN, name="陈新", region_code="310000")
    factories.make_employment(session, person, employer, hired_on=date(2025, 1, 6))
    factories.make_enrolment(
        session, person, employer=employer, region_code="310000", from_month="2025-01"
    )
    session.commit()
    return person


def base(**changed):
    row = {"id_number": MAN, "name": "陈新", "start_month": "2026-07", "wage_fen": 1_000_000}
    whole = {name: value for name, value in (row | changed).items() if value is not None}
    return {"kind": "base", "rows": [whole]}


def errors_of(answer):
    return [(one["field"], one["code"]) for one in problem_of(answer, 422)["errors"]]


def row_of(program, answer):
    assert answer.status_code == 201, answer.text
    reference = answer.json["reference"]
    (row,) = program.get(f"/filings/{reference}/rows").json["items"]
    return row


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("start_month", "2026-11\n", "cell_month"),
        ("hired_on", "2026-11-02\n", "cell_day"),
        ("mobile", "13800001234\n", "cell_mobile"),
        ("name", INVISIBLE, "cell_missing"),
        ("name", "123", "name_without_letter"),
        ("wage_fen", 10**11 + 1, "amount_range"),
        ("wage_fen", -1, "amount_range"),
        ("wage_fen", 10**30, "amount_range"),
        ("name", "王" * 101, "name_too_long"),
        ("id_number", "1" * 41, "id_length"),
    ],
)
def test_what_a_pattern_or_a_number_lets_pass_is_refused(program, session, field, value, code):
    assert errors_of(program.post("/filings", hire(**{field: value}))) == [(field, code)]
    assert session.scalar(select(func.count(Filing.id))) == 0


@pytest.mark.parametrize("wage", [0, 10**11])
def test_amounts_at_their_limits_are_read(program, wage):
    assert program.post("/filings", hire(wage_fen=wage)).status_code == 201


def test_an_invisible_character_inside_a_name_is_taken_out(program):
    row = row_of(program, program.post("/filings", hire(name=f"欧阳{INVISIBLE}示范")))

    assert row["values"]["name"] == "欧阳示范"


@pytest.mark.parametrize(
    "body",
    [
        '{"kind": "hire", "rows": [], "kind": "leave"}',
        '{"kind": "hire", "rows": [{"name": "a", "name": "b"}]}',
    ],
)
def test_a_key_twice_is_no_request(program, body):
    answer = program.post("/filings", json=None, data=body, content_type="application/json")

    assert problem_of(answer, 400)["type"].endswith(":double_key")


@pytest.mark.parametrize("start", ["2035-01", "1995-01", "2026-01", "2026-08", "2027-07"])
def test_a_base_begins_with_its_payment_year(program, insured, start):
    row = row_of(program, program.post("/filings", base(start_month=start)))

    assert (row["state"], [one["code"] for one in row["findings"]]) == ("refused", ["base_month"])


def test_a_base_without_a_month_is_for_the_year_that_is_declared(program, insured):
    row = row_of(program, program.post("/filings", base(start_month=None)))

    assert (row["state"], row["values"]["start_month"]) == ("good", "2026-07")


@pytest.mark.parametrize(
    ("changed", "errors"),
    [
        (
            {"total_wage_fen": 12_000_000, "months": 12, "wage_fen": 100},
            [("wage_fen", "average_differs")],
        ),
        (
            {"total_wage_fen": 12_000_000, "months": 13, "wage_fen": None},
            [("months", "number_range")],
        ),
        ({"total_wage_fen": 12_000_000, "wage_fen": None}, [("months", "cell_missing")]),
        (
            {"wage_fen": None},
            [("total_wage_fen", "cell_missing"), ("months", "cell_missing")],
        ),
    ],
)
def test_a_base_that_contradicts_itself_or_lacks_something_is_refused(
    program, insured, changed, errors
):
    assert errors_of(program.post("/filings", base(**changed))) == errors


def test_the_average_of_total_and_months_is_worked_out(program, insured):
    sent = program.post("/filings", base(total_wage_fen=10_000_000, months=12, wage_fen=None))

    assert row_of(program, sent)["values"]["wage_fen"] == 833_333


def test_one_key_for_another_query_is_refused(program, session):
    content = f"姓名,公民身份号码\n陈新,{MAN}\n".encode()
    first = program.post("/filings/file?kind=hire", json=None, data=content, key="one-list")
    assert first.status_code == 202

    second = program.post("/filings/file?kind=leave", json=None, data=content, key="one-list")

    assert problem_of(second, 422)["type"].endswith(":key_reused")
    assert session.scalar(select(func.count(Filing.id))) == 1


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/filings/{}/check", None),
        ("POST", "/filings/{}/confirm", None),
        ("PUT", "/filings/{}/rows/1", HIRE),
        ("PUT", "/filings/{}/rows/2", HIRE),
        ("POST", "/filings", HIRE),
    ],
)
def test_one_key_is_for_one_method_and_one_address(program, session, method, path, body):
    reference = program.post("/filings", hire(), key="hires-of-november").json["reference"]
    row = f"/filings/{reference}/rows/1"
    assert program.post(row, HIRE, key="the-first-row", method="PUT").status_code == 200
    address = path.format(reference)
    other = "hires-of-november" if address == row else "the-first-row"

    again = program.post(address, body, key=other, method=method)

    assert problem_of(again, 422)["type"].endswith(":key_reused")
    assert session.scalars(select(Filing)).one().confirmed_at is None


def test_a_row_is_not_corrected_into_a_double(program, session):
    rows = [HIRE, HIRE | {"id_number": OTHER}, HIRE | {"id_number": OTHER, "name": "重复"}]
    reference = program.post("/filings", {"kind": "hire", "rows": rows}).json["reference"]
    body = HIRE | {"id_number": OTHER}

    wrong = problem_of(program.put(f"/filings/{reference}/rows/3", body), 422)

    assert [(one["row"], one["code"]) for one in wrong["errors"]] == [(3, "twice_in_filing")]
    kept = program.get(f"/filings/{reference}/rows").json["items"]
    assert [row["state"] for row in kept] == ["good", "good", "refused"]
    # Nor may an earlier row be made into the person of a later one.
    wrong = problem_of(program.put(f"/filings/{reference}/rows/1", body), 422)
    assert [one["code"] for one in wrong["errors"]] == ["twice_in_filing"]
    assert program.put(f"/filings/{reference}/rows/2", body).json["state"] == "good"


def test_yearly_bases_come_as_a_sheet(program, insured, sessions, settings):
    content = f"姓名,公民身份号码,上年工资总额,上年工作月数\n陈新,{MAN},96000.00,12\n".encode()
    reference = program.post("/filings/file?kind=base", json=None, data=content).json["reference"]

    run_next_job(sessions, "w", secret=settings.signing_key())

    told = program.get(f"/filings/{reference}").json
    assert (told["is_read"], told["work"], told["good"]) == (True, "done", 1)
    (row,) = program.get(f"/filings/{reference}/rows").json["items"]
    assert (row["values"]["wage_fen"], row["values"]["start_month"]) == (800_000, "2026-07")


def test_work_that_failed_is_a_state_with_its_reason_and_is_asked_for_anew(program, session):
    content = f"姓名,公民身份号码\n陈新,{MAN}\n".encode()
    reference = program.post("/filings/file?kind=hire", json=None, data=content).json["reference"]
    assert program.get(f"/filings/{reference}").json["work"] == "queued"
    job = session.scalars(select(Job)).one()
    job.state, job.failure_reference = JobState.FAILED, "CASE12345678"
    session.commit()

    told = program.get(f"/filings/{reference}").json
    assert told["work"] == "failed"
    assert "CASE12345678" in told["refusal"]
    assert program.get("/filings").json["items"][0] == told
    again = program.post("/filings/file?kind=hire", json=None, data=content)

    assert again.json["reference"] == reference
    assert again.json["work"] == "queued"
    assert session.scalar(select(func.count(Job.id))) == 2


def test_the_hires_of_a_made_up_employer_wait(program, session, employer):
    employer.review_due_on = date(2026, 12, 9)
    session.commit()
    reference = program.post("/filings", hire()).json["reference"]

    found = problem_of(program.post(f"/filings/{reference}/confirm"), 409)

    assert found["type"].endswith(":provisional")
    assert "9 December 2026" in found["detail"]
    assert session.scalars(select(FilingRow.state)).one().value == "good"


def test_names_tried_by_correcting_rows_are_counted(program, session):
    factories.make_person(session, id_number=OTHER, name="秘密", region_code="310000")
    session.commit()
    reference = program.post("/filings", hire(start_month="2027-06")).json["reference"]
    row = f"/filings/{reference}/rows/1"
    for number in range(21):
        wrong = program.put(row, HIRE | {"id_number": OTHER, "name": f"王{number}"})
        assert [one["code"] for one in wrong.json["errors"]] == ["name_disagrees"]

    wrong = program.put(row, HIRE | {"id_number": OTHER, "name": "秘密"})

    assert [one["code"] for one in wrong.json["errors"]] == ["too_many_disagree"]
