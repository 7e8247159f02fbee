"""The forms of share codes: to make one, and to use one."""

from datetime import date, timedelta
from typing import ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from siweb.db.reference_code import ALPHABET, is_checked, normalise
from siweb.share_codes.code import LENGTH
from siweb.share_codes.labels import SHOWN
from siweb.share_codes.make import Grant
from siweb.share_codes.tables.share_code import MOST_USES, MOST_YEARS, Shown
from siweb.web.forms.fields import PageForm
from siweb.web.forms.typed_fields import DayField, Needed, WholeField

# As long as a bank takes to decide; a code that is never used up ends all the same.
USUAL, LONGEST = timedelta(days=14), timedelta(days=90)


class MakeForm(PageForm):
    """What somebody may see, who it is, until when and how often."""

    on: date
    for_whom = StringField(
        _l("Whom you give it to"),
        [
            InputRequired(_l("Name whom you give it to, such as the bank.")),
            Length(max=60, message=_l("Use at most %(max)d characters.")),
        ],
        description=_l("Only you see this; it tells your codes apart."),
    )
    shown = SelectMultipleField(
        _l("What they may see"),
        [InputRequired(_l("Choose at least one."))],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        choices=[SelectChoice(value.value, words) for value, words in SHOWN.items()],
    )
    years = WholeField(
        _l("Over how many years months are counted"),
        [Needed(_l("Enter a number of years."))],
        default=1,
        description=_l("Only for the number of months: from 1 to 10."),
    )
    valid_until_on = DayField(
        _l("Valid until"),
        [Needed(_l("Enter the last day."))],
        description=_l("90 days at most."),
    )
    uses_allowed = WholeField(
        _l("How often it may be used"),
        [Needed(_l("Enter how often it may be used."))],
        default=1,
        description=_l("From 1 to 20. Each time they look counts."),
    )

    def validate_years(self, field: WholeField) -> None:
        """Refuse what is no number of years."""
        _hold_between(field, MOST_YEARS)

    def validate_valid_until_on(self, field: DayField) -> None:
        """Refuse days gone by, and those too far away."""
        if field.data is not None and not self.on <= field.data <= self.on + LONGEST:
            raise ValidationError(_("Choose a date within the next 90 days."))

    def validate_uses_allowed(self, field: WholeField) -> None:
        """Refuse none, and more than anybody needs."""
        _hold_between(field, MOST_USES)

    def grant(self) -> Grant:
        """Return what was chosen."""
        return Grant(
            self.for_whom.data or "",
            frozenset(map(Shown, self.shown.data or ())),
            self.years.data or 1,
            self.valid_until_on.data,
            self.uses_allowed.data or 1,
        )


def _hold_between(field: WholeField, last: int) -> None:
    if field.data is not None and not 1 <= field.data <= last:
        raise ValidationError(_("Enter a number from %(first)s to %(last)s.", first=1, last=last))


class UseForm(PageForm):
    """A code that somebody was given."""

    refused_at: ClassVar = dict.fromkeys(("unknown", "revoked", "expired", "used_up"), "code")

    code = StringField(
        _l("Share code"),
        [InputRequired(_l("Type the code that you were given."))],
        description=_l("It has 12 letters and digits."),
    )

    def validate_code(self, _field: StringField) -> None:
        """Say what was misheard before anything is looked up: no use is gone by it."""
        typed = normalise(self.code.data or "")
        if set(typed) - set(ALPHABET):
            raise ValidationError(
                _("A share code has no 0, 1, 2, 5, 8, B, I, L, O, S, U, V or Z. Compare it again.")
            )
        if len(typed) != LENGTH:
            raise ValidationError(_("A share code has 12 letters and digits. Compare it again."))
        if not is_checked(typed):
            raise ValidationError(
                _("A letter or digit is wrong, or two changed places. Compare it again.")
            )
