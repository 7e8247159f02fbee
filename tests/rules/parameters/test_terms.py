"""The terms that a parameter set hands to the formulas, each with the row it comes from."""

from datetime import date

import pytest

from siweb.rules.benefits.account_interest import InterestMethod
from siweb.rules.benefits.pension import AccrualUnit, AgeMethod
from siweb.rules.benefits.retirement import RetirementSchedule
from siweb.rules.calendar.deadlines import Period, PeriodUnit
from siweb.rules.contributions.assessment import AssessmentScope, LastMonth
from siweb.rules.contributions.fines import FineUnit
from siweb.rules.contributions.late_fee import DayCount
from siweb.rules.contributions.premium import PremiumTerms, Scope
from siweb.rules.errors import RuleError
from siweb.rules.numbers.arithmetic import Rounding
from siweb.rules.parameters.load import load_packs
from siweb.rules.parameters.parameter_set import FULL_TIER, ParameterMissing
from tests.rules.packs import limits, packs_of, rates, row


@pytest.fixture
def beijing():
    return load_packs().parameters("110000", "2025-08")


@pytest.fixture
def nation():
    return load_packs().parameters("CN", "2025-08")


def keys_of(terms):
    return {name: source.key for name, source in terms.sources.items()}


def test_the_terms_of_a_premium(beijing):
    terms = beijing.premium_terms("medical")

    assert terms == PremiumTerms("medical", 716200, 3581100, 98_000, 20_000, 0, 300)
    assert keys_of(terms) == {
        "base_floor": "limits.employee.medical", "base_ceiling": "limits.employee.medical",
        "employer_rate": "rates.employee.medical", "employee_rate": "rates.employee.medical",
        "rounding": "rounding", "scope": "rounding",
        "employer_addition": "additions.employee.medical",
        "employee_addition": "additions.employee.medical",
    }  # fmt: skip


def test_terms_without_additions_have_no_source_of_them(beijing):
    assert "employer_addition" not in beijing.premium_terms("pension").sources


def test_a_scheme_has_rates_of_its_own(beijing):
    assert beijing.premium_terms("pension", "flexible") == PremiumTerms(
        "pension", 716200, 3581100, 0, 200_000
    )
    assert beijing.insurances("flexible") == ("pension", "medical", "unemployment")
    assert beijing.insurances("employee") == (
        "pension", "medical", "unemployment", "work_injury", "maternity"
    )  # fmt: skip
    assert beijing.insurances("resident") == ()


def test_rounding_and_scope_come_from_the_region():
    packs = packs_of(
        CN=[row("rounding", {"rounding": '"half_up_fen"', "scope": '"person"'})],
        city=[
            limits(),
            rates(),
            row("rounding", {"rounding": '"up_jiao"', "scope": '"employer_total"'}),
        ],
    )

    terms = packs.parameters("320100", "2025-08").premium_terms("pension")

    assert (terms.rounding, terms.scope) == (Rounding.UP_JIAO, Scope.EMPLOYER_TOTAL)


@pytest.mark.parametrize(
    ("injury", "rate"),
    [({}, 2_000), ({"injury_class": 8}, 19_000), ({"injury_class": 3}, 7_000),
     ({"injury_class": 2, "injury_tier": 1_500_000}, 6_000),
     ({"injury_class": 4, "injury_tier": 500_000}, 4_500)],
)  # fmt: skip
def test_work_injury_goes_by_class_and_tier(beijing, injury, rate):
    terms = beijing.premium_terms("work_injury", **injury)

    assert (terms.employer_rate, terms.employee_rate) == (rate, 0)
    assert terms.sources["employer_rate"].key == "injury_rates"
    assert terms.sources["employee_rate"].key == "rates.employee.work_injury"


@pytest.mark.parametrize("injury_class", [0, 9, -1])
def test_an_injury_class_that_does_not_exist(beijing, injury_class):
    with pytest.raises(RuleError) as caught:
        beijing.premium_terms("work_injury", injury_class=injury_class)

    assert (caught.value.code, caught.value.facts) == (
        "injury_class", {"injury_class": injury_class}
    )  # fmt: skip


