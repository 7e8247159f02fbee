"""An agency's first month, played by its people: opened, staffed, levied, paid, put right, proved."""

from sqlalchemy import select

from siweb.collection.tables.bill import Bill
from tests.browser.agency_month.agreement import hold_pages_to_the_books
from tests.browser.agency_month.opening import (
    HIRED,
    activate,
    bury,
    hire,
    insure_oneself,
    levy,
    open_office,
    put_base_right,
    register_employer,
    yuan,
)
from tests.browser.agency_month.stage import REGION, at
from tests.collection.statements.make_statements import ACCOUNT, balances, camt, detail, entry
from tests.papers import paper


def test_an_agency_opens_levies_is_paid_and_puts_right_what_was_wrong(browser, build_stage):
    stage = build_stage(browser)
    staff = open_office(stage)
    flexible = insure_oneself(stage, staff)
    owner, uscc = register_employer(stage, staff)
    hire(stage, owner, uscc)

    stage.go_to(at(11, 10))
    assert "CNY 15,078.80" in levy(stage, staff["王一"])

    stage.go_to(at(11, 13))
    own, firm = bills(stage)
    named = [detail(text=f"{firm.bank_reference:012d}")]
    take_in(
        stage, staff,
        balances("0.00", yuan(own.total_fen + 1_200_000)),
        entry(yuan(own.total_fen), ref="F1", day="2026-11-12",
              details=[detail(payer="刘芳", text=f"{own.bank_reference:012d}")]),
        entry("12000.00", ref="E1", day="2026-11-12", details=named),
        entry("678.80", ref="E2", day="2026-11-12", details=named),
        entry("678.80", ref="R2", day="2026-11-13", side="DBIT", reversal="true", details=named),
    )  # fmt: skip
    send_back(staff["钱一"])
    assert "to pay today CNY 678.80" in owner.open(f"/employer/{uscc}/bills")

    stage.go_to(at(11, 20))
    before = yuan(own.total_fen + 1_200_000), yuan(own.total_fen + firm.total_fen)
    take_in(
        stage, staff, balances(*before), entry("678.80", ref="E3", day="2026-11-19", details=named)
    )  # fmt: skip
    assert "CNY 12,678.80 Paid" in owner.open(f"/employer/{uscc}/bills")
    worker = activate(stage, staff["王一"], *HIRED[0])
    assert "not paid yet" not in worker.open("/record/2026").lower()

    bury(stage, staff, HIRED[2][1])
    put_base_right(stage, staff, HIRED[0][1], uscc, "2026-11", 9500)
    assert "The base is wrong" in worker.open("/corrections")

    assert "Months paid: 1 · last base CNY 8,000.00" in flexible.open("/record/2026")
    hold_pages_to_the_books(stage, at_least=50)


def take_in(stage, staff, *parts):
    """The bank's statement: handed in by one, checked by another, used by the worker."""
    cashier, colleague = staff["钱一"], staff["钱二"]
    if ACCOUNT not in cashier.open("/desk/statements/accounts"):
        cashier.go_on(
            number=ACCOUNT, bank="示范银行", **paper("because", "开户许可证1号"), region=""
        )
        colleague.approve()
    file = {"name": "s.xml", "mimeType": "text/xml", "buffer": camt(*parts)}
    cashier.send("/desk/statements", region=REGION, bank="示范银行", file=file)
    stage.work()
    colleague.approve()
    stage.work()


def send_back(cashier):
    """What the bank returned is no payment."""
    cashier.open("/desk/bank-entries")
    cashier.follow("/desk/bank-entries/")
    assert "its bills are unpaid again" in cashier.go_on(at="/return")


def bills(stage):
    query = select(Bill).order_by(Bill.employer_id.is_not(None))
    return [bill for (bill,) in stage.reads(query)]
