"""The form that withdraws a filing: which rows, why, and whether they are corrected at once."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import SelectMultipleField, TextAreaField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from siweb.web.forms.fields import PageForm


class WithdrawForm(PageForm):
    """Rows by their position; where there is only one it is not asked."""

    rows = SelectMultipleField(
        _l("Which rows?"),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        coerce=int,
        validate_choice=False,
    )
    reason = TextAreaField(
        _l("Why?"),
        [
            InputRequired(_l("Describe briefly why.")),
            Length(max=500, message=_l("Use at most %(max)d characters.")),
        ],
        description=_l("Such as: the wrong person, a typing error in the wage."),
        render_kw={"rows": 2},
    )

    def prepare(self, choices: Sequence[tuple[int, str]], *, is_whole: bool) -> None:
        """Offer rows; all of them are meant until some are taken out, or with `is_whole` always."""
        self._is_whole = is_whole
        self._offered = [position for position, _name in choices]
        self.rows.choices = list(choices)
        if not self.is_submitted():
            self.rows.data = self._offered

    def validate(self, extra_validators: object = None) -> bool:
        """Let at least one of the rows be chosen that were offered."""
        is_good = bool(super().validate(extra_validators))
        if self._is_whole:
            # Of so many no boxes are shown, so none can be ticked.
            return is_good
        if len(self._offered) == 1:
            self.rows.data = self._offered
        if not set(self._offered) & set(self.rows.data or ()):
            self.rows.errors = [str(_l("Choose at least one row."))]
            return False
        return is_good
