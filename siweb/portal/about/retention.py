"""What the office deletes by itself, and after how long: the list people are shown.

Each span is the one by which `siweb day` deletes, so that the page cannot say another.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from siweb.audit.form_key import FORM_KEYS_KEPT, forget_form_keys
from siweb.bring_in.forget import KEPT as BROUGHT_KEPT
from siweb.bring_in.forget import forget_files
from siweb.documents.proof.journal.forget import JOURNAL_KEPT, forget_journal
from siweb.evidence.drafts import forget_drafts
from siweb.evidence.scan import KEPT as SCANS_KEPT
from siweb.filings.drafts.import_sheet import KEPT as SHEETS_KEPT
from siweb.filings.drafts.import_sheet import forget_uploads
from siweb.notes.forget import NOTES_KEPT, forget_notes
from siweb.signs.forget import FILES_KEPT, SIGNS_KEPT, forget_signs


@dataclass(frozen=True, slots=True)
class KeptFor:
    """Something that goes: what it is, after how long, and what deletes it."""

    what: LazyString
    span: timedelta
    by: Callable[..., Any]


# The shortest first.
RETENTION = (
    KeptFor(_l("Scans of papers whose form was never sent"), SCANS_KEPT, forget_drafts),
    KeptFor(
        _l("Marks by which a form that is sent twice counts once"), FORM_KEYS_KEPT, forget_form_keys
    ),
    KeptFor(_l("Files of an old system that were not taken in"), BROUGHT_KEPT, forget_files),
    KeptFor(
        _l("Lists from other offices (deaths, sentences, visits, journeys), as files"),
        FILES_KEPT,
        forget_signs,
    ),
    KeptFor(
        _l("Lists that employers uploaded; what they declared stays"), SHEETS_KEPT, forget_uploads
    ),
    KeptFor(
        _l("Numbers of papers that were given out, noted apart in case the office is restored"),
        JOURNAL_KEPT,
        forget_journal,
    ),
    KeptFor(_l("Lines of lists from other offices that came to nothing"), SIGNS_KEPT, forget_signs),
    KeptFor(_l("Notes of staff for their colleagues"), NOTES_KEPT, forget_notes),
)
