"""`siweb calc`: figures of published notices, settings, explanations."""

import pytest

LATE = ("late-fee", "--principal", "100000", "--due-date", "2025-07-15", "--paid-date")
PREMIUM = ("premium", "--monthly-wage")


# 京人社发〔2025〕11号 prints these amounts of an individual payer.
@pytest.mark.parametrize(
    ("wage", "pension", "unemployment"),
    [("1", "1432.40", "71.62"), ("99999", "7162.20", "358.11")],
)
def test_what_beijing_published_for_individual_payers(calc, wage, pension, unemployment):
    beijing = ("--region", "110000", "--month", "2025-07", "--scheme", "flexible")

    result = calc(*PREMIUM, wage, *beijing)["result"]

    assert result["pension"]["employee"] == pension
    assert result["unemployment"]["employee"] == unemployment
    assert result["medical"]["employee"] == "584.92"


def test_a_transition_floor_is_not_sixty_percent(calc):
    result = calc(*PREMIUM, "1", "--region", "110000", "--month", "2025-06")["result"]

    assert result["base"] == "6821.00"


def test_a_late_notice_changes_only_what_is_known_later(calc):
    july = (*PREMIUM, "1", "--region", "110000", "--month", "2025-07", "--as-of")

    assert calc(*july, "2025-09-17")["result"]["base"] == "6821.00"
    assert calc(*july, "2025-09-18")["result"]["base"] == "7162.00"


def test_figures_that_were_made_up_or_are_uncertain_are_marked(calc):
    demonstration = calc("account", "--deposits", "1:1", "--year", "2026")
    uncertain = calc(*PREMIUM, "1", "--region", "440300", "--month", "2024-08")

    assert demonstration["warnings"] == ["demonstration"]
    assert "uncertain" in uncertain["warnings"]
    assert "warnings" not in calc(*PREMIUM, "1", "--region", "310000", "--month", "2026-08")


@pytest.mark.parametrize(
    ("month", "stale", "since", "warnings"),
    [("2025-12", False, None, ()), ("2026-01", True, "2026-01", ("stale_limits",))],
)
def test_limits_of_an_earlier_payment_year_are_answered_with_a_warning(
    calc, month, stale, since, warnings
):
    answer = calc(*PREMIUM, "9000", "--region", "330100", "--month", month)

    assert (answer["result"]["stale"], answer["result"]["stale_since"]) == (stale, since)
    assert tuple(answer.get("warnings", ())) == warnings
    assert answer["result"]["base"] == "9000.00"


def test_an_insurance_whose_rate_is_not_known_is_named(calc):
    shenzhen = (*PREMIUM, "9000", "--region", "440300", "--month", "2026-05")

    answer = calc(*shenzhen)
    assert answer["result"]["rates_unknown"] == ["unemployment"]
    assert "rate_unknown_unemployment" in answer["warnings"]
    assert "unemployment" not in answer["result"]
    assert "rates_unknown" not in calc(*shenzhen, "--unemployment", "0.8/0.2")["result"]


def test_a_pension_premium_is_divided_between_account_and_pool(calc):
    beijing = ("--region", "110000", "--month", "2026-08")

    employee = calc(*PREMIUM, "5000", *beijing)["result"]
    alone = calc(*PREMIUM, "5000", *beijing, "--scheme", "flexible")["result"]
    by_option = calc(*PREMIUM, "7270", "--pension", "16/8", "--account-rate", "11")["result"]

    assert (employee["to_personal_account"], employee["to_pool"]) == ("581.60", "1163.20")
    assert (alone["to_personal_account"], alone["to_pool"]) == ("581.60", "872.40")
    assert (by_option["to_personal_account"], by_option["to_pool"]) == ("799.70", "945.10")
    assert "to_pool" not in calc(*PREMIUM, "7270", "--pension", "16/8")["result"]


def test_the_account_of_many_is_rounded_person_by_person(calc):
    result = calc("premium", "--pension", "16/8", "--account-rate", "8", "--people", "3",
                  "--monthly-wage", "33.33")["result"]  # fmt: skip

    # 3 x 2.67 to the accounts; 3 x (5.33 + 2.67) in all.
    assert (result["to_personal_account"], result["to_pool"]) == ("8.01", "15.99")


def test_an_amount_is_rounded_to_the_yuan_where_an_agency_does(calc):
    asked = ("premium", "--rate", "50/49.9", "--rounding", "half_up_yuan", "--monthly-wage")

    assert calc(*asked, "99")["result"]["premium"] == {"employer": "50.00", "employee": "49.00"}


def test_a_tier_that_the_class_does_not_have_is_refused(refusal, calc):
    asked = (*PREMIUM, "9000", "--region", "110000", "--month", "2026-08", "--injury-class", "1")

    assert refusal(*asked, "--injury-tier", "80") == (
        "Class 1 of work injury has no tier of 80 %: the agency sets it (SIL 34)."
    )
    paid = calc(*asked, "--injury-tier", "120")["result"]["work_injury"]
    assert paid == {"employer": "21.60", "employee": "0.00"}


