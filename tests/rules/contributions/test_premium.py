from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siweb.rules.contributions.premium import (
    Premium,
    PremiumTerms,
    Scope,
    base_used,
    compute_employer_total,
    compute_premium,
    divide_premium,
    explain_employer_total,
    explain_premium,
    premium_share,
)
from siweb.rules.numbers.arithmetic import Rounding
from tests.rules import decimal_model
from tests.rules.steps import as_text

fens = st.integers(min_value=0, max_value=10**11)
rates = st.integers(min_value=0, max_value=400_000)
roundings = st.sampled_from(list(Rounding))

BEIJING = PremiumTerms("pension", 716200, 3581100, 160_000, 80_000)


@pytest.mark.parametrize(
    ("declared", "base"),
    [(0, 716200), (716199, 716200), (716200, 716200), (716201, 716201),
     (3581099, 3581099), (3581100, 3581100), (3581101, 3581100), (10**9, 3581100)],
)  # fmt: skip
def test_the_base_stays_between_floor_and_ceiling(declared, base):
    assert compute_premium(BEIJING, declared).base == base


def test_both_sides_and_their_sum():
    premium = compute_premium(BEIJING, 500000)

    assert premium == Premium("pension", 716200, 114592, 57296)
    assert premium.total == 171888


# 0.5 % of 35 811 yuan is 179.055: the half fen decides; 0.16 % of 7 460 is 11.936.
@pytest.mark.parametrize(
    ("base", "rate", "rounding", "amount"),
    [
        (3581100, 5000, Rounding.HALF_UP_FEN, 17906),
        (3581099, 5000, Rounding.HALF_UP_FEN, 17905),
        (3581100, 5000, Rounding.HALF_UP_JIAO, 17910),
        (3581100, 5000, Rounding.UP_JIAO, 17910),
        (746000, 1600, Rounding.HALF_UP_FEN, 1194),
        (746000, 1600, Rounding.HALF_UP_JIAO, 1190),
        (746000, 1600, Rounding.UP_JIAO, 1200),
        (10000, 50000, Rounding.UP_JIAO, 500),
        (10001, 50000, Rounding.UP_JIAO, 510),
        (100, 50000, Rounding.HALF_UP_JIAO, 10),
        (99, 50000, Rounding.HALF_UP_JIAO, 0),
        (0, 50000, Rounding.UP_JIAO, 0),
    ],
)
def test_rounding_once_to_fen_or_jiao(base, rate, rounding, amount):
    terms = PremiumTerms("unemployment", 0, 10**9, rate, 0, rounding=rounding)

    assert compute_premium(terms, base).employer == amount


def test_fixed_additions_come_after_rounding_on_their_own_side():
    terms = PremiumTerms("medical", 716200, 3581100, 98_000, 20_000, 100, 300, Rounding.UP_JIAO)

    assert compute_premium(terms, 716200) == Premium("medical", 716200, 70190 + 100, 14330 + 300)


@given(fens, fens, fens, rates, rates, roundings, st.integers(min_value=0, max_value=1000))
def test_a_premium_equals_the_decimal_model(
    declared, floor, span, employer, employee, rounding, added
):
    terms = PremiumTerms("pension", floor, floor + span, employer, employee, added, 300, rounding)

    premium = compute_premium(terms, declared)

    base = decimal_model.base(declared, floor, floor + span)
    assert decimal_model.yuan(premium.base) == base
    assert premium.employer == decimal_model.share(base, employer, rounding, added)
    assert premium.employee == decimal_model.share(base, employee, rounding, 300)
    assert explain_premium(terms, declared).value == premium


# Three people at 33.33 yuan and 16 %: 5.3328 each.
def test_the_sum_of_rounded_and_the_rounded_sum_differ():
    terms = PremiumTerms("pension", 0, 10**9, 160_000, 80_000, 100)
    bases = [3333, 3333, 3333]

    each = compute_employer_total(terms, bases)
    total = compute_employer_total(replace(terms, scope=Scope.EMPLOYER_TOTAL), bases)

    assert each == Premium("pension", 9999, 3 * 533 + 300, 3 * 267)
    assert total == Premium("pension", 9999, 1600 + 300, 3 * 267)


def test_an_employer_without_people_owes_nothing():
    terms = replace(BEIJING, employer_addition=100, scope=Scope.EMPLOYER_TOTAL)

    assert compute_employer_total(terms, []) == Premium("pension", 0, 0, 0)


@given(st.lists(fens, max_size=20), rates, roundings)
def test_an_employers_total_is_rounded_once(bases, rate, rounding):
    terms = PremiumTerms(
        "pension", 716200, 3581100, rate, rate, 5, 0, rounding, Scope.EMPLOYER_TOTAL
    )

    total = compute_employer_total(terms, bases)

    summed = sum(decimal_model.base(each, 716200, 3581100) for each in bases) + decimal_model.yuan(
        0
    )
    assert total.employer == decimal_model.share(summed, rate, rounding, 5 * len(bases))
    assert total.employee == sum(compute_premium(terms, each).employee for each in bases)
    assert explain_employer_total(terms, bases).value == total


