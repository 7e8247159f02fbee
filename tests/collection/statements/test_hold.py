"""What was not simply booked is settled by a person, once; a whole import can be taken back."""

from datetime import date

import pytest
from sqlalchemy import func, select

from siweb.audit.actor import SYSTEM
from siweb.auth.staff.duties import EVERYWHERE
from siweb.collection.books.causes import claim_imbalances
from siweb.collection.books.imbalance import Scope
from siweb.collection.books.prove import check_books
from siweb.collection.payments.allocate import PaymentRefused
from siweb.collection.payments.keep_credit import keep_credit
from siweb.collection.payments.take_back import refund
from siweb.collection.statements.hold import (
    HeldRefused,
    book_held,
    confirm_return,
    dismiss_held,
    held_of_payment,
    list_held,
)
from siweb.collection.statements.origins import origins_of
from siweb.collection.statements.withdraw import WithdrawalRefused, is_used, withdraw_statement
from siweb.collection.tables.bank_account import EntryClaim
from siweb.collection.tables.held_entry import HeldEntry, HeldState
from siweb.collection.tables.payment import Payment
from siweb.db.claim import ClaimedElsewhere
from siweb.registry.packs.in_force import packs_in_force
from tests.bills import PACK_REGION, make_bill, receive
from tests.collection.statements.make_statements import (
    balances,
    camt,
    detail,
    entry,
    import_file,
    opened,
    register,
)
from tests.conftest import NOW
from tests.factories import make_employer, make_person, make_region

TODAY = NOW.date()
BY = {"actor": SYSTEM, "at": NOW}


@pytest.fixture
def load(session, tmp_path):
    make_region(session, PACK_REGION)
    register(session)

    def statement(*entries, **how):
        return import_file(session, tmp_path, camt(*entries), PACK_REGION, **how)[0]

    return statement


@pytest.fixture
def bill(session):
    employer = make_employer(session, region_code=PACK_REGION, name="甲公司", bank_account="123")
    return make_bill(session, [make_person(session)], employer=employer)


def yuan(fen):
    return f"{fen // 100}.{fen % 100:02d}"


def paid(bill, ref="P1", day="2026-11-20"):
    """An entry that pays a bill by its reference."""
    named = detail(payer="甲公司", account="123", text=f"{bill.bank_reference:012d}")
    return entry(yuan(bill.total_fen), ref=ref, day=day, details=named)


def bounced(bill, ref="R1", day="2026-11-21", text="退汇", **parties):
    given = {"payer": "甲公司", "account": "123"} | parties
    named = detail(text=text, **given)
    return entry(
        yuan(bill.total_fen), ref=ref, day=day, side="DBIT", reversal="true", details=named
    )


def only(session):
    return session.scalars(select(HeldEntry)).one()


def balanced(session):
    return not list(check_books(session, packs_in_force(session), Scope()).lines())


def test_a_return_opens_the_bills_of_its_payment(session, load, bill):
    load(paid(bill), bounced(bill))
    assert bill.outstanding_fen == 0
    held = only(session)
    (payment,) = origins_of(session, held)

    back = confirm_return(session, held, payment, **BY, packs=packs_in_force(session))

    assert (back.amount_fen, back.received_on) == (-bill.total_fen, date(2026, 11, 21))
    assert (bill.paid_fen, held.state, held.payment_id) == (0, HeldState.RETURNED, payment.id)
    assert held_of_payment(session, payment) == [held]
    assert origins_of(session, held) == []
    assert balanced(session)


def test_a_return_before_its_payment_in_the_file_finds_it_too(session, load, bill):
    load(bounced(bill, day="2026-11-20"), paid(bill))

    assert len(origins_of(session, only(session))) == 1


@pytest.mark.parametrize("sign", ["text", "account", "payer"])
def test_the_likeliest_payment_stands_first(session, load, bill, sign):
    other = {"text": "社保", "account": "999", "payer": "乙"}
    named = detail(payer="甲公司", account="123", text=f"{bill.bank_reference:012d}")
    ours = entry(yuan(bill.total_fen), ref="P1", day="2026-11-18", details=named)
    later = entry(yuan(bill.total_fen), ref="P2", day="2026-11-19", details=detail(**other))
    same = {"text": f"退汇 {bill.bank_reference:012d}", "account": "123", "payer": "甲公司"}
    load(
        ours,
        later,
        bounced(bill, **{"text": "退汇", "account": "", "payer": "丙", sign: same[sign]}),
    )

    found = origins_of(session, only(session))

    assert [payment.payer_name for payment in found] == ["甲公司", "乙"]


def test_a_payment_of_another_amount_or_a_later_day_is_no_origin(session, load, bill):
    load(paid(bill, day="2026-11-22"), entry("1.00", ref="X", day="2026-11-01"), bounced(bill))
    held = only(session)

    assert origins_of(session, held) == []
    other = session.scalars(select(Payment).where(Payment.amount_fen == 100)).one()
    with pytest.raises(HeldRefused, match="other_amount"):
        confirm_return(session, held, other, **BY, packs=packs_in_force(session))
    assert held.state is HeldState.WAITING


