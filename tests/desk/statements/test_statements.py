"""The desk hands in a bank's statement; the worker imports it and the page says how far it is."""

from io import BytesIO

import pytest
from sqlalchemy import func, select

from siweb.audit.activity import Activity
from siweb.collection.statements.upload import PAGE
from siweb.collection.tables.bank_statement import BankStatement
from siweb.collection.tables.payment import Payment
from siweb.files.kept_file import KeptFile
from siweb.jobs.worker import run_next_job
from siweb.tasks.tables.task import Task, TaskState
from tests import factories
from tests.bills import make_bill
from tests.collection.assessments.test_pages import text_of
from tests.collection.statements.make_statements import (
    balances,
    camt,
    detail,
    entry,
    register,
)
from tests.desk.assessments.test_assessments import clock, desk  # noqa: F401 - fixtures
from tests.second_person import check_all

COLUMNS = {
    "day": "日期", "day_shape": "%Y-%m-%d", "credit": "收入", "payer_name": "户名",
    "remittance": "摘要，附言", "encoding": "utf-8-sig", "delimiter": ",", "skipped_lines": "0",
}  # fmt: skip


@pytest.fixture
def bill(session):
    employer = factories.make_employer(session, region_code="310000")
    session.get_one(type(factories.make_region(session, "310000")), "310000").is_hosted = True
    register(session)
    return make_bill(session, [factories.make_person(session)], employer=employer)


@pytest.fixture
def staff(desk):  # noqa: F811
    return desk()


def csv_of(bill):
    line = f"2026-08-19,{bill.total_fen // 100}.{bill.total_fen % 100:02d},甲,,{bill.bank_reference:012d}"
    return f"日期,收入,户名,摘要,附言\n{line}\n2026-08-19,7.00,=乙,,无\n".encode()


def hand_in(staff, content, bank="示范银行", name="a.csv"):
    typed = {"region": "310000", "bank": bank, "account": "", "file": (BytesIO(content), name)}
    return staff.post("/desk/statements", data=typed, content_type="multipart/form-data")


def work(sessions, tmp_path):
    """A second person checks what waits, and the worker does it."""
    with sessions() as session:
        check_all(session)
    assert run_next_job(sessions, "w")


def test_columns_are_named_once_and_then_it_is_imported(staff, session, sessions, tmp_path, bill):
    content = csv_of(bill)
    page = hand_in(staff, content).location
    assert "have not been named yet" in text_of(staff.get(page))

    assert staff.post(f"{page}/columns", data=COLUMNS).location == page
    assert "Waits for a second person" in text_of(staff.get(page))
    check_all(session)
    assert "begins by itself" in text_of(staff.get(page))
    work(sessions, tmp_path)

    session.refresh(bill)
    assert bill.outstanding_fen == 0
    said = "".join(text_of(staff.get(page)).split())
    assert "<dt>Paymentsamongthem</dt><dd>2</dd>" in said
    assert "<dt>Withabalanceleft</dt><dd>1</dd>" in said


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "a.csv", "The file is empty."),
        (b"\xef\xbb\xbf \r\n", "a.csv", "The file is empty."),
        ("日期,收入\n".encode(), "A.XLSX", "The spreadsheet is damaged"),
    ],
)
def test_a_file_without_entries_is_refused_beside_its_field_and_not_kept(
    staff, session, bill, content, name, said
):
    answer = hand_in(staff, content, name=name)

    assert answer.status_code == 422
    assert said in text_of(answer)
    assert session.scalars(select(BankStatement)).all() == []
    assert session.scalars(select(KeptFile)).all() == []


def test_the_next_of_the_bank_is_imported_at_once(staff, sessions, tmp_path, bill):
    page = hand_in(staff, csv_of(bill)).location
    staff.post(f"{page}/columns", data=COLUMNS)
    work(sessions, tmp_path)

    again = hand_in(staff, csv_of(bill) + "2026-08-20,9.00,丙,,无\n".encode()).location

    assert again != page
    work(sessions, tmp_path)
    assert "<dt>Paymentsamongthem</dt><dd>1</dd>" in "".join(text_of(staff.get(again)).split())


