"""`siweb calc`: late fees, hires and figures: cases beside the worked ones."""

import json

import pytest

ALL_FIVE = ["pension", "medical", "unemployment", "work_injury", "maternity"]
MONTHS = [["2026-06", "1000.00", "2026-07-15"], ["2026-07", "1000.00", "2026-08-17"]]


# Late fees: whose, from when, and while a deferral lasts.


@pytest.mark.parametrize(
    ("paid_date", "days"),
    [("2026-07-15", 0), ("2026-07-16", 0), ("2026-12-31", 0), ("2027-01-01", 1)],
)
def test_a_deferral_stops_the_fee_from_its_first_to_its_last_day(ask, paid_date, days):
    result = ask("late_fee", principal="20000", due_date="2026-07-15", paid_date=paid_date,
                 deferred=["2026-07-16", "2026-12-31"])  # fmt: skip

    assert (result["days"], result["late_fee"]) == (days, f"{days * 10}.00")


def test_days_before_a_deferral_count(ask):
    result = ask("late_fee", principal="20000", due_date="2026-07-15", paid_date="2027-01-10",
                 deferred=[["2026-08-01", "2026-09-30"], ["2026-11-01", "2026-12-31"]])  # fmt: skip

    # 16 days of July, October, 10 days of January.
    assert result["days"] == 57


def test_months_of_an_assessment_bear_the_fee_from_their_own_due_days(ask):
    result = ask("late_fee", kind="art58_assessment", months=MONTHS, paid_date="2026-08-17",
                 decided_on="2026-08-10")  # fmt: skip

    assert (result["days"], result["late_fees"]) == ([33, 0], ["16.50", "0.00"])
    assert (result["total"], result["principal"], result["arrears_case"]) == (
        "16.50", "2000.00", True
    )  # fmt: skip


def test_an_input_that_the_calculation_does_not_use_is_named(calc):
    asked = {"principal": "1", "due_date": "2026-08-10", "paid_date": "2026-08-11", "weather": "x"}

    answer = calc("late-fee", "--inputs", json.dumps(asked))

    assert answer["warnings"] == ["unused_input_weather"]


@pytest.mark.parametrize("more", [{"months": MONTHS}, {"principal": "100", "paid_dates": ["x"]}])
def test_a_flexible_worker_owes_no_fee_however_it_is_asked(ask, more):
    more = {**more, "paid_dates": None}
    result = ask("late_fee", payer="flexible", due_date="2026-10-26", **more)

    assert (result["late_fee"], result["arrears_case"]) == ("0.00", False)


def test_what_is_not_paid_yet_bears_the_fee_until_the_day_asked(ask):
    result = ask("late_fee", principal="10000", due_date="2026-01-15",
                 payments=[["2026-02-04", "4000"]], paid_date="2026-03-06")  # fmt: skip

    assert (result["late_fee"], result["to_pay"]) == ("190.00", "6190.00")


def test_a_capped_fee_shows_both_sums(ask):
    asked = {"principal": "100", "days": "2001"}

    assert ask("late_fee", **asked)["late_fee"] == "100.05"
    assert ask("late_fee", **asked)["late_fee_capped"] == "100.00"
    assert "late_fee_capped" not in ask("late_fee", **asked | {"days": "2000"})


# Assessments.


def test_a_last_month_of_one_fen_is_assessed_and_nil_is_not(ask):
    assert ask("assessed_amount", last_month_paid="0.01")["assessed"] == "0.01"
    assert ask("assessed_amount", last_month_paid="0.00") == {
        "assessed": None, "needs_manual_assessment": True,
        "facts_to_ask": ["operations", "headcount", "local_average_wage"],
    }  # fmt: skip
    assert ask("assessed_amount", last_month_paid=None)["needs_manual_assessment"] is True


def test_an_assessment_by_insurance_and_in_one(ask):
    paid = {"pension": "100.05", "medical": "100.05"}

    each = ask("assessed_amount", last_month_paid=paid, scope="insurance")
    whole = ask("assessed_amount", last_month_paid=paid, scope="total")

    assert (each["assessed"], each["insurances"]["pension"]) == ("220.12", "110.06")
    assert whole["assessed"] == "220.11"


def test_rows_with_and_without_a_last_month(ask):
    result = ask("assessed_amount", rows=[{"last_month_paid": "100"}, {"last_month_paid": "0"}])

    assert result["assessed"] == ["110.00", None]
    assert result["needs_manual_assessment"] == [False, True]
    assert "facts_to_ask" not in ask("assessed_amount", rows=[{"last_month_paid": "100"}])


# Hires.


