"""A statement is held against itself, and against the accounts of the office."""

import pytest
from sqlalchemy import select

from siweb.collection.statements.open_statement import needs_confirmation, survey
from siweb.collection.statements.reading.control import Control
from siweb.collection.statements.reading.entry import StatementRefused
from siweb.collection.tables.held_entry import HeldEntry, HeldReason, HeldState
from tests.bills import PACK_REGION
from tests.collection.statements.make_statements import (
    ACCOUNT,
    HEAD,
    balance,
    balances,
    booked,
    camt,
    detail,
    entry,
    held,
    import_file,
    register,
    statement,
    table,
    tag,
)
from tests.factories import make_region

CONTRADICTIONS = {
    "closing balance": (camt(balances("100.00", "120.00"), entry()), "closing_balance", 12_000, 11_000),
    "a fen": (camt(balances("100.00", "110.01"), entry()), "closing_balance", 11_001, 11_000),
    "previous closing": (
        camt(balance("PRCD", "1.00") + balance("CLBD", "1.00"), entry()), "closing_balance", 100, 1_100,
    ),
    "count": (
        camt(tag("TxsSummry", tag("TtlNtries", tag("NbOfNtries", "3"))), entry()), "count", 3, 1,
    ),
    "sum": (camt(tag("TxsSummry", tag("TtlNtries", tag("Sum", "9.00"))), entry()), "sum_fen", 900, 1_000),
    "credits": (
        camt(tag("TxsSummry", tag("TtlCdtNtries", tag("Sum", "9.00"))), entry()), "credit_fen", 900, 1_000,
    ),
    "count of credits": (
        camt(tag("TxsSummry", tag("TtlCdtNtries", tag("NbOfNtries", "2"))), entry()), "credit_count", 2, 1,
    ),
    "debits": (
        camt(tag("TxsSummry", tag("TtlDbtNtries", tag("Sum", "9.00"))), entry(side="DBIT")),
        "debit_fen", 900, 1_000,
    ),
    "the second statement of a file": (
        camt(statements=statement(balances("0.00", "10.00"), entry())
             + statement(balances("0.00", "20.00"), entry(ref="B"))),
        "closing_balance", 2_000, 1_000,
    ),
    "running balance": (
        table("2026-11-20,10.00,甲,1,a,A1,110.00", "2026-11-20,20.00,甲,1,a,A2,999.00", head=f"{HEAD},余额"),
        "running_balance", 99_900, 13_000,
    ),
    "total line": (
        table("2026-11-20,10.00,甲,1,a,A1", "合计,11.00,,,,"), "credit_fen", 1_100, 1_000,
    ),
    "total of the credits": (
        table("2026-11-20,10.00,甲,1,a,A1", "收入合计,,11.00,,,"), "credit_fen", 1_100, 1_000,
    ),
    "total of the debits": (
        table("2026-11-20,10.00,甲,1,a,A1", "支出合计,1.00,,,,"), "debit_fen", 100, 0,
    ),
    "balances in the title": (
        table("2026-11-20,10.00,甲,1,a,A1", head=f"期初余额：100.00,期末余额：120.00\n{HEAD}"),
        "closing_balance", 12_000, 11_000,
    ),
    "count below": (table("2026-11-20,10.00,甲,1,a,A1", "总笔数：2,,,,,"), "count", 2, 1),
}  # fmt: skip


@pytest.mark.parametrize("kind", CONTRADICTIONS)
def test_a_statement_that_contradicts_itself_waits_for_a_person(office, session, tmp_path, kind):
    content, what, stated, found = CONTRADICTIONS[kind]
    kept, _total = office(content, because="银行已书面确认")

    (difference,) = Control.from_json(kept.control).differences
    assert (difference.what, difference.stated, difference.found) == (what, stated, found)
    assert (kept.confirmed_because, needs_confirmation(kept)) == ("银行已书面确认", False)
    kept.confirmed_at = None
    assert needs_confirmation(kept)