def test_the_same_file_twice_is_one_statement(staff, bill):
    assert hand_in(staff, csv_of(bill)).location == hand_in(staff, csv_of(bill)).location


def test_a_file_that_was_imported_before_is_named(staff, sessions, tmp_path, bill):
    content = camt(entry(day="2026-08-19"))
    page = hand_in(staff, content, name="a.xml").location
    work(sessions, tmp_path)

    assert hand_in(staff, content, bank="B", name="b.xml").location == page
    assert "This file was here before" in text_of(staff.get(page))
    assert not run_next_job(sessions, "w")


def handed_in(staff, sessions, tmp_path, *entries, **how):
    """Hand a statement in and import it; return the address of its page."""
    page = hand_in(staff, camt(*entries, **how), name="a.xml").location
    work(sessions, tmp_path)
    return page


def facts(staff, page):
    return "".join(text_of(staff.get(page)).split())


def test_every_entry_is_counted_aloud(staff, sessions, tmp_path, bill):
    page = handed_in(
        staff, sessions, tmp_path,
        entry(day="2026-08-19"), entry(ref="D", side="DBIT", day="2026-08-19"),
        entry(ref="P", state="PDNG", day="2026-08-19"), entry("0.00", ref="Z", day="2026-08-19"),
        entry(ref="R", side="DBIT", reversal="true", day="2026-08-19"),
        entry("5.00", currency="USD", ref="U", day="2026-08-19"),
    )  # fmt: skip

    shown = facts(staff, page)

    for name, number in (
        ("Booked", 1), ("Returnedbythebank", 1), ("Tobesettled", 2), ("Of0.00", 1), ("Wentout", 1),
        ("Notbookedbythebankyet", 1), ("Entriesread", 6),
    ):  # fmt: skip
        assert f"<dt>{name}</dt><dd>{number}</dd>" in shown
    assert "Theamountisnotinyuan.5.00USD" in shown
    assert "nothingprovesthatitiscomplete" in shown


def test_a_statement_that_contradicts_itself_waits_for_a_reason(
    staff, session, sessions, tmp_path, bill
):
    page = handed_in(
        staff, sessions, tmp_path, balances("100.00", "120.00"), entry(day="2026-08-19")
    )
    shown = text_of(staff.get(page))
    assert "stated CNY 120.00, from the entries CNY 110.00" in shown
    assert "difference CNY 10.00" in shown
    assert session.scalar(select(func.count(Payment.id))) == 0
    assert staff.post(f"{page}/confirm", data={"confirm-because": ""}).status_code == 422

    assert staff.post(f"{page}/confirm", data={"confirm-because": "银行确认"}).location == page
    work(sessions, tmp_path)

    assert session.scalar(select(func.count(Payment.id))) == 1
    assert "contradicts itself" not in text_of(staff.get(page))


def contradicting(staff, sessions, tmp_path):
    return handed_in(
        staff, sessions, tmp_path, balances("100.00", "120.00"), entry(day="2026-08-19")
    )


def confirm(staff, page, because):
    answer = staff.post(f"{page}/confirm", data={"confirm-because": because})
    return text_of(answer if answer.status_code == 422 else staff.get(page))


def test_of_two_who_confirm_the_first_answers_for_it(staff, session, sessions, tmp_path, bill):
    page = contradicting(staff, sessions, tmp_path)
    confirm(staff, page, "银行确认")

    assert "waits for its second person already" in confirm(staff, page, "另一理由")
    check_all(session)
    assert "It was confirmed already: 银行确认" in confirm(staff, page, "另一理由")

    work(sessions, tmp_path)
    assert not run_next_job(sessions, "w")
    kept = session.scalars(select(BankStatement)).one()
    assert (kept.confirmed_because, kept.counts["booked"]) == ("银行确认", 1)
    actions = select(func.count(Activity.id)).where(Activity.action == "bank_statement.confirmed")
    assert session.scalar(actions) == 1