@pytest.mark.parametrize(
    ("rule", "start", "filed", "findings"),
    [("hire_month", "2026-08", "2026-09-02", []),
     ("hire_month", "2026-08", "2026-09-03", ["late_hire"]),
     ("hire_month", "2026-09", "2026-09-02", ["uncovered_months"]),
     ("next_month", "2026-09", "2026-09-02", []),
     ("next_month", "2026-10", "2026-09-03", ["late_hire", "uncovered_months"])],
)  # fmt: skip
def test_what_a_hire_falls_short_of_in_time(ask, rule, start, filed, findings):
    result = ask("coverage", hire_date="2026-08-03", start_month=start, filed_on=filed,
                 first_month_rule=rule)  # fmt: skip

    assert result["findings"] == findings


def test_a_hire_in_one_question(ask):
    result = ask("coverage", hire_date="2026-08-03", start_month="2026-09", filed_on="2026-09-03",
                 form="full_time", insurances=["pension"], wages=["2739.99"], region="310000")  # fmt: skip

    assert result["findings"] == [
        "late_hire", "uncovered_months", "missing_insurance", "below_minimum_wage",
        "raised_to_floor",
    ]  # fmt: skip
    assert (result["bases"], result["days_late"]) == (["7546.00"], 1)


def test_the_regions_minimum_wage_and_limits_go_by_the_month(ask):
    def findings(month, wage):
        return ask("coverage", wages=[wage], region="440100", month=month)["findings"]

    assert findings("2026-08", "2679.99") == ["raised_to_floor"]
    assert findings("2026-09", "2679.99") == ["below_minimum_wage", "raised_to_floor"]
    assert findings("2026-09", "2680") == ["raised_to_floor"]


@pytest.mark.parametrize(("month", "warnings"), [("2025-12", []), ("2026-01", ["stale_limits"])])
def test_a_wage_within_last_years_limits_is_answered_with_a_warning(calc, month, warnings):
    asked = ("coverage", "--wages", "9000", "--region", "330100", "--month", month)

    assert calc(*asked).get("warnings", []) == warnings
    assert "warnings" not in calc(*asked, "--floor", "1", "--ceiling", "2")


def test_maternity_comes_with_medical_where_the_region_says_so(ask):
    asked = {
        "form": "dispatch",
        "insurances": ["pension", "medical", "unemployment", "work_injury"],
    }

    assert ask("coverage", **asked, region="110000", month="2026-08")["missing"] == []
    assert ask("coverage", **asked, region="440300", month="2026-08")["missing"] == ["maternity"]
    assert ask("coverage", **asked, maternity_with_medical=True)["missing"] == []
    assert ask("coverage", **asked)["missing"] == ["maternity"]


def test_several_hires_are_answered_figure_by_figure(ask):
    late = {"hire_date": "2026-08-03", "start_month": "2026-09", "filed_on": "2026-09-03"}
    low = {"form": "full_time", "insurances": ALL_FIVE, "wage": "2739.99", "region": "310000",
           "month": "2026-08"}  # fmt: skip

    result = ask("coverage", rows=[late, low, low | {"whole_month": False}])

    assert result["findings"] == [
        ["late_hire", "uncovered_months"], ["below_minimum_wage", "raised_to_floor"],
        ["raised_to_floor"],
    ]  # fmt: skip
    assert result["missing"] == [None, [], []]
    assert (result["days_late"][0], result["bases"][1]) == (1, ["7546.00"])


def test_a_part_of_a_month_is_no_question(ask):
    asked = {"minimum_wage": "2740", "floor": "7546", "ceiling": "37731", "wages": ["100"]}

    assert ask("coverage", **asked, whole_month=False)["findings"] == ["raised_to_floor"]
    assert "below_minimum_wage" in ask("coverage", **asked, whole_month=True)["findings"]


def test_a_person_of_another_employer(ask):
    asked = {"active_at": {"A": ["pension", "medical"]}, "hire_at": "B", "asked": ALL_FIVE}

    assert ask("second_employer", **asked) == {
        "accepted": ["unemployment", "work_injury", "maternity"],
        "refused": ["pension", "medical"], "reason": "enrolled_elsewhere",
    }  # fmt: skip
    assert ask("second_employer", **asked | {"hire_at": "A"})["refused"] == []
    alone = ask("second_employer", **asked | {"asked": ["work_injury"]})
    assert alone == {"accepted": ["work_injury"], "refused": [], "reason": None}


