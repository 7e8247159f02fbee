"""Applying for a transfer (关系转移申请), one question a page; no paper is asked for (OpReg 31)."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField
from wtforms.validators import InputRequired, Length

from siweb.transfers.eligibility import Eligibility
from siweb.transfers.facts import TransferFacts
from siweb.transfers.tables.pension_transfer import TransferDirection
from siweb.web.forms.contact_fields import TOO_LONG
from siweb.web.language.labels import region_name
from siweb.wizard.definition import Definition, Step, StepForm

STEP_TEMPLATE = "wizard/fields_step.html"


class DirectionForm(StepForm):
    """From where to where."""

    direction = RadioField(
        _l("Which way?"),
        [InputRequired(_l("Choose which way."))],
        description=_l(
            "It is the pension insurance that moves: its months and the individual account. "
            "Medical insurance is transferred by the medical security agency."
        ),
    )

    def prepare(self, facts: TransferFacts) -> None:
        """Offer what may be asked for now."""
        super().prepare(facts)
        able = facts.eligibility
        self.direction.choices = [
            (each.value, direction_text(each, able)) for each in able.directions
        ]


class RegionForm(StepForm):
    """The other region, which is none of this office's."""

    other_region = StringField(
        _l("Province and city of the other agency"),
        [InputRequired(_l("Enter the province and the city.")), Length(max=60, message=TOO_LONG)],
        description=_l("Where you were insured before, or are insured now. No paper is needed."),
        render_kw={"autocomplete": "off"},
    )


def direction_text(direction: TransferDirection, able: Eligibility) -> str:
    """Return a direction as the person reads it."""
    names = {"here": region_name(able.here), "insured": region_name(able.insured or able.here)}
    if direction is TransferDirection.WITHIN:
        return str(_("From %(here)s to %(insured)s", **names))
    if direction is TransferDirection.IN:
        return str(_("From another region to %(insured)s", **names))
    return str(_("From %(here)s to another region", **names))


def _is_to_another(forms: Mapping[str, StepForm], _facts: Any) -> bool:
    form = forms.get("direction")
    return form is None or form["direction"].data != TransferDirection.WITHIN.value


DEFINITION = Definition(
    name="transfer_pension",
    title=_l("Transfer my pension insurance"),
    steps=(
        Step("direction", _l("Which way"), DirectionForm, STEP_TEMPLATE),
        Step("region", _l("The other region"), RegionForm, STEP_TEMPLATE, _is_to_another),
    ),
    declaration=_l(
        "By sending you ask both agencies to transfer it; they write to each other, you bring no "
        "paper. All months go on counting together and the whole account goes along. Each agency "
        "has a last day for its step, which you see once it is sent. While nothing has moved you "
        "may withdraw."
    ),
)
