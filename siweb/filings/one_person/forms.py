"""The form for one person, made of the fields of its kind; `row()` gives it as a sheet's row."""

from collections.abc import Collection, Iterator
from datetime import date
from functools import cache
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, DateInput, ListWidget, TelInput, TextInput

from siweb.documents.spreadsheets.reading.cell import Cell, CellKind
from siweb.filings.fields.field import Field, FieldType, Suggestion, Values
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.fields.finding import ERROR, Finding, finding
from siweb.filings.fields.labels import choice_labels, form_label
from siweb.filings.fields.of_kinds import form_fields
from siweb.filings.fields.values import field_findings
from siweb.filings.labels import finding_text, place_of
from siweb.filings.sheets.cell_texts import text_of
from siweb.filings.sheets.columns import reader_of
from siweb.filings.sheets.values import Unreadable
from siweb.filings.validation.validate_row import category_finding, number_finding
from siweb.registry.codes import Insurance
from siweb.registry.packs.legal_periods import legal_period
from siweb.rules.calendar.months import add_months, month_of
from siweb.rules.errors import NumberRefused
from siweb.rules.identifiers.identity_number import Sex, parse_identity_number
from siweb.rules.identifiers.typed_text import normalise_text
from siweb.web.forms.fields import PageForm

_SHOWN = 30
_WIDGETS = {FieldType.DAY: DateInput(), FieldType.MOBILE: TelInput()}
_INPUT: dict[FieldType, dict[str, str]] = {
    FieldType.ID_NUMBER: {"spellcheck": "false", "maxlength": "40"},
    FieldType.MONTH: {"maxlength": "20"},
    FieldType.MONEY: {"inputmode": "decimal", "maxlength": "20"},
    FieldType.WHOLE: {"inputmode": "numeric", "maxlength": "2"},
    FieldType.MOBILE: {"inputmode": "tel", "maxlength": "30"},
}


class _Required:
    """Say in the page that a field has to be filled in; the rule itself is the fields' own."""

    field_flags = {"required": True}  # noqa: RUF012 - WTForms reads it from the class

    def __call__(self, form: Any, field: Any) -> None:
        """Leave the judgement to `field_findings`."""


class ValueField(StringField):
    """A text that is read as a sheet's cell is; what was typed stays in the field."""

    data: Any

    def __init__(self, described: Field, **given: Any) -> None:
        self.widget = _WIDGETS.get(described.type, TextInput())
        super().__init__(**given)
        self.described = described

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed into the value that a row keeps."""
        self.data = None
        typed = normalise_text((valuelist or [""])[0])
        if not typed:
            return
        try:
            self.data = reader_of(self.described)(Cell(CellKind.TEXT, typed))
        except Unreadable as unreadable:
            found = finding(unreadable.code, ERROR, field=self.described.name, text=typed[:_SHOWN])
            raise ValidationError(_sentence(found)) from None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return text_of(self.described, self.data)


class OnePersonForm(PageForm):
    """A filing about one person; choices and suggestions depend on the day."""

    kind: FilingKind
    described: tuple[Field, ...]

    # Fields that a region refuses: accepted, so that whoever sends them reads why, but not offered.
    hidden: Collection[str] = ()

    def offered(self) -> Iterator[Any]:
        """Yield the fields that the page shows: what was typed stays, wherever it came from."""
        for field in self.described:
            item = self[field.name]
            if field.name not in self.hidden or (item.raw_data and item.raw_data[0]):
                yield item

    def prepare(self, on: date, **suggested: Any) -> None:
        """Offer the choices, and fill what is suggested where nothing was typed."""
        suggestions = {
            Suggestion.THIS_MONTH: month_of(on),
            Suggestion.NEXT_MONTH: add_months(month_of(on), 1),
            Suggestion.ALL_INSURANCES: [insurance.value for insurance in Insurance],
        }
        for field in self.described:
            if field.choices:
                empty = [("", _l(field.empty_label))] if field.empty_label else []
                self[field.name].choices = [*empty, *choice_labels(field.choices).items()]
            usual = suggestions[field.suggestion] if field.suggestion else None
            value = suggested.get(field.name, usual)
            if value is not None and self[field.name].raw_data is None:
                self[field.name].data = value

    def row(self) -> dict[str, Any]:
        """Return what was answered, by the fields of the kind; not what does not apply."""
        answered = {
            field.name: self[field.name].data
            for field in self.described
            if self[field.name].data not in (None, "", [])
        }
        # What does not apply to somebody is dropped, not refused:
        # without a script the page shows it all.
        if not _is_woman(answered):
            answered.pop("retirement_category", None)
        if answered.get("contract_type") != "fixed":
            answered.pop("contract_until", None)
        return answered

    def validate(self, extra_validators: Any = None) -> bool:
        """Say beside each field what the rules of its kind find in the row."""
        is_read = bool(super().validate(extra_validators))
        row = self.row()
        found = [*field_findings(self.kind, row), *_person_findings(self.kind, row)]
        for wrong in found:
            place = place_of({"code": wrong.code, "facts": wrong.facts})
            # One sentence a field: that it cannot be read says more than that it is missing.
            if place in self and not self[place].errors:
                self[place].errors = [_sentence(wrong, row)]
                is_read = False
        return is_read


@cache
def form_of(kind: FilingKind) -> type[OnePersonForm]:
    """Return the form of a kind."""
    described = form_fields(kind)
    inputs = {field.name: _input(field) for field in described}
    return type(
        f"{kind.value.title()}Form",
        (OnePersonForm,),
        {"kind": kind, "described": described, **inputs},
    )


def _input(field: Field) -> Any:
    given: dict[str, Any] = {
        "label": form_label(field),
        "description": _hint(field),
        "validators": [_Required()] if field.is_needed else [],
    }
    if field.type is FieldType.INSURANCES:
        boxes: dict[str, Any] = {
            "option_widget": CheckboxInput(),
            "widget": ListWidget(prefix_label=False),
        }
        return SelectMultipleField(**given, **boxes, validate_choice=False)
    # An answer that is not offered is for the rules of the fields to judge, not for the widget.
    if field.type is FieldType.CHOICE:
        return (RadioField if field.is_radio else SelectField)(**given, validate_choice=False)
    attributes = {"autocomplete": "off"} | _INPUT.get(field.type, {})
    return ValueField(field, **given, render_kw=attributes)


def _hint(field: Field) -> Any:
    if field.hint_period:
        return _l(field.hint, period=legal_period(field.hint_period))
    return _l(field.hint) if field.hint else ""


def _person_findings(kind: FilingKind, row: Values) -> list[Finding]:
    """Return what is wrong with a new employee's number, and whether her post is missing."""
    if kind is not FilingKind.HIRE or not row.get("id_number"):
        return []
    wrong = number_finding(row) or category_finding(row)
    return [wrong] if wrong else []


def _is_woman(row: Values) -> bool:
    # Of an employee the number is not asked: the register knows who she is.
    if "id_number" not in row:
        return True
    try:
        return parse_identity_number(str(row["id_number"])).sex is Sex.FEMALE
    except NumberRefused:
        return False


def _sentence(found: Finding, row: Values | None = None) -> str:
    return finding_text({"code": found.code, "level": found.level, "facts": found.facts}, row)