@pytest.mark.parametrize(
    ("form", "month", "region", "outcome"),
    [("over_age", "2026-06", "110000", "refused"), ("over_age", "2026-07", "110000", "accepted"),
     ("intern", "2026-07", "110000", "refused"), ("intern", "2026-06", "330100", "accepted"),
     ("full_time", "2026-06", "110000", "accepted")],
)  # fmt: skip
def test_work_injury_alone_goes_by_month_and_region(ask, form, month, region, outcome):
    row = {"form": form, "asked": ["work_injury"], "month": month, "region": region}

    assert ask("second_employer", rows=[row])["outcomes"] == [outcome]


# Figures.


@pytest.mark.parametrize(
    ("month", "stale", "since"), [("2025-12", False, None), ("2026-01", True, "2026-01")]
)
def test_the_limits_of_a_region_age(calc, month, stale, since):
    answer = calc("staleness", "--region", "330100", "--month", month)

    assert (answer["result"]["stale"], answer["result"]["stale_since"]) == (stale, since)
    assert ("stale_limits" in answer.get("warnings", ())) is stale


def test_a_region_names_the_rates_that_ended(ask):
    before, after = (
        ask("staleness", region="440300", month=month)["ended"] for month in ("2025-12", "2026-01")
    )

    assert (before, after) == ({}, {"rates.employee.unemployment": "2025-12"})


def test_one_question_about_a_payment_year(ask):
    asked = {"payment_year_first_month": 1, "newest_effective_from": "2025-01"}

    assert ask("staleness", **asked, month="2025-12") == {"stale": False, "stale_since": None}
    assert ask("staleness", **asked, month="2026-01") == {"stale": True, "stale_since": "2026-01"}


def test_limits_of_a_region_and_of_an_average(ask):
    medical = ask("limits", region="440300", month="2026-03")["limits"]["medical"]

    assert (medical["floor"], medical["ceiling"], medical["stale_since"]) == (
        "6727.00", "33633.00", None
    )  # fmt: skip
    assert ask("limits", average_wage="11937") == {"floor": "7162", "ceiling": "35811"}
    assert ask("limits", average_wage="11761", floor_percent="58")["floor"] == "6821"
    items = [["Beijing 2024", "11761", "58"], ["Beijing 2025", "11937"]]
    assert ask("limits", items=items)["limits"] == [["6821", "35283"], ["7162", "35811"]]


def test_limits_that_nobody_knew_yet_are_none(ask):
    published = {"X": [["2025-07", "2025-09-18", "7162.00", "35811.00"]]}

    result = ask("limits", published=published,
                 questions=[["X", "2025-06", "2026-01-01"], ["X", "2025-07", "2025-09-17"]])  # fmt: skip

    assert result["limits"] == [None, None]


def test_the_sum_of_rounded_and_the_rounded_sum(ask):
    result = ask("rounding", amounts=["0.005", "0.005"], rounding="half_up_fen")

    assert result["rounded"] == [{"half_up_fen": "0.01"}, {"half_up_fen": "0.01"}]
    assert result["sum_of_rounded"] == {"half_up_fen": "0.02"}
    assert result["rounded_sum"] == {"half_up_fen": "0.01"}


def test_the_rate_of_a_class_and_tier(ask):
    assert ask("injury_rate", injury_class="2", injury_tier="150") == {
        "allowed": True, "rate": "0.6"
    }  # fmt: skip
    assert ask("injury_rate", injury_class="1", injury_tier="80") == {
        "allowed": False, "rate": None
    }  # fmt: skip
    assert ask("injury_rate", rows=[["8", "150"], ["8", "90"]])["rates"] == [
        "2.85", None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("form", "asked", "more", "accepted", "reason"),
    [
        # Whoever draws a pension is no employee by law, whatever the contract is called.
        ("full_time", ["pension"], {"draws_pension": True}, [], "work_injury_alone"),
        ("full_time", ["pension"], {"draws_pension": False}, ["pension"], None),
        ("part_time", ["work_injury", "medical"], {"draws_pension": True}, ["work_injury"],
         "work_injury_alone"),
        ("full_time", ["work_injury"], {"draws_pension": True, "month": "2026-06"}, [],
         "no_regional_rule"),
        ("over_age", ["work_injury"], {"region_allows_over_age": False}, [], "no_regional_rule"),
        ("over_age", ["work_injury"], {"region_allows_over_age": True, "month": "2020-01"},
         ["work_injury"], None),
        ("intern", ["work_injury"], {"region_allows_interns": True}, ["work_injury"], None),
        ("intern", ["work_injury"], {"region_allows_interns": False, "region": "330100"}, [],
         "no_regional_rule"),
        ("intern", ["work_injury"], {"region": "330100"}, ["work_injury"], None),
        ("dispatch", ["pension", "work_injury"], {"active_at": {"A": ["work_injury"]}},
         ["pension", "work_injury"], None),
    ],
)  # fmt: skip
def test_who_may_have_which_insurance_asked_alone_or_in_a_row(
    ask, form, asked, more, accepted, reason
):
    question = {"form": form, "asked": asked, "month": "2026-08", **more}

    alone, row = ask("second_employer", **question), ask("second_employer", rows=[question])

    assert (alone["accepted"], alone["reason"]) == (accepted, reason)
    assert (row["accepted"], row["reasons"]) == ([accepted], [reason])