def test_what_was_undone_is_not_confirmed(staff, session, sessions, tmp_path, bill):
    page = contradicting(staff, sessions, tmp_path)
    staff.post(f"{page}/withdraw", data={"withdraw-because": "错文件"})
    check_all(session)

    shown = confirm(staff, page, "银行确认")

    assert "This import was taken back already" in shown
    assert "contradicts itself" not in shown
    assert not run_next_job(sessions, "w")
    assert session.scalar(select(func.count(Payment.id))) == 0


def test_a_confirmed_statement_that_is_taken_back_before_its_turn_brings_nothing(
    staff, session, sessions, tmp_path, bill
):
    page = contradicting(staff, sessions, tmp_path)
    confirm(staff, page, "银行确认")
    staff.post(f"{page}/withdraw", data={"withdraw-because": "错文件"})
    check_all(session)

    work(sessions, tmp_path)

    assert not run_next_job(sessions, "w")
    assert session.scalar(select(func.count(Payment.id))) == 0


def test_other_columns_ask_for_another_answer(staff, session, sessions, tmp_path, bill):
    content = "日期,收入,另列,户名,摘要,附言\n2026-08-19,1.00,2.00,,,\n合计,9.00,9.00,,,\n".encode()
    page = hand_in(staff, content).location
    staff.post(f"{page}/columns", data=COLUMNS)
    work(sessions, tmp_path)
    confirm(staff, page, "银行确认")

    staff.post(f"{page}/columns", data=COLUMNS | {"credit": "另列"})
    shown = text_of(staff.get(page))
    assert "waits for its second person already" in shown
    assert "Kept for this bank" not in shown
    (task,) = session.scalars(select(Task).where(Task.state == TaskState.OPEN))
    staff.post(f"/desk/tasks/{task.reference}/withdraw")
    staff.post(f"{page}/columns", data=COLUMNS | {"credit": "另列"})
    work(sessions, tmp_path)

    assert "stated CNY 9.00, from the entries CNY 2.00" in text_of(staff.get(page))
    assert session.scalar(select(func.count(Payment.id))) == 0


def test_a_whole_import_is_taken_back_once(staff, session, sessions, tmp_path, bill):
    page = handed_in(staff, sessions, tmp_path, entry(day="2026-08-19"))
    assert staff.post(f"{page}/withdraw", data={"withdraw-because": ""}).status_code == 422
    typed = {"withdraw-because": "错文件", "form_key": "k"}

    assert staff.post(f"{page}/withdraw", data=typed).location == page
    check_all(session)

    assert "taken back: 错文件" in text_of(staff.get(page))
    assert session.scalar(select(func.sum(Payment.amount_fen))) == 0
    staff.post(f"{page}/withdraw", data=typed)
    check_all(session)
    assert "was done already" in text_of(staff.get(page))
    again = staff.post(f"{page}/withdraw", data=typed | {"form_key": "other"})
    assert "This import was taken back already" in text_of(again)
    staff.post(f"{page}/go-on")
    assert not run_next_job(sessions, "w")


AGAIN = "hand this file in again"


def test_what_another_import_left_to_a_statement_is_asked_for_until_it_is_there(
    staff, session, sessions, tmp_path, bill
):
    shared = entry(ref="R1", day="2026-08-19")
    rest = entry("20.00", ref="R2", day="2026-08-19")
    first = handed_in(staff, sessions, tmp_path, shared)
    second = handed_in(staff, sessions, tmp_path, shared, rest)
    assert [AGAIN in text_of(staff.get(page)) for page in (first, second)] == [False, False]

    typed = {"withdraw-because": "错文件", "form_key": "k"}
    assert staff.post(f"{first}/withdraw", data=typed).location == first
    check_all(session)

    assert [AGAIN in text_of(staff.get(page)) for page in (first, second)] == [False, True]
    assert handed_in(staff, sessions, tmp_path, shared, rest) == second
    assert AGAIN not in text_of(staff.get(second))
    assert session.scalar(select(func.sum(Payment.amount_fen))) == 3_000


