"""Every step of every rule has its words, in both languages."""

import ast
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

import siweb.rules
from siweb.rules.benefits.pension import PensionFacts, Ratio, explain_pension
from siweb.rules.benefits.retirement import explain_minimum_months, explain_retirement
from siweb.rules.calendar.deadlines import explain_deadline
from siweb.rules.contributions.late_fee import explain_late_fee
from siweb.rules.contributions.premium import explain_employer_total, explain_premium
from siweb.rules.parameters.load import load_packs
from siweb.web.language.explanation_labels import FORMULAS, LABELS
from siweb.web.language.explanations import age_text, rule_text, show_steps

RULES = Path(siweb.rules.__file__).parent
PACKS = load_packs()


def _steps():
    in_force = PACKS.parameters("110000", "2025-08")
    facts = PensionFacts(1_204_900, 800_000, Ratio(41, 2), 9_000_000, 723)
    day = date(2026, 9, 30)
    return (
        *explain_premium(in_force.premium_terms("medical"), 500_000).steps,
        *explain_employer_total(in_force.premium_terms("pension"), [500_000]).steps,
        *explain_late_fee(100_000, date(2026, 1, 15), day, in_force.late_fee_terms()).steps,
        *explain_deadline(day, in_force.period("employee_registration"), PACKS.calendar()).steps,
        *explain_deadline(day, in_force.period("registration_change"), PACKS.calendar()).steps,
        *explain_retirement("1972-09", in_force.retirement_schedule("male")).steps,
        *explain_minimum_months(2033, in_force.minimum_months()).steps,
        *explain_pension(facts, in_force.pension_terms()).steps,
    )


def _literals(position: int) -> Iterator[str]:
    for file in RULES.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Step":
                argument = node.args[position]
                if isinstance(argument, ast.Constant):
                    yield argument.value


@pytest.mark.parametrize(("position", "known"), [(0, LABELS), (1, FORMULAS)])
def test_every_label_and_formula_of_the_rules_has_words(position, known):
    assert set(_literals(position)) <= set(known)


@pytest.mark.parametrize("locale", ["zh_Hans", "en"])
def test_every_placeholder_is_an_input_and_no_code_is_shown(app, locale):
    headers = {"Accept-Language": "en" if locale == "en" else "zh-CN"}
    with app.test_request_context(headers=headers):
        shown = show_steps(_steps())

    text = " ".join(f"{step.label} {step.working} {step.result}" for step in shown)
    assert "%(" not in text
    assert "_" not in text


def test_a_step_reads_as_a_sentence_with_its_figures(app):
    terms = PACKS.parameters("110000", "2025-08").premium_terms("medical")

    with app.test_request_context(headers={"Accept-Language": "zh-CN"}):
        floor, _ceiling, exact, *_rest = show_steps(explain_premium(terms, 500_000).steps)

    assert floor.working == "申报基数 5,000.00 元 与下限 7,162.00 元 取较高者"
    assert floor.notice == "京人社发〔2025〕11号"
    assert exact.result == "701.876 元"
    assert exact.rule == "《社会保险法》第23条"


def test_provisions_and_ages_are_written_in_the_readers_language(app):
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert rule_text("SIL 50; 民法典 201") == (
            "Social Insurance Law, Article 50; Civil Code, Article 201"
        )
        assert age_text(723) == "60 years and 3 months"
        assert age_text(720) == "60 years"
