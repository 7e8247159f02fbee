"""The form with which staff correct who a person is."""

from types import MappingProxyType

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, Optional

from siweb.collection.corrections.identity.identity import Identity
from siweb.collection.corrections.identity.labels import BASES, SEXES
from siweb.evidence.field import ScansForm
from siweb.evidence.papers.field import paper_field
from siweb.evidence.tables.evidence_paper import PaperKind
from siweb.registry.codes import Sex
from siweb.registry.tables.person import Person
from siweb.rules.identifiers.typed_text import unicode_form
from siweb.web.forms.number_fields import IdNumberField
from siweb.web.forms.typed_fields import DayField, Needed


class IdentityForm(ScansForm):
    """What is right, and whether what stands there was right once."""

    refused_at = MappingProxyType(
        {
            "nothing_changes": "name",
            "born_to_come": "born_on",
            "born_after_death": "born_on",
            "number_taken": "id_number",
            "number_own": "id_number",
        }
    )

    name = StringField(
        _l("Right name"),
        [
            InputRequired(_l("Enter the name.")),
            Length(max=100, message=_l("Use at most %(max)d characters.")),
        ],
        render_kw={"autocomplete": "off"},
    )
    sex = RadioField(
        _l("Right sex"),
        [InputRequired(_l("Choose the sex."))],
        choices=[SelectChoice(sex.value, words) for sex, words in SEXES.items()],
    )
    born_on = DayField(_l("Right birth date"), [Needed(_l("Enter the birth date."))])
    id_number = IdNumberField(
        _l("Right ID number"),
        [Optional()],
        description=_l("Only if it is another one: 18 digits, or the new permit of a foreigner."),
        render_kw={"autocomplete": "off", "spellcheck": "false", "maxlength": 30},
    )
    basis = RadioField(
        _l("What about what stands there now?"),
        [InputRequired(_l("Choose what holds."))],
        choices=[SelectChoice(basis.value, words) for basis, words in BASES.items()],
        description=_l(
            "A number that was right goes on finding the person; a wrong one may be somebody "
            "else's and finds nobody any more."
        ),
    )

    paper = paper_field(
        _l("Paper that it rests on"),
        PaperKind.POLICE_NOTICE,
        PaperKind.HOUSEHOLD_REGISTER,
        PaperKind.PERSONNEL_FILE,
        PaperKind.NOTARIAL_PAPER,
    )

    def fill_in(self, person: Person) -> None:
        """Fill in what the register says, but for the number."""
        self.name.data, self.born_on.data = person.name, person.born_on
        self.sex.data = person.sex.value

    def right(self, person: Person) -> Identity:
        """Return what was typed; without a number it stays."""
        name = unicode_form("NFC", self.name.data or "").strip()
        number = self.id_number.data or person.id_number
        return Identity(name, Sex(self.sex.data), self.born_on.data, number)
