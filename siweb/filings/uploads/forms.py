"""The form of a sheet: which file, and what counts for rows whose list has no column for it."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import RadioField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from siweb.filings.fields.field import FieldType
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.fields.labels import choice_labels
from siweb.filings.fields.of_kinds import fields_of
from siweb.filings.fields.values import list_defaults
from siweb.rules.parameters.parameter_set import ParameterSet
from siweb.web.forms.fields import PageForm
from siweb.web.forms.typed_fields import MonthField


class UploadForm(PageForm):
    """A sheet, and the answers for the whole list: they count where it has no column."""

    file = FileField(
        _l("Your list"),
        [FileRequired(_l("Choose a file."))],
        description=_l("XLSX, XLS, ODS or CSV, with your own columns if you like."),
    )
    month = MonthField(
        _l("Month, if the list has no column for it"),
        description=_l("Such as 2026-11."),
    )
    choice = RadioField(validate_choice=False, default="")
    insurances = SelectMultipleField(
        _l("Insurances, if the list has no column for them"),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )

    def prepare(self, kind: FilingKind, parameters: ParameterSet, on: date) -> None:
        """Ask what the kind needs to know of a whole list, with what usually counts."""
        self._usual = list_defaults(kind, parameters, on)
        # By type: a kind asks at most one month, one choice and the insurances of a whole list.
        self._asked = {field.type: field for field in fields_of(kind) if field.default is not None}
        if (field := self._asked.get(FieldType.MONTH)) and not self.is_submitted():
            self.month.data = self._usual.get(field.name)
        if field := self._asked.get(FieldType.CHOICE):
            self.choice.label.text = _l(field.label)
            self.choice.description = _l("For the whole list, if it has no column for it.")
            in_list = ("", _l("As the list has it"))
            self.choice.choices = [in_list, *choice_labels(field.choices).items()]
        if field := self._asked.get(FieldType.INSURANCES):
            self.insurances.choices = list(choice_labels(field.choices).items())
            if not self.is_submitted():
                self.insurances.data = self._usual[field.name]
        else:
            # Nothing to choose from: what is sent all the same counts for nothing.
            self.insurances.choices, self.insurances.data = [], []

    @property
    def asked(self) -> frozenset[str]:
        """The types of fields that the page asks for."""
        return frozenset(field_type.value for field_type in self._asked)

    def answers(self) -> dict[str, Any]:
        """Return what counts for the whole list, by field."""
        answered = {
            self._asked[field_type].name: value
            for field_type, value in (
                (FieldType.MONTH, self.month.data),
                (FieldType.CHOICE, self.choice.data),
                (FieldType.INSURANCES, self.insurances.data),
            )
            if field_type in self._asked and value
        }
        return self._usual | answered