def test_classes_mean_nothing_to_other_insurances_and_schemes():
    own = rates(scheme='"flexible"', insurance='"work_injury"', employer='"0"', employee='"0.3"')
    limits_of_it = limits(scheme='"flexible"', insurance='"work_injury"')
    rounding = row("rounding", {"rounding": '"half_up_fen"', "scope": '"person"'})
    parameters = packs_of(city=[own, limits_of_it, rounding]).parameters("320100", "2025-08")

    terms = parameters.premium_terms("work_injury", "flexible", injury_class=8)

    assert (terms.employer_rate, terms.employee_rate) == (0, 3_000)


def test_what_else_a_rate_says(beijing):
    assert beijing.account_rate() == 80_000
    assert beijing.account_rate("flexible") == 80_000
    assert beijing.collected_with("maternity") == "medical"
    assert beijing.collected_with("medical") is None
    assert beijing.injury_tiers(1) == (1_000_000, 1_200_000, 1_500_000)
    assert beijing.injury_tiers(2)[0] == 500_000
    assert beijing.average_wage() == 1_193_700
    assert load_packs().parameters("510100", "2024-08").average_wage() is None
    assert beijing.average_wage("flexible", "medical") == 1_193_700


def test_a_rate_without_an_account_puts_nothing_there():
    parameters = packs_of(city=[limits(), rates()]).parameters("320100", "2025-08")

    assert parameters.account_rate() == 0


@pytest.mark.parametrize("tier", [500_000, 800_000, 1_100_000, 1_500_001])
def test_a_tier_that_the_class_does_not_have_is_refused(beijing, tier):
    with pytest.raises(RuleError) as caught:
        beijing.premium_terms("work_injury", injury_class=1, injury_tier=tier)

    assert (caught.value.code, caught.value.facts) == (
        "injury_tier", {"injury_class": 1, "injury_tier": tier}
    )  # fmt: skip
    assert beijing.injury_rate(1, 1_200_000) == 2_400


def test_what_a_hire_is_held_to(nation):
    wage = row("minimum_wage", {"month": '"2690"'}, effective_from='"2024-07"')
    rule = row("coverage", {"first_month_rule": '"next_month"'}, effective_from='"2024-07"')
    city = packs_of(city=[wage, rule]).parameters("320100", "2025-08")

    assert city.minimum_wage().values["month"] == 269_000
    assert nation.minimum_wage() is None
    assert (city.first_month_rule(), nation.first_month_rule()) == ("next_month", "hire_month")


@pytest.mark.parametrize(
    ("form", "month", "allowed"),
    [("over_age", "2026-06", False), ("over_age", "2026-07", True), ("intern", "2026-07", False)],
)
def test_work_injury_alone_where_a_rule_allows_it(form, month, allowed):
    assert load_packs().parameters("CN", month).work_injury_alone(form) is allowed


def test_the_terms_of_late_fee_and_assessment(nation):
    fee, assessment = nation.late_fee_terms(), nation.assessment_terms()

    assert (fee.daily_rate, fee.capped, fee.day_count, fee.rounding) == (
        500, False, DayCount.THROUGH_PAYMENT, Rounding.HALF_UP_FEN
    )  # fmt: skip
    assert set(keys_of(fee).items()) == {
        (name, "late_fee") for name in ("daily_rate", "capped", "day_count", "rounding")
    }
    assert (assessment.rate, assessment.scope, assessment.last_month, assessment.rounding) == (
        1_100_000, AssessmentScope.INSURANCE, LastMonth.PAID, Rounding.HALF_UP_FEN
    )  # fmt: skip
    assert set(keys_of(assessment)) == {"rate", "scope", "last_month", "rounding"}


def test_an_assessment_is_rounded_as_the_region_rounds():
    shanghai = load_packs().parameters("310000", "2025-08").assessment_terms()

    assert shanghai.rounding is Rounding.UP_JIAO


def test_a_city_may_raise_undeclared_bases(nation):
    rule = row("undeclared_base", {"applies": "true", "rate": '"105"'})
    city = packs_of(city=[rule]).parameters("320100", "2025-08")

    terms = city.undeclared_base_terms()

    assert nation.undeclared_base_terms() is None
    assert terms.rate == 1_050_000
    assert keys_of(terms) == {"rate": "undeclared_base"}