def test_balances_that_count_one_copy_let_the_second_wait(office, session):
    kept, _total = office(camt(balances("0.00", "10.00"), entry(), entry()), because="银行确认")

    assert (booked(session), held(session)) == (1_000, [("repeated", "waiting")])
    assert not Control.from_json(kept.control).is_proved


@pytest.mark.parametrize(
    ("content", "has_control"),
    [
        (camt(entry()), False),
        (camt(balance("OPBD", "1.00"), entry()), False),
        (camt(balances("1.00", "11.00"), entry()), True),
        (table("2026-11-20,10.00,甲,1,a,A1"), False),
        (table("2026-11-20,10.00,甲,1,a,A1,110.00", head=f"{HEAD},余额"), True),
        (camt(statements=statement(balances("0.00", "10.00"), entry()) + statement(entry(ref="B"))), False),
    ],
)  # fmt: skip
def test_whether_anything_proves_a_statement_is_kept(office, content, has_control):
    kept, _total = office(content)

    assert Control.from_json(kept.control).has_control is has_control


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (camt(entry(), account="DE99999999999999"), "account_foreign"),
        (camt(statements=statement(entry()) + statement(entry(ref="B"), account="99990000")), "account_foreign"),
        (table("2026-11-20,10.00,甲,1,a,A1", head=f"账号：99990000123\n{HEAD}"), "account_foreign"),
        (camt(entry(), declared="KOI8-R"), "encoding"),
        (camt(entry())[:-20], "not_camt"),
        (b"PK\x03\x04broken", "not_a_sheet"),
        (b"a,b\n1,2\n", "column_missing"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_the_offices_is_refused_whole(office, session, content, code):
    with pytest.raises(StatementRefused) as refused:
        office(content)

    assert (refused.value.code, booked(session)) == (code, 0)


def test_the_accounts_number_may_be_written_in_groups(office, session):
    office(camt(entry(), account="CN62 2200-0000000000"))

    assert booked(session) == 1_000


def test_a_file_without_an_account_is_of_the_only_one(office, session):
    kept, _total = office(camt(entry(), account=""))

    assert (kept.account, booked(session)) == (ACCOUNT, 1_000)


def test_a_file_without_an_account_is_asked_for_where_there_are_two(office, session):
    register(session, "11112222")

    with pytest.raises(StatementRefused, match="account_unnamed"):
        office(camt(entry(), account=""))
    office(camt(entry("2.00"), account=""), account="11112222")
    assert booked(session) == 200


def test_without_a_registered_account_nothing_is_imported(session, tmp_path):
    make_region(session, PACK_REGION)

    with pytest.raises(StatementRefused, match="account_missing"):
        import_file(session, tmp_path, camt(entry(), account=""), PACK_REGION)


def test_an_overlapping_statement_brings_only_what_is_new(office, session):
    office(camt(entry(ref="A"), entry(ref="B")))

    _kept, total = office(camt(entry(ref="B"), entry(ref="C")))

    assert (total.booked, total.duplicates, booked(session)) == (1, 1, 3_000)


def test_a_return_counts_once_too(office, session):
    back = entry(ref="R", side="DBIT", reversal="true")
    office(camt(back))

    _kept, total = office(camt(back, entry()))

    assert (total.returned, total.duplicates, len(held(session))) == (0, 1, 1)


def test_a_held_entry_names_everything_that_a_person_needs(office, session):
    office(
        camt(entry("5.00", currency="USD", ref="USD7", details=detail(payer="乙", account="99")))
    )

    row = session.scalars(select(HeldEntry)).one()
    assert (row.number, row.reason, row.field, row.text) == (
        1,
        HeldReason.CURRENCY,
        "Amt",
        "5.00 USD",
    )
    assert (row.reference, row.payer_name, row.payer_account) == ("USD7", "乙", "99")
    assert (row.state, row.amount_fen, row.account) == (HeldState.WAITING, None, ACCOUNT)


def test_a_second_reading_keeps_the_first_control(office, session, tmp_path):
    kept, _total = office(camt(balances("0.00", "10.00"), entry()))

    assert survey(session, kept, None).entries == 1
