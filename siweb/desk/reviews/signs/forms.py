"""The forms of signs: a list, its columns, how a look ended, a stop, and its end."""

from types import MappingProxyType
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length

from siweb.evidence.field import ScansForm
from siweb.evidence.papers.field import paper_field
from siweb.evidence.tables.evidence_paper import PaperKind
from siweb.filings.sheets.layout import NO_COLUMN
from siweb.reviews.tables.sign import SignKind
from siweb.signs.columns import COLUMNS, Assigning, missing, twice, without_numbers
from siweb.signs.labels import COLUMNS as COLUMN_WORDS
from siweb.signs.labels import KINDS
from siweb.web.forms.fields import PageForm
from siweb.web.forms.typed_fields import MonthField, Needed

_TOO_LONG = _l("Use at most %(max)d characters.")
NO, YES = "no", "yes"
_NOTHING_IN_IT = _l("There is nothing in it: the benefit goes on")
_OF_LIST = ""


class ListForm(PageForm):
    """A list as it came, and whose it is."""

    region = SelectField(_l("Region"))
    office = StringField(
        _l("Office that the list comes from"),
        [Needed(_l("Enter the office.")), Length(max=100, message=_TOO_LONG)],
        description=_l("Always the same way: what its columns mean is remembered by it."),
    )
    kind = SelectField(
        _l("What the list says of everybody in it"),
        choices=[
            SelectChoice(_OF_LIST, _l("A column of the list says it")),
            *(SelectChoice(kind.value, label) for kind, label in KINDS.items()),
        ],
    )
    file = FileField(
        _l("The list (CSV or spreadsheet)"),
        [FileRequired(_l("Choose the file."))],
        render_kw={"accept": ".csv,.txt,.xlsx,.xls,.ods"},
    )

    @property
    def given_kind(self) -> SignKind | None:
        """Return what all rows are, None where a column says it."""
        return SignKind(self.kind.data) if self.kind.data else None


def columns_form(chosen: Assigning, kind: SignKind | None, *, is_sent: bool = True) -> PageForm:
    """Return the form that says which column of a list is which; not `is_sent`: begun anew."""
    offered = [SelectChoice(NO_COLUMN, _("Not in the list"))]
    for column in chosen.offered:
        samples = _(", ").join(map(without_numbers, column.samples))
        words = " · ".join(filter(None, (column.letters, column.heading, samples)))
        offered.append(SelectChoice(column.place, words))
    rows = [(0, _("The list has no headings")), *chosen.heading_rows]
    fields: dict[str, Any] = {
        "heading_row": SelectField(
            _l("Row with the headings"),
            choices=[SelectChoice(number, words) for number, words in rows],
            coerce=int,
            default=chosen.heading_row,
        )
    }
    for each in COLUMNS:
        if each.name == "kind" and kind is not None:
            continue
        fields[f"column_{each.name}"] = SelectField(
            COLUMN_WORDS[each.name],
            choices=offered,
            coerce=int,
            default=chosen.places.get(each.name, NO_COLUMN),
            description=_("Needed") if each.is_needed else "",
        )
    form: PageForm = type("ColumnsForm", (PageForm,), fields)(*(() if is_sent else (None,)))
    return form


def layout_of(form: PageForm) -> dict[str, Any]:
    """Return what was chosen."""
    chosen = {
        column.name: form[f"column_{column.name}"].data
        for column in COLUMNS
        if f"column_{column.name}" in form
    }
    return {
        "heading_row": form["heading_row"].data,
        "columns": {name: place for name, place in chosen.items() if place != NO_COLUMN},
    }


def refuse_layout(form: PageForm, layout: dict[str, Any], kind: SignKind | None) -> bool:
    """Say beside the fields what is missing; return whether something is."""
    lacking = missing(layout, kind)
    for name in lacking:
        form[f"column_{name}"].errors = [_("Choose the column.")]
    if twice(layout):
        form.form_errors.append(_("One column was chosen twice."))
    return bool(lacking) or twice(layout)


class ExaminationForm(PageForm):
    """How a look ended."""

    refused_at = MappingProxyType({"sign_not_registered": "verdict"})

    verdict = RadioField(
        _l("What did you find?"),
        [InputRequired(_l("Choose what you found."))],
        choices=[
            SelectChoice(NO, _NOTHING_IN_IT),
            SelectChoice(YES, _l("It is so, and the death is registered")),
        ],
    )
    words = StringField(
        _l("How you found out"),
        [
            Needed(_l("Write whom you asked or what you saw.")),
            Length(max=500, message=_l("Use at most %(max)d characters.")),
        ],
    )

    def only_nothing(self) -> None:
        """Offer no death where the list says something else."""
        self.verdict.choices = [SelectChoice(NO, _NOTHING_IN_IT)]


class SendListForm(ScansForm):
    """The letter that a list came with: a second person checks it along with what it says."""

    paper = paper_field(_l("The letter that it came with"), PaperKind.LETTER)


class StopForm(ScansForm):
    """The judgment that stops a benefit."""

    because = paper_field(
        _l("Judgment or notice of the prison"),
        PaperKind.JUDGMENT,
        PaperKind.PRISON_NOTICE,
        PaperKind.LETTER,
    )


class GoOnForm(ScansForm):
    """From when on a benefit goes on."""

    refused_at = MappingProxyType({"sign_before_stop": "from_month"})

    from_month = MonthField(
        _l("First month that is paid again"),
        [Needed(_l("Enter the month."))],
        description=_l("The month after the release, such as 2026-11."),
    )
    because = paper_field(
        _l("Certificate of release"), PaperKind.RELEASE, PaperKind.PRISON_NOTICE, PaperKind.JUDGMENT
    )
