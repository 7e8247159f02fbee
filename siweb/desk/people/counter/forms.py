"""The forms of the counter: who stands there, how they are reached, how a code reaches them."""

from types import MappingProxyType

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length

from siweb.desk.people.counter.labels import HANDED, Handed
from siweb.registry.change_contact import Contact
from siweb.registry.codes import RetirementCategory
from siweb.web.forms.contact_fields import address_field, email_field
from siweb.web.forms.fields import PageForm
from siweb.web.forms.number_fields import IdNumberField
from siweb.web.forms.typed_fields import MobileField

_TOO_LONG = _l("Use at most %(max)d characters.")


class RegisterForm(PageForm):
    """What the ID card says, and where the person is insured."""

    refused_at = MappingProxyType(
        {
            "registered": "id_number",
            "category_missing": "category",
            "category_of_woman": "category",
        }
    )

    id_number = IdNumberField(
        _l("Citizen ID number"),
        [InputRequired(_l("Enter the ID number."))],
        render_kw={"autocomplete": "off", "spellcheck": "false", "maxlength": 30},
    )
    name = StringField(
        _l("Name as on the ID card"),
        [
            InputRequired(_l("Enter the name as on the ID card.")),
            Length(max=100, message=_TOO_LONG),
        ],
        render_kw={"autocomplete": "off"},
    )
    region = SelectField(_l("Region"))
    category = SelectField(
        _l("Post of a woman"),
        choices=[
            SelectChoice("", _l("A man: nothing to choose")),
            SelectChoice(RetirementCategory.FEMALE_50.value, _l("Worker’s post")),
            SelectChoice(RetirementCategory.FEMALE_55.value, _l("Management or technical post")),
        ],
        description=_l("It decides the age at which she retires."),
    )

    def retirement_category(self) -> RetirementCategory | None:
        """Return the category chosen; none for a man."""
        return RetirementCategory(self.category.data) if self.category.data else None


class ContactForm(PageForm):
    """How the agency reaches the person; what is left empty is unknown."""

    mobile = MobileField(_l("Mobile number"), render_kw={"inputmode": "tel", "autocomplete": "off"})
    address = address_field()
    email = email_field()

    def contact(self) -> Contact:
        """Return what was typed."""
        return Contact(self.mobile.data or "", self.address.data or "", self.email.data or "")


class CodeForm(PageForm):
    """How the code reaches its owner."""

    refused_at = MappingProxyType({"no_address": "handed"})

    handed = RadioField(
        _l("How does the code reach the person?"),
        [InputRequired(_l("Choose how the code reaches the person."))],
        choices=[SelectChoice(way.value, HANDED[way]) for way in Handed],
    )
