"""The desk hands in a bank's statement; the worker imports it and the page says how far it is."""

from io import BytesIO

import pytest

from siweb.jobs.worker import run_next_job
from tests import factories
from tests.bills import make_bill
from tests.collection.assessments.test_pages import text_of
from tests.desk.test_assessments import clock, desk  # noqa: F401 - fixtures

COLUMNS = {
    "day": "日期", "day_shape": "%Y-%m-%d", "credit": "收入", "payer_name": "户名",
    "remittance": "摘要，附言", "encoding": "utf-8-sig", "delimiter": ",", "skipped_lines": "0",
}  # fmt: skip


@pytest.fixture
def bill(session):
    employer = factories.make_employer(session, region_code="310000")
    session.get_one(type(factories.make_region(session, "310000")), "310000").is_hosted = True
    return make_bill(session, [factories.make_person(session)], employer=employer)


@pytest.fixture
def staff(desk):  # noqa: F811
    return desk()


def csv_of(bill):
    line = f"2026-08-19,{bill.total_fen // 100}.{bill.total_fen % 100:02d},甲,,{bill.bank_reference:012d}"
    return f"日期,收入,户名,摘要,附言\n{line}\n2026-08-19,7.00,=乙,,无\n".encode()


def hand_in(staff, content, bank="示范银行"):
    typed = {"region": "310000", "bank": bank, "file": (BytesIO(content), "a.csv")}
    return staff.post("/desk/statements", data=typed, content_type="multipart/form-data")


def work(sessions, tmp_path):
    assert run_next_job(sessions, tmp_path, "w")


def test_columns_are_named_once_and_then_it_is_imported(staff, session, sessions, tmp_path, bill):
    content = csv_of(bill)
    page = hand_in(staff, content).location
    assert "Nobody has said yet" in text_of(staff.get(page))

    assert staff.post(f"{page}/columns", data=COLUMNS).location == page
    assert "begins by itself" in text_of(staff.get(page))
    work(sessions, tmp_path)

    session.refresh(bill)
    assert bill.outstanding_fen == 0
    said = "".join(text_of(staff.get(page)).split())
    assert "<dt>Paymentsofit</dt><dd>2</dd>" in said
    assert "<dt>Notusedupyet</dt><dd>1</dd>" in said


def test_the_next_of_the_bank_is_imported_at_once(staff, sessions, tmp_path, bill):
    page = hand_in(staff, csv_of(bill)).location
    staff.post(f"{page}/columns", data=COLUMNS)
    work(sessions, tmp_path)

    again = hand_in(staff, csv_of(bill) + "2026-08-20,9.00,丙,,无\n".encode()).location

    assert again != page
    work(sessions, tmp_path)
    assert "<dt>Paymentsofit</dt><dd>1</dd>" in "".join(text_of(staff.get(again)).split())


def test_the_same_file_twice_is_one_statement(staff, bill):
    assert hand_in(staff, csv_of(bill)).location == hand_in(staff, csv_of(bill)).location


def test_a_file_that_is_not_as_its_columns_say_stops_and_goes_on(staff, sessions, tmp_path, bill):
    page = hand_in(staff, b"a,b\n1,2\n").location
    staff.post(f"{page}/columns", data=COLUMNS)
    work(sessions, tmp_path)

    assert "The import stopped" in text_of(staff.get(page))
    assert staff.post(f"{page}/go-on").location == page


def test_progress_is_a_piece_of_the_page(staff, bill):
    page = hand_in(staff, csv_of(bill)).location
    staff.post(f"{page}/columns", data=COLUMNS)

    piece = text_of(staff.get(page, headers={"HX-Request": "true"}))

    assert piece.lstrip().startswith("<section")


@pytest.mark.parametrize("wrong", [{"day": ""}, {"credit": ""}, {"skipped_lines": "many"}])
def test_columns_that_say_too_little_are_refused(staff, bill, wrong):
    page = hand_in(staff, csv_of(bill)).location

    assert staff.post(f"{page}/columns", data={**COLUMNS, **wrong}).status_code == 422


def test_without_a_file_it_is_refused(staff, bill):
    assert staff.post("/desk/statements", data={"region": "310000"}).status_code == 422


def test_others_do_not_find_it(desk, bill):  # noqa: F811
    client = desk("乙", ())

    assert client.get("/desk/statements").status_code == 404
    assert hand_in(client, b"x").status_code == 404
