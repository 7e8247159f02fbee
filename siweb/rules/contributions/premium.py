"""What a person and an employer pay for a month: base, rates, rounding, fixed additions.

Social Insurance Law (SIL) 12, 23, 33, 35, 44, 53; limits of the base 国办发〔2019〕13号. The three
formulas at the top also run inside the database: give them columns and `siweb.db.arithmetic`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from siweb.rules.explanation import Explained, Sources, Step
from siweb.rules.numbers.arithmetic import INTEGERS, Arithmetic, Rounding, clamp, share_of
from siweb.rules.numbers.quantity import count, exact, fen, percent, word

_BASE_RULE = "国办发〔2019〕13号"
_RULES = {
    "pension": "SIL 12",
    "medical": "SIL 23",
    "work_injury": "SIL 33, 35",
    "unemployment": "SIL 44",
    "maternity": "SIL 53",
}


def base_used(declared: Any, floor: Any, ceiling: Any, arithmetic: Arithmetic = INTEGERS) -> Any:
    """Return the contribution base in fen: the declared one within floor and ceiling."""
    return clamp(declared, floor, ceiling, arithmetic)


def premium_share(base: Any, rate_ppm: Any, rounding: Rounding, addition: Any = 0) -> Any:
    """Return one side's amount in fen for a base in fen: rounded once, then the fixed addition."""
    return share_of(base, rate_ppm, rounding) + addition


class Scope(StrEnum):
    """What is rounded: each person's amount, or the employer's amount over all its people."""

    PERSON = "person"
    EMPLOYER_TOTAL = "employer_total"


@dataclass(frozen=True, slots=True)
class PremiumTerms:
    """One insurance's parameters for a month: limits and additions in fen, rates in ppm.

    `sources` says where they come from, by the names of these fields.
    """

    insurance: str
    base_floor: int
    base_ceiling: int
    employer_rate: int
    employee_rate: int
    employer_addition: int = 0
    employee_addition: int = 0
    rounding: Rounding = Rounding.HALF_UP_FEN
    scope: Scope = Scope.PERSON
    sources: Sources = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Premium:
    """What is due for one insurance and month; all in fen."""

    insurance: str
    base: int
    employer: int
    employee: int

    @property
    def total(self) -> int:
        """Both sides together."""
        return self.employer + self.employee


def compute_premium(terms: PremiumTerms, declared_base: int) -> Premium:
    """Return one person's premium for a declared base in fen (zero or more)."""
    base = base_used(declared_base, terms.base_floor, terms.base_ceiling)
    rounding = terms.rounding
    return Premium(
        terms.insurance,
        base,
        premium_share(base, terms.employer_rate, rounding, terms.employer_addition),
        premium_share(base, terms.employee_rate, rounding, terms.employee_addition),
    )


def divide_premium(
    premium: Premium, account_rate: int, rounding: Rounding = Rounding.HALF_UP_FEN
) -> tuple[int, int]:
    """Return what of a premium goes to the individual account and what to the pool, in fen.

    The account's share (ppm of the base) is rounded; the pool's is the rest, so that both together
    are the premium to the fen (SIL 12; 国发〔2005〕38号).
    """
    # The least of both: where rates of one region leave less than the account's share, the pool
    # is empty, never in debt.
    account: int = min(share_of(premium.base, account_rate, rounding), premium.total)
    return account, premium.total - account


def compute_employer_total(terms: PremiumTerms, declared_bases: Iterable[int]) -> Premium:
    """Return an employer's premium for all its people, rounded as the terms' scope says.

    The employees' side is always rounded person by person, since it is withheld from each wage.
    """
    people = [compute_premium(terms, declared) for declared in declared_bases]
    base = sum(premium.base for premium in people)
    if terms.scope is Scope.PERSON:
        employer = sum(premium.employer for premium in people)
    else:
        # A fixed addition is for each head, whatever is rounded once.
        addition = terms.employer_addition * len(people)
        employer = premium_share(base, terms.employer_rate, terms.rounding, addition)
    return Premium(terms.insurance, base, employer, sum(premium.employee for premium in people))


def explain_premium(terms: PremiumTerms, declared_base: int) -> Explained[Premium]:
    """Return what `compute_premium` does, with its steps."""
    premium = compute_premium(terms, declared_base)
    steps = (
        *_base_steps(terms, declared_base, premium.base),
        *_side_steps(terms, "employer", premium.base, premium.employer),
        *_side_steps(terms, "employee", premium.base, premium.employee),
    )
    return Explained(premium, steps)


def explain_employer_total(
    terms: PremiumTerms, declared_bases: Sequence[int]
) -> Explained[Premium]:
    """Return what `compute_employer_total` does; its steps are those that go over all people."""
    premium = compute_employer_total(terms, declared_bases)
    people = len(declared_bases)
    base = Step(
        "base_total",
        "sum(base)",
        {"people": count(people)},
        fen(premium.base),
        _BASE_RULE,
    )
    if terms.scope is Scope.PERSON:
        employer: tuple[Step, ...] = (_sum_step(terms, "employer", premium.employer),)
    else:
        added = terms.employer_addition * people
        employer = _side_steps(terms, "employer", premium.base, premium.employer, added)
    return Explained(premium, (base, *employer, _sum_step(terms, "employee", premium.employee)))


def _base_steps(terms: PremiumTerms, declared: int, base: int) -> tuple[Step, Step]:
    raised = max(declared, terms.base_floor)
    return (
        Step(
            "base_floor",
            "max(declared_base, base_floor)",
            {"declared_base": fen(declared), "base_floor": fen(terms.base_floor)},
            fen(raised),
            _BASE_RULE,
            terms.sources.get("base_floor"),
        ),
        Step(
            "base_ceiling",
            "min(base, base_ceiling)",
            {"base": fen(raised), "base_ceiling": fen(terms.base_ceiling)},
            fen(base),
            _BASE_RULE,
            terms.sources.get("base_ceiling"),
        ),
    )


def _side_steps(
    terms: PremiumTerms, side: str, base: int, amount: int, addition: int | None = None
) -> tuple[Step, ...]:
    rate: int = getattr(terms, f"{side}_rate")
    added: int = getattr(terms, f"{side}_addition") if addition is None else addition
    rule = _RULES.get(terms.insurance, "")
    product = exact(base * rate)
    steps = (
        Step(
            f"{side}_exact",
            "base * rate",
            {"base": fen(base), "rate": percent(rate)},
            product,
            rule,
            terms.sources.get(f"{side}_rate"),
        ),
        Step(
            f"{side}_share",
            "round(exact)",
            {"exact": product, "rounding": word(terms.rounding)},
            fen(amount - added),
            rule,
            terms.sources.get("rounding"),
        ),
    )
    return (*steps, _addition_step(terms, side, amount, added)) if added else steps


def _addition_step(terms: PremiumTerms, side: str, amount: int, added: int) -> Step:
    return Step(
        f"{side}_addition",
        "share + addition",
        {"share": fen(amount - added), "addition": fen(added)},
        fen(amount),
        _RULES.get(terms.insurance, ""),
        terms.sources.get(f"{side}_addition"),
    )


def _sum_step(terms: PremiumTerms, side: str, amount: int) -> Step:
    return Step(
        f"{side}_total",
        f"sum({side})",
        {"scope": word(Scope.PERSON)},
        fen(amount),
        _RULES.get(terms.insurance, ""),
        terms.sources.get("scope"),
    )
