"""The desk tells who owes, within five working days, and defers only by a law."""

import re
from datetime import date
from html import unescape

import pytest
from sqlalchemy import select

from siweb.auth.staff.duties import Duty
from siweb.auth.tables.appointment import Function
from siweb.collection.arrears.daily import count_arrears_day
from siweb.collection.tables.arrears import Arrears, ArrearsState, Deferral
from siweb.collection.tables.bill import Bill, BillLine, BillMonth
from siweb.desk.home.waiting import count_waiting
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.employer import Employer
from siweb.tasks.tables.task import Task
from tests import factories
from tests.bills import make_bill, make_levy_run
from tests.collection.assessments.test_pages import text_of
from tests.desk.assessments.test_assessments import clock, desk  # noqa: F401 - fixtures
from tests.factories import AT
from tests.papers import paper
from tests.second_person import check_all


@pytest.fixture
def arrears(session):
    """A bill that was due on 15 July, found unpaid on the 16th."""
    employer = factories.make_employer(session, region_code="310000", name="欠费单位")
    run = make_levy_run(session, "2026-06")
    make_bill(session, [factories.make_person(session)], employer=employer, run=run)
    count_arrears_day(session, on=date(2026, 7, 16), at=AT, packs=packs_in_force(session))
    return session.scalars(select(Arrears)).one()


@pytest.fixture
def staff(desk):  # noqa: F811
    return desk()


def send(staff, arrears, deed, **typed):
    named = {f"{deed}-{name}": value for name, value in typed.items()}
    return staff.post(f"/desk/arrears/{arrears.id}/{deed}", data=named)


def test_it_says_by_when_the_notice_was_due(staff, arrears):
    page = text_of(staff.get("/desk/arrears?state=found"))

    assert "欠费单位" in page
    assert "notice was due by <bdi>23 July 2026</bdi>" in page


def test_the_desk_counts_it(staff, arrears):
    assert "Arrears notices to send" in text_of(staff.get("/desk"))


@pytest.mark.parametrize("part", ["", "/cases"])
def test_the_employer_s_page_leads_there_with_the_last_day(staff, session, arrears, part):
    bill = session.get_one(Bill, arrears.bill_id)
    employer = session.get_one(Employer, bill.employer_id)
    page = text_of(staff.get(f"/desk/employers/{employer.uscc}{part}"))

    row = re.search(rf'<tr>(?:(?!</tr>).)*/desk/arrears/{arrears.id}".*?</tr>', page, re.DOTALL)
    assert all(each in row[0] for each in ("June 2026", "16 July 2026", "23 July 2026"))


def test_whose_arrears_are_over_has_nothing_open(staff, session, arrears):
    employer = session.get_one(Employer, session.get_one(Bill, arrears.bill_id).employer_id)
    arrears.state = ArrearsState.PAID
    session.commit()
    address = f"/desk/employers/{employer.uscc}"

    assert f"/desk/arrears/{arrears.id}" not in text_of(staff.get(address))
    assert f"/desk/arrears/{arrears.id}" in text_of(staff.get(f"{address}/cases"))


def test_the_days_to_pay_run_from_when_it_was_received(staff, session, arrears):
    assert send(staff, arrears, "notice", received_on="2026-08-12").status_code == 303

    session.refresh(arrears)
    assert (arrears.state, arrears.pay_by) == (ArrearsState.NOTICED, date(2026, 8, 19))


def test_a_receipt_undoes_no_deferral(staff, session, arrears):
    send(staff, arrears, "defer", until="2026-12-31", **DECISION)
    check_all(session)
    assert "The deferral stays as it is." in text_of(staff.get(f"/desk/arrears/{arrears.id}"))

    send(staff, arrears, "notice", received_on="2026-08-12")

    page = text_of(staff.get(f"/desk/arrears/{arrears.id}"))
    assert "Recorded. The deferral stays as it is." in page
    assert "<dt>Notice received on</dt><dd><bdi>12 August 2026</bdi></dd>" in page
    session.refresh(arrears)
    assert arrears.state is ArrearsState.DEFERRED


@pytest.mark.parametrize("day", ["", "2026-12-01", "soon"])
def test_a_day_that_cannot_be_is_refused(staff, arrears, day):
    assert send(staff, arrears, "notice", received_on=day).status_code == 422


def test_a_day_before_there_were_arrears_is_said_to_be_none(staff, session, arrears):
    send(staff, arrears, "notice", received_on="2026-07-01")

    session.refresh(arrears)
    assert arrears.state is ArrearsState.FOUND


DECISION = {
    "legal_basis": "人社部发〔2022〕23号",
    "decided_by": "省人力资源和社会保障厅",
    **paper("paper", "缓缴〔2026〕7号", kind="decision", on="2026-08-10"),
    "security": "不动产抵押",
}


@pytest.mark.parametrize(
    "wrong",
    [
        {"legal_basis": ""},
        {"decided_by": ""},
        {"paper-issued_on": ""},
        {"paper-issued_on": "2026-08-21"},
        {"until": "2026-01-01"},
        # Today is 20 August 2026: it begins today at the latest, and a year is the longest.
        {"from_on": "2026-08-21", "until": "2026-08-31"},
        {"until": "2027-08-22"},
        {"until": "9999-12-31"},
        {"from_on": "0001-01-01"},
        {"share": "employee"},
        {"insurances": "weather"},
        {"paper-number": "7" * 81},
    ],
)
def test_it_is_deferred_by_a_decision_only(staff, session, arrears, wrong):
    assert (
        send(staff, arrears, "defer", **{**DECISION, "until": "2026-12-31", **wrong}).status_code
        == 422
    )

    session.refresh(arrears)
    assert arrears.state is ArrearsState.FOUND