def test_shanghai_rounds_up_to_the_jiao(calc):
    result = calc(*PREMIUM, "10000.01", "--region", "310000", "--month", "2025-07")["result"]

    assert result["pension"] == {"employer": "1600.10", "employee": "800.10"}


def test_insurances_with_limits_of_their_own_show_each_base(calc):
    result = calc(*PREMIUM, "1", "--region", "440300", "--month", "2025-01")["result"]

    assert result["bases"]["pension"] == "3523.00"
    assert result["bases"]["medical"] == "6733.00"


def test_options_go_before_the_regions_figures(calc):
    options = ("--region", "110000", "--month", "2025-07", "--pension", "20/10", "--floor", "5000",
               "--additions", "medical=1/2", "--limits", "work_injury=6000/9000",
               "--rounding", "up_jiao", "--scope", "person", "--injury-class", "8")  # fmt: skip

    result = calc(*PREMIUM, "5000.01", *options)["result"]

    assert result["pension"] == {"employer": "1000.10", "employee": "500.10"}
    assert result["medical"] == {"employer": "491.10", "employee": "102.10"}
    assert result["work_injury"] == {"employer": "114.00", "employee": "0.00"}


def test_an_employers_people_are_added_up_both_ways(calc):
    result = calc("premium", "--pension", "16/8", "--monthly-wage", "3333.33;3333.33")["result"]

    assert result["people"] == 2
    assert (result["sum_of_rounded"], result["rounded_sum"]) == ("1066.66", "1066.67")


def test_many_people_with_one_wage_and_one_rate(calc):
    result = calc("premium", "--people", "3", "--monthly-wage", "33.33", "--rate", "16/0")["result"]

    assert result["premium"] == {"employer": "15.99", "employee": "0.00"}
    assert (result["rounded_sum"], result["difference"]) == ("16.00", "0.01")


def test_the_explanation_names_insurance_rule_and_notice(calc):
    answer = calc(*PREMIUM, "5000", "--region", "110000", "--month", "2025-07")

    first = answer["explanation"][0]
    assert (first["label"], first["rule"]) == ("pension.base_floor", "国办发〔2019〕13号")
    assert first["inputs"] == {"declared_base": "5000.00", "base_floor": "7162.00"}
    assert first["parameter"]["notice"] == "京人社发〔2025〕11号"
    assert first["parameter"]["published_on"] == "2025-09-18"


def test_an_option_takes_the_packs_notice_out_of_the_explanation(calc):
    steps = calc(*LATE, "2025-07-25", "--daily-rate", "0.1%")["explanation"]

    assert [step["parameter"] is None for step in steps] == [False, True, False]


@pytest.mark.parametrize(
    ("options", "fee"),
    [((), "100100.00"), (("--cap",), "100000.00"), (("--day-count", "before_payment"), "100050.00"),
     (("--rounding", "UP_JIAO"), "100100.00")],
)  # fmt: skip
def test_settings_of_the_late_fee(calc, options, fee):
    assert calc(*LATE, "2031-01-07", *options)["result"]["late_fee"] == fee


def test_arrears_from_before_the_law_need_their_rate(calc, refusal):
    old = (
        "late-fee",
        "--principal",
        "100",
        "--due-date",
        "2005-01-01",
        "--paid-date",
        "2005-01-11",
    )

    assert calc(*old, "--daily-rate", "0.002")["result"]["late_fee"] == "2.00"
    assert refusal(*old) == "Region CN has no late_fee for 2005-01."


def test_an_assessment_is_settled_after_the_declaration(calc):
    result = calc("assess", "--last-month-paid", "100", "--due", "90")["result"]

    assert result == {
        "needs_manual_assessment": False, "assessed": "110.00", "balance": "-20.00"
    }  # fmt: skip


def test_the_second_assessment_goes_by_what_the_setting_says(calc):
    twice = ("assess", "--last-month-paid", "100", "--last-month-assessed", "110")

    assert calc(*twice)["result"]["assessed"] == "110.00"
    assert calc(*twice, "--last-month", "assessed")["result"]["assessed"] == "121.00"


def test_a_city_raises_the_undeclared_base(calc):
    limits = ("--floor", "7162", "--ceiling", "35811")

    assert calc("assess", "--last-base", "7000", *limits)["result"] == {"base": "7700.00"}
    assert calc("assess", "--last-base", "7000", "--rate", "105", *limits)["result"] == {
        "base": "7350.00"
    }


def test_an_old_number_says_what_it_became(calc):
    result = calc("id", "--number", "110105491231002")["result"]

    assert (result["valid"], result["reason"]) == (False, "old_15")
    assert result["became"]["number"] == "11010519491231002X"
    assert result["became"]["birth"] == "1949-12-31"