def test_a_payment_of_the_same_day_may_be_returned(session, load, bill):
    load(paid(bill, day="2026-11-21"), bounced(bill, day="2026-11-21"))

    assert len(origins_of(session, only(session))) == 1


@pytest.mark.parametrize("day", ["9999-12-31", "2026-11-25", "2011-06-30", ""])
def test_nothing_goes_back_on_a_day_that_cannot_be(session, load, day):
    load(entry(ref="P"), entry(ref="R", side="DBIT", reversal="true", day=day))
    held, payment = only(session), session.scalars(select(Payment)).one()

    with pytest.raises(HeldRefused, match="return_day"):
        confirm_return(session, held, payment, **BY, packs=packs_in_force(session))
    assert (held.state, held.field, held.text) == (HeldState.WAITING, "ValDt", day)


def test_what_was_paid_back_cannot_be_returned(session, load, bill):
    load(entry(ref="P", details=detail(text="")), entry(ref="R", side="DBIT", reversal="true"))
    held = only(session)
    (payment,) = origins_of(session, held)
    refund(session, payment, payment.amount_fen, on=TODAY, **BY)

    with pytest.raises(PaymentRefused, match="refunded"):
        confirm_return(session, held, payment, **BY, packs=packs_in_force(session))


def test_an_entry_of_a_day_to_come_is_booked_when_it_has_come(session, load):
    load(entry(day="2026-11-25"))
    held = only(session)
    for on in (date(2026, 11, 25), date(2011, 6, 30)):
        with pytest.raises(HeldRefused, match="day_odd"):
            book_held(session, held, on, today=TODAY, **BY)

    payment = book_held(session, held, TODAY, today=TODAY, **BY)

    assert (payment.amount_fen, payment.received_on, payment.unallocated_fen) == (
        1_000,
        TODAY,
        1_000,
    )
    assert (payment.payer_name, payment.statement_id) == ("甲", held.statement_id)
    assert (held.state, held.payment_id) == (HeldState.BOOKED, payment.id)


def test_the_second_copy_is_booked_where_the_bank_says_so(session, load):
    load(entry(), entry())

    book_held(session, only(session), date(2026, 11, 20), today=TODAY, **BY)

    assert session.scalar(select(func.sum(Payment.amount_fen))) == 2_000


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (entry("5.00", currency="USD"), "no_amount"),
        (entry(side="DBIT", reversal="true"), "is_return"),
    ],
)
def test_what_is_no_money_that_came_is_not_booked(session, load, given, code):
    load(given)

    with pytest.raises(HeldRefused, match=code):
        book_held(session, only(session), TODAY, today=TODAY, **BY)
    assert session.scalar(select(func.count(Payment.id))) == 0


def test_only_a_return_takes_a_payment_back(session, load):
    load(entry(day="2026-11-25"), entry(ref="B"))
    payment = session.scalars(select(Payment)).one()

    with pytest.raises(HeldRefused, match="no_return"):
        confirm_return(session, only(session), payment, **BY, packs=packs_in_force(session))


def test_an_entry_is_settled_once(session, load):
    load(entry(day="2026-11-25"))
    held = only(session)
    dismiss_held(session, held, "银行更正", **BY)

    assert (held.state, held.settled_because) == (HeldState.DISMISSED, "银行更正")
    for again in (
        lambda: dismiss_held(session, held, "", **BY),
        lambda: book_held(session, held, TODAY, today=TODAY, **BY),
    ):
        with pytest.raises(HeldRefused, match="settled"):
            again()


def test_two_people_settle_an_entry_once(sessions, session, load):
    load(entry(day="2026-11-25"))
    session.commit()
    with sessions() as other:
        same = other.scalars(select(HeldEntry)).one()
        dismiss_held(session, only(session), "a", **BY)
        session.commit()

        with pytest.raises(HeldRefused, match="settled"):
            book_held(other, same, TODAY, today=TODAY, **BY)


def test_the_list_has_what_waits_page_by_page(session, load):
    statement = load(*(entry(ref=f"R{number}", day="2026-11-25") for number in range(3)))
    dismiss_held(
        session, list_held(session, None, scope=EVERYWHERE, page=1, size=1)[0][0], "x", **BY
    )

    numbers = [
        [row.number for row in list_held(session, None, scope=EVERYWHERE, page=page, size=1)[0]]
        for page in (1, 2, 3)
    ]

    assert numbers == [[2], [3], []]
    assert [
        list_held(session, None, scope=EVERYWHERE, page=page, size=1)[1] for page in (1, 2)
    ] == [True, False]
    assert len(list_held(session, statement.id, scope=EVERYWHERE, page=1, size=5)[0]) == 3


