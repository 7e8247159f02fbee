"""Small statements that went wrong once, as the bank wrote them, each with its right result."""

import tomllib
from datetime import date
from pathlib import Path

import pytest

from siweb.collection.statements.open_statement import needs_confirmation
from siweb.collection.statements.reading.control import Control
from siweb.collection.statements.reading.csv_mapping import CsvMapping
from siweb.collection.statements.reading.entry import StatementRefused
from tests.bills import PACK_REGION, make_bill
from tests.collection.statements.make_statements import booked, held
from tests.factories import make_employer, make_person

CASES = Path(__file__).parent / "cases"
TODAY = date(2026, 11, 29)
OWED = 352_000


@pytest.fixture
def hand_in(office, session):
    """Import a case; the answer has its bill besides what the import says."""
    employer = make_employer(session, region_code=PACK_REGION, name="示范公司")
    bill = make_bill(session, [make_person(session)], employer=employer)
    given = {
        b"@REFERENCE@": f"{bill.bank_reference:012d}", b"@AMOUNT@": "3520.00",
        b"@PAYER@": "示范公司", b"@ACCOUNT@": "6217000011112222",
    }  # fmt: skip

    def load(name, **how):
        content = (CASES / name).read_bytes()
        for mark, text in given.items():
            content = content.replace(mark, text.encode())
        return (bill, *office(content, today=TODAY, **how))

    return load


# What is booked, what of it pays the bill, and what is held; all in fen.
RIGHT = {
    "pay-and-bounce.xml": (OWED, OWED, [("returned", "waiting")]),
    "batch-without-amounts.xml": (300_000, 0, [("details", "booked")]),
    "batch-sum-differs.xml": (147_400, 0, [("details", "booked")]),
    "zero-amount.xml": (0, 0, [("zero", "dismissed")]),
    "gb18030.xml": (1_000, 0, []),
    "nobody-but-the-amount.xml": (OWED, 0, []),
    "second-structured-reference.xml": (OWED, OWED, []),
    "one-line-in-dollars.xml": (3_300, 0, [("currency", "waiting")]),
    "constant-reference-twice.xml": (2_000, 0, []),
    "days-in-2099-and-in-the-year-one.xml": (
        0, 0, [("day_future", "waiting"), ("day_too_old", "waiting")],
    ),
    "same-file-other-bank-name.xml": (3_000, 0, []),
}  # fmt: skip


@pytest.mark.parametrize("name", RIGHT)
def test_a_case_comes_to_what_it_should(session, hand_in, name):
    bill, _kept, total = hand_in(name)

    assert (booked(session), bill.paid_fen, held(session)) == RIGHT[name]
    assert total.read == total.booked + total.held + total.zero + total.duplicates


def test_balances_that_do_not_fit_wait_for_a_reason(session, hand_in):
    _bill, kept, total = hand_in("balances-do-not-fit.xml", stop_at_difference=True)

    (difference,) = Control.from_json(kept.control).differences
    assert (needs_confirmation(kept), total.read, booked(session)) == (True, 0, 0)
    assert (difference.stated, difference.found) == (99_999_900, 11_000)

    hand_in("balances-do-not-fit.xml", because="银行确认")
    assert booked(session) == 1_000


def test_the_account_of_somebody_else_is_refused(session, hand_in):
    with pytest.raises(StatementRefused) as refused:
        hand_in("account-of-somebody-else.xml")

    assert (refused.value.code, refused.value.facts["text"]) == (
        "account_foreign", "DE99999999999999",
    )  # fmt: skip
    assert booked(session) == 0


def test_the_same_file_as_another_bank_was_here_before(session, hand_in):
    _bill, first, _total = hand_in("same-file-other-bank-name.xml", bank="A")
    _bill, second, total = hand_in("same-file-other-bank-name.xml", bank="B")

    assert (first.id, total.read, booked(session)) == (second.id, 0, 3_000)


def test_every_case_has_its_right_result():
    others = {
        "balances-do-not-fit.xml", "account-of-somebody-else.xml", "mapping.toml",
    }  # fmt: skip

    assert {path.name for path in CASES.iterdir()} == RIGHT.keys() | others


def test_the_mapping_names_columns_of_a_table():
    mapping = CsvMapping.from_json(tomllib.loads((CASES / "mapping.toml").read_text("utf-8")))

    assert mapping.needed() == [
        "交易日期", "收入金额", "对方户名", "对方账号", "摘要", "流水号",
    ]  # fmt: skip
