import pytest

from siweb.rules.benefits.unemployment import (
    BenefitTerms,
    benefit_months,
    earned_months,
    explain_benefit_months,
)
from siweb.rules.errors import RuleError
from tests.rules.steps import as_text

LAW = BenefitTerms(((12, 12), (60, 18), (120, 24)), 24)


@pytest.mark.parametrize(
    ("contributed", "most"),
    [(0, 0), (11, 0), (12, 12), (59, 12), (60, 18), (119, 18), (120, 24), (300, 24)],
)
def test_benefit_months_by_months_contributed(contributed, most):
    assert earned_months(contributed, LAW) == most
    assert benefit_months(contributed, 0, LAW) == most


@pytest.mark.parametrize(
    ("contributed", "carried", "months"), [(12, 6, 18), (60, 6, 24), (60, 7, 24), (6, 5, 5)]
)
def test_what_was_not_drawn_carries_over_up_to_the_cap(contributed, carried, months):
    assert explain_benefit_months(contributed, carried, LAW).value == months


@pytest.mark.parametrize(("contributed", "carried"), [(-1, 0), (12, -1)])
def test_negative_months_are_refused(contributed, carried):
    with pytest.raises(RuleError) as refused:
        benefit_months(contributed, carried, LAW)

    assert (refused.value.code, refused.value.facts) == ("months_negative", {"months": -1})


def test_the_steps_of_benefit_months():
    terms = BenefitTerms(LAW.rows, 24, {"rows": "rows", "most": "most"})

    assert as_text(explain_benefit_months(60, 8, terms)) == [
        "earned_months: table(months_contributed) [months_contributed=60] = 18 | SIL 45, 46 | rows",
        (
            "max_months: min(most, earned_months + carried_months) [carried_months=8, earned_months=18,"
            " most=24] = 24 | SIL 46 | most"
        ),
    ]