def test_a_payment_year_without_any_row_and_a_notice_without_an_end(ask):
    row = {"payment_year_first_month": 7, "newest_effective_from": None, "month": "2026-06"}

    assert ask("staleness", rows=[row])["answers"] == [{"stale": True, "stale_since": "2025-07"}]
    assert ask("staleness", effective_to=None, months=["2026-01"]) == {
        "national_rate_known": [True]
    }  # fmt: skip


def test_nothing_owed_is_no_arrears_case(ask):
    days = {"due_date": "2026-01-15", "paid_date": "2026-02-15"}

    assert ask("late_fee", principal="0.00", **days)["arrears_case"] is False
    assert ask("late_fee", principal="0.01", **days)["arrears_case"] is True
    months = [["2026-01", "0.00", "2026-01-15"]]
    assert ask("late_fee", months=months, paid_date="2026-02-15")["arrears_case"] is False


def test_a_month_recorded_twice_is_adjusted_once(ask):
    answer = ask(
        "adjustment", wage="5000", effective_from="2026-07", old_floor="7162", new_floor="7270",
        pension=["16", "8"],
        recorded=[["2026-07", "earlier_system"], ["2026-07", "this_system"]],
    )  # fmt: skip

    assert answer["months"] == ["2026-07"]
    assert answer["total"] == {"employer": "17.28", "employee": "8.64"}


def test_a_statement_that_names_nothing_says_so(calc, ask):
    warned = calc("bank-statement", "--inputs", '{"statement": {}, "details": ["1.00"]}')

    assert warned["warnings"] == ["no_control_totals"]
    assert ask("bank_statement", bill="1.00", payments=["0.00"])["state"] == ["open"]


# Wrong inputs of the structured options.


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("coverage",), "Give --hire-date, --insurances, --rows or --wages."),
        (("second-employer",), "--asked is missing."),
        (("staleness", "--newest-effective-from", "2025-07"),
         "--payment-year-first-month is missing."),
        (("limits",), "Give --items, --average-wage, --published or a region."),
        (("limits", "--items", "[1]"), "--items: row 1: '1' is not a list of 3."),
        (("rounding",), "--amounts is missing."),
        (("injury-rate",), "--injury-class is missing."),
        (("flexible",), "--bases is missing."),
        (("flexible", "--steps", "60"), "--average-wage is missing."),
        (("adjustment", "--wage", "1", "--effective-from", "2026-07", "--recorded", '["2026-07"]'),
         "Give at least one rate such as --pension 16/8."),
        (("adjustment", "--wage", "1", "--floors-in-turn", "1;2"), "--employer-rate is missing."),
        (("bank-statement",), "--bill is missing."),
        (("bank-statement", "--statement", "[1]", "--details", "[1]"),
         "--statement: '[1]' is not a JSON object of what the statement names."),
        (("late-fee", "--principal", "1", "--due-date", "2026-01-01", "--payments", '[["x", "1"]]'),
         """--payments: '[["x", "1"]]' is not a list such as [["2026-02-04", "4000.00"]]."""),
        (("late-fee", "--inputs", '{"principals": "1"}'),
         "The key 'principals' is no option of this calculation. Did you mean 'principal'?"),
        (("second-employer", "--rows", '[{"form": "full_time"}]'),
         "--rows: row 1: asked is missing."),
        (("coverage", "--rows", '[{"form": "lunch", "insurances": []}]'),
         ("--rows: row 1, form: 'lunch' is not one of full_time, part_time, dispatch, intern,"
          " over_age.")),
        (("late-fee", "--json", "{"),
         ("--json is not JSON: Expecting property name enclosed in double quotes: line 1 column 2 "
          "(char 1).")),
    ],
)  # fmt: skip
def test_a_wrong_input_ends_in_one_sentence(refusal, words, sentence):
    assert refusal(*words) == sentence


def test_what_persons_responsible_may_be_fined_is_shown_from_the_regulation_too(ask):
    ranges = ask("fine", due="10000.00")

    assert ranges["order259_23_person"] == ["1000.00", "5000.00"]
    assert ranges["order259_23_person_serious"] == ["5000.00", "10000.00"]
    assert ranges["order259_24_person"] == ["5000.00", "20000.00"]
    assert "art86" not in ranges