def test_the_steps_of_a_premium():
    names = (
        "base_floor",
        "base_ceiling",
        "employer_rate",
        "employee_rate",
        "rounding",
        "employer_addition",
    )
    terms = replace(
        BEIJING,
        insurance="medical",
        employer_rate=98_000,
        employee_rate=20_000,
        employer_addition=300,
        sources={name: name for name in names},
    )

    assert as_text(explain_premium(terms, 500000)) == [
        (
            "base_floor: max(declared_base, base_floor) [base_floor=7162.00, declared_base=5000.00]"
            " = 7162.00 | 国办发〔2019〕13号 | base_floor"
        ),
        (
            "base_ceiling: min(base, base_ceiling) [base=7162.00, base_ceiling=35811.00]"
            " = 7162.00 | 国办发〔2019〕13号 | base_ceiling"
        ),
        "employer_exact: base * rate [base=7162.00, rate=9.8%] = 701.876 | SIL 23 | employer_rate",
        (
            "employer_share: round(exact) [exact=701.876, rounding=half_up_fen]"
            " = 701.88 | SIL 23 | rounding"
        ),
        (
            "employer_addition: share + addition [addition=3.00, share=701.88]"
            " = 704.88 | SIL 23 | employer_addition"
        ),
        "employee_exact: base * rate [base=7162.00, rate=2%] = 143.24 | SIL 23 | employee_rate",
        (
            "employee_share: round(exact) [exact=143.24, rounding=half_up_fen]"
            " = 143.24 | SIL 23 | rounding"
        ),
    ]


@pytest.mark.parametrize(
    ("insurance", "rule"),
    [("pension", "SIL 12"), ("medical", "SIL 23"), ("work_injury", "SIL 33, 35"),
     ("unemployment", "SIL 44"), ("maternity", "SIL 53"), ("other", "")],
)  # fmt: skip
def test_each_insurance_names_its_article(insurance, rule):
    explained = explain_premium(replace(BEIJING, insurance=insurance), 0)

    assert [step.rule for step in explained.steps[2:]] == [rule] * 4
    assert {step.parameter for step in explained.steps} == {None}


def test_the_steps_of_an_employers_total_rounded_once():
    names = ("employer_rate", "rounding", "scope", "employer_addition")
    terms = PremiumTerms(
        "pension", 0, 10**9, 160_000, 80_000, 100,
        scope=Scope.EMPLOYER_TOTAL, sources={name: name for name in names},
    )  # fmt: skip

    assert as_text(explain_employer_total(terms, [3333, 3333, 3333])) == [
        "base_total: sum(base) [people=3] = 99.99 | 国办发〔2019〕13号 | -",
        "employer_exact: base * rate [base=99.99, rate=16%] = 15.9984 | SIL 12 | employer_rate",
        "employer_share: round(exact) [exact=15.9984, rounding=half_up_fen] = 16.00 | SIL 12 | rounding",
        (
            "employer_addition: share + addition [addition=3.00, share=16.00]"
            " = 19.00 | SIL 12 | employer_addition"
        ),
        "employee_total: sum(employee) [scope=person] = 8.01 | SIL 12 | scope",
    ]


def test_the_steps_of_an_employers_total_summed_by_person():
    terms = PremiumTerms("pension", 0, 10**9, 160_000, 80_000, sources={"scope": "scope"})

    assert as_text(explain_employer_total(terms, [3333, 3333, 3333]))[1:] == [
        "employer_total: sum(employer) [scope=person] = 15.99 | SIL 12 | scope",
        "employee_total: sum(employee) [scope=person] = 8.01 | SIL 12 | scope",
    ]


# 0.0000000001 yuan is more than nothing, and is paid as a whole jiao.
def test_the_least_amount_is_rounded_up():
    assert premium_share(1, 1, Rounding.UP_JIAO) == 10
    assert premium_share(0, 1, Rounding.UP_JIAO) == 0


def test_a_share_has_no_addition_of_its_own():
    assert premium_share(100, 10_000, Rounding.HALF_UP_FEN) == 1


class Noted:
    """The arithmetic of some other engine, which leaves a note."""

    def __init__(self):
        self.asked = []

    def least(self, one, other):
        self.asked.append("least")
        return min(one, other)

    def greatest(self, one, other):
        self.asked.append("greatest")
        return max(one, other)


def test_the_base_is_computed_by_the_engine_that_is_handed_in():
    engine = Noted()

    assert base_used(1, 2, 3, engine) == 2
    assert engine.asked == ["greatest", "least"]


def test_an_insurance_of_its_own_names_no_article():
    terms = replace(BEIJING, insurance="other", employer_addition=1)

    steps = (*explain_premium(terms, 0).steps, *explain_employer_total(terms, [0]).steps)

    assert {step.rule for step in steps} == {"国办发〔2019〕13号", ""}


@pytest.mark.parametrize(
    ("base", "employer", "employee", "rate", "parts"),
    [(727_000, 0, 145_400, 80_000, (58_160, 87_240)), (727_000, 116_320, 58_160, 80_000, (58_160, 116_320)),
     (727_006, 0, 145_401, 80_000, (58_160, 87_241)), (100, 0, 5, 80_000, (5, 0)),
     (100, 3, 5, 0, (0, 8))],
)  # fmt: skip
def test_the_pool_gets_what_the_account_does_not(base, employer, employee, rate, parts):
    assert divide_premium(Premium("pension", base, employer, employee), rate) == parts


def test_the_account_is_rounded_as_the_region_rounds():
    premium = Premium("pension", 1_001, 161, 90)

    assert divide_premium(premium, 80_000) == (80, 171)
    assert divide_premium(premium, 80_000, Rounding.UP_JIAO) == (90, 161)
