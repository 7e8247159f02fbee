"""The words of a pack are those of the rules, and where a figure comes from changes no result."""

from dataclasses import replace

import pytest

from siweb.rules.benefits.account_interest import InterestMethod
from siweb.rules.benefits.pension import AccrualUnit, AgeMethod
from siweb.rules.benefits.retirement import RetirementCategory
from siweb.rules.calendar.deadlines import PeriodUnit
from siweb.rules.contributions.assessment import AssessmentScope, LastMonth
from siweb.rules.contributions.fines import FineUnit
from siweb.rules.contributions.late_fee import DayCount
from siweb.rules.contributions.premium import Scope
from siweb.rules.explanation import Explained, Step
from siweb.rules.numbers.arithmetic import Rounding
from siweb.rules.numbers.quantity import fen
from siweb.rules.parameters.load import load_packs
from siweb.rules.parameters.tables import DATING, TABLES
from siweb.rules.sources import Confidence


@pytest.mark.parametrize(
    ("table", "key", "words"),
    [
        ("rounding", "rounding", Rounding),
        ("rounding", "scope", Scope),
        ("late_fee", "rounding", Rounding),
        ("late_fee", "day_count", DayCount),
        ("assessment", "scope", AssessmentScope),
        ("assessment", "last_month", LastMonth),
        ("interest_method", "method", InterestMethod),
        ("pension_formula", "accrual_unit", AccrualUnit),
        ("pension_formula", "age_method", AgeMethod),
        ("pension_formula", "rounding", Rounding),
        ("fines", "unit", FineUnit),
        ("deadlines", "unit", PeriodUnit),
    ],
)
def test_a_pack_knows_the_words_of_the_rules(table, key, words):
    assert set(TABLES[table].values[key].words) == {word.value for word in words}


def test_categories_and_confidences_are_the_rules_too():
    categories = TABLES["retirement"].series["category"].words

    assert set(categories) == {category.value for category in RetirementCategory}
    assert set(DATING["confidence"].words) == {word.value for word in Confidence}


@pytest.mark.parametrize(
    "terms_of",
    [
        lambda beijing: beijing.premium_terms("medical"),
        lambda beijing: beijing.late_fee_terms(),
        lambda beijing: beijing.assessment_terms(),
        lambda beijing: beijing.certification_terms(),
        lambda beijing: beijing.interest_terms(2024),
        lambda beijing: beijing.pension_terms(),
        lambda beijing: beijing.retirement_schedule("male"),
        lambda beijing: beijing.minimum_months(),
        lambda beijing: beijing.benefit_terms(),
        lambda beijing: beijing.fine_terms("art84"),
    ],
)
def test_the_source_of_terms_neither_counts_nor_shows(terms_of):
    terms = terms_of(load_packs().parameters("110000", "2025-08"))

    assert terms.sources
    assert terms == replace(terms, sources={})
    assert repr(terms) == repr(replace(terms, sources={}))


def test_two_explanations_of_one_value_are_equal():
    step = Step("label", "formula", {}, fen(1))

    assert (step.rule, step.parameter) == ("", None)
    assert Explained(1, (step,)) == Explained(1) != Explained(2)
    assert Explained(1).steps == ()
