"""The form with which somebody stops insuring themselves."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, SelectMultipleField
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from siweb.flexible.definition import rhythm_field
from siweb.flexible.eligibility import Insured
from siweb.registry.codes import Insurance
from siweb.web.forms.fields import PageForm
from siweb.web.language.labels import INSURANCES


class SendForm(PageForm):
    """Sending a registration that names a bank account: an open browser alone names none."""

    password = PasswordField(
        _l("Your password"),
        [InputRequired(_l("Enter your password."))],
        description=_l("Because you enter a bank account."),
        render_kw={"autocomplete": "current-password"},
    )


class RhythmForm(PageForm):
    """How often to pay, from the next bill on."""

    every = rhythm_field()


class StopForm(PageForm):
    """Which of the insurances that one pays alone end with this month."""

    insurances = SelectMultipleField(
        _l("Which insurances do you want to stop?"),
        [InputRequired(_l("Choose at least one insurance."))],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )

    def prepare(self, alone: Sequence[Insured]) -> None:
        """Offer what is open, all of it chosen at first."""
        self.insurances.choices = [
            (each.insurance.value, INSURANCES[each.insurance.value]) for each in alone
        ]
        if self.insurances.raw_data is None:
            self.insurances.data = [each.insurance.value for each in alone]

    @property
    def chosen(self) -> list[Insurance]:
        """Return the insurances that are to end."""
        return [Insurance(each) for each in self.insurances.data or ()]
