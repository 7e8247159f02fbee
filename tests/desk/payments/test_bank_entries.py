"""Entries of statements that wait at the desk: returned, booked or dismissed, each once."""

# ruff: noqa: F811 - fixtures are named as the parameters that ask for them

from sqlalchemy import select

from siweb.collection.tables.held_entry import HeldEntry
from siweb.collection.tables.payment import Payment
from tests.collection.assessments.test_pages import text_of
from tests.collection.statements.make_statements import detail, entry
from tests.desk.assessments.test_assessments import clock, desk  # noqa: F401 - fixtures
from tests.desk.statements.test_statements import bill, facts, handed_in, staff  # noqa: F401 - fixtures
from tests.second_person import check_all


def entry_page(session):
    return f"/desk/bank-entries/{session.scalars(select(HeldEntry.id)).one()}"


def test_a_return_is_settled_at_the_desk(staff, session, sessions, tmp_path, bill):
    yuan = f"{bill.total_fen // 100}.{bill.total_fen % 100:02d}"
    named = detail(text=f"{bill.bank_reference:012d}")
    handed_in(
        staff, sessions, tmp_path,
        entry(yuan, ref="P", day="2026-08-18", details=named),
        entry(yuan, ref="R", day="2026-08-19", side="DBIT", reversal="true", details=named),
    )  # fmt: skip
    assert "Bank entries to be settled" in text_of(staff.get("/desk"))
    assert "The bank returned this money." in text_of(staff.get("/desk/bank-entries"))
    page, payment = entry_page(session), session.scalars(select(Payment)).one()
    assert f'name="return-payment" value="{payment.id}"' in text_of(staff.get(page))

    assert f"<dt>Numberofthepayment</dt><dd>{payment.id}</dd>" in facts(
        staff, f"/desk/payments/{payment.id}"
    )
    for wrong in ("", "999999", "9" * 24, "x", "１２３４５６７８９０"):
        assert staff.post(f"{page}/return", data={"return-payment": wrong}).status_code == 422
    assert staff.post(f"{page}/return", data={"return-payment": payment.id}).location == page

    session.refresh(bill)
    assert bill.paid_fen == 0
    assert "returned" in text_of(staff.get(page))
    assert "The bank returned this money." in text_of(staff.get(f"/desk/payments/{payment.id}"))


def test_an_entry_is_booked_or_dismissed_at_the_desk(staff, session, sessions, tmp_path, bill):
    handed_in(staff, sessions, tmp_path, entry(day="2026-08-21"))
    page = entry_page(session)
    assert staff.post(f"{page}/book", data={"book-on": ""}).status_code == 422
    to_come = text_of(staff.post(f"{page}/book", data={"book-on": "2026-08-21"}))
    assert "to today" in to_come
    assert 'id="book-on-error"' in to_come
    assert 'value="2026-08-21"' in to_come

    staff.post(f"{page}/book", data={"book-on": "2026-08-20"})

    assert session.scalars(select(Payment.received_on)).one().isoformat() == "2026-08-20"
    assert staff.post(f"{page}/dismiss", data={"dismiss-because": ""}).status_code == 422
    settled = staff.post(f"{page}/dismiss", data={"dismiss-because": "x"})
    assert settled.status_code == 422
    assert "settled already" in text_of(settled)


def test_a_dismissed_entry_shows_its_reason(staff, session, sessions, tmp_path, bill):
    handed_in(staff, sessions, tmp_path, entry(day="2026-08-21"))
    page = entry_page(session)

    staff.post(f"{page}/dismiss", data={"dismiss-because": "银行更正"})

    assert "银行更正" in text_of(staff.get(page))
    assert "There are none." in text_of(staff.get("/desk/bank-entries"))


def test_what_was_decided_of_an_entry_stays_when_its_import_is_taken_back(
    staff, session, sessions, tmp_path, bill
):
    statement = handed_in(
        staff, sessions, tmp_path,
        entry(ref="A", day="2026-08-21"), entry(ref="B", day="2026-08-21"),
    )  # fmt: skip
    decided, waiting = session.scalars(select(HeldEntry).order_by(HeldEntry.id)).all()
    staff.post(f"/desk/bank-entries/{decided.id}/dismiss", data={"dismiss-because": "银行更正"})

    staff.post(f"{statement}/withdraw", data={"withdraw-because": "错文件"})
    check_all(session)

    session.refresh(decided)
    session.refresh(waiting)
    assert [decided.settled_because, waiting.settled_because] == ["银行更正", "错文件"]


def test_an_entry_without_an_amount_offers_no_booking(staff, session, sessions, tmp_path, bill):
    handed_in(staff, sessions, tmp_path, entry(None, day="2026-08-19"))
    page = entry_page(session)

    assert "Book it</button>" not in text_of(staff.get(page))
    refused = staff.post(f"{page}/book", data={"book-on": "2026-08-19"})
    assert refused.status_code == 422
    assert "Without an amount" in text_of(refused)


def test_an_entry_that_is_none_is_not_found(staff, session):
    assert staff.get("/desk/bank-entries/999999").status_code == 404
