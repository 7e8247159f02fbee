"""The forms with which relatives of staff are declared, and a declaration ends."""

from types import MappingProxyType

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, Optional

from siweb.auth.staff.relatives import Declared
from siweb.auth.tables.staff_relation import Relation
from siweb.desk.staff.relatives.labels import RELATIONS
from siweb.web.forms.fields import PageForm
from siweb.web.forms.number_fields import IdNumberField
from siweb.web.forms.typed_fields import DayField, Needed


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
    since_on = DayField(_l("Since"), [Needed(_l("Enter the date."))])
    until_on = DayField(_l("Until, if it has ended"), [Optional()])

    def declared(self, relative_id: int) -> Declared:
        """Return what was typed."""
        relation = Relation(self.relation.data)
        return Declared(relative_id, relation, self.since_on.data, self.until_on.data)


class EndRelationForm(PageForm):
    """Until when a relation lasted, and how that is known."""

    refused_at = MappingProxyType({"before_since": "until_on", "ended": "until_on"})

    until_on = DayField(_l("Lasted until"), [Needed(_l("Enter the date."))])
    because = StringField(
        _l("Why it ends"),
        [
            InputRequired(_l("Enter why it ends.")),
            Length(max=500, message=_l("Use at most %(max)d characters.")),
        ],
    )
