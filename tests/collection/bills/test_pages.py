"""A bill's pages: what is due today and later, the people, the paper and the spreadsheet."""

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
import time_machine
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import event, select

from siweb.audit.actor import SYSTEM
from siweb.collection.arrears.daily import count_arrears_day
from siweb.collection.arrears.write_off import Grounds, open_lines, write_off
from siweb.collection.bills.find import load_bill
from siweb.collection.bills.notice import give_bill
from siweb.collection.bills.people import BilledPerson, Share
from siweb.collection.bills.sheet import write_people
from siweb.collection.payments.allocate import allocate
from siweb.collection.payments.bank_reference import printed
from siweb.collection.tables.arrears import Arrears, WriteOffCause
from siweb.collection.tables.payment import MatchedBy
from siweb.registry.codes import Insurance
from siweb.registry.packs.in_force import packs_in_force
from siweb.rules.contributions.late_fee import LateFeeTerms
from siweb.rules.numbers.money import capital_numerals
from siweb.rules.parameters.parameter_set import ParameterSet
from tests import factories
from tests.bills import make_bill, receive
from tests.collection.assessments.test_pages import text_of
from tests.reviews.begin.make_reopening import make_task
from tests.sign_in import sign_in

NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now(client):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    with time_machine.travel(NOW, tick=False):
        yield


def address(employer, bill, more=""):
    return f"/employer/{employer.uscc}/bills/{bill.bank_reference}{more}"


def pay(session, bill, fen, on):
    payment = receive(session, fen, on)
    allocate(
        session,
        payment,
        [bill],
        matched_by=MatchedBy.REFERENCE,
        actor=SYSTEM,
        at=NOW,
        packs=packs_in_force(session),
    )
    session.commit()


def yuan(fen):
    return f"{fen // 100:,}.{fen % 100:02d}"


def test_it_shows_the_total_in_figures_and_words_with_the_late_fee(client, employer, bill):
    page = text_of(client.get(address(employer, bill)))

    fee = bill.total_fen * 70 * 500 // 1_000_000  # 70 days after 15 September
    assert yuan(bill.total_fen + fee) in page
    assert yuan(fee) in page
    assert capital_numerals(bill.total_fen + fee) in page
    assert printed(bill.bank_reference) in page


