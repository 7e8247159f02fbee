"""Premiums of an employee, of an employer for all its people, and of somebody who pays alone."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from siweb import clock
from siweb.portal.calculators.worked import Group, Worked
from siweb.portal.parameters import figures_of
from siweb.rules.calendar.months import month_of
from siweb.rules.contributions.premium import (
    Premium,
    PremiumTerms,
    divide_premium,
    explain_employer_total,
    explain_premium,
)
from siweb.rules.explanation import Explained
from siweb.rules.parameters.pack_set import PackSet
from siweb.rules.parameters.parameter_set import ParameterMissing, ParameterSet
from siweb.rules.parameters.staleness import ended_rates, stale_limits
from siweb.web.language.formats import month as month_text

Explain = Callable[[PremiumTerms], Explained[Premium]]


@dataclass(frozen=True, slots=True)
class PremiumRow:
    """One insurance's line; `collected_with` names the insurance that its amount is part of."""

    premium: Premium
    terms: PremiumTerms
    collected_with: str | None


@dataclass(frozen=True, slots=True)
class PremiumFigures:
    """All insurances of a month and the sums; amounts in fen.

    `account` and `pool` are the parts of the pension premium; `ended` names insurances that are in
    no sum, each with the last month of its rate's notice.
    """

    month: str
    scheme: str
    rows: tuple[PremiumRow, ...]
    account: int = 0
    pool: int = 0
    people: int = 1
    ended: tuple[tuple[str, str], ...] = ()

    @property
    def employer(self) -> int:
        """The employer's share of all insurances, in fen."""
        return sum(row.premium.employer for row in self.rows)

    @property
    def employee(self) -> int:
        """The own share of all insurances, in fen."""
        return sum(row.premium.employee for row in self.rows)


def work_out_employee(form: Any, code: str, packs: PackSet) -> Worked | None:
    """Return what an employee and the employer pay on a wage."""
    return _work_out(
        form, code, packs, "employee", lambda terms: explain_premium(terms, form.wage.data)
    )


def work_out_flexible(form: Any, code: str, packs: PackSet) -> Worked | None:
    """Return what somebody who pays alone pays on a base."""
    return _work_out(
        form, code, packs, "flexible", lambda terms: explain_premium(terms, form.base.data)
    )


def work_out_employer(form: Any, code: str, packs: PackSet) -> Worked | None:
    """Return what an employer pays, and withholds, for all its people."""
    wages: list[int] = form.wages.data
    injury = int(form.injury_class.data), int(form.injury_tier.data)
    in_force = figures_of(packs, code, _month(form))
    if injury[1] not in in_force.injury_tiers(injury[0]):
        form.injury_tier.errors = [_("Class %(number)s does not have this tier.", number=injury[0])]
        return None
    explain: Explain = lambda terms: explain_employer_total(terms, wages)  # noqa: E731
    return _work_out(form, code, packs, "employee", explain, injury, len(wages))


def _work_out(
    form: Any,
    code: str,
    packs: PackSet,
    scheme: str,
    explain: Explain,
    injury: tuple[int, int] | None = None,
    people: int = 1,
) -> Worked | None:
    in_force = figures_of(packs, code, _month(form))
    named = {"injury_class": injury[0], "injury_tier": injury[1]} if injury else {}
    try:
        terms = [
            in_force.premium_terms(insurance, scheme, **named)
            for insurance in in_force.insurances(scheme)
        ]
    except ParameterMissing:
        terms = []
    if not terms:
        form.month.errors = [
            _("There are no figures for %(month)s.", month=month_text(_month(form)))
        ]
        return None
    explained = [explain(each) for each in terms]
    rows = tuple(
        PremiumRow(found.value, each, in_force.collected_with(each.insurance, scheme))
        for found, each in zip(explained, terms, strict=True)
    )
    groups = tuple(
        Group(found.steps, row.premium.insurance)
        for found, row in zip(explained, rows, strict=True)
        if row.collected_with is None
    )
    account, pool = _account_and_pool(in_force, scheme, rows)
    ended = tuple(
        (each.key.rpartition(".")[2], each.effective_to or "")
        for each in ended_rates(in_force, scheme)
    )
    figures = PremiumFigures(in_force.month, scheme, rows, account, pool, people, ended)
    return Worked(figures, groups, stale_limits(in_force, scheme))


def _account_and_pool(
    in_force: ParameterSet, scheme: str, rows: tuple[PremiumRow, ...]
) -> tuple[int, int]:
    pension = next((row for row in rows if row.premium.insurance == "pension"), None)
    if pension is None:
        # A scheme without a pension, or one whose rate has ended with its notice.
        return 0, 0
    rate = in_force.account_rate(scheme)
    return divide_premium(pension.premium, rate, pension.terms.rounding)


def _month(form: Any) -> str:
    return str(form.month.data or month_of(clock.today()))
