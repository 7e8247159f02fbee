"""Control totals of a statement, and what money makes of a bill."""

from datetime import date

import pytest

from siweb.rules.contributions.receipt import (
    BillBalance,
    BillState,
    balance_of,
    control_difference,
    kept_parts,
    states_after,
)

DAYS = [date(2026, 9, day) for day in range(1, 6)]


@pytest.mark.parametrize(
    ("named", "difference"),
    [({}, (0, 0)), ({"count": 2}, (0, 0)), ({"count": 3}, (1, 0)), ({"count": 1}, (-1, 0)),
     ({"total": 300}, (0, 0)), ({"total": 299}, (0, -1)), ({"total": 301}, (0, 1)),
     ({"opening": 50, "closing": 350}, (0, 0)), ({"opening": 50, "closing": 351}, (0, 1)),
     ({"opening": 0, "closing": 0}, (0, -300)), ({"closing": 351}, (0, 0)),
     ({"opening": 50}, (0, 0)), ({"total": 301, "opening": 50, "closing": 350}, (0, 1)),
     ({"total": 300, "opening": 50, "closing": 360}, (0, 10))],
)  # fmt: skip
def test_entries_depart_from_what_the_statement_names(named, difference):
    assert control_difference([100, 200], **named) == difference


@pytest.mark.parametrize(
    ("received", "open_fen", "unallocated", "state"),
    [
        (99, 1, 0, "part_paid"),
        (100, 0, 0, "paid"),
        (101, 0, 1, "paid"),
        (1, 99, 0, "part_paid"),
        (0, 100, 0, "open"),
        (-1, 101, 0, "open"),
    ],
)
def test_no_fen_is_rounded_away(received, open_fen, unallocated, state):
    assert balance_of(100, received) == BillBalance(open_fen, unallocated, BillState(state))


def test_a_bill_of_nothing_is_paid_from_the_start():
    assert balance_of(0, 0) == BillBalance(0, 0, BillState.PAID)
    assert balance_of(0, 1) == BillBalance(0, 1, BillState.PAID)


def test_a_bill_is_open_again_when_its_money_went_back():
    assert states_after(100, [100, -100, 99, 1, -1]) == (
        "paid", "open", "part_paid", "paid", "part_paid"
    )  # fmt: skip
    assert states_after(100, [-1]) == ("open",)


def test_money_that_went_back_was_never_paid():
    a, b, c, d, _ = DAYS

    assert kept_parts([(a, 5), (b, -5), (c, 5)]) == ((c, 5),)
    assert kept_parts([(a, 5), (b, 5), (c, -5), (d, 0)]) == ((a, 5), (d, 0))
    assert kept_parts([(a, 7), (b, 5), (c, -7)]) == ((b, 5),)
    assert kept_parts([(a, 5), (b, -6)]) == ((a, 5),)
    assert kept_parts([(a, -5), (b, 5)]) == ((b, 5),)