def test_the_terms_of_certification_and_interest(nation):
    certification, interest = nation.certification_terms(), nation.interest_terms(2024)

    assert (certification.period_months, certification.grace_months) == (12, 0)
    assert set(keys_of(certification)) == {"period_months", "grace_months"}
    assert (interest.rate, interest.method, interest.yearly_factor, interest.rounding) == (
        26_200, InterestMethod.MONTH_PRODUCT, 1_083_000, Rounding.HALF_UP_FEN
    )  # fmt: skip
    assert keys_of(interest) == {
        "rate": "account_interest.2024", "method": "interest_method",
        "yearly_factor": "interest_method",
    }  # fmt: skip


def test_a_year_without_its_rate_is_provisional_or_missing():
    parameters = load_packs().parameters("CN", "2027-01")

    assert parameters.interest_terms(2026).settled is False
    with pytest.raises(ParameterMissing, match=r"account_interest\.2027"):
        parameters.interest_terms(2027)


def test_before_its_rate_is_published_a_year_has_that_of_the_year_before():
    known = load_packs().parameters("CN", "2025-12", as_of=date(2025, 12, 31))

    terms = known.interest_terms(2025)

    assert (terms.rate, terms.settled) == (26_200, False)
    assert known.interest_terms(2024).settled is True


def test_the_terms_of_a_pension():
    nation = load_packs().parameters("CN", "2025-08").pension_terms()
    shanghai = load_packs().parameters("310000", "2025-08")
    own = shanghai.pension_terms()

    assert (nation.accrual_rate, nation.accrual_unit) == (10_000, AccrualUnit.YEAR)
    assert nation.age_method is AgeMethod.INTERPOLATION
    assert (own.accrual_rate, own.accrual_unit, own.rounding) == (
        830, AccrualUnit.MONTH, Rounding.HALF_UP_JIAO
    )  # fmt: skip
    assert (own.months_table[40], own.months_table[60], own.months_table[70]) == (233, 139, 56)
    assert keys_of(own) == {
        "months_table": "pension_months", "accrual_rate": "pension_formula",
        "accrual_unit": "pension_formula", "age_method": "pension_formula",
        "rounding": "pension_formula",
    }  # fmt: skip
    assert shanghai.pension_wage().values["average_wage"] == 1_243_400


def test_ages_minimum_months_and_benefit_months(nation):
    schedule = nation.retirement_schedule("female50")
    minimum, benefit = nation.minimum_months(), nation.benefit_terms()

    assert schedule == RetirementSchedule("female50", 50, "1975-01", 2, 60, "2025-01", 36, 36)
    assert keys_of(schedule)["base_age"] == "retirement.female50"
    assert (minimum.rows[0], minimum.rows[-1]) == ((2025, 180), (2039, 240))
    assert keys_of(minimum) == {"rows": "minimum_months"}
    assert (benefit.rows, benefit.most) == (((12, 12), (60, 18), (120, 24)), 24)
    assert keys_of(benefit) == {"rows": "unemployment_benefit", "most": "unemployment_benefit"}


def test_periods_and_fines_by_name(nation):
    times, yuan = nation.fine_terms("art84"), nation.fine_terms("art84_person")

    assert nation.period("arrears_notice") == Period(
        5, PeriodUnit.WORKING_DAYS, "Order 20 Article 16", moves=False
    )
    assert (times.rule, times.least, times.most, times.unit) == ("SIL 84", 1, 3, FineUnit.TIMES)
    assert (yuan.least, yuan.most, yuan.unit) == (500, 3000, FineUnit.YUAN)
    assert keys_of(times) == {"least": "fines.art84", "most": "fines.art84"}


def test_the_payment_year_and_who_does_what(nation):
    year = nation.payment_year()

    assert (year.first_month, year.declare_from_month, year.declare_to_month) == (7, 4, 6)
    assert (year.due_day, year.due_months_after, year.source.key) == (15, 1, "payment_year")
    assert nation.agency_kind("pension") == "hrss"
    assert nation.agency_kind("maternity") == "medical_security"
    assert nation.collecting_body("medical") == "agency"


def test_who_collects_is_a_setting():
    tax = {"insurance": '"medical"', "agency": '"medical_security"', "collected_by": '"tax"'}
    city = packs_of(city=[row("collection", tax)]).parameters("320100", "2025-08")

    assert city.collecting_body("medical") == "tax"


def test_without_a_tier_a_class_has_its_whole_rate():
    assert FULL_TIER == 1_000_000
