"""`siweb calc`: flexible workers, differences and bank statements, beside the worked cases."""

import json

import pytest

# Flexible workers.


def test_the_pool_gets_the_rest(ask):
    (premium,) = ask("flexible", bases=["7270.06"], pension_rate="20", account_rate="8")["premiums"]

    # 1454.012 and 581.6048: the pool is the rest, so that no fen is lost between the two.
    assert premium == {"pension": "1454.01", "to_personal_account": "581.60", "to_pool": "872.41"}


def test_a_region_prices_every_insurance_of_its_own(ask):
    result = ask("flexible", bases=["7270"], region="110000", month="2026-08")

    assert result["premiums"] == [{
        "pension": "1454.00", "to_personal_account": "581.60", "to_pool": "872.40",
        "medical": "584.92", "unemployment": "72.70",
    }]  # fmt: skip
    assert result["totals"] == ["2111.62"]


@pytest.mark.parametrize(("month", "warnings"), [("2025-12", []), ("2026-01", ["stale_limits"])])
@pytest.mark.parametrize(
    "inputs",
    [{"bases": ["9000"]}, {"last_bases": ["9000"]}, {"steps": ["100"], "average_wage": "9000"}],
)
def test_a_flexible_worker_is_warned_of_last_years_limits(calc, inputs, month, warnings):
    asked = {**inputs, "region": "330100", "month": month}

    assert calc("flexible", "--inputs", json.dumps(asked)).get("warnings", []) == warnings


def test_steps_are_shares_of_the_average_within_the_limits(ask):
    result = ask("flexible", average_wage="12116", steps=["60", "80", "300"], floor="7270",
                 ceiling="36348")  # fmt: skip

    assert result["bases"] == ["7270.00", "9692.80", "36348.00"]


def test_silence_keeps_a_base_within_the_regions_limits(ask):
    result = ask("flexible", last_bases=["7162", "7270", "36349"], region="110000", month="2026-07")

    assert result["bases"] == ["7270.00", "7270.00", "36348.00"]


def test_unpaid_months_of_a_pause_and_beside_it(ask):
    result = ask("flexible", year=2026, paid_months=["2026-01", "2026-07"], paused_from="2026-11")

    assert result["months_counted"] == 2
    assert len(result["unpaid_months"]) == 10
    assert result["paused_months"] == ["2026-11", "2026-12"]


@pytest.mark.parametrize(
    ("more", "allowed"),
    [({}, [False, False]), ({"payable_until": "2023-12-31"}, [True, False])],
)
def test_only_a_notice_opens_a_month_again(ask, more, allowed):
    result = ask("flexible", paid_on=["2023-12-31", "2024-01-01"], **more)

    assert result["may_be_paid_back"] == allowed


# Differences.


def test_a_notice_reaches_no_month_before_its_own_and_gives_back(ask):
    result = ask("adjustment", wage="99999", effective_from="2026-07", old_ceiling="36348",
                 new_ceiling="36000", pension=["16", "8"], medical=["9.8", "2"],
                 recorded=["2026-06", "2026-07"])  # fmt: skip

    assert result["months"] == ["2026-07"]
    assert result["per_month"] == {"employer": "-89.78", "employee": "-34.80"}
    assert result["total"] == result["per_month"]


def test_a_base_within_both_limits_is_not_adjusted(ask):
    result = ask("adjustment", wage="9000", effective_from="2026-07", old_floor="7162",
                 new_floor="7270", pension=["16", "8"], recorded=["2026-07"])  # fmt: skip

    assert (result["months"], result["total"]) == ([], {"employer": "0.00", "employee": "0.00"})


def test_both_sides_and_ceilings_in_turn(ask):
    result = ask("adjustment", wage="50000", ceilings_in_turn=["30000", "31000", "31000"],
                 employer_rate="16", employee_rate="8")  # fmt: skip

    assert result["differences"] == {
        "employer": ["160.00", "0.00"], "employee": ["80.00", "0.00"]
    }  # fmt: skip


# Bank statements.


@pytest.mark.parametrize(
    ("statement", "accepted", "difference", "count"),
    [({}, True, "0.00", 0), ({"total": "30.00"}, True, "0.00", 0),
     ({"total": "30.01"}, False, "0.01", 0), ({"total": "29.99"}, False, "-0.01", 0),
     ({"count": 3}, False, "0.00", 1), ({"count": 2, "total": "30"}, True, "0.00", 0),
     ({"opening": "100", "closing": "130"}, True, "0.00", 0),
     ({"opening": "100", "closing": "130.01"}, False, "0.01", 0),
     ({"opening_balance": "100", "closing_balance": "131"}, False, "1.00", 0),
     ({"opening": "100"}, True, "0.00", 0)],
)  # fmt: skip
def test_entries_fit_what_the_statement_names(ask, statement, accepted, difference, count):
    result = ask("bank_statement", statement=statement, details=["40.00", "-10.00"])

    assert (result["accepted"], result["difference"]) == (accepted, difference)
    assert (result["count_difference"], result["posted"]) == (count, 2 if accepted else 0)


def test_a_bill_that_is_never_paid_again_bears_the_fee_through_the_last_entry(ask):
    bill = {"amount": "5000.00", "due_date": "2026-09-15"}
    entries = [["2026-09-15", "R1", "5000.00"], ["2026-09-18", "R1-reversal", "-5000.00"]]

    result = ask("bank_statement", bill=bill, entries=entries)

    assert (result["state_after"], result["late_fee"]) == (["paid", "open"], "7.50")


def test_parts_too_much_and_another_amount_taken_back(ask):
    bill = {"amount": "100.00", "due_date": "2026-09-15", "payer": "employer"}
    entries = [["2026-09-15", "A", "40"], ["2026-09-25", "B", "70"], ["2026-09-26", "C", "-1"]]

    result = ask("bank_statement", bill=bill, entries=entries, daily_rate="0.01")

    assert result["state_after"] == ["part_paid", "paid", "paid"]
    assert result["account_credit_posted"] == [False, True, True]
    assert result["late_fee"] == "6.00"


def test_a_flexible_workers_bill_bears_no_fee(ask):
    bill = {"amount": "100.00", "due_date": "2026-09-15", "payer": "flexible"}

    result = ask("bank_statement", bill=bill, entries=[["2026-10-15", "A", "100"]])

    assert result["late_fee"] == "0.00"
