"""What cannot be collected: written off by two people, counted apart, and taken up again by two."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import delete, select, update

from siweb.collection.arrears.daily import ArrearsRefused, count_arrears_day
from siweb.collection.arrears.write_off import Grounds, open_lines, require_open
from siweb.collection.bills.find import BillState, Payer, load_bills
from siweb.collection.books.imbalance import Scope
from siweb.collection.books.prove import check_books
from siweb.collection.monthly.months import billed_months
from siweb.collection.payments.allocate import open_bills
from siweb.collection.tables.arrears import ArrearsState, WriteOff, WriteOffCause, WriteOffLine
from siweb.collection.tables.bill import Bill
from siweb.collection.tables.payment import Payment
from siweb.filings.employers.registration.obstacles import find_obstacles
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.messages.tables.message import Message
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.employer import Employer
from siweb.tasks.tables.task import Task, TaskState
from tests.bills import receive
from tests.collection.assessments.test_pages import text_of
from tests.desk.arrears.test_arrears_desk import DECISION, arrears, send, staff  # noqa: F401 - fixtures
from tests.desk.assessments.test_assessments import NOON, clock, desk  # noqa: F401 - fixtures
from tests.papers import paper
from tests.second_person import check_all

TODAY = NOON.date()
TYPED = {
    "off-cause": "bankruptcy",
    **paper("off-paper", "（2026）沪03破1号之三", kind="judgment", on="2026-08-01"),
    "off-legal_basis": "企业破产法第一百二十条",
    "off-decided_by": "市人力资源和社会保障局",
    **paper("off-approval", "核销〔2026〕2号", kind="decision", on="2026-08-10"),
}
AGAIN = paper("again-paper", "回单9号", kind="bank_slip", on="2026-08-19")


@pytest.fixture
def page(arrears):  # noqa: F811
    return f"/desk/arrears/{arrears.id}"


def write_off(staff, session, page):  # noqa: F811
    sent = staff.post(f"{page}/write-off", data=TYPED)
    check_all(session)
    session.expire_all()
    return sent


def reinstate(staff, session, page):  # noqa: F811
    sent = staff.post(f"{page}/reinstate", data=AGAIN)
    check_all(session)
    session.expire_all()
    return sent


def wrong_in_books(session):
    session.commit()
    return list(check_books(session, packs_in_force(session), Scope()).lines())


def bill_of(session):
    return session.scalars(select(Bill)).one()


def shown_bill(session, on=TODAY):
    payer = Payer(employer_id=bill_of(session).employer_id)
    (found,), _more = load_bills(session, payer, packs=packs_in_force(session), on=on)
    return found


def test_two_people_write_it_off_and_everybody_is_told_the_same(staff, session, arrears, page):  # noqa: F811
    bill = bill_of(session)
    fee = shown_bill(session).late_fee_fen
    assert fee > 0
    assert write_off(staff, session, page).status_code == 303

    row = session.scalars(select(WriteOff)).one()
    lines = session.scalars(select(WriteOffLine)).all()
    assert (row.premium_fen, row.late_fee_fen) == (bill.total_fen, fee)
    assert sum(line.premium_fen for line in lines) == bill.total_fen
    assert len(lines) == len({line.insurance for line in lines}) == 3
    assert arrears.state is ArrearsState.WRITTEN_OFF
    # It is neither paid nor asked for, today and later; owed = paid + written off + open.
    later = shown_bill(session, TODAY + timedelta(days=300))
    assert (later.state, later.to_pay_fen) == (BillState.WRITTEN_OFF, 0)
    assert bill.total_fen == bill.paid_fen + later.written_off_fen + later.outstanding_fen
    (month,) = billed_months(session, bill.employer_id)
    assert (month.is_paid, month.is_open, month.written_off_fen) == (False, False, bill.total_fen)
    assert wrong_in_books(session) == []
    uscc = session.get_one(Employer, bill.employer_id).uscc
    assert "Written off besides" in text_of(staff.get(f"/desk/employers/{uscc}"))
    assert "The claim stays on file" in text_of(staff.get(page))
    assert "企业破产法第一百二十条" in text_of(staff.get(f"{page}/write-off"))


def test_the_second_person_sees_each_line_and_the_fee(staff, session, page):  # noqa: F811
    staff.post(f"{page}/write-off", data=TYPED)
    task = session.scalars(select(Task)).one()

    shown = text_of(staff.get(f"/desk/tasks/{task.reference}"))

    now, afterwards = '<td data-is="Now">CNY 2,400.00', '<td data-is="Afterwards">CNY 0.00'
    assert f"{now}</td>\n{afterwards}</td>" in shown
    assert "Late fee to 20 August 2026" in shown
    assert "（2026）沪03破1号之三" in shown
    assert "核销〔2026〕2号" in shown


def test_it_stops_nobody_s_registration_from_ending(staff, session, page):  # noqa: F811
    bill, packs = bill_of(session), packs_in_force(session)
    assert find_obstacles(session, bill.employer_id, packs=packs, on=TODAY).debts
    write_off(staff, session, page)

    assert not find_obstacles(session, bill.employer_id, packs=packs, on=TODAY).debts


def test_a_day_s_run_leaves_it_as_it_is(staff, session, arrears, page):  # noqa: F811
    write_off(staff, session, page)

    count_arrears_day(session, packs=packs_in_force(session), on=TODAY, at=NOON)

    session.refresh(arrears)
    assert arrears.state is ArrearsState.WRITTEN_OFF


@pytest.mark.parametrize(
    "wrong",
    [
        {"off-cause": ""},
        {"off-cause": "unwilling"},
        {"off-legal_basis": ""},
        {"off-decided_by": ""},
        {"off-paper-number": ""},
        {"off-paper-kind": "decision"},
        {"off-approval-issued_on": "2026-08-21"},
    ],
)
def test_it_rests_on_a_ruling_and_an_approval(staff, session, page, wrong):  # noqa: F811
    assert staff.post(f"{page}/write-off", data=TYPED | wrong).status_code == 422
    assert session.scalar(select(Task)) is None


@pytest.mark.parametrize(
    ("law", "body", "code"),
    [(" ", "人社局", "no_legal_basis"), ("第一百二十条", " ", "no_deciding_body")],
)
def test_whatever_asks_for_it_names_a_law_and_who_approved(session, arrears, law, body, code):  # noqa: F811
    grounds = Grounds(WriteOffCause.BANKRUPTCY, law, body)
    packs, seen = packs_in_force(session), open_lines(session, bill_of(session))

    with pytest.raises(ArrearsRefused, match=code):
        require_open(session, arrears, seen, grounds, TODAY, packs=packs)


def test_of_two_papers_the_summary_names_which_is_wrong(staff, session, page):  # noqa: F811
    both = {"off-paper-number": "", "off-approval-number": "", "off-approval-issued_on": ""}

    shown = staff.post(f"{page}/write-off", data=TYPED | both).text

    without = "Enter the number of the paper; without one, write “none”."
    assert f">Court ruling or deregistration paper: {without}</a>" in shown
    assert f">Approval: {without}</a>" in shown
    # What only one of them lacks needs no name; beside its field neither does.
    assert ">Enter the date of the paper.</a>" in shown
    assert f'error">{without}</p>' in shown


def test_what_was_paid_meanwhile_is_not_written_off(staff, session, arrears, page):  # noqa: F811
    staff.post(f"{page}/write-off", data=TYPED)
    bill = bill_of(session)
    use(staff, session, bill, 100_00)
    task = session.scalars(select(Task)).one()

    with pytest.raises(Exception, match="amounts_changed"):
        check_all(session)

    session.rollback()
    assert task.state is TaskState.OPEN
    assert arrears.state is not ArrearsState.WRITTEN_OFF


def use(staff, session, bill, fen):  # noqa: F811
    money = receive(session, fen, TODAY)
    session.commit()
    typed = {"match-reference": f"{bill.bank_reference:012d}"}
    return money, staff.post(f"/desk/payments/{money.id}/match", data=typed)


def test_a_late_payment_waits_until_two_people_reinstate_it(
    staff,  # noqa: F811
    session,
    arrears,  # noqa: F811
    page,
    clock,  # noqa: F811
):
    bill = bill_of(session)
    fee = shown_bill(session).late_fee_fen
    write_off(staff, session, page)

    money, refused = use(staff, session, bill, bill.total_fen + fee)
    assert refused.status_code == 422
    assert "Two people reinstate it first" in text_of(refused)
    assert open_bills(session, bill.employer_id, None, packs=packs_in_force(session)) == []
    assert reinstate(staff, session, page).status_code == 303
    assert arrears.state is ArrearsState.FOUND
    # What it took up again stays to be read when it is done.
    done = session.scalars(select(Task.reference).where(Task.kind == "arrears.reinstate")).one()
    assert "Written off" in text_of(staff.get(f"/desk/tasks/{done}"))
    assert wrong_in_books(session) == []
    clock.shift(timedelta(minutes=1))
    # What was typed before is another form by now: the same one is taken once.
    typed = {"form_key": "again", "match-reference": f"{bill.bank_reference:012d}"}
    staff.post(f"/desk/payments/{money.id}/match", data=typed)

    session.expire_all()
    # As if it had never been written off: the whole fee was asked for.
    assert (bill.paid_fen, bill.late_fee_paid_fen) == (bill.total_fen, fee)
    assert session.get_one(Payment, money.id).unallocated_fen == 0
    assert wrong_in_books(session) == []


@pytest.mark.parametrize("deed", ["notice", "defer"])
def test_nothing_else_is_done_with_it(staff, session, arrears, page, deed):  # noqa: F811
    write_off(staff, session, page)
    typed = {"received_on": "2026-08-12", "until": "2026-12-31", **DECISION}

    assert send(staff, arrears, deed, **typed).status_code == 422
    again = TYPED | {"off-decided_by": "省厅"}
    assert staff.post(f"{page}/write-off", data=again).status_code == 422
    session.refresh(arrears)
    assert arrears.state is ArrearsState.WRITTEN_OFF


def test_only_what_is_written_off_is_reinstated(staff, session, page):  # noqa: F811
    assert staff.post(f"{page}/reinstate", data=AGAIN).status_code == 422
    assert session.scalar(select(Task)) is None


def test_the_books_name_a_write_off_without_two_people(staff, session, page):  # noqa: F811
    write_off(staff, session, page)
    session.execute(
        update(Task).values(state=TaskState.REFUSED).execution_options(synchronize_session=False)
    )

    (said,) = wrong_in_books(session)

    assert "no two people decided it (arrears.write_off)" in said


def test_the_books_name_arrears_that_no_write_off_ended(session, arrears):  # noqa: F811
    arrears.state = ArrearsState.WRITTEN_OFF

    (said,) = wrong_in_books(session)

    assert "written off by no row" in said


def test_the_books_name_lines_that_are_not_what_was_open(staff, session, page):  # noqa: F811
    write_off(staff, session, page)
    session.execute(delete(WriteOffLine).where(WriteOffLine.premium_fen == 240_000))

    said = wrong_in_books(session)

    assert any("its lines" in line for line in said)
    assert any("is not what was open then" in line for line in said)


def told(session):
    rows = session.scalars(select(Message).order_by(Message.kind)).all()
    return [(row.kind, row.employer_id or row.person_id) for row in rows if "bill" in row.subject]


def test_the_employer_and_whose_months_stay_unpaid_are_told(staff, session, page):  # noqa: F811
    bill = bill_of(session)
    people = session.scalars(select(ContributionRecord.person_id).distinct()).all()
    session.execute(delete(Message))
    session.commit()

    write_off(staff, session, page)

    assert told(session) == [
        ("bill_written_off", bill.employer_id),
        *(("months_written_off", person) for person in sorted(people)),
    ]

    reinstate(staff, session, page)

    # The months are asked for again; whether they will be paid nobody knows yet.
    assert told(session)[0] == ("bill_reinstated", bill.employer_id)
    assert len(told(session)) == 2 + len(people)


def test_whose_months_were_paid_is_told_nothing(staff, session, page):  # noqa: F811
    session.execute(delete(Message))
    session.execute(update(ContributionRecord).values(paid_on=TODAY))
    session.commit()

    write_off(staff, session, page)

    assert [kind for kind, _reader in told(session)] == ["bill_written_off"]


def test_the_paper_of_what_is_written_off_names_no_account(staff, session, page, app, monkeypatch):  # noqa: F811
    def paper_text():
        paper = staff.get(f"{page}/bill.pdf").data
        return "".join(each.extract_text() for each in PdfReader(BytesIO(paper)).pages)

    # An office that names none has no line for it either.
    assert "Account to pay into" not in paper_text()
    paid_into = replace(app.extensions["siweb_settings"], payment_account="62170000001")
    monkeypatch.setitem(app.extensions, "siweb_settings", paid_into)
    before = paper_text()
    write_off(staff, session, page)

    assert "Account to pay into" in before
    assert "62170000001" in before
    assert "62170000001" not in paper_text()
