"""An employer withdraws, replaces, names and deletes in the browser."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from siweb.filings.tables.filing import Filing
from siweb.filings.tables.filing_row import FilingRow, RowState
from siweb.filings.withdrawal import find
from siweb.filings.withdrawal.difference import differences
from siweb.filings.withdrawal.find import rows_to_withdraw
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.enrolment import Enrolment
from tests import factories
from tests.conftest import NOW
from tests.filings.withdrawal.test_withdraw import NEW, WOMAN, hire, of
from tests.levies import levy

WHY = {"reason": "填错了人", "withdraw": "1"}


@pytest.fixture
def home(employer, act_as):
    act_as("filer")
    return f"/employer/{employer.uscc}/filings"


def text_of(answer):
    return answer.get_data(as_text=True)


def follow(browser, answer):
    assert answer.status_code == 303, text_of(answer)
    return text_of(browser.get(answer.location))


def test_what_was_sent_is_withdrawn_and_the_page_tells_by_whom(browser, session, home, sent):
    filing = sent("hire", hire())
    address = f"{home}/{filing.reference}"
    assert f"{address}/withdraw" in text_of(browser.get(address))
    assert "陈新" in text_of(browser.get(f"{address}/withdraw"))

    page = follow(browser, browser.post(f"{address}/withdraw", data=WHY))

    assert "1 row is withdrawn" in page
    assert "王芳" in page
    assert "填错了人" in page
    assert f"{address}/withdraw" not in page
    assert ">Sent<" not in page
    assert "the receipt is no longer valid" in page
    assert not session.scalars(select(Enrolment)).all()
    again = follow(browser, browser.post(f"{address}/withdraw", data=WHY))
    assert "nothing was done twice" in again
    assert "Withdrawn" in text_of(browser.get(home))


def test_a_reason_is_asked_and_rows_are_chosen(browser, session, home, sent):
    filing = sent(
        "hire", hire(), hire(id_number=WOMAN, name="李静", retirement_category="female55")
    )
    address = f"{home}/{filing.reference}/withdraw"

    none = browser.post(address, data={"withdraw": "1"})
    chosen = follow(browser, browser.post(address, data=WHY | {"rows": ["2"]}))

    assert none.status_code == 422
    assert "Choose at least one row." in text_of(none)
    assert "Describe briefly why." in text_of(none)
    assert "1 row is withdrawn" in chosen
    states = session.execute(select(FilingRow.position, FilingRow.state)).all()
    assert dict(states) == {1: RowState.APPLIED, 2: RowState.WITHDRAWN}


@pytest.mark.parametrize(("shown", "is_whole"), [(2, True), (3, False)])
def test_of_more_rows_than_are_shown_all_are_withdrawn(
    browser, session, home, sent, monkeypatch, shown, is_whole
):
    monkeypatch.setattr(find, "SHOWN", shown)
    people = [factories.make_id_number(date(1990, 5, 1), serial=7201 + 2 * at) for at in range(3)]
    filing = sent("hire", *(hire(id_number=number) for number in people))
    address = f"{home}/{filing.reference}/withdraw"

    assert ("All of it is withdrawn: 3 rows." in text_of(browser.get(address))) is is_whole
    sent_without_rows = browser.post(address, data=WHY)

    assert sent_without_rows.status_code == (303 if is_whole else 422)
    left = 0 if is_whole else 3
    states = session.scalars(select(FilingRow.state)).all()
    assert states.count(RowState.APPLIED) == left
    if is_whole:
        assert "3 rows are withdrawn" in follow(browser, sent_without_rows)


def test_a_replacement_is_corrected_and_sent(browser, session, home, sent):
    filing = sent("hire", hire())
    replaced = browser.post(
        f"{home}/{filing.reference}/withdraw", data={"reason": "工资错了", "replace": "1"}
    )
    assert "until then nothing is declared" in follow(browser, replaced)
    draft = replaced.location

    row = text_of(browser.get(f"{draft}/rows/1"))
    assert "9000.00" in row
    typed = {
        "id_number": NEW,
        "name": "陈新",
        "hired_on": "2026-11-02",
        "start_month": "2026-11",
        "wage_fen": "9500",
        "insurances": "养老、医疗、失业、工伤、生育",
    }
    follow(browser, browser.post(f"{draft}/rows/1", data=typed))
    page = follow(browser, browser.post(f"{draft}/confirm"))

    assert "Accepted" in page
    assert session.scalar(select(func.count()).select_from(Enrolment)) == 5


def test_what_is_levied_shows_its_difference(browser, session, employer, person, home, sent):
    filing = sent("base", of(person, wage_fen=990_000, start_month="2026-07"))
    run = levy(session, employer.region_code, "2026-11")
    run.issued_at = NOW + timedelta(minutes=40)
    session.commit()

    page = text_of(browser.get(f"{home}/{filing.reference}/withdraw"))

    assert "Its month is levied" in page
    shown = rows_to_withdraw(session, filing, None)
    found = differences(
        session, filing, shown, region_code=employer.region_code, packs=packs_in_force
    )
    # Pension 8 %, medical 2 %, unemployment 0.5 % of 1,900 yuan less.
    assert found[1].employee_fen == -19_950
    assert "199.50" in page
    refused = browser.post(f"{home}/{filing.reference}/withdraw", data=WHY)
    assert refused.status_code == 422


def test_who_only_looks_withdraws_nothing(browser, session, employer, act_as, sent):
    act_as("viewer")
    filing = sent("hire", hire())
    address = f"/employer/{employer.uscc}/filings/{filing.reference}"

    assert "/withdraw" not in text_of(browser.get(address))
    assert browser.post(f"{address}/withdraw", data=WHY).status_code == 404


def test_a_draft_has_a_name_and_can_be_deleted(browser, session, home):
    new = {
        "id_number": NEW,
        "name": "陈新",
        "hired_on": "2026-11-02",
        "wage_fen": "9000",
        "start_month": "2026-11",
        "insurances": ["pension"],
        "form": "full_time",
        "contract_type": "open",
        "reason": "new",
    }
    draft = browser.post(f"{home.removesuffix('/filings')}/hire", data=new).location

    assert "十一月新人" in follow(
        browser, browser.post(f"{draft}/draft", data={"title": "十一月新人"})
    )
    assert "十一月新人" in text_of(browser.get(home))
    gone = browser.post(f"{draft}/draft", data={"delete": "1"})

    assert "The draft is deleted" in follow(browser, gone)
    assert browser.get(draft).status_code == 404
    assert not session.scalars(select(FilingRow)).all()
    assert session.scalar(select(Filing.deleted_at)) is not None


def test_what_was_sent_is_no_draft(browser, home, sent):
    filing = sent("hire", hire())

    assert browser.post(f"{home}/{filing.reference}/draft", data={"delete": "1"}).status_code == 404
