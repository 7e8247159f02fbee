"""The forms of sheets: which file, and one row to be corrected."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired

from siweb.web.forms.fields import PageForm
from siweb.web.forms.typed_fields import MonthField


class UploadForm(PageForm):
    """A sheet, and the month for rows whose sheet has no column for it."""

    file = FileField(
        _l("Your list"),
        [FileRequired(_l("Choose a file."))],
        description=_l("XLSX, XLS, ODS or CSV; your own columns will do."),
    )
    month = MonthField(
        _l("Month, if the list has no column for it"),
        description=_l("Such as 2026-11."),
    )
