"""The form with which the paying side's list is handed in."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, SelectField
from wtforms.validators import NumberRange

from siweb.desk.checking.paper_field import paper_field
from siweb.desk.staff.old_data.hand_in import MOST_ROWS
from siweb.evidence.field import ScansForm
from siweb.web.forms.fields import MoneyField
from siweb.web.forms.typed_fields import Needed, WholeField


class ListForm(ScansForm):
    """What the paying side paid, with its own figures of it."""

    region = SelectField(_l("Region"))
    file = FileField(
        _l("The paying side’s list (CSV or spreadsheet)"),
        [FileRequired(_l("Choose the file."))],
        render_kw={"accept": ".csv,.txt,.xlsx,.xls,.ods"},
    )
    rows = WholeField(
        _l("Number of rows, as the paying side says"),
        [
            Needed(_l("Enter the number of rows.")),
            NumberRange(
                min=1,
                max=MOST_ROWS,
                message=_l("At most %(max)s rows here; longer lists go by command."),
            ),
        ],
    )
    amount = MoneyField(
        _l("Sum of all amounts, as the paying side says (yuan)"),
        [Needed(_l("Enter the sum."))],
    )
    because = paper_field(_l("The paying side’s letter"))
    dry_run = BooleanField(_l("Only look: name the problems and keep nothing"))

    def controls(self) -> dict[str, int]:
        """Return what the list is held to."""
        return {"rows": self.rows.data or 0, "amount": self.amount.data or 0}
