"""Lists that programs send as they are: what the address says counts for all rows."""

import io
from datetime import date

import openpyxl
import pytest
from sqlalchemy import select

from siweb.filings.api.list_query import list_fields
from siweb.filings.api.operations import openapi
from siweb.filings.drafts import import_sheet
from siweb.filings.fields.choices import CHOICES
from siweb.filings.fields.field import FieldType
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.fields.of_kinds import AVERAGE, fields_of
from siweb.filings.tables.filing import Filing
from siweb.jobs.worker import run_next_job
from siweb.queue import portions as sizes
from siweb.queue.job import Job, JobState
from siweb.registry.tables.enrolment import Enrolment
from tests import factories
from tests.api.test_filings import MAN, hire, problem_of

# By type a value as an address has it, and as a row keeps it.
VALUES = {
    FieldType.DAY: ("2026-11-02", "2026-11-02"),
    FieldType.MONTH: ("2026-12", "2026-12"),
    FieldType.MONEY: ("900050", 900_050),
    FieldType.WHOLE: ("12", 12),
}


@pytest.fixture
def upload(program, sessions, settings):
    """Send a list, let it be read, and return its filing and rows."""

    def sent(query, content):
        answer = program.post(f"/filings/file?{query}", json=None, data=content)
        assert answer.status_code == 202, answer.text
        run_next_job(sessions, "w", secret=settings.signing_key())
        path = f"/filings/{answer.json['reference']}"
        return program.get(path).json, program.get(f"{path}/rows").json["items"]

    return sent


def value_of(field):
    if field.type is FieldType.INSURANCES:
        return "medical", ["medical"]
    if field.type is FieldType.CHOICE:
        code = next(iter(CHOICES[field.choices]))
        return code, code
    return VALUES[field.type]


@pytest.mark.parametrize("kind", FilingKind)
def test_every_field_that_people_can_share_counts_for_a_whole_list(upload, kind):
    # A yearly base is the average alone, or follows from the two others.
    shared = [field for field in list_fields(kind) if field is not AVERAGE]
    query = "&".join(f"{field.name}={value_of(field)[0]}" for field in shared)
    # Wages of a year are everybody's own.
    total = kind is FilingKind.BASE
    heading, cell = (",上年工资总额", ",96000") if total else ("", "")

    _filing, [row] = upload(
        f"kind={kind}&{query}", f"姓名,公民身份号码{heading}\n陈新,{MAN}{cell}\n".encode()
    )

    assert {name: row["values"].get(name) for name in (field.name for field in shared)} == {
        field.name: value_of(field)[1] for field in shared
    }


def test_what_a_column_has_comes_before_the_address(upload):
    content = f"姓名,公民身份号码,入职日期,月工资,起始缴费月\n陈新,{MAN},2026-11-02,9000,2026-11\n"

    _filing, [row] = upload("kind=hire&start_month=2026-12&wage_fen=100", content.encode())

    assert (row["values"]["start_month"], row["values"]["wage_fen"]) == ("2026-11", 900_000)


def test_several_insurances_are_several_parameters(upload):
    content = f"姓名,公民身份号码,入职日期,月工资,起始缴费月\n陈新,{MAN},2026-11-02,9000,2026-11\n"

    _filing, [row] = upload("kind=hire&insurances=pension&insurances=medical", content.encode())

    assert row["values"]["insurances"] == ["pension", "medical"]


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ("kind=hire&start_month=2026-13", "start_month", "cell_month"),
        ("kind=hire&start_month=2026-11%0A", "start_month", "cell_month"),
        ("kind=hire&start_month=2100-01", "start_month", "cell_month"),
        ("kind=hire&start_month=", "start_month", "cell_missing"),
        ("kind=hire&wage_fen=9000.50", "wage_fen", "cell_money"),
        ("kind=hire&wage_fen=-1", "wage_fen", "cell_money"),
        ("kind=hire&wage_fen=%D9%A1", "wage_fen", "cell_money"),
        (f"kind=hire&wage_fen={'9' * 5000}", "wage_fen", "amount_range"),
        ("kind=base&months=13", "months", "number_range"),
        ("kind=hire&hired_on=2026-02-30", "hired_on", "cell_day"),
        ("kind=hire&reason=dental", "reason", "cell_choice"),
        ("kind=hire&insurances=pension&insurances=dental", "insurances", "cell_choice"),
        ("kind=hire&insurances=pension&insurances=pension", "insurances", "cell_choice"),
        ("kind=hire&id_number=1", "id_number", "unknown"),
        ("kind=hire&stop_month=2026-11", "stop_month", "unknown"),
        ("kind=leave&colour=red", "colour", "unknown"),
        ("kind=hire&kind=leave", "kind", "twice"),
        ("kind=hire&sheet=a&sheet=b", "sheet", "twice"),
        ("kind=hire&start_month=2026-11&start_month=2026-12", "start_month", "twice"),
        ("kind=dismiss", "kind", "kind"),
        ("", "kind", "kind"),
    ],
)
def test_what_is_wrong_in_the_address_is_named_and_nothing_kept(
    program, session, query, field, code
):
    answer = program.post(f"/filings/file?{query}", json=None, data=b"a,b\n")

    assert [(one["field"], one["code"]) for one in problem_of(answer, 422)["errors"]] == [
        (field, code)
    ]
    assert session.scalars(select(Filing)).all() == []


