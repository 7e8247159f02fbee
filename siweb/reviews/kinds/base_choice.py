"""Base choice: a flexible worker chooses the base for the payment year (国发〔2005〕38号)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.validators import InputRequired, ValidationError

from siweb.reviews.facts import ReviewFacts
from siweb.reviews.kinds.contact import CONTACT
from siweb.rules.contributions.premium import Premium, explain_premium
from siweb.rules.explanation import Step as RuleStep
from siweb.rules.numbers.arithmetic import Rounding, share_of
from siweb.rules.parameters.parameter_set import ParameterSet
from siweb.web.forms.fields import MoneyField
from siweb.web.language.formats import yuan
from siweb.wizard.definition import Definition, Line, Step, StepForm

# The usual steps, in per cent of the average wage behind floor and ceiling.
PERCENTS = (60, 80, 100, 150, 200, 250, 300)
OTHER = "other"
# One percent in ppm.
_PPM = 10_000


@dataclass(frozen=True, slots=True)
class Choice:
    """One step that may be chosen: its base and what it costs a month, in fen."""

    percent: int
    base_fen: int
    total_fen: int


@dataclass(frozen=True, slots=True)
class InsurancePremium:
    """What one insurance costs on a base, and the steps that lead there."""

    insurance: str
    premium: Premium
    steps: tuple[RuleStep, ...]


@dataclass(frozen=True, slots=True)
class BasePreview:
    """What a base costs a month, all in fen; `account_fen` is what goes to one's own account."""

    base_fen: int
    lines: tuple[InsurancePremium, ...]
    total_fen: int
    account_fen: int
    account_ppm: int


def limits(parameters: ParameterSet) -> tuple[int, int]:
    """Return floor and ceiling of a flexible worker's pension base, in fen."""
    terms = parameters.premium_terms("pension", "flexible")
    return terms.base_floor, terms.base_ceiling


def preview(parameters: ParameterSet, insurances: tuple[str, ...], base_fen: int) -> BasePreview:
    """Return what a base in fen costs a month in each insurance, explained."""
    lines = []
    for insurance in insurances:
        found = explain_premium(parameters.premium_terms(insurance, "flexible"), base_fen)
        lines.append(InsurancePremium(insurance, found.value, found.steps))
    rate = parameters.account_rate("flexible")
    pension = next((line.premium.base for line in lines if line.insurance == "pension"), 0)
    return BasePreview(
        base_fen,
        tuple(lines),
        sum(line.premium.total for line in lines),
        share_of(pension, rate, Rounding.HALF_UP_FEN),
        rate,
    )


def choices(parameters: ParameterSet, insurances: tuple[str, ...]) -> list[Choice]:
    """Return the steps between floor and ceiling, from the average wage where it is known."""
    floor, ceiling = limits(parameters)
    # 300 % of the average wage is the ceiling's own definition where no wage is stated.
    wage = parameters.average_wage("flexible") or share_of(
        ceiling, 1_000_000 // 3 + 1, Rounding.HALF_UP_FEN
    )
    found: dict[int, Choice] = {}
    for percent in PERCENTS:
        base = share_of(wage, percent * _PPM, Rounding.HALF_UP_FEN)
        base = min(max(base, floor), ceiling)
        # Steps below the floor all come to the floor: it is offered once, under the lowest.
        if base not in found:
            total = preview(parameters, insurances, base).total_fen
            found[base] = Choice(percent, base, total)
    return list(found.values())


class BaseForm(StepForm):
    """A step, or any amount between floor and ceiling."""

    choice = RadioField(
        _l("Your monthly base"), [InputRequired(_l("Choose a base."))], validate_choice=True
    )
    amount = MoneyField(_l("Another amount, in yuan"), render_kw={"inputmode": "decimal"})

    def prepare(self, facts: ReviewFacts) -> None:
        """Offer the region's steps."""
        super().prepare(facts)
        offered = choices(facts.parameters, facts.flexible_insurances)
        self.choice.choices = [
            (
                str(choice.percent),
                _(
                    "%(base)s – you pay %(total)s a month",
                    base=yuan(choice.base_fen),
                    total=yuan(choice.total_fen),
                ),
            )
            for choice in offered
        ]
        self.choice.choices.append((OTHER, _("Another amount")))
        earlier = facts.earlier_base_fen
        # What was typed is never written over, not even by an empty field.
        if earlier is not None and not self.choice.raw_data and not self.amount.raw_data:
            # Who chooses again begins with what holds now.
            steps = {choice.base_fen: str(choice.percent) for choice in offered}
            self.choice.data = steps.get(earlier, OTHER)
            self.amount.data = None if earlier in steps else earlier

    def validate_amount(self, field: Any) -> None:
        """Hold the amount between floor and ceiling."""
        if self.choice.data != OTHER:
            return
        floor, ceiling = limits(self.facts.parameters)
        if field.data is None:
            raise ValidationError(_("Enter the amount, or choose one of the steps."))
        if not floor <= field.data <= ceiling:
            raise ValidationError(
                _(
                    "Enter an amount from %(floor)s to %(ceiling)s.",
                    floor=yuan(floor),
                    ceiling=yuan(ceiling),
                )
            )

    @property
    def base_fen(self) -> int | None:
        """Return the chosen base in fen, None while there is none that can be used."""
        if self.choice.data == OTHER:
            floor, ceiling = limits(self.facts.parameters)
            amount = self.amount.data
            return amount if amount is not None and floor <= amount <= ceiling else None
        offered = choices(self.facts.parameters, self.facts.flexible_insurances)
        steps = {str(choice.percent): choice.base_fen for choice in offered}
        return steps.get(self.choice.data)

    @property
    def preview(self) -> BasePreview | None:
        """Return what the chosen base costs."""
        if self.base_fen is None:
            return None
        return preview(self.facts.parameters, self.facts.flexible_insurances, self.base_fen)

    def values(self) -> dict[str, Any]:
        """Return the chosen base in fen."""
        return {"base_fen": self.base_fen}

    def lines(self) -> list[Line]:
        """Return base and premium for checking."""
        shown = self.preview
        if shown is None:
            return []
        return [
            (_("Your monthly base"), yuan(shown.base_fen)),
            (_("You pay each month"), yuan(shown.total_fen)),
            (_("Of it into your individual account"), yuan(shown.account_fen)),
        ]


def chosen_base(forms: Mapping[str, StepForm]) -> int:
    """Return the base in fen that checked answers choose."""
    form = forms["base"]
    assert isinstance(form, BaseForm)
    assert form.base_fen is not None
    return form.base_fen


DEFINITION = Definition(
    name="base_choice",
    title=_l("Base choice"),
    steps=(
        CONTACT,
        Step("base", _l("Choose your base"), BaseForm, "reviews/steps/base.html"),
    ),
    declaration=_l(
        "By sending you choose this base for the payment year. You can choose again while the "
        "window is open."
    ),
)
# Who fills it in for somebody chooses nothing of their own.
FOR_ANOTHER = _l(
    "By sending you confirm that you filled this in for %(name)s and that it is true. This base is "
    "chosen for the payment year; it can be chosen again while the window is open."
)
