"""The form with which a file of an old system is handed in: its fields follow its kind."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, SelectField
from wtforms.validators import NumberRange

from siweb.bring_in.actions import BringInKind
from siweb.bring_in.import_file import COUNT
from siweb.desk.staff.old_data.hand_in import MOST_ROWS
from siweb.evidence.field import ScansForm
from siweb.evidence.papers.field import paper_field
from siweb.evidence.tables.evidence_paper import PaperKind
from siweb.web.forms.fields import MoneyField
from siweb.web.forms.typed_fields import Needed, WholeField

_SUM = "sum_"


def file_field(label: Any) -> FileField:
    """Return the field for a list of another system, in any form that is read here."""
    return FileField(
        label,
        [FileRequired(_l("Choose the file."))],
        render_kw={"accept": ".csv,.txt,.xlsx,.xls,.ods"},
    )


def rows_field(label: Any) -> WholeField:
    """Return the field for how many rows whoever made the list says it has."""
    return WholeField(
        label,
        [
            Needed(_l("Enter the number of rows.")),
            NumberRange(
                min=1,
                max=MOST_ROWS,
                message=_l("At most %(max)s rows here; longer lists go by command."),
            ),
        ],
    )


class FileForm(ScansForm):
    """What every kind has in common."""

    region = SelectField(_l("Region"))
    file = file_field(_l("The file (CSV or spreadsheet)"))
    rows = rows_field(_l("Number of rows, as the old system says"))
    because = paper_field(
        _l("What it rests on: the order to move the data"),
        PaperKind.DECISION,
        PaperKind.LETTER,
        PaperKind.AGREEMENT,
    )
    dry_run = BooleanField(_l("Dry run: name the problems and keep nothing"))

    def sums(self) -> list[Any]:
        """Return the fields of the sums, in the order of the columns."""
        return [field for field in self if field.name.startswith(_SUM)]

    def controls(self) -> Mapping[str, int]:
        """Return what the file is held to: what the old system says of the same rows."""
        sums = {field.name.removeprefix(_SUM): field.data or 0 for field in self.sums()}
        return {COUNT: self.rows.data or 0, **sums}


def file_form(kind: BringInKind) -> FileForm:
    """Return the form of a kind: a sum is asked for of each of its columns of amounts."""
    fields = {
        f"{_SUM}{column.name}": MoneyField(
            _("Sum of %(column)s, as the old system says (yuan)", column=column.heading),
            [Needed(_l("Enter the sum."))],
        )
        for column in kind.row_import.columns
        if column.is_sum
    }
    form: FileForm = type("FileOfKindForm", (FileForm,), fields)()
    return form
