"""The form with which the paying side's list is handed in."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField

from siweb.desk.staff.old_data.forms import file_field, rows_field
from siweb.evidence.field import ScansForm
from siweb.evidence.papers.field import paper_field
from siweb.evidence.tables.evidence_paper import PaperKind
from siweb.web.forms.fields import MoneyField
from siweb.web.forms.typed_fields import Needed


class ListForm(ScansForm):
    """What the paying side paid, with its own figures of it."""

    region = SelectField(_l("Region"))
    file = file_field(_l("The paying side’s list (CSV or spreadsheet)"))
    rows = rows_field(_l("Number of rows, as the paying side says"))
    amount = MoneyField(
        _l("Sum of all amounts, as the paying side says (yuan)"),
        [Needed(_l("Enter the sum."))],
    )
    because = paper_field(_l("The paying side’s letter"), PaperKind.PAYMENT_LIST, PaperKind.LETTER)
    dry_run = BooleanField(_l("Dry run: name the problems and keep nothing"))

    def controls(self) -> dict[str, int]:
        """Return what the list is held to."""
        return {"rows": self.rows.data or 0, "amount": self.amount.data or 0}