def test_each_statement_counts_what_came_by_it(staff, sessions, tmp_path, bill):
    """Two payments with a balance left by one statement, and one that was used by the other."""
    named = detail(text=f"{bill.bank_reference:012d}")
    first = handed_in(
        staff, sessions, tmp_path,
        entry(ref="R1", day="2026-08-19"), entry("20.00", ref="R2", day="2026-08-19"),
    )  # fmt: skip
    second = handed_in(staff, sessions, tmp_path, entry(ref="R3", day="2026-08-19", details=named))

    for page, payments, waiting in ((first, 2, 2), (second, 1, 0)):
        shown = facts(staff, page)
        assert f"<dt>Paymentsamongthem</dt><dd>{payments}</dd>" in shown
        assert f"<dt>Withabalanceleft</dt><dd>{waiting}</dd>" in shown


def test_what_is_not_imported_yet_cannot_be_taken_back(staff, session, sessions, tmp_path, bill):
    page = hand_in(staff, camt(entry(day="2026-08-19")), name="a.xml").location
    assert "Undo the import" not in text_of(staff.get(page))

    work(sessions, tmp_path)

    assert "Undo the import" in text_of(staff.get(page))
    typed = {"withdraw-because": "错文件", "form_key": "k"}
    staff.post(f"{page}/withdraw", data=typed)
    check_all(session)
    assert "Undo the import" not in text_of(staff.get(page))


def test_what_was_used_cannot_be_taken_back_whole(staff, session, sessions, tmp_path, bill):
    named = detail(text=f"{bill.bank_reference:012d}")
    page = handed_in(staff, sessions, tmp_path, entry(day="2026-08-19", details=named))
    assert "Undo the import" not in text_of(staff.get(page))

    refused = staff.post(f"{page}/withdraw", data={"withdraw-because": "x"})

    assert refused.status_code == 422
    assert "was used already" in text_of(refused)


def test_a_file_that_is_not_as_its_columns_say_stops_and_goes_on(staff, sessions, tmp_path, bill):
    page = hand_in(staff, b"a,b\n1,2\n").location
    staff.post(f"{page}/columns", data=COLUMNS)
    work(sessions, tmp_path)

    shown = text_of(staff.get(page))
    assert "Line 1 has no column “日期”" in shown
    assert "What is in stays in." in shown
    assert staff.post(f"{page}/go-on").location == page


def test_progress_is_a_piece_of_the_page(staff, session, bill):
    page = hand_in(staff, csv_of(bill)).location
    staff.post(f"{page}/columns", data=COLUMNS)
    check_all(session)

    piece = text_of(staff.get(page, headers={"HX-Request": "true"}))

    assert piece.lstrip().startswith("<section")


@pytest.mark.parametrize("wrong", [{"day": ""}, {"credit": ""}, {"skipped_lines": "many"}])
def test_columns_that_say_too_little_are_refused(staff, bill, wrong):
    page = hand_in(staff, csv_of(bill)).location

    assert staff.post(f"{page}/columns", data={**COLUMNS, **wrong}).status_code == 422


def test_without_a_file_it_is_refused(staff, bill):
    assert staff.post("/desk/statements", data={"region": "310000"}).status_code == 422


def test_the_statements_are_listed_by_the_page(staff, session, bill):
    for number in range(PAGE + 1):
        hand_in(staff, f"日期,收入\n2026-08-19,{number}.00\n".encode(), name=f"n{number:02}.csv")

    first, second = (text_of(staff.get(f"/desk/statements?page={page}")) for page in (1, 2))

    assert f"n{PAGE:02}.csv" in first
    assert "n00.csv" not in first
    assert "page=2" in first
    assert "n00.csv" in second
    assert "n01.csv" not in second
    assert "page=3" not in second


def test_others_do_not_find_it(desk, bill):  # noqa: F811
    client = desk("乙", ())

    for address in ("", "/accounts"):
        assert client.get(f"/desk/statements{address}").status_code == 404
    assert client.get("/desk/bank-entries").status_code == 404
    assert hand_in(client, b"x").status_code == 404