def test_the_late_fee_is_shown_to_any_day_before_paying(client, employer, bill):
    page = text_of(client.get(address(employer, bill, "?on=2026-12-24")))

    assert yuan(bill.total_fen + bill.total_fen * 100 * 500 // 1_000_000) in page


def test_what_was_written_off_is_not_called_paid(client, session, employer, bill):
    task, packs = make_task(session, "OFF1", "arrears.write_off"), packs_in_force(session)
    count_arrears_day(session, packs=packs, on=NOW.date(), at=NOW)
    off = Grounds(WriteOffCause.BANKRUPTCY, "破产法", "市政府")
    write_off(
        session, session.scalars(select(Arrears)).one(), open_lines(session, bill), off,
        task_id=task.id, packs=packs, actor=SYSTEM, on=NOW.date(), at=NOW,
    )  # fmt: skip
    session.commit()
    page = text_of(client.get(address(employer, bill)))

    assert "Nothing is left to pay" not in page
    assert "It counts as unpaid" in page
    assert f"{yuan(bill.total_fen)} · 24 November 2026" in page


@pytest.mark.parametrize("day", ["", "soon", "2026-11-23", "2040-01-01"])
def test_a_day_that_cannot_be_is_refused(client, employer, bill, day):
    assert client.get(address(employer, bill, f"?on={day}")).status_code == 422


def test_a_part_paid_in_time_costs_no_late_fee(client, session, employer, bill):
    pay(session, bill, 100_000, date(2026, 9, 10))

    page = text_of(client.get(address(employer, bill)))

    left = bill.total_fen - 100_000
    assert yuan(left + left * 70 * 500 // 1_000_000) in page
    assert "Bank transfer" in page


def test_people_are_found_by_name_and_by_the_end_of_their_number(client, session, employer, bill):
    page = text_of(client.get(address(employer, bill, "/people?q=赵")))
    assert "赵一" in page
    assert "钱二" not in page

    everybody = text_of(client.get(address(employer, bill, "/people")))
    beyond = text_of(client.get(address(employer, bill, "/people?page=9")))
    assert all(name in beyond and name in everybody for name in ("赵一", "钱二"))
    assert all(name in everybody for name in ("赵一", "钱二", "=孙三"))
    assert "3 found" in everybody


def test_the_spreadsheet_has_everybody_and_no_formula(client, employer, bill):
    answer = client.get(address(employer, bill, ".xlsx"))

    rows = list(load_workbook(BytesIO(answer.data)).active.iter_rows(values_only=True))
    people = rows[6:]
    assert [row[0] for row in people] == ["赵一", "钱二", "'=孙三"]
    assert sum(round(row[-2] * 100) for row in people) == bill.total_fen


def test_each_month_of_a_person_says_by_itself_whether_it_is_paid(app):
    shares = [
        Share(Insurance.PENSION, month, 1, 2, 3, is_paid)
        for month, is_paid in (("2026-01", True), ("2026-02", False))
    ]
    people = [BilledPerson(1, "赵一", "11010519491231002X", shares)]
    with (
        app.test_request_context(headers={"Accept-Language": "en"}),
        write_people("bill", [Insurance.PENSION], people, above=[]) as file,
    ):
        rows = list(load_workbook(file).active.iter_rows(values_only=True))[1:]
    assert [(row[2], row[-1]) for row in rows] == [("2026-01", "yes"), ("2026-02", "no")]


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_the_paper_says_everything(client, employer, bill, language, monkeypatch):
    monkeypatch.setattr(ParameterSet, "late_fee_terms", lambda _self: LateFeeTerms(700))
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = language

    paper = client.get(address(employer, bill, ".pdf"))

    text = "".join(
        "".join(page.extract_text().split()) for page in PdfReader(BytesIO(paper.data)).pages
    )
    for said in (printed(bill.bank_reference), capital_numerals(bill.total_fen), employer.uscc):
        assert "".join(said.split()) in text
    assert "赵一" in text
    # The rate is a dated row of the pack, and no word of the sentence.
    assert "0.07%" in text


def test_the_paper_is_the_same_one_until_something_changes(app, session, employer, bill):
    def give(on):
        with app.test_request_context():
            return give_bill(
                session,
                load_bill(session, bill, on=on, packs=packs_in_force(session)),
                [],
                "6222",
                actor=SYSTEM,
                at=NOW,
                secret="key",
            ).reference

    before = give(date(2026, 9, 1))

    assert give(date(2026, 9, 2)) == before
    assert give(date(2026, 9, 20)) != before


def test_the_list_says_how_each_stands(client, session, employer, bill):
    pay(session, bill, bill.total_fen, date(2026, 9, 10))

    page = text_of(client.get(f"/employer/{employer.uscc}/bills"))

    assert "August 2026" in page
    assert '<span class="tag good">Paid</span>' in page


def test_a_flexible_worker_sees_own_bills_only(client, session, employer, bill):
    me = factories.make_person(session)
    mine = make_bill(session, [me])
    sign_in(client, session, me)

    assert "August 2026" in text_of(client.get("/bills"))
    assert client.get(f"/bills/{mine.bank_reference}").status_code == 200
    assert client.get(f"/bills/{mine.bank_reference}.pdf").mimetype == "application/pdf"
    assert client.get(f"/bills/{mine.bank_reference}.xlsx").status_code == 200
    for more in ("", ".pdf", ".xlsx"):
        assert client.get(f"/bills/{bill.bank_reference}{more}").status_code == 404


def test_another_employers_bill_does_not_exist(client, session, employer):
    other = factories.make_employer(session, region_code="310000")
    bill = make_bill(session, [factories.make_person(session)], employer=other)

    for more in ("", "/people", ".pdf", ".xlsx"):
        assert client.get(address(employer, bill, more)).status_code == 404
        assert client.get(address(other, bill, more)).status_code == 404


def test_a_bill_that_is_not_issued_counts_nowhere(client, session, employer):
    hidden = make_bill(session, [factories.make_person(session)], employer=employer, issued_at=None)

    assert client.get(address(employer, hidden)).status_code == 404


@pytest.mark.parametrize("more", ["", "?on=2026-12-24", "/people", "/people?q=x"])
def test_a_page_costs_few_statements(client, session, employer, bill, engine, more):
    client.get("/contact")  # the office's name, which every page shows, is read once a minute
    statements = []
    event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))

    assert client.get(address(employer, bill, more)).status_code == 200
    assert len([one for one in statements if "SAVEPOINT" not in one]) <= 8


def test_what_the_tax_office_collects_is_said_to_be_paid_there(
    client, session, employer, bill, monkeypatch
):
    monkeypatch.setattr(ParameterSet, "collecting_body", lambda _self, _insurance: "tax")

    page = text_of(client.get(address(employer, bill)))

    assert "The tax office collects: Pension insurance" in page
    assert "online" not in page


def test_a_persons_pages_and_paper_never_speak_of_a_late_fee(client, session):
    me = factories.make_person(session)
    mine = make_bill(session, [me], insurances=(Insurance.PENSION, Insurance.MEDICAL))
    sign_in(client, session, me)
    session.commit()

    page = text_of(client.get(f"/bills/{mine.bank_reference}"))
    paper = PdfReader(BytesIO(client.get(f"/bills/{mine.bank_reference}.pdf").data))
    printed_text = "".join(sheet.extract_text() for sheet in paper.pages)

    for words in ("ate fee", "0.05 %", "Article 86"):
        assert words not in page + text_of(client.get("/bills")) + printed_text
    assert "counts as an unpaid month" in page
    assert '<span class="tag ">Not paid</span>' in page