def test_the_sheet_that_is_meant_is_read(upload):
    head = ["姓名", "公民身份号码", "入职日期", "月工资", "起始缴费月"]
    other = factories.make_id_number(date(1991, 5, 1), serial=7615)
    book, target = openpyxl.Workbook(), io.BytesIO()
    book.remove(book.active)
    for title, name, number in (("北京", "陈新", MAN), ("上海", "陈二", other)):
        sheet = book.create_sheet(title)
        sheet.append(head)
        sheet.append([name, number, "2026-11-02", 9000, "2026-11"])
    book.save(target)

    filing, rows = upload("kind=hire&sheet=%E4%B8%8A%E6%B5%B7", target.getvalue())

    assert [row["values"]["name"] for row in rows] == ["陈二"], filing


def test_the_document_has_every_parameter_once(app):
    with app.test_request_context():
        operation = openapi("/")["paths"]["/filings/file"]["post"]
    names = [one["name"] for one in operation["parameters"] if one["in"] == "query"]

    expected = {field.name for kind in FilingKind for field in list_fields(kind)}
    assert sorted(names) == sorted({"kind", "sheet", *expected})
    described = {one["name"]: one for one in operation["parameters"]}
    # The reasons of each kind are its own.
    assert len(described["reason"]["schema"]["anyOf"]) == 2


def test_nobody_shares_a_number_or_a_name():
    alone = {FieldType.ID_NUMBER, FieldType.NAME, FieldType.MOBILE}

    for kind in FilingKind:
        fields = list_fields(kind)
        assert not alone & {field.type for field in fields}
        assert {field.name for field in fields_of(kind) if field.default} <= {
            f.name for f in fields
        }


def test_a_long_filing_is_sent_in_the_background(program, session, sessions, settings, monkeypatch):
    monkeypatch.setattr(import_sheet, "MOST_AT_ONCE", 1)
    other = factories.make_id_number(date(1991, 5, 1), serial=7613)
    rows = [*hire()["rows"], *hire(id_number=other, name="陈二")["rows"]]
    reference = program.post("/filings", {"kind": "hire", "rows": rows}).json["reference"]

    asked = program.post(f"/filings/{reference}/confirm")
    again = program.post(f"/filings/{reference}/confirm")

    assert [(one.status_code, one.json["state"], one.json["work"]) for one in (asked, again)] == [
        (200, "draft", "queued")
    ] * 2
    run_next_job(sessions, "w", secret=settings.signing_key())
    done = program.get(f"/filings/{reference}").json
    assert (done["state"], done["work"], done["applied"]) == ("confirmed", "done", 2)
    assert len(session.scalars(select(Job)).all()) == 1


def test_a_long_filing_is_withdrawn_in_the_background(program, sessions, settings, monkeypatch):
    monkeypatch.setattr(sizes, "ROWS_A_PORTION", (1, 1))
    other = factories.make_id_number(date(1991, 5, 1), serial=7615)
    rows = [*hire()["rows"], *hire(id_number=other, name="陈三")["rows"]]
    reference = program.post("/filings", {"kind": "hire", "rows": rows}).json["reference"]
    assert program.post(f"/filings/{reference}/confirm").json["applied"] == 2
    monkeypatch.setattr(import_sheet, "MOST_AT_ONCE", 1)

    asked = program.post(f"/filings/{reference}/withdraw", {"reason": "填错了人"}).json

    assert (asked["work"], asked["withdrawn"]) == ("queued", 1)
    run_next_job(sessions, "w", secret=settings.signing_key())
    done = program.get(f"/filings/{reference}").json
    assert (done["work"], done["withdrawn"], done["applied"]) == ("done", 2, 0)


def test_a_filing_as_long_as_is_sent_at_once_is_sent_at_once(program, session, monkeypatch):
    monkeypatch.setattr(import_sheet, "MOST_AT_ONCE", 1)
    reference = program.post("/filings", hire()).json["reference"]

    assert program.post(f"/filings/{reference}/confirm").json["state"] == "confirmed"
    assert session.scalars(select(Job)).all() == []


def test_what_failed_and_was_done_another_way_did_not_fail(program, session, monkeypatch):
    monkeypatch.setattr(import_sheet, "MOST_AT_ONCE", 0)
    reference = program.post("/filings", hire()).json["reference"]
    program.post(f"/filings/{reference}/confirm")
    job = session.scalars(select(Job)).one()
    job.state, job.failure_reference = JobState.FAILED, "CASE12345678"
    session.commit()
    assert program.get(f"/filings/{reference}").json["work"] == "failed"
    monkeypatch.setattr(import_sheet, "MOST_AT_ONCE", 2_000)

    done = program.post(f"/filings/{reference}/confirm").json

    assert (done["state"], done["work"], done["refusal"]) == ("confirmed", "done", None)
    assert session.scalars(select(Enrolment)).all()


@pytest.mark.parametrize(
    "page", ["", "0", "-1", "x", "1.0", "²", "１", "100001", "9" * 7, "9" * 30]
)
def test_a_page_that_is_none_is_a_problem(program, page):
    problem = problem_of(program.get(f"/filings?page={page}"), 422)

    assert "A page is a number from 1 on." in problem.values()


@pytest.mark.parametrize("page", ["1", "2", "100000"])
def test_a_page_behind_the_last_is_empty(program, page):
    answer = program.get(f"/filings?page={page}").json

    assert answer == {"items": [], "page": int(page), "has_more": False}


@pytest.mark.parametrize(("scheme", "status"), [("bearer", 200), ("Basic", 401), ("Token", 401)])
def test_a_good_token_counts_as_a_bearers_alone(client, token, scheme, status):
    headers = {"Authorization": f"{scheme} {token()}"}

    assert client.get("/api/v1/filings", headers=headers).status_code == status