def test_a_year_from_today_is_the_longest_deferral(staff, arrears):
    given = DECISION | {"from_on": "2026-08-20"}

    refused = send(staff, arrears, "defer", **given, until="2027-08-22")
    assert "one year at most" in text_of(refused)
    ahead = send(staff, arrears, "defer", **given | {"from_on": "2026-08-21"}, until="2026-12-31")
    assert "lies in the future" in text_of(ahead)
    assert send(staff, arrears, "defer", **given, until="2027-08-21").status_code == 303


def test_a_deferral_shows_who_decided_what(staff, session, arrears):
    send(
        staff,
        arrears,
        "defer",
        until="2026-12-31",
        share="employer",
        insurances=["pension", "work_injury"],
        **DECISION,
    )
    check_all(session)

    session.refresh(arrears)
    page = text_of(staff.get(f"/desk/arrears/{arrears.id}"))
    assert (arrears.state, arrears.deferred_until) == (ArrearsState.DEFERRED, date(2026, 12, 31))
    for word in (
        *DECISION.values(),
        "The employer’s share only",
        "<dt>Deferred from</dt><dd><bdi>20 August 2026</bdi></dd>",
        "pension insurance, work injury insurance",
    ):
        assert word.replace("2026-08-10", "10 August 2026").lower() in page.lower()
    # 10,000.00 at 16 % and at the rate of work injury: the employees' share does not wait.
    waiting = session.scalars(select(Deferral.deferred_fen)).one()
    lines = session.scalars(select(BillLine).where(BillLine.bill_id == arrears.bill_id)).all()
    assert waiting == sum(
        line.employer_fen for line in lines if line.insurance in ("pension", "work_injury")
    )


def test_a_bill_of_several_due_days_waits_as_a_whole_only(staff, session, arrears):
    session.add(
        BillMonth(
            bill_id=arrears.bill_id,
            contribution_month="2026-06",
            due_on=date(2026, 7, 15),
            amount_fen=session.get(Bill, arrears.bill_id).total_fen,
        )
    )
    session.flush()

    answer = send(staff, arrears, "defer", until="2026-12-31", share="employer", **DECISION)

    assert answer.status_code == 422
    assert "can only be deferred as a whole" in text_of(answer)
    session.refresh(arrears)
    assert arrears.state is ArrearsState.FOUND


@pytest.mark.parametrize(("until", "counts"), [("2026-12-08", True), ("2026-12-09", False)])
def test_the_desk_is_reminded_before_a_deferral_ends(staff, session, arrears, until, counts):
    send(staff, arrears, "defer", until=until, **DECISION)
    check_all(session)

    (queue,) = [
        waiting
        for waiting in count_waiting(
            session, date(2026, 11, 24), [Duty(Function.CONTRIBUTIONS, None, None)]
        )
        if str(waiting.queue.title) == "Deferrals ending soon"
    ]
    assert queue.count == int(counts)


def test_instalments_are_agreed_by_a_decision_only(staff, session, arrears):
    typed = {"count": "3", "first_on": "2026-12-30", **DECISION}
    for wrong in (
        {"count": "1"},
        {"count": "99"},
        {"first_on": "2026-01-01"},
        # Of three monthly steps the last lies within two years.
        {"first_on": "2028-09-25"},
        {"first_on": "9999-12-01"},
        {"legal_basis": ""},
        {"decided_by": ""},
    ):
        assert send(staff, arrears, "plan", **{**typed, **wrong}).status_code == 422

    late = send(staff, arrears, "plan", **typed | {"first_on": "2028-09-25"})
    assert "within two years from now" in late.text

    send(staff, arrears, "plan", **typed)
    check_all(session)

    page = text_of(staff.get(f"/desk/arrears/{arrears.id}"))
    assert "30 December 2026" in page
    assert "28 February 2027" in page


def test_who_checks_a_plan_reads_each_instalment_and_what_stays_owed(
    desk,  # noqa: F811
    staff,
    session,
    arrears,
):
    send(staff, arrears, "plan", count="3", first_on="2026-12-30", **DECISION)
    bill = session.get_one(Bill, arrears.bill_id)
    bill.paid_fen = bill.total_fen - 100_000
    session.commit()
    task = session.scalars(select(Task)).one()

    page = text_of(desk("复核员").get(f"/desk/tasks/{task.reference}"))
    changes = [
        tuple(unescape(re.sub("<[^>]*>", "", cell)) for cell in cells)
        for cells in re.findall(
            r'<tr><th scope="row">(.*?)</th><td data-is="Now">(.*?)</td>\s*'
            r'<td data-is="Afterwards">(.*?)</td></tr>',
            page,
        )
    ]

    for row in (
        ("Unpaid premium of the bill", "CNY 1,000.00", "CNY 1,000.00"),
        ("State", "Notice to be sent", "Deferred"),
        ("Deferred until", "—", "28 February 2027"),
        ("Instalment 1", "—", "30 December 2026 · CNY 333.33"),
        ("Instalment 2", "—", "30 January 2027 · CNY 333.33"),
        ("Instalment 3", "—", "28 February 2027 · CNY 333.34"),
        ("Deciding body", "—", DECISION["decided_by"]),
        ("Legal basis", "—", DECISION["legal_basis"]),
    ):
        assert row in changes
    assert page.count("Rests on") == 1


def test_the_bill_goes_with_the_notice(staff, arrears):
    assert staff.get(f"/desk/arrears/{arrears.id}/bill.pdf").mimetype == "application/pdf"


def test_others_do_not_find_it(desk, arrears):  # noqa: F811
    client = desk("乙", ())

    assert client.get("/desk/arrears").status_code == 404
    assert client.get(f"/desk/arrears/{arrears.id}").status_code == 404
    assert send(client, arrears, "defer").status_code == 404