@pytest.mark.parametrize(
    ("options", "last_day"),
    [
        (("--termination-date", "2025-12-15"), "2025-12-30"),
        (("--established-date", "2025-12-15"), "2026-01-14"),
        (("--date", "2025-09-26", "--working-days", "5"), "2025-10-10"),
        (("--date", "2024-01-31", "--months", "1"), "2024-02-29"),
        (("--date", "2024-01-31", "--days", "0"), "2024-01-31"),
        (("--date", "2025-09-26", "--period", "arrears_notice"), "2025-10-10"),
    ],
)
def test_periods_by_their_event_length_or_name(calc, options, last_day):
    assert calc("deadline", *options)["result"]["last_day"] == last_day


def test_working_days_on_between_and_whether(calc):
    assert calc("workdays", "--start", "2025-09-28", "--days", "5")["result"] == {
        "last_day": "2025-10-11", "working_days": 5
    }  # fmt: skip
    assert calc("workdays", "--start", "2025-09-28", "--end", "2025-10-11")["result"] == {
        "working_days": 5, "working_days_with_start": 6
    }  # fmt: skip
    assert calc("workdays", "--date", "2025-10-11")["result"] == {"working_day": True}


def test_a_year_without_a_calendar_is_flagged(calc):
    answer = calc("deadline", "--hire-date", "2030-01-01")

    assert answer["warnings"] == ["unknown_year_2030"]


def test_numbers_explain_their_check(calc):
    assert [step["result"] for step in calc("id", "--number", "11010519491231002X")["explanation"]
            ] == ["1949-12-31", "F", "X"]  # fmt: skip
    assert [step["result"] for step in calc("uscc", "--number", "91110000600037341L")["explanation"]
            ] == ["1", "L"]  # fmt: skip


def test_a_wrong_number_is_an_answer_with_its_reason(calc):
    assert calc("id", "--number", "11010519491331002X")["result"] == {
        "valid": False, "reason": "date", "part": "birth", "wrong": "19491331"
    }  # fmt: skip
    assert calc("uscc", "--number", "91110000600037341M")["result"]["reason"] == "checksum"
    assert calc("id", "--number", "11010519491231002X", "--on", "1949-12-30")["result"][
        "reason"] == "future"  # fmt: skip


def test_a_permit_with_an_unknown_region_is_warned_of(calc):
    assert calc("id", "--number", "99010519491231002X")["result"]["valid"] is False
    assert "warnings" not in calc("id", "--number", "911124198108030024")


def test_lines_for_a_person_show_figures_and_steps(run):
    lines = run("calc", *LATE, "2025-07-25").stdout.splitlines()

    assert lines[:3] == ["days: 10", "late_fee: 500.00", "to_pay: 100500.00"]
    assert lines[7].startswith("  1. overdue_days = max(0, paid_date - due_date) = 10;")


@pytest.mark.parametrize(
    ("code", "amount"),
    [("up_jiao", "0.80"), ("UP_JIAO", "0.80"), ("half_up_jiao", "0.70"), ("half_up_fen", "0.71"),
     ("half_up_yuan", "1.00")],
)  # fmt: skip
def test_a_setting_has_one_code_in_either_case(calc, refusal, code, amount):
    asked = ("premium", "--monthly-wage", "100", "--rate", "0.71", "--rounding")

    assert calc(*asked, code)["result"]["premium"] == {"employer": amount, "employee": "0.00"}
    assert refusal(*asked, "见分进角").startswith("--rounding: '见分进角' is not one of")


@pytest.mark.parametrize(
    "delay",
    [("--days", "10"), ("--days", "10", "--due-date", "2025-07-15"),
     ("--days", "10", "--paid-date", "2025-07-25")],
)  # fmt: skip
def test_a_late_fee_by_its_days(calc, delay):
    result = calc("late-fee", "--principal", "100000", *delay)["result"]

    assert (result["days"], result["late_fee"], result["to_pay"]) == (10, "500.00", "100500.00")


def test_working_days_are_counted_from_a_day(calc):
    result = calc("workdays", "--date", "2025-09-30", "--days", "1")["result"]

    assert result == {"last_day": "2025-10-09", "working_days": 1}


def test_months_left_from_before_go_with_each_question(calc):
    asked = ("benefit-months", "--months-contributed", "[60, 120, 12]", "--carried-months")

    assert calc(*asked, "[3, 6, 9]")["result"]["max_months"] == [21, 24, 21]
    assert calc(*asked, "3")["result"]["max_months"] == [21, 24, 15]


@pytest.mark.parametrize(("value", "fee"), [("true", "100000.00"), ("false", "100100.00")])
def test_a_switch_may_be_followed_by_true_or_false(calc, value, fee):
    assert calc(*LATE, "2031-01-07", "--cap", value)["result"]["late_fee"] == fee
