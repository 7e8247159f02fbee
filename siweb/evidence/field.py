"""The field in which a form takes scans: the same wherever a paper may be attached."""

from typing import Any

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage
from wtforms import Field
from wtforms.validators import ValidationError
from wtforms.widgets import FileInput

from siweb import clock
from siweb.auth.access import visitor
from siweb.evidence.content.examine import LARGEST_MEBIBYTES
from siweb.evidence.drafts import show_in_form, take_in
from siweb.evidence.labels import refusal_text, scan_text
from siweb.evidence.scan import Scan
from siweb.evidence.scan_refused import ScanRefused
from siweb.files.kept_file import FileKind
from siweb.web.database import db_session
from siweb.web.file_store import file_store
from siweb.web.forms.fields import PageForm

MOST_FILES = 6


class ScansField(Field):
    """Scans: `data` are those that were accepted, new ones and those of a sending before."""

    widget = FileInput(multiple=True)
    data: list[Scan]

    def process_data(self, value: Any) -> None:
        """Begin with none."""
        self.data = list(value or ())

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Look at what came; files that are good stay, whatever is wrong with another."""
        found: dict[str, Scan] = {}
        refused: ScanRefused | None = None
        for value in valuelist:
            try:
                scan = self._read(value)
            except ScanRefused as error:
                refused = error
                continue
            if scan is not None:
                found.setdefault(scan.digest, scan)
        self.data = list(found.values())[:MOST_FILES]
        if len(found) > MOST_FILES:
            refused = ScanRefused("too_many_files", most=MOST_FILES)
        if refused is not None:
            raise ValidationError(refusal_text(refused))

    def kept(self) -> list[tuple[str, str]]:
        """Return what the form that is shown again says of each scan, and what stands for it."""
        return [(show_in_form(scan), scan_text(scan)) for scan in self.data]

    @staticmethod
    def _read(value: Any) -> Scan | None:
        if isinstance(value, FileStorage):
            return take_in(value) if value.filename else None
        scan = Scan.from_token(str(value), visitor().account_id, at=clock.now())
        if scan is None or not file_store().is_kept(
            db_session(), FileKind.EVIDENCE_DRAFT, scan.digest
        ):
            raise ScanRefused("gone")
        return scan


class ScansForm(PageForm):
    """A form with which scans of papers may come."""

    scans = ScansField(
        _l("Scans of the paper (optional)"),
        description=_l(
            "PDF, JPEG or PNG; at most %(most)s MB each, and %(files)s in all.",
            files=MOST_FILES,
            most=LARGEST_MEBIBYTES,
        ),
        render_kw={"accept": "application/pdf,image/jpeg,image/png"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A page may have several such forms; each of its fields has an id of its own.
        self.scans.id = f"{type(self).__name__.lower()}-scans"
