"""Each employee can know every month what was declared and paid (SIL 60)."""

from io import BytesIO

import pytest
import time_machine
from openpyxl import load_workbook
from sqlalchemy import update

from siweb.collection.tables.bill import Bill
from tests import factories
from tests.bills import make_bill
from tests.collection.assessments.test_pages import text_of
from tests.collection.bills.test_pages import NOW
from tests.sign_in import sign_in


@pytest.fixture(autouse=True)
def _now(client):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    with time_machine.travel(NOW, tick=False):
        yield


def test_the_employer_has_a_statement_for_each_employee(client, employer, bill):
    home = f"/employer/{employer.uscc}/statements"

    assert "August 2026" in text_of(client.get(home))
    page = text_of(client.get(f"{home}/2026-08?q=赵"))
    assert "赵一" in page
    assert "钱二" not in page
    assert "Not paid yet" in page


def test_the_list_to_hand_out_has_everybody(client, employer, bill):
    answer = client.get(f"/employer/{employer.uscc}/statements/2026-08.xlsx")

    rows = list(load_workbook(BytesIO(answer.data)).active.iter_rows(values_only=True))[4:]
    assert [row[0] for row in rows] == ["赵一", "钱二", "'=孙三"]
    assert {row[-1] for row in rows} == {"no"}
    assert sum(round(row[-2] * 100) for row in rows) == bill.total_fen


def test_a_month_without_people_is_empty_and_no_month_is_none(client, employer):
    home = f"/employer/{employer.uscc}/statements"

    assert client.get(f"{home}/2020-01").status_code == 200
    assert client.get(f"{home}/2020-13").status_code == 404


def test_other_employers_people_do_not_show(client, session, employer):
    other = factories.make_employer(session, region_code="310000")
    make_bill(session, [factories.make_person(session, name="外人")], employer=other)

    page = text_of(client.get(f"/employer/{employer.uscc}/statements/2026-08"))
    assert "外人" not in page
    assert client.get(f"/employer/{other.uscc}/statements/2026-08").status_code == 404


def test_the_employee_sees_every_month_with_what_is_unpaid(client, session):
    me = factories.make_person(session)
    firm = factories.make_employer(session, name="示范一厂", region_code="310000")
    make_bill(session, [me], employer=firm)
    factories.make_record(session, me, "2026-07", employer=firm)
    sign_in(client, session, me)

    page = text_of(client.get("/record/months"))

    assert "示范一厂" in page
    assert page.index("August 2026") < page.index("July 2026")
    assert page.count("Not paid yet") == 1
    assert "Article 60" in text_of(client.get("/record/months/2026-08"))


def test_whoever_has_nothing_is_told_so(client, session):
    sign_in(client, session, factories.make_person(session))

    assert "Nothing is recorded" in text_of(client.get("/record/months"))


def test_a_month_that_was_undone_whole_is_not_called_paid(client, session, employer, bill):
    home = f"/employer/{employer.uscc}/statements"
    nothing = {"employer_fen": 0, "employee_fen": 0, "total_fen": 0, "paid_fen": 0}
    session.execute(update(Bill).where(Bill.id == bill.id).values(**nothing))
    session.commit()

    page = text_of(client.get(home))

    assert "August 2026" in page
    assert "Corrected to nothing" in page
    assert ">Paid<" not in page
