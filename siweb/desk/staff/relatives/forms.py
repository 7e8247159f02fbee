"""The forms with which relatives of staff are declared, and a declaration ends."""

from datetime import date
from types import MappingProxyType
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from siweb import clock
from siweb.auth.staff.relatives import Declared
from siweb.auth.tables.staff_relation import Relation
from siweb.desk.staff.relatives.labels import RELATIONS
from siweb.web.forms.fields import PageForm
from siweb.web.forms.number_fields import IdNumberField
from siweb.web.forms.typed_fields import DayField, Needed

# Nobody who is in office was born before: what is older is a year that somebody mistyped.
_EARLIEST = date(1900, 1, 1)


def _possible_day(_form: Any, field: Any) -> None:
    """Refuse a day that nobody can declare yet: an end to come could not be ended any more."""
    if field.data is not None and field.data > clock.today():
        raise ValidationError(_("This date lies in the future."))
    if field.data is not None and field.data < _EARLIEST:
        raise ValidationError(_("This date is too long ago. Check the year."))


class RelationForm(PageForm):
    """Who is a relative, and since when."""

    refused_at = MappingProxyType(
        {
            "nobody": "id_number",
            "oneself": "id_number",
            "declared": "id_number",
            "before_since": "until_on",
        }
    )

    id_number = IdNumberField(
        _l("Citizen ID number of the relative"),
        [InputRequired(_l("Enter the ID number."))],
        render_kw={"autocomplete": "off", "spellcheck": "false", "maxlength": 30},
    )
    relation = SelectField(
        _l("Relation"),
        # None is chosen at first: a wrong one takes two people to be ended.
        choices=[
            SelectChoice("", _l("Choose")),
            *(SelectChoice(each.value, words) for each, words in RELATIONS.items()),
        ],
        validators=[InputRequired(_l("Choose the relation."))],
    )
    since_on = DayField(_l("Since"), [Needed(_l("Enter the date.")), _possible_day])
    until_on = DayField(_l("Until, if it has ended"), [Optional(), _possible_day])

    def declared(self, relative_id: int) -> Declared:
        """Return what was typed."""
        relation = Relation(self.relation.data)
        return Declared(relative_id, relation, self.since_on.data, self.until_on.data)


class EndRelationForm(PageForm):
    """Until when a relation lasted, and how that is known."""

    refused_at = MappingProxyType({"before_since": "until_on", "ended": "until_on"})

    until_on = DayField(_l("Lasted until"), [Needed(_l("Enter the date.")), _possible_day])
    because = StringField(
        _l("Why it ends"),
        [
            InputRequired(_l("Enter why it ends.")),
            Length(max=500, message=_l("Use at most %(max)d characters.")),
        ],
    )
