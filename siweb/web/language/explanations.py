"""How an amount was worked out, in the reader's words: for pages, bills and papers alike."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask_babel import gettext, ngettext, npgettext

from siweb.rules.calendar.deadlines import Period, PeriodUnit
from siweb.rules.explanation import Step
from siweb.rules.numbers.quantity import Quantity, Unit, exact
from siweb.web.language import explanation_labels as words
from siweb.web.language import formats

# Lengths that people read as years and months.
_AGES = {"age", "base_age", "retirement_age"}
_YEAR = 12


@dataclass(frozen=True, slots=True)
class ShownStep:
    """One step, ready to be read: what, how with the figures put in, result, why, from where.

    `notice` is the name of the notice that a figure was taken from, in Chinese as published;
    empty, like `confidence`, when no parameter is involved. `rule` may be empty as well.
    """

    label: str
    working: str
    result: str
    rule: str
    notice: str
    confidence: str


def show_steps(steps: Iterable[Step]) -> list[ShownStep]:
    """Return the steps in the reader's words."""
    return [_show(step) for step in steps]


def quantity_text(quantity: Quantity, name: str = "") -> str:
    """Return a figure as the reader's language writes it; `name` is what it is called."""
    if quantity.unit is Unit.MONTHS and name in _AGES:
        return age_text(int(str(quantity.value)))
    write = _WRITERS.get(quantity.unit)
    return write(quantity.value) if write else str(quantity)


def months_text(length: int) -> str:
    """Return a length in months: '180 months'."""
    return str(ngettext("%(num)s month", "%(num)s months", length))


def working_days_text(length: int) -> str:
    """Return a length in working days: '20 working days'."""
    return str(ngettext("%(num)s working day", "%(num)s working days", length))


def period_text(period: Period) -> str:
    """Return a period that the law sets: '30 days', '5 working days', '6 months'."""
    if period.unit is PeriodUnit.WORKING_DAYS:
        return working_days_text(period.length)
    if period.unit is PeriodUnit.MONTHS:
        return months_text(period.length)
    return str(npgettext("legal period", "%(num)s day", "%(num)s days", period.length))


def length_text(length: int) -> str:
    """Return a long time in months as years and months: '9 years and 6 months', '9年6个月'."""
    years, months = divmod(length, _YEAR)
    if not years:
        return months_text(months)
    whole = str(ngettext("%(count)s year", "%(count)s years", years, count=years))
    if not months:
        return whole
    return str(gettext("%(years)s and %(months)s", years=whole, months=months_text(months)))


def age_text(length: int) -> str:
    """Return an age in months as '60 years' or '60 years and 3 months'."""
    years, months = divmod(length, _YEAR)
    whole = str(ngettext("%(num)s year", "%(num)s years", years))
    if not months:
        return whole
    return str(gettext("%(years)s and %(months)s", years=whole, months=months_text(months)))


def rule_text(rule: str) -> str:
    """Return provisions, cited as 'SIL 46; 民法典 202', in the reader's words."""
    separator = gettext("; ")
    return str(separator).join(_provision(part) for part in rule.split("; ") if part)


def _show(step: Step) -> ShownStep:
    source = step.parameter
    return ShownStep(
        str(words.LABELS.get(step.label, step.label)),
        _working(step),
        quantity_text(step.result, step.label),
        rule_text(step.rule),
        source.notice if source else "",
        str(words.CONFIDENCE[source.confidence]) if source else "",
    )


def _working(step: Step) -> str:
    sentence = str(words.FORMULAS.get(step.formula, step.formula))
    figures = {name: quantity_text(quantity, name) for name, quantity in step.inputs.items()}
    return sentence % figures if step.formula in words.FORMULAS else sentence


def _provision(text: str) -> str:
    if text == "practice":
        return str(words.PRACTICE)
    for prefix, law in words.LAWS.items():
        if text.startswith(prefix):
            articles = text.removeprefix(prefix).split(", ")
            return _articles(str(law), articles)
    return text


def _articles(law: str, articles: list[str]) -> str:
    if len(articles) == 1:
        return str(gettext("%(law)s, Article %(article)s", law=law, article=articles[0]))
    listed = str(gettext(", ")).join(articles)
    return str(gettext("%(law)s, Articles %(articles)s", law=law, articles=listed))


def _exact_text(value: Any) -> str:
    whole, _, places = str(exact(value)).partition(".")
    number = f"{int(whole):,}.{places.ljust(2, '0')}"
    return str(gettext("CNY %(number)s", number=number))


def _days_text(length: int) -> str:
    return str(ngettext("%(num)s day", "%(num)s days", length))


def _word_text(code: str) -> str:
    return str(words.WORDS.get(code, code))


# Counts and decimals, years among them, stand as they are.
_WRITERS: dict[Unit, Callable[[Any], str]] = {
    Unit.FEN: formats.yuan,
    Unit.PERCENT: formats.percent,
    Unit.EXACT: _exact_text,
    Unit.DAYS: _days_text,
    Unit.MONTHS: months_text,
    Unit.DAY: formats.day,
    Unit.MONTH: formats.month,
    Unit.WORD: _word_text,
}


def install(app: Flask) -> None:
    """Let templates read steps and provisions."""
    app.jinja_env.filters["show_steps"] = show_steps
    app.jinja_env.filters["rule_text"] = rule_text
    app.jinja_env.filters["age_text"] = age_text
    app.jinja_env.filters["months_text"] = months_text
    app.jinja_env.filters["length_text"] = length_text