# Taking back.


def test_an_import_is_taken_back_and_may_come_again(session, load, tmp_path):
    statement = load(entry(), entry(ref="B"), entry(ref="C", day="2026-11-25"))

    assert (
        withdraw_statement(
            session, statement, "错地区", on=TODAY, **BY, packs=packs_in_force(session)
        )
        == 2
    )

    assert session.scalar(select(func.sum(Payment.amount_fen))) == 0
    assert session.scalar(select(func.count()).select_from(EntryClaim)) == 0
    assert only(session).state is HeldState.DISMISSED
    assert (statement.withdrawn_because, balanced(session)) == ("错地区", True)
    again = load(entry(), entry(ref="B"), entry(ref="C", day="2026-11-25"))
    assert again.id != statement.id
    assert session.scalar(select(func.sum(Payment.amount_fen))) == 2_000
    assert balanced(session)


def use_for_bill(session, payment, bill):
    from siweb.collection.payments.by_staff import match_by_staff

    match_by_staff(session, payment, bill.bank_reference, **BY, packs=packs_in_force(session))


USES = {
    "a bill": use_for_bill,
    "a refund": lambda session, payment, bill: refund(session, payment, 1, on=TODAY, **BY),
    "a credit": lambda session, payment, bill: keep_credit(
        session, payment, bill.bank_reference, **BY
    ),
}


@pytest.mark.parametrize("use", USES)
def test_what_was_used_is_not_taken_back_as_a_whole(session, load, bill, use):
    statement = load(entry(), entry(ref="B"))
    assert not is_used(session, statement.id)
    payment = session.scalars(select(Payment).limit(1)).one()
    USES[use](session, payment, bill)

    with pytest.raises(WithdrawalRefused, match="used"):
        withdraw_statement(session, statement, "x", on=TODAY, **BY, packs=packs_in_force(session))


def test_a_return_that_was_confirmed_stays(session, load, bill):
    receive(session, bill.total_fen, date(2026, 11, 1))
    statement = load(bounced(bill))
    (payment,) = origins_of(session, only(session))
    confirm_return(session, only(session), payment, **BY, packs=packs_in_force(session))

    with pytest.raises(WithdrawalRefused, match="used"):
        withdraw_statement(session, statement, "x", on=TODAY, **BY, packs=packs_in_force(session))


def test_an_import_is_taken_back_once(session, load):
    statement = load(entry())
    withdraw_statement(session, statement, "x", on=TODAY, **BY, packs=packs_in_force(session))

    with pytest.raises(WithdrawalRefused, match="withdrawn"):
        withdraw_statement(session, statement, "x", on=TODAY, **BY, packs=packs_in_force(session))


def test_nothing_is_imported_into_what_was_undone_meanwhile(sessions, session, load, tmp_path):
    statement = load(entry())
    session.commit()
    with sessions() as other:
        from siweb.collection.tables.bank_statement import BankStatement

        same = other.get_one(BankStatement, statement.id)
        other.commit()
        statement.done_entries += 1
        session.commit()
        with pytest.raises(ClaimedElsewhere):
            withdraw_statement(other, same, "x", on=TODAY, **BY, packs=packs_in_force(other))


def test_a_statement_of_another_region_is_that_statement(session, load, tmp_path):
    make_region(session, "110000")
    statement = load(balances("0.00", "10.00"), entry())

    same, _file = opened(session, tmp_path, camt(balances("0.00", "10.00"), entry()), "110000")

    assert same.id == statement.id


# Claims and what they claim.


def named(session):
    return [str(one) for one in claim_imbalances(session, Scope())]


def test_a_claim_that_is_gone_is_named_by_its_statement(session, load):
    statement = load(entry(), entry(ref="B"))
    assert named(session) == []

    claimed = EntryClaim.payment_id.is_not(None)
    session.delete(session.scalars(select(EntryClaim).where(claimed).limit(1)).one())

    [found] = named(session)
    assert found.startswith(f"statement {statement.id}: payments of its entries (a count)")
    assert found.endswith("expected 1 fen, found 2 fen")
    assert list(claim_imbalances(session, Scope(month="2026-08"))) == []


def test_a_claim_that_was_put_in_is_named(session, load):
    statement = load(entry())
    session.add(EntryClaim(account="1", identity="made up", statement_id=statement.id))

    [found] = named(session)
    assert found.startswith(f"claim of an entry of statement {statement.id}: made up: neither")


def test_what_a_person_booked_has_its_claim(session, load):
    load(entry(), entry(ref="C", day="2026-11-25"), entry("0.00", ref="Z"))
    held = only_waiting(session)

    book_held(session, held, TODAY, today=TODAY, **BY)

    assert named(session) == []


def only_waiting(session):
    waiting = HeldEntry.state == HeldState.WAITING
    return session.scalars(select(HeldEntry).where(waiting)).one()
